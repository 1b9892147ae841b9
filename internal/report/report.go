// Package report turns results into what people and machines read: a ranking
// as a terminal table, as rows for a sheet and as JSON; alerts; and the account
// of one member as text.
//
// It computes nothing. Every number comes from the engine and is printed from
// its hundredths; the same results always give the same bytes.
package report

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ranking"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// Ranking (名次) is a population that was scored under one rulebook, for one
// period and as of one day, with the places of its members.
type Ranking struct {
	Book   *ruleset.RuleSet
	Period calendar.Period
	AsOf   calendar.Day
	Rows   []Row
}

// Row is one member of a Ranking with what the engine computed.
type Row struct {
	Member *domain.Membership
	Result *scoring.Result
	scoring.RankResult
}

// Rank places a population. The rows keep its order.
func Rank(book *ruleset.RuleSet, period calendar.Period, asOf calendar.Day, population []Row) *Ranking {
	ranking.Place(book, members(population))
	return &Ranking{Book: book, Period: period, AsOf: asOf, Rows: population}
}

// members returns rows as they are ranked and laid out.
func members(rows []Row) []ranking.Member {
	out := make([]ranking.Member, len(rows))
	for i := range rows {
		row := &rows[i]
		out[i] = ranking.Member{
			ID: row.Member.ID, Name: row.Member.Name, Home: row.Member.Home, Standing: row.standing(), Result: &row.RankResult,
		}
		for level, org := range row.Member.Home {
			out[i].In[level] = string(org)
		}
	}
	return out
}

// Only returns a ranking of those rows that keep asks for. Places stay those
// of the whole population.
func (r *Ranking) Only(keep func(*domain.Membership) bool) *Ranking {
	out := *r
	out.Rows = nil
	for i := range r.Rows {
		if keep(r.Rows[i].Member) {
			out.Rows = append(out.Rows, r.Rows[i])
		}
	}
	return &out
}

// day is the day that the standings speak of.
func (r *Ranking) day() calendar.Day { return min(r.AsOf, r.Period.Last) }

// standing is short for what is read all the time.
func (row *Row) standing() *domain.Standing { return &row.Result.Standing }

// section is a part of a ranking whose members stand in one list of places.
type section struct {
	org    domain.OrgID       // whose list it is; "" for nobody's in particular
	level  domain.Level       // the places it is ordered by, where placed
	placed bool               // whether anybody can have a place here
	common [domain.Levels]int // how many are ranked in the one organisation of a level that all share; 0 if none
	rows   []Row
}

// sections parts a ranking into lists. A branch makes one list with the places
// in the branch, a street one with those in the street; several streets make a
// list each, because nobody has a place across them.
func (r *Ranking) sections() []section {
	levels := slices.Clone(r.Book.Ranking.Levels)
	slices.Sort(levels)
	widest := domain.Levels
	for _, level := range levels {
		switch orgs := r.orgs(level); {
		case len(orgs) == 1 && orgs[0] != "":
			return []section{r.section(orgs[0], level, r.Rows)}
		case len(orgs) > 1:
			widest = level
		}
	}
	if widest == domain.Levels {
		return []section{r.section("", widest, r.Rows)}
	}
	var out []section
	for _, org := range r.orgs(widest) {
		out = append(out, r.section(org, widest,
			r.Only(func(m *domain.Membership) bool { return m.Home[widest] == org }).Rows))
	}
	return out
}

// orgs returns the organisations of a level that the members belong to, sorted.
func (r *Ranking) orgs(level domain.Level) []domain.OrgID {
	var out []domain.OrgID
	for i := range r.Rows {
		out = append(out, r.Rows[i].Member.Home[level])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// section puts rows in the order of the places at a level.
func (r *Ranking) section(org domain.OrgID, level domain.Level, rows []Row) section {
	s := section{org: org, level: level, placed: level < domain.Levels, rows: make([]Row, 0, len(rows))}
	for _, l := range r.Book.Ranking.Levels {
		s.common[l] = commonOf(rows, l)
	}
	for _, i := range ranking.Order(members(rows), level) {
		s.rows = append(s.rows, rows[i])
	}
	return s
}

// commonOf returns how many are ranked at a level in the one organisation that
// all placed members share there; 0 if they share none.
func commonOf(rows []Row, level domain.Level) int {
	of, org := 0, domain.OrgID("")
	for i := range rows {
		p, placed := rows[i].At(level)
		if !placed {
			continue
		}
		home := rows[i].Member.Home[level]
		if of > 0 && home != org {
			return 0
		}
		of, org = p.Of, home
	}
	return of
}

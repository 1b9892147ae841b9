// Package report turns results into what people and machines read: a ranking
// as a terminal table, as rows for a sheet and as JSON; alerts; and the account
// of one member as text.
//
// It computes nothing. Every number comes from the engine and is printed from
// its hundredths; the same results always give the same bytes.
package report

import (
	"cmp"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
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

// Scored is one member with what the engine computed.
type Scored struct {
	Member *domain.Membership
	Result *scoring.Result
}

// Row is one member of a Ranking.
type Row struct {
	Scored
	scoring.RankResult
}

// Rank places a population. The rows keep its order.
func Rank(book *ruleset.RuleSet, period calendar.Period, asOf calendar.Day, population []Scored) *Ranking {
	r := &Ranking{Book: book, Period: period, AsOf: asOf, Rows: make([]Row, len(population))}
	candidates := make([]scoring.Candidate, len(population))
	for i, s := range population {
		candidates[i] = scoring.Candidate{Home: s.Member.Home, Standing: &s.Result.Standing}
	}
	placements := scoring.Rank(book, candidates)
	for i, s := range population {
		r.Rows[i] = Row{Scored: s, RankResult: placements[i]}
		applyRank(&s.Result.Standing, &placements[i])
	}
	return r
}

// applyRank takes into a standing what its place makes true: a grade by share, and
// the alerts that asked for the place.
func applyRank(s *domain.Standing, p *scoring.RankResult) {
	s.Grade, s.Bare = p.Grade, p.Bare
	s.Alerts = append(s.Alerts[:len(s.Alerts):len(s.Alerts)], p.Alerts...)
	s.Waiting = nil
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

// place returns the row's place at a level.
func (row *Row) place(level domain.Level) (domain.Rank, bool) {
	for _, p := range row.Places {
		if p.Level == level {
			return p, true
		}
	}
	return domain.Rank{}, false
}

// benchmarks returns the names of the benchmarks reached.
func (row *Row) benchmarks() []string {
	out := make([]string, len(row.Benchmarks))
	for i, b := range row.Benchmarks {
		out[i] = b.Name
	}
	return out
}

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

// section orders rows: those with a place by place, then those scored without
// one by total, then those not scored; equals by id.
func (r *Ranking) section(org domain.OrgID, level domain.Level, rows []Row) section {
	s := section{org: org, level: level, placed: level < domain.Levels, rows: slices.Clone(rows)}
	for _, l := range r.Book.Ranking.Levels {
		s.common[l] = commonOf(rows, l)
	}
	rank := func(row *Row) (group, place int) {
		p, placed := row.place(level)
		switch {
		case placed:
			return 0, p.Place
		case row.standing().Scored:
			return 1, 0
		default:
			return 2, 0
		}
	}
	slices.SortStableFunc(s.rows, func(a, b Row) int {
		groupA, placeA := rank(&a)
		groupB, placeB := rank(&b)
		return cmp.Or(cmp.Compare(groupA, groupB), cmp.Compare(placeA, placeB),
			cmp.Compare(b.standing().Total, a.standing().Total), cmp.Compare(a.Member.ID, b.Member.ID))
	})
	return s
}

// commonOf returns how many are ranked at a level in the one organisation that
// all placed members share there; 0 if they share none.
func commonOf(rows []Row, level domain.Level) int {
	of, org := 0, domain.OrgID("")
	for i := range rows {
		p, placed := rows[i].place(level)
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

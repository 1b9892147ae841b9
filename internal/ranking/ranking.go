// Package ranking puts a population in the order of its places, and lays it out as
// a table: the same for a page, an answer of the API, a file and a terminal.
//
// It computes no points: it takes standings of one rule file, period and day, and
// the same ones always give the same order.
package ranking

import (
	"cmp"
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// Member is one of a population that is ranked.
type Member struct {
	ID       domain.MemberID
	Name     string
	Home     [domain.Levels]domain.OrgID // where he is ranked
	In       [domain.Levels]string       // the names of those, as far as they are known
	Standing *domain.Standing
	Result   *scoring.RankResult
}

// Place gives everybody of a population his places, and takes into every standing
// what they make true. Places are places among all: the population must be whole at
// every level that is asked for.
func Place(book *ruleset.RuleSet, population []Member) {
	candidates := make([]scoring.Candidate, len(population))
	for i := range population {
		candidates[i] = scoring.Candidate{Home: population[i].Home, Standing: population[i].Standing}
	}
	for i, result := range scoring.Rank(book, candidates) {
		*population[i].Result = result
		Settle(population[i].Standing, &result)
	}
}

// Settle takes into a standing what its places make true: a grade by share, and the
// alerts that asked for a place.
func Settle(s *domain.Standing, r *scoring.RankResult) {
	s.Grade, s.Bare = r.Grade, r.Bare
	s.Alerts = append(slices.Clip(s.Alerts), r.Alerts...)
	slices.SortStableFunc(s.Alerts, func(a, b domain.Alert) int { return cmp.Compare(a.On, b.On) })
	s.Waiting = nil
}

// Order returns the indexes of members as a list of the places at a level has them:
// those with a place by place, then those scored without one by total, then those
// not scored; equals by id.
func Order(members []Member, level domain.Level) []int {
	type key struct {
		at, group, place int
	}
	keys := make([]key, len(members))
	for i := range members {
		m := &members[i]
		place, placed := m.Result.At(level)
		keys[i] = key{at: i, place: place.Place}
		switch {
		case placed:
		case m.Standing.Scored:
			keys[i].group = 1
		default:
			keys[i].group = 2
		}
	}
	slices.SortFunc(keys, func(a, b key) int {
		x, y := &members[a.at], &members[b.at]
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.place, b.place),
			cmp.Compare(y.Standing.Total, x.Standing.Total), cmp.Compare(x.ID, y.ID))
	})
	out := make([]int, len(keys))
	for i := range keys {
		out[i] = keys[i].at
	}
	return out
}

// Ties says in words how equal totals are told apart.
func Ties(book *ruleset.RuleSet) string {
	names := make([]string, len(book.Ranking.TieBreak))
	for i, block := range book.Ranking.TieBreak {
		names[i] = book.Blocks[block].Name
	}
	if len(names) == 0 {
		return "总分相同的并列，占同一个名次。"
	}
	return "总分相同的依次比" + strings.Join(names, "、") + "；还相同的并列，占同一个名次。"
}

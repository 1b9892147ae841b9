package standings

import (
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/ranking"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// placesDecide returns the highest level at which a place decides more than a place:
// a grade by share, a benchmark, an alert. any is false where it never does.
func placesDecide(book *ruleset.RuleSet) (level domain.Level, any bool) {
	if book.Quotas {
		level, any = book.Ranking.Quota, true
	}
	for i := range book.Benchmarks {
		level, any = max(level, book.Benchmarks[i].Level), true
	}
	for i := range book.Alerts {
		if book.Alerts[i].Rank != nil {
			level, any = max(level, book.Ranking.Levels[0]), true
		}
	}
	return level, any
}

// has reports whether everybody at and below a path is in the answer to a question.
func (q *Question) has(path string) bool {
	return strings.HasPrefix(path, q.Below) && q.Scope.Covers(path)
}

// settle gives those of a population their places that are among more people than
// were asked for, and the grades by share.
func (s *Service) settle(v *store.Snapshot, q Question, p *Population) error {
	level, any := placesDecide(p.Book)
	if !any {
		return nil
	}
	results, err := s.among(v, p, level, q.has)
	if err != nil {
		return err
	}
	for i := range p.Rows {
		r := &p.Rows[i]
		if result, ok := results[r.Member.ID]; ok {
			r.RankResult, r.placed = result, true
			ranking.Settle(&r.Standing, &result)
		}
	}
	if p.Book.Quotas {
		p.Place() // grades are read without asking for places
	}
	return nil
}

// grade gives one who stands for himself his grade, where it goes by share.
func (s *Service) grade(v *store.Snapshot, p *Population) error {
	if !p.Book.Quotas {
		return nil
	}
	results, err := s.among(v, p, p.Book.Ranking.Quota, func(string) bool { return false })
	if err != nil {
		return err
	}
	for i := range p.Rows {
		if r := &p.Rows[i]; r.Standing.Scored && r.Standing.ByPlace {
			r.RankResult = results[r.Member.ID]
			r.Standing.Grade, r.Standing.Bare = r.Grade, r.Bare
		}
	}
	return nil
}

// among ranks everybody in the organisations of a level that members of a population
// belong to, but for those that it has whole.
func (s *Service) among(
	v *store.Snapshot, p *Population, level domain.Level, has func(path string) bool,
) (map[domain.MemberID]scoring.RankResult, error) {
	out := map[domain.MemberID]scoring.RankResult{}
	done := map[string]bool{}
	for i := range p.Rows {
		path := domain.Ancestor(p.Rows[i].Member.Home.Path, level)
		if path == "" || done[path] || has(path) {
			continue
		}
		done[path] = true
		whole, _, err := s.current(v, Question{
			Scope: access.System("a grade by share is one among all"), Below: path, Scheme: p.Book.Code,
			Period: p.Period.String(), AsOf: p.AsOf,
		})
		if err != nil {
			return nil, err
		}
		whole.Place()
		for k := range whole.Rows {
			out[whole.Rows[k].Member.ID] = whole.Rows[k].RankResult
		}
	}
	return out, nil
}

package standings

import (
	"slices"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// grade settles what goes by place where the rulebook grades by share: among
// all who are ranked together at the level of 名额, whatever part of them was
// asked for.
func (s *Service) grade(v *store.Snapshot, p *Population) error {
	if !p.Book.Quotas {
		return nil
	}
	graded := map[domain.MemberID]scoring.RankResult{}
	done := map[string]bool{}
	for i := range p.Rows {
		path := domain.Ancestor(p.Rows[i].Member.Home.Path, p.Book.Ranking.Quota)
		if path == "" || done[path] {
			continue
		}
		done[path] = true
		whole, _, err := s.current(v, Question{
			Scope: access.System("a grade by share is one among all"), Below: path, Scheme: p.Book.Code, Period: p.Period.String(), AsOf: p.AsOf,
		})
		if err != nil {
			return err
		}
		whole.Place()
		for k := range whole.Rows {
			graded[whole.Rows[k].Member.ID] = whole.Rows[k].RankResult
		}
	}
	for i := range p.Rows {
		if r := &p.Rows[i]; r.Standing.Scored && r.Standing.ByPlace {
			r.RankResult = graded[r.Member.ID]
			r.Standing.Grade, r.Standing.Bare = r.Grade, r.Bare
		}
	}
	return nil
}

// settle takes into a standing what its place makes true.
func settle(s *domain.Standing, p *scoring.RankResult) {
	s.Alerts = append(slices.Clip(s.Alerts), p.Alerts...)
	slices.SortStableFunc(s.Alerts, func(a, b domain.Alert) int { return int(a.On) - int(b.On) })
	s.Waiting = nil
}

package standings

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// carry adds the alerts that asked for a place in the period before and are open
// still: the turn of a period closes none. Places are places among all at the first
// level of 范围, whatever part of them was asked for.
func (s *Service) carry(v *store.Snapshot, p *Population) error {
	if len(p.Book.Ranking.Levels) == 0 {
		return nil
	}
	for _, earlier := range scoring.CarriedFrom(p.Book, p.Period, min(p.AsOf, p.Period.Last)) {
		if err := s.carryFrom(v, p, earlier); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) carryFrom(v *store.Snapshot, p *Population, earlier calendar.Period) error {
	type placed struct {
		in *Population
		at int
	}
	before := map[domain.MemberID]placed{}
	done := map[string]bool{}
	for i := range p.Rows {
		path := domain.Ancestor(p.Rows[i].Member.Home.Path, p.Book.Ranking.Levels[0])
		if path == "" || done[path] {
			continue
		}
		done[path] = true
		q := Question{
			Scope: access.System("a place is one among all"), Below: path, Scheme: p.Book.Code,
			Period: earlier.String(), AsOf: p.AsOf,
		}
		whole, _, err := s.current(v, q)
		switch fault.CodeOf(err) {
		case fault.NotFound, fault.Invalid: // there was no such scheme, or it had other periods
			continue
		}
		if err != nil {
			return err
		}
		if err := s.settle(v, q, whole); err != nil {
			return err
		}
		whole.Place()
		for k := range whole.Rows {
			before[whole.Rows[k].Member.ID] = placed{whole, k}
		}
	}
	for i := range p.Rows {
		if x, ok := before[p.Rows[i].Member.ID]; ok {
			scoring.Carry(x.in.Book, &p.Rows[i].Standing, &x.in.Rows[x.at].Standing)
		}
	}
	return nil
}

package ledger

import (
	"jifen/internal/app/requests"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// kinds is the table of all that waits for somebody: one row a kind.
func (s *Service) kinds() []requests.Kind {
	return []requests.Kind{s.entryKind(), s.attendanceKind(), s.exemptionKind()}
}

// Worth says what each of some requests would do to its member's total if it alone
// were accepted, limits included; nil for what is no matter of points.
func (s *Service) Worth(v *store.Snapshot, list []requests.Queued) ([]*domain.Points, error) {
	members := make([]domain.Member, len(list))
	for i := range list {
		members[i] = list[i].Member
	}
	records, err := v.Records(members)
	if err != nil {
		return nil, err
	}
	r, err := s.standings.Reckoner(v, s.Today(v), members...)
	if err != nil {
		return nil, err
	}
	out := make([]*domain.Points, len(list))
	for i := range list {
		q := &list[i]
		k, err := s.Requests.Kind(q.Kind)
		if err != nil {
			return nil, err
		}
		if k.Knows == nil {
			continue
		}
		after, err := v.Supposing(q.ID).Records(members[i : i+1])
		if err != nil {
			return nil, err
		}
		worth, err := effect(r, members[i:i+1], records[i:i+1], after, q.On, k.Knows(q.Subject))
		if err != nil {
			return nil, err
		}
		out[i] = &worth
	}
	return out, nil
}

// stillOpen refuses to let what waits count in a period that was locked meanwhile.
func (s *Service) stillOpen(tx *store.Tx, m *domain.Member, on calendar.Day, has func(*ruleset.RuleSet) bool) error {
	x, err := s.reckon(&tx.Snapshot, m, on, has)
	if err != nil {
		return err
	}
	return s.checkOpen(&tx.Snapshot, x, m.Home, on)
}

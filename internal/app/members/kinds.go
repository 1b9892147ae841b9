package members

import (
	"jifen/internal/app/recording"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// Worth returns by how much each of some requests would change its member's total if it alone
// were accepted, limits included; nil for what is no matter of points.
func (s *Recorder) Worth(v *store.Snapshot, list []requests.Queued) ([]*domain.Points, error) {
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
		worth, err := recording.Change(r, members[i:i+1], records[i:i+1], after, q.On, k.Knows(q.Subject))
		if err != nil {
			return nil, err
		}
		out[i] = &worth
	}
	return out, nil
}

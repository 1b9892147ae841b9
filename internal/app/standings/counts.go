package standings

import "jifen/internal/domain"

// Counts are counts since the service was made.
type Counts struct {
	Populations int64 // answers that were not held and were put together
	Members     int64 // standings in them that were computed, because none that is cached was good
	Damaged     int64 // of those: what was cached is not what the program has kept
}

// found counts the cached standings of a population that are not what the program has kept,
// and tells of them. They are computed anew like those that are behind.
func (s *Service) found(known []domain.MemberStanding) {
	n := 0
	for i := range known {
		if known[i].Damaged {
			n++
		}
	}
	if n == 0 {
		return
	}
	s.damaged.Add(int64(n))
	if s.OnDamage != nil {
		s.OnDamage(n)
	}
}

// Counts returns how much was computed.
func (s *Service) Counts() Counts {
	return Counts{Populations: s.populations.Load(), Members: s.members.Load(), Damaged: s.damaged.Load()}
}

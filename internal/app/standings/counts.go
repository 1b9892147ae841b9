package standings

// Counts are counts since the service was made.
type Counts struct {
	Populations int64 // answers that were not held and were put together
	Members     int64 // standings in them that were computed, because none that is cached was good
}

// Counts returns how much was computed.
func (s *Service) Counts() Counts {
	return Counts{Populations: s.populations.Load(), Members: s.members.Load()}
}

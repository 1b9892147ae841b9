package standings

// Engine is the name under which standings are cached.
const Engine = engine

// WatchComputations has f called for every standing that is computed.
func (s *Service) WatchComputations(f func()) { s.computes = f }

// InPartsOf lets so many standings be computed and remembered at once.
func (s *Service) InPartsOf(n int) { s.part = n }

// Waiting returns how many wait for runs that are under way or yet to begin.
func (s *Service) Waiting() (n int) {
	s.runs.mu.Lock()
	defer s.runs.mu.Unlock()
	for _, x := range s.runs.by {
		for ; x != nil; x = x.next {
			n += x.waiting
		}
	}
	return n
}

package entries

import (
	"sync"

	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// maxScored limits the members of whom is held how they were scored last.
const maxScored = 300

// scoredOf holds how a member was scored by what is held of him, which never changes,
// for a matter.
type scoredOf struct {
	held   *store.Held
	matter *standings.Reckoning
	result *scoring.Result
}

// scored holds how members were scored last: what one entry has left is what the next
// begins with.
type scored struct {
	mu sync.Mutex
	by map[domain.MemberID]scoredOf
}

// get returns how a member is scored by what is held of him for a matter; nil where
// that is not held.
func (s *scored) get(id domain.MemberID, held *store.Held, matter *standings.Reckoning) *scoring.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.by[id]; ok && x.held == held && x.matter.Same(matter) {
		return x.result
	}
	return nil
}

// put holds how a member was scored; nothing where he was not.
func (s *scored) put(id domain.MemberID, x scoredOf) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.result == nil {
		delete(s.by, id)
		return
	}
	if _, known := s.by[id]; !known && len(s.by) >= maxScored {
		for other := range s.by { // any
			delete(s.by, other)
			break
		}
	}
	if s.by == nil {
		s.by = map[domain.MemberID]scoredOf{}
	}
	s.by[id] = x
}

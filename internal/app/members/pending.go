package members

import (
	"jifen/internal/access"
	"jifen/internal/store"
)

// Waiting counts the claims that an actor may decide now.
func (s *Recorder) Waiting(v *store.Snapshot, actor *access.Actor) (int, error) {
	mine, _, err := s.Requests.Queue(v, actor)
	return len(mine), err
}

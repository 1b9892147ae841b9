package requests

import (
	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// Queued is a request with the step it is at.
type Queued struct {
	domain.Request
	Stage access.Stage
}

// After returns how many steps a request has before it once the one it is at is
// taken.
func (q *Queued) After() int { return len(store.PendingOf(&q.Request).Waits) - len(q.Stage.Organs) }

// Queue returns the requests that an actor may decide now, oldest first, and those
// of his scope that wait for somebody else: his own, and what another organ
// decides.
func (s *Service) Queue(v *store.Snapshot, actor *access.Actor) (mine, others []Queued, err error) {
	waiting, err := v.WaitingRequests(actor.Scope(access.Decide))
	if err != nil {
		return nil, nil, err
	}
	queued, err := s.Staged(v, waiting)
	for _, q := range queued {
		if q.Stage.Decides(actor) {
			mine = append(mine, q)
		} else {
			others = append(others, q)
		}
	}
	return mine, others, err
}

// Staged says of requests which step each is at, in their order.
func (s *Service) Staged(v *store.Snapshot, list []domain.Request) ([]Queued, error) {
	homes := make([]string, len(list))
	for i := range list {
		p := store.PendingOf(&list[i])
		homes[i] = p.Over()
	}
	holders, err := v.HoldersAbove(homes)
	out := make([]Queued, len(list))
	for i := range list {
		p := store.PendingOf(&list[i])
		out[i] = Queued{Request: list[i], Stage: p.Stage(holders)}
	}
	return out, err
}

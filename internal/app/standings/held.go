package standings

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"jifen/internal/store"
)

// How many populations are held in memory.
const (
	maxHeld     = 32 // of the present: the street, and the branches whose secretaries are at work
	maxHeldPast = 8
)

// held keeps the populations that were asked for last, each good as long as no
// member changed. They are shared and never changed.
type held struct {
	max  int
	mu   sync.Mutex
	list []*holding // the latest first
}

type holding struct {
	key  string
	mark store.Mark
	p    *Population
}

// get returns a population that still holds, nil for none.
func (h *held) get(key string, mark store.Mark) *Population {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, x := range h.list {
		if x.key == key && x.mark == mark {
			copy(h.list[1:i+1], h.list[:i])
			h.list[0] = x
			return x.p
		}
	}
	return nil
}

// put keeps a population in the place of an older one of its key, or of the one
// that was asked for longest ago.
func (h *held) put(key string, mark store.Mark, p *Population) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = slices.DeleteFunc(h.list, func(x *holding) bool { return x.key == key })
	h.list = slices.Insert(h.list, 0, &holding{key, mark, p})
	if len(h.list) > h.max {
		h.list = h.list[:h.max]
	}
}

// key tells questions apart. One that depends on who asks as a member has none. An
// answer of the past is of the mark of the present, which counts whatever could
// have been recorded since.
func (s *Service) key(v *store.Snapshot, q Question) (string, error) {
	if q.Scope.Self() != "" {
		return "", nil
	}
	under := "as known at " + store.Instant(q.KnownBy)
	if q.KnownBy.IsZero() {
		path, err := root(v, q)
		if err != nil {
			return "", err
		}
		book, _, err := s.InForce(v, path, q.Scheme, q.Period, q.AsOf)
		if err != nil {
			return "", err
		}
		under = book.Version()
	}
	return fmt.Sprint(q.Scope.All(), strings.Join(q.Scope.Subtrees(), " "), "|", q.Below, "|", q.Scheme, "|", q.Period, "|", q.AsOf, "|", under), nil
}

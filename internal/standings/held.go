package standings

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"jifen/internal/rulebook"
	"jifen/internal/store"
)

// maxHeld is how many populations are held in memory: the street, and the
// branches whose secretaries are at work.
const maxHeld = 32

// held keeps the populations that were asked for last, each good as long as no
// member changed. They are shared and never changed.
type held struct {
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
	if len(h.list) > maxHeld {
		h.list = h.list[:maxHeld]
	}
}

// keyOf tells questions apart. One that depends on who asks as a member has
// none.
func keyOf(q Question, book *rulebook.Rulebook) string {
	if q.Scope.Self() != "" {
		return ""
	}
	return fmt.Sprint(q.Scope.All(), strings.Join(q.Scope.Subtrees(), " "), "|", q.Below, "|", q.Scheme, "|", q.Period, "|", q.AsOf, "|", book.Version())
}

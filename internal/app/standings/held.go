package standings

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// How many populations are held in memory.
const (
	maxHeld     = 32 // of the present: the street, and the branches whose secretaries are at work
	maxHeldPast = 8
)

// held keeps the populations that were asked for last, each good as long as
// nothing was recorded that it depends on. They are shared and never changed.
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

// key tells questions apart, and returns with it the mark of what the answer depends
// on. A mark counts what was recorded in the order of one server: two that were recorded
// at once may be seen in the other order on a replica. A question about
// some members, such as oneself, has no key.
func (s *Service) key(v *store.Snapshot, q Question) (key string, mark store.Mark, err error) {
	if len(q.Scope.Members()) > 0 {
		return "", 0, nil
	}
	under, paths := "as known at "+store.Instant(q.KnownBy), []string(nil)
	if !q.KnownBy.IsZero() {
		// The rules of then may have ranked together whom they liked: at most a street.
		paths, err = together(v, q, domain.Street)
	} else {
		path, err := root(v, q)
		if err != nil {
			return "", 0, err
		}
		book, period, err := s.InForce(v, path, q.Scheme, q.Period, q.AsOf)
		if err != nil {
			return "", 0, err
		}
		under = book.Version()
		if paths, err = depends(v, q, book, period); err != nil {
			return "", 0, err
		}
	}
	if err == nil {
		mark, err = v.Mark(paths...)
	}
	if err != nil {
		return "", 0, err
	}
	key = fmt.Sprint(q.Scope.All(), strings.Join(q.Scope.Subtrees(), " "), "|", q.Below, "|", q.Scheme, "|", q.Period,
		"|", q.AsOf, "|", under, "|", v.Aged())
	return key, mark, nil
}

// depends returns the paths on whose members an answer of the present depends, none
// for all: those asked for, or, where a place decides something, all who are ranked
// together with them. Alerts that are open from an earlier period go by that period's
// rules, which may rank together whom they like: at most a street.
func depends(
	v *store.Snapshot, q Question, book *ruleset.RuleSet, period calendar.Period,
) (paths []string, err error) {
	level, any := placesDecide(book)
	if len(book.Ranking.Levels) > 0 && len(scoring.CarriedFrom(book, period, min(q.AsOf, period.Last))) > 0 {
		level, any = domain.Street, true
	}
	if !any {
		level = domain.Branch // each for himself
	}
	return together(v, q, level)
}

// together returns the paths asked for, each widened to the organisation of a level that
// holds it; none for all.
func together(v *store.Snapshot, q Question, level domain.Level) (paths []string, err error) {
	asked := q.Scope.Subtrees()
	if q.Below != "" {
		asked = []string{q.Below}
	} else if q.Scope.All() {
		return nil, nil
	}
	if level == domain.Branch {
		return asked, nil // no smaller one is asked for
	}
	for _, path := range asked {
		holds, err := v.HeldBy(path, level)
		if err != nil {
			return nil, err
		}
		paths = append(paths, holds)
	}
	return paths, nil
}

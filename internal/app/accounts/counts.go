package accounts

import (
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"jifen/internal/fault"
)

// Counts are counts since the service was made, and who waits now.
type Counts struct {
	Right   int64 // login and password go together
	Wrong   int64 // they do not
	Slowed  int64 // not judged, for too many before were wrong
	Failed  int64 // not judged, for the program could not
	Hashing int   // who waits for a password to be hashed, or has it hashed
}

// signIns count how passwords were proved.
type signIns struct{ right, wrong, slowed, failed atomic.Int64 }

func (n *signIns) count(err error) {
	switch {
	case err == nil:
		n.right.Add(1)
	case fault.CodeOf(err) == fault.Unauthenticated:
		n.wrong.Add(1)
	case fault.CodeOf(err) == fault.TooMany:
		n.slowed.Add(1)
	default:
		n.failed.Add(1)
	}
}

// Counts returns how passwords were proved, and how many wait.
func (s *Service) Counts() Counts {
	n := &s.signIns
	return Counts{
		Right: n.right.Load(), Wrong: n.wrong.Load(), Slowed: n.slowed.Load(), Failed: n.failed.Load(),
		Hashing: len(s.hasher.places),
	}
}

// How often a line is left of those who are not judged.
const (
	awayApart = time.Minute // of an address
	maxAway   = 10_000      // addresses of which that is known
)

// away holds when a line was left of who was not judged, by address.
type away struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// due reports whether a line is to be left of an address now, and takes it for left.
func (a *away) due(address string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	over := func(_ string, at time.Time) bool { return now.Sub(at) >= awayApart || at.After(now) }
	if at, known := a.last[address]; known && !over(address, at) {
		return false
	}
	if len(a.last) >= maxAway {
		if maps.DeleteFunc(a.last, over); len(a.last) >= maxAway {
			return false
		}
	}
	if a.last == nil {
		a.last = map[string]time.Time{}
	}
	a.last[address] = now
	return true
}

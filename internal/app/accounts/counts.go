package accounts

import (
	"sync/atomic"

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

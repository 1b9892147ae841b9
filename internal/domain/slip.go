package domain

import "time"

// Slip (激活条) is how the holder of an account comes to a password of his own: its code
// opens the choice of one, once.
type Slip struct {
	ID      int64
	Account AccountID
	Made    time.Time
	Expires time.Time
	Ended   time.Time // zero = neither used nor taken back
	Used    bool
}

// Lives reports whether a slip opens something at an instant.
func (s *Slip) Lives(at time.Time) bool { return s.Ended.IsZero() && at.Before(s.Expires) }

package store

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// firstHandedIn returns the instant at which a request that is taken up again was
// handed in the first time; "" where what is now handed in happened only after
// that, so that the first cannot have been about it.
func (v *Snapshot) firstHandedIn(follows domain.RequestID, on calendar.Day) (string, error) {
	var at string
	if err := v.get(&at, "SELECT first_at FROM requests WHERE id = ?", int64(follows)); err != nil {
		return "", err
	}
	first, err := v.dayOf(at)
	if err != nil || first < on {
		return "", err
	}
	return at, nil
}

// FirstHandedIn returns the day from which a deadline for handing in runs: that on
// which the returned request was handed in the first time, or today where what is
// now handed in happened only after it.
func (v *Snapshot) FirstHandedIn(follows domain.RequestID, on calendar.Day) (calendar.Day, error) {
	at, err := v.firstHandedIn(follows, on)
	if err != nil {
		return 0, err
	}
	if at == "" {
		at = v.stamp()
	}
	return v.dayOf(at)
}

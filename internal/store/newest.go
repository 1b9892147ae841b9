package store

import (
	"time"

	"jifen/internal/fault"
)

// Newest returns when the last line of the trail or the last entry was recorded, the
// zero time where nothing was.
func (v *Snapshot) Newest() (newest time.Time, err error) {
	for _, last := range [...]string{
		"SELECT at FROM trail ORDER BY id DESC LIMIT 1",
		"SELECT recorded_at FROM entries ORDER BY id DESC LIMIT 1",
	} {
		var at string
		err := v.get(&at, last)
		if fault.CodeOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return newest, err
		}
		when, err := ParseInstant(at)
		if err != nil {
			return newest, fault.Wrap(err, fault.Internal, "记录的时刻“%s”读不出来", at)
		}
		if when.After(newest) {
			newest = when
		}
	}
	return newest, nil
}

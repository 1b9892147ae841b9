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

// ServerTime returns what time it is for the server that the database is on, to the
// second; for a file that is this computer.
func (v *Snapshot) ServerTime() (time.Time, error) {
	var text string
	if err := v.get(&text, "SELECT CAST(CURRENT_TIMESTAMP AS TEXT)"); err != nil {
		return time.Time{}, err
	}
	for _, form := range [...]string{time.DateTime, "2006-01-02 15:04:05.999999-07", "2006-01-02 15:04:05.999999-07:00"} {
		if at, err := time.Parse(form, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fault.New(fault.Internal, "数据库的时刻“%s”读不出来", text)
}

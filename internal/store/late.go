package store

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// recordedFirst is the SQL for when an entry e was first recorded: a claim that
// takes up a returned one keeps the instant of that one. What was taken from
// paper stood there in its time, so nothing is said of it.
func recordedFirst() string {
	return `CASE WHEN e.paper <> '' THEN '' WHEN e.follows IS NULL THEN e.recorded_at ELSE
		(WITH RECURSIVE first (at, next) AS (SELECT f.recorded_at, f.follows FROM entries f WHERE f.id = e.follows
			UNION ALL SELECT f.recorded_at, f.follows FROM entries f JOIN first ON f.id = first.next)
		SELECT min(at) FROM first) END`
}

// dayOf returns the day on which a stored instant lies, in the zone of the
// database's clock; 0 for none.
func (v *Snapshot) dayOf(at string) (calendar.Day, error) {
	if at == "" {
		return 0, nil
	}
	when, err := ParseInstant(at)
	if err != nil {
		return 0, fault.Wrap(err, fault.Internal, "记录的时刻“%s”读不出来", at)
	}
	return calendar.FromTime(when.In(v.now.Location())), nil
}

// FirstRecorded returns the day on which a claim that is taken up again was
// first recorded, 0 for no such entry.
func (v *Snapshot) FirstRecorded(id domain.EntryID) (calendar.Day, error) {
	var at []string
	if err := v.all(&at, "SELECT "+recordedFirst()+" FROM entries e WHERE e.id = ?", int64(id)); err != nil || len(at) == 0 {
		return 0, err
	}
	return v.dayOf(at[0])
}

package store

import (
	"jifen/internal/calendar"
	"jifen/internal/fault"
)

// recordedFirst is the SQL for when an entry e was first recorded: one that waits,
// or waited, when its request was handed in the first time. What was taken from
// paper stood there in its time, so nothing is said of it.
func recordedFirst() string {
	return `CASE WHEN e.paper IS NOT NULL THEN '' WHEN e.request_id IS NULL THEN e.recorded_at
		ELSE (SELECT f.first_at FROM requests f WHERE f.id = e.request_id) END`
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

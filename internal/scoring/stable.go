package scoring

import (
	"jifen/internal/calendar"
	"jifen/internal/ruleset"
)

// stableUntil returns the last day as of which nothing changes by itself: the
// day before the first on which a fact, a birthday, a dated value, a waiting
// entry, an expiry, a counter's window, an automatic entry or an alert may
// make a difference.
func (r *run) stableUntil() calendar.Day {
	if r.asOf >= r.period.Last {
		return r.untilLater()
	}
	next := r.period.Last + 1 // the day after the period the standing stays as it is
	may := func(d calendar.Day) {
		if d > r.day && d < next {
			next = d
		}
	}
	may(r.start)
	may(r.record.Member.Joined)
	may(r.record.Member.Left)
	for _, a := range r.record.Member.Away {
		may(a.From)
		may(a.Back)
	}
	for i := range r.record.Facts {
		may(r.record.Facts[i].From)
	}
	r.anniversaries(r.record.Facts, r.day, r.day.AddMonths(13), may)
	for _, d := range r.book.Dates {
		may(d)
	}
	for i := range r.texts.list {
		may(r.texts.list[i].first)
		for _, g := range r.texts.list[i].gaps {
			may(g.from)
			may(g.end)
		}
	}
	for i := range r.record.Entries {
		may(r.record.Entries[i].On)
	}
	for i := range r.record.Attendance {
		may(r.record.Attendance[i].On)
	}
	for i := range r.outcomes {
		may(r.outcomes[i].end)
		may(r.outcomes[i].until)
	}
	r.eachChangeDay(may)
	if next > r.period.Last {
		return r.untilLater()
	}
	return next - 1
}

// eachChangeDay calls may for the days on which the rule file's own calendar turns.
func (r *run) eachChangeDay(may func(calendar.Day)) {
	for i := range r.book.Counters {
		if u := r.book.Counters[i].Unit; u != calendar.Life {
			may(u.Of(r.day).Last + 1)
		}
	}
	for i := range r.book.AlertCounters {
		if u := r.book.AlertCounters[i].Unit; u != calendar.Life {
			may(u.Of(r.day).Last + 1)
		}
	}
	r.eachPartChangeDay(may)
	if r.book.Monthly {
		may(calendar.Month.Of(r.day).Last + 1)
	}
	if r.book.Cycle.StartBy == ruleset.ByDays {
		may(r.day + 1)
	}
	for i := range r.book.Alerts {
		if u := r.book.Alerts[i].Every; u != calendar.Single {
			w := u.Of(r.day)
			may(w.Last)
			may(w.Next().Last)
		}
	}
	for i := range r.book.Items {
		if a := r.book.Items[i].Auto; a != nil {
			w := a.Every.Of(r.day)
			may(a.On.In(w))
			may(a.On.In(w.Next()))
		}
	}
	for i := range r.book.RedLines {
		if r.book.RedLines[i].AtCycle && r.book.Cycle.EntryBy != ruleset.OnDay {
			may(r.day + 1) // read by a category that is not the day's own
		}
	}
}

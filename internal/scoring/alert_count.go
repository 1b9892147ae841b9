package scoring

import (
	"jifen/internal/calendar"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// alertWindow is one window of an alert.
type alertWindow struct {
	alert int
	last  calendar.Day
}

// countAlert counts the windows of an alert in which its condition held. To a
// standing a window counts from its last day; to an entry from the day after,
// for what the alert says of that day may depend on the entry.
func (r *run) countAlert(c *ruleset.AlertCounter, e *env) formula.Number {
	every := r.book.Alerts[c.Alert].Every
	last := e.day
	if e.arriving {
		last--
	}
	first := max(r.start, e.blind+1) // of a window; what lies before a repair is over
	from := first                    // of a window's last day
	if c.Unit != calendar.Life {
		from = max(from, c.Unit.Of(e.day).First)
	}
	w := every.Of(last)
	if w.Last > last {
		w = w.Prev()
	}
	n := int64(0)
	for ; w.Last >= from && w.First >= first && n < ruleset.MaxTimes; w = w.Prev() {
		switch {
		case r.alertHeldIn(c.Alert, w):
			n++
		case c.Run:
			return formula.Int(n)
		}
	}
	return formula.Int(n)
}

// alertHeldIn is holdsIn, remembered once the standing of the window's last day is
// settled.
func (r *run) alertHeldIn(alert int, w calendar.Period) bool {
	key := alertWindow{alert, w.Last}
	if h, ok := r.alertHeld[key]; ok {
		return h
	}
	h := r.alertHoldsIn(&r.book.Alerts[alert], w, false)
	for _, c := range r.chain {
		for _, m := range c.valuations {
			if m.day == w.Last && !m.settled {
				return h
			}
		}
	}
	if r.alertHeld == nil {
		r.alertHeld = map[alertWindow]bool{}
	}
	r.alertHeld[key] = h
	return h
}

// alertDays calls add for the days on which a count of windows of an alert may
// change: where one ends, and where the window begins in which they are counted.
func (r *run) alertDays(c *ruleset.AlertCounter, add func(calendar.Day)) {
	every := r.book.Alerts[c.Alert].Every
	r.eachWindowStart(every, func(first calendar.Day) {
		add(first)
		add(every.Of(first).Last)
	})
	if c.Unit != calendar.Life {
		r.eachWindowStart(c.Unit, add)
	}
}

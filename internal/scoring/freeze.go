package scoring

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/rulebook"
)

// repairedOn returns the day of the latest repair of a red line up to a day, 0
// for none. What lies up to it the red line no longer sees.
func (r *run) repairedOn(line *rulebook.RedLine, day calendar.Day) (latest calendar.Day) {
	if len(line.Repairs) == 0 {
		return 0
	}
	for i := range r.outcomes {
		o := &r.outcomes[i]
		if o.day <= day && o.happened && slices.Contains(line.Repairs, int(o.item)) {
			latest = max(latest, o.day)
		}
	}
	return latest
}

// strikes judges a red line's condition on a day, blind to what lies up to an
// earlier one. Under category it reads the category of entries of that day.
func (r *run) strikes(line *rulebook.RedLine, day, blind calendar.Day) bool {
	seg := r.segmentAt(day)
	if day <= blind || !seg.scored {
		return false
	}
	e := r.look(day, seg, r.entryCategory(day))
	defer e.done()
	e.blind = blind
	return line.When.Holds(day, e)
}

// turns returns the days of a stretch on which a red line's condition may turn,
// ascending, the first day among them.
func (r *run) turns(line *rulebook.RedLine, from, to calendar.Day) []calendar.Day {
	days := []calendar.Day{from, to}
	add := func(d calendar.Day) {
		if d > from && d < to {
			days = append(days, d)
		}
	}
	for i := range r.segments {
		add(r.segments[i].from)
	}
	if line.ReadsPast {
		for c := range r.events {
			for i := range r.events[c] {
				add(r.events[c][i].day)
			}
		}
		for i := range r.outcomes {
			add(r.outcomes[i].end)
		}
		for w := calendar.Month.Of(from).Next(); w.First < to; w = w.Next() {
			add(w.First) // counters start anew
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// struckOn returns the day since which a red line that acts on a day has acted:
// the first of the cycle on which it held, or the first of the days running up
// to this one.
func (r *run) struckOn(line *rulebook.RedLine, period calendar.Period, day calendar.Day) calendar.Day {
	blind := r.repairedOn(line, day)
	from := r.start
	if line.AtCycle {
		from = max(period.First, r.start)
	}
	struck := day
	held := false
	for _, d := range r.turns(line, from, day) {
		switch holds := r.strikes(line, d, blind); {
		case holds && !held:
			struck = d
			if line.AtCycle {
				return struck
			}
			held = true
		case !holds:
			held = false
		}
	}
	return struck
}

// waiting reports whether an addition counts nothing on a moment's day because
// of a red line that acts then.
func (m *moment) waiting(o *outcome) bool {
	return o.granted > 0 && m.waitSince != 0 && o.day >= m.waitSince
}

// void is what the forward pass knows of a red line under which additions are
// lost: whether it has struck in the current cycle, and up to which day that
// was looked for.
type void struct {
	cycle  calendar.Period
	upTo   calendar.Day
	struck bool
}

// forfeits returns the red line under which an addition of a day is lost, −1
// for none.
func (h *hand) forfeits(day calendar.Day) int {
	for i := range h.book.RedLines {
		line := &h.book.RedLines[i]
		if line.Bonus != rulebook.BonusForfeit {
			continue
		}
		blind := h.repairedOn(line, day)
		if !line.AtCycle {
			if h.strikes(line, day, blind) {
				return i
			}
			continue
		}
		if h.voids == nil {
			h.voids = make([]void, len(h.book.RedLines))
		}
		if v := &h.voids[i]; v.cycle != h.cycle || v.struck && blind >= v.upTo {
			*v = void{cycle: h.cycle, upTo: max(h.cycle.First, h.start, blind)}
		}
		v := &h.voids[i]
		for _, d := range h.turns(line, min(v.upTo, day), day) {
			v.struck = v.struck || h.strikes(line, d, blind)
		}
		v.upTo = day
		if v.struck {
			return i
		}
	}
	return -1
}

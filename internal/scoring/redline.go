package scoring

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/ruleset"
)

// redLineTracker follows one red line through time, day by day on which it may turn.
// It keeps on which days its condition held for a scored member, and on which
// it acts on additions (加分: 暂停, 作废): from the first day it struck until it
// ends, through days on which the member is not scored and across cycles.
type redLineTracker struct {
	line  *ruleset.RedLine
	days  []calendar.Day // on which it may turn, ascending; more come with what is valid for a while
	has   []int          // items whose validity it reads
	next  int            // index into days
	at    calendar.Day   // judged up to this day
	blind calendar.Day   // the latest repair: what lies up to it the line no longer sees
	cycle calendar.Day   // the first day of the cycle of at

	holds  bool // its condition held on at, for a scored member
	acting bool // it acts on additions on at
	struck bool // it held on a scored day of the running cycle

	held []dayRange // ascending; one that runs on ends with Forever
	acts []dayRange // likewise
}

// trackers makes room for the red lines that have to be followed through time:
// those that act to the period's end once they held, and those that touch
// additions.
func (r *run) followRedLines() {
	for i := range r.book.RedLines {
		line := &r.book.RedLines[i]
		if !line.AtCycle && line.Bonus == ruleset.BonusStays {
			continue // judged on the day it is asked for
		}
		if r.trackers == nil {
			r.trackers = make([]*redLineTracker, len(r.book.RedLines))
		}
		r.trackers[i] = r.newTracker(line)
	}
}

// newTracker collects the days on which a red line may turn that are known
// before anything is handled.
func (r *run) newTracker(line *ruleset.RedLine) *redLineTracker {
	t := &redLineTracker{line: line, at: r.start - 1, days: make([]calendar.Day, 0, 32)}
	t.days = append(t.days, r.start)
	add := func(d calendar.Day) {
		if d > r.start && d <= r.day {
			t.days = append(t.days, d)
		}
	}
	for i := range r.segments {
		add(r.segments[i].from)
	}
	r.eachWindowStart(r.book.Cycle.Unit, add)
	units := [calendar.Week + 1]bool{}
	var items []int
	for _, slot := range line.Reads {
		switch kind, i := ruleset.Slot(slot); kind {
		case ruleset.SlotCounter:
			c := &r.book.Counters[i]
			items = append(items, c.Item)
			if u := c.Unit; u != calendar.Life && !units[u] {
				units[u] = true
				r.eachWindowStart(u, add) // the counter starts anew
			}
		case ruleset.SlotDate:
			if !units[calendar.Month] {
				units[calendar.Month] = true
				r.eachWindowStart(calendar.Month, add)
			}
		case ruleset.SlotAlert:
			r.alertDays(&r.book.AlertCounters[i], add)
		case ruleset.SlotHas:
			items, t.has = append(items, i), append(t.has, i)
		}
	}
	for c := range r.events {
		for i := range r.events[c] {
			ev := &r.events[c][i]
			if slices.Contains(items, int(ev.item)) {
				add(ev.day)
			}
			if slices.Contains(line.Repairs, int(ev.item)) {
				add(ev.day)
				add(ev.day + 1)
			}
		}
	}
	slices.Sort(t.days)
	t.days = slices.Compact(t.days)
	return t
}

// eachWindowStart calls add for the first day of every window of a unit from the
// start to the standing's day.
func (r *run) eachWindowStart(u calendar.Unit, add func(calendar.Day)) {
	for w := u.Of(r.start); w.First <= r.day; w = w.Next() {
		add(w.First)
	}
}

// advance judges a red line on every day up to one on which it may turn.
func (r *run) advance(t *redLineTracker, to calendar.Day) {
	for {
		day := calendar.Forever
		if t.next < len(t.days) {
			day = t.days[t.next]
		}
		for _, item := range t.has {
			if end := r.validUntil(item, t.at, t.blind); end > t.at {
				day = min(day, end)
			}
		}
		if day > to {
			break
		}
		for t.next < len(t.days) && t.days[t.next] <= day {
			t.next++
		}
		r.judgeOn(t, day)
	}
	t.at = max(t.at, to)
}

// judgeOn judges a red line on one day.
func (r *run) judgeOn(t *redLineTracker, day calendar.Day) {
	t.at = day
	if blind := r.repairedOn(t.line, day); blind != t.blind {
		t.blind = blind
		t.setActing(day, false)
		t.struck = false
	}
	if first := r.book.Cycle.Unit.Of(day).First; first != t.cycle {
		t.cycle, t.struck = first, false
	}
	seg := r.segmentAt(day)
	holds := day > t.blind && r.conditionHolds(t.line, day, seg, t.blind)
	if now := holds && seg.scored; now != t.holds {
		t.holds = now
		t.held = toggled(t.held, day, now)
	}
	t.struck = t.struck || t.holds
	switch {
	case t.line.AtCycle:
		t.setActing(day, t.struck || t.acting && holds)
	default:
		t.setActing(day, t.holds || t.acting && holds)
	}
}

// setActing notes whether a red line acts on additions from a day on.
func (t *redLineTracker) setActing(day calendar.Day, now bool) {
	if now != t.acting {
		t.acting = now
		t.acts = toggled(t.acts, day, now)
	}
}

// toggled begins a stretch on a day, or ends the one that runs.
func toggled(list []dayRange, day calendar.Day, on bool) []dayRange {
	if on {
		return append(list, dayRange{day, calendar.Forever})
	}
	last := &list[len(list)-1]
	if last.end = day; last.from == day {
		return list[:len(list)-1]
	}
	return list
}

// heldWithin reports whether the condition held on some day of a run of days.
func (t *redLineTracker) heldWithin(from, to calendar.Day) bool {
	for i := len(t.held) - 1; i >= 0; i-- {
		if s := t.held[i]; s.from <= to && s.end > from {
			return true
		}
	}
	return false
}

// actingOn returns since when a red line acts on additions on a day; ok is
// false if it does not.
func (t *redLineTracker) actingOn(day calendar.Day) (since calendar.Day, ok bool) {
	for i := len(t.acts) - 1; i >= 0; i-- {
		if s := t.acts[i]; s.from <= day && day < s.end {
			return s.from, true
		}
	}
	return 0, false
}

// conditionHolds judges a red line's condition on a day, blind to what lies up
// to an earlier one. Under category it reads the category of entries of that
// day.
func (r *run) conditionHolds(line *ruleset.RedLine, day calendar.Day, seg *segment, blind calendar.Day) bool {
	e := r.borrowEnv(day, seg, r.entryCategory(day))
	defer e.release()
	e.blind = blind
	return line.When.Holds(day, e)
}

// repairedOn returns the day of the latest repair of a red line up to a day, 0
// for none. What lies up to it the red line no longer sees. A repair that does
// not touch the member, or is beaten on its matter, repairs nothing.
func (r *run) repairedOn(line *ruleset.RedLine, day calendar.Day) (latest calendar.Day) {
	for _, item := range line.Repairs {
		for i := r.latest[item]; i >= 0; i = r.outcomes[i].before {
			if o := &r.outcomes[i]; o.day <= day && o.reason != beaten {
				latest = max(latest, o.day)
				break
			}
		}
	}
	return latest
}

// hasValid reports whether an item has an entry that is valid on a day, whether or
// not it earned anything: it happened.
func (r *run) hasValid(item int, day, blind calendar.Day) bool {
	return r.validUntil(item, day, blind) > day
}

// validUntil returns the first day on which no entry of an item of the days up
// to one is valid any more, 0 if there is none; what lies up to blind is not
// seen.
func (r *run) validUntil(item int, day, blind calendar.Day) (until calendar.Day) {
	for i := r.latest[item]; i >= 0; {
		o := &r.outcomes[i]
		if o.day <= day {
			if blind == 0 || o.day > blind && o.until == o.reach {
				return max(until, o.reach)
			}
			if o.day <= blind {
				return until
			}
			until = max(until, o.until)
		}
		i = o.before
	}
	return until
}

// forfeitingRedLine returns the red line under which an addition of a day is lost, −1
// for none. It looks at the whole day, whatever was recorded first.
func (r *run) forfeitingRedLine(day calendar.Day) int {
	for i, t := range r.trackers {
		if t == nil || t.line.Bonus != ruleset.BonusForfeit {
			continue
		}
		r.advance(t, day)
		if t.acting {
			return i
		}
	}
	return -1
}

// waits reports whether an addition counts nothing on a valuation's day because
// of a red line that acts then.
func (m *valuation) waits(o *outcome) bool {
	return o.granted > 0 && m.waitSince != 0 && o.day >= m.waitSince
}

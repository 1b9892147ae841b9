package scoring

import (
	"cmp"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// class orders what happened on one day.
type class uint8

const (
	byHand class = iota
	attended
	automatic
	classes
)

// event is one entry to be handled: recorded by hand, following from an
// attendance line, or arisen by itself.
type event struct {
	day   calendar.Day
	item  int32 // −1: the rulebook has no such item
	ref   int32 // index into Entries or Attendance of the record
	class class
	open  bool // automatic, and whether it arises is judged when its day comes
	stray bool // its item belongs to the period before, and this is no day for it (归期)
}

// gather collects the entries by hand and by attendance from start up to the
// standing's day, each in the order they are handled.
func (r *run) gather() {
	buffer := make([]event, 0, len(r.record.Entries)+len(r.record.Attendance)+8)
	for i := range r.record.Entries {
		e := &r.record.Entries[i]
		if day, stray := r.countsOn(e.Item, e.On); e.On <= r.asOf && day >= r.start && day <= r.upTo {
			item, ref := int32(r.book.Item(e.Item)), int32(i) //nolint:gosec // both are counts of things in memory
			buffer = append(buffer, event{day: day, class: byHand, item: item, ref: ref, stray: stray})
		}
	}
	hand := len(buffer)
	for i := range r.record.Attendance {
		a := &r.record.Attendance[i]
		if a.On < r.start || a.On > r.asOf {
			continue
		}
		for _, item := range r.book.Following(a.Kind) {
			if s := r.book.Items[item].Statuses; len(s) > 0 && !slices.Contains(s, a.Status) {
				continue
			}
			if day, stray := r.countsOn(r.book.Items[item].Name, a.On); !stray && day >= r.start && day <= r.upTo {
				ev := event{day: day, class: attended, item: int32(item), ref: int32(i)} //nolint:gosec // as above
				buffer = append(buffer, ev)
			}
		}
	}
	r.events[byHand] = r.sorted(buffer[:hand:hand])
	r.events[attended] = r.sorted(buffer[hand:])
}

// sorted brings events of one class into their order: by day, then by id
// (automatic: by the order in the file). Most come in order already.
func (r *run) sorted(events []event) []event {
	for i := 1; i < len(events); i++ {
		if r.compare(&events[i-1], &events[i]) > 0 {
			slices.SortFunc(events, func(a, b event) int { return r.compare(&a, &b) })
			break
		}
	}
	return events
}

func (r *run) compare(a, b *event) int {
	if a.day != b.day {
		return cmp.Compare(a.day, b.day)
	}
	x, y := "", ""
	switch a.class {
	case byHand:
		x, y = r.record.Entries[a.ref].ID, r.record.Entries[b.ref].ID
	case attended:
		x, y = r.record.Attendance[a.ref].Activity, r.record.Attendance[b.ref].Activity
	default:
	}
	// Shorter first, so that 9 comes before 10 and 第9行 before 第10行.
	if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
		return c
	}
	if a.item != b.item {
		return cmp.Compare(a.item, b.item)
	}
	return r.compareContents(a, b)
}

// compareContents parts entries that share an id, as rows without ids do, by
// what they say, so that the order in which they are passed never matters.
func (r *run) compareContents(a, b *event) int {
	if a.class == attended {
		x, y := &r.record.Attendance[a.ref], &r.record.Attendance[b.ref]
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Status, y.Status))
	}
	if a.class != byHand {
		return 0
	}
	x, y := &r.record.Entries[a.ref], &r.record.Entries[b.ref]
	if c := cmp.Or(cmp.Compare(x.Points, y.Points), cmp.Compare(x.Recorded, y.Recorded)); c != 0 {
		return c
	}
	return slices.CompareFunc(x.Fields, y.Fields, func(f, g domain.Field) int {
		return cmp.Or(cmp.Compare(f.Value.Number, g.Value.Number), cmp.Compare(f.Value.Text, g.Value.Text))
	})
}

// next takes the event that is handled next: by day, by hand before attendance
// before automatic. The cursors count what was taken of each class.
func (r *run) next(cursors *[classes]int) (event, bool) {
	best := classes
	for c := range classes {
		if i := cursors[c]; i < len(r.events[c]) &&
			(best == classes || r.events[c][i].day < r.events[best][cursors[best]].day) {
			best = c
		}
	}
	if best == classes {
		return event{}, false
	}
	cursors[best]++
	return r.events[best][cursors[best]-1], true
}

// index lists the events of each item that a counter asks for, by day.
func (r *run) index() {
	if len(r.book.Counters) == 0 {
		return
	}
	r.starts = r.room.int32s(len(r.book.Items) + 1)
	total := int32(0)
	r.eachCounted(func(ev *event) { r.starts[ev.item+1]++; total++ })
	for i := range r.book.Items {
		r.starts[i+1] += r.starts[i]
	}
	r.counted = make([]event, total)
	fill := r.room.int32s(len(r.starts))
	copy(fill, r.starts)
	r.eachCounted(func(ev *event) { r.counted[fill[ev.item]] = *ev; fill[ev.item]++ })
	byDay := func(a, b event) int { return cmp.Compare(a.day, b.day) }
	for i := range r.book.Items {
		// One class comes by day already, two for one item may not.
		if list := r.counted[r.starts[i]:r.starts[i+1]]; !slices.IsSortedFunc(list, byDay) {
			slices.SortStableFunc(list, byDay)
		}
	}
}

func (r *run) eachCounted(f func(*event)) {
	for c := range r.events {
		for i := range r.events[c] {
			if ev := &r.events[c][i]; ev.item >= 0 && !ev.open && !ev.stray && r.book.Items[ev.item].Counted {
				f(ev)
			}
		}
	}
}

// automatic adds the entries that arise by themselves: one in each window
// whose stated day has come, if the member was scored on every day of the
// window up to it and the condition holds at the end of that day.
func (r *run) automatic() {
	out := r.automaticBefore()
	counted := slices.ContainsFunc(out, func(e event) bool { return r.book.Items[e.item].Counted })
	for i := range r.book.Items {
		a := r.book.Items[i].Auto
		if a == nil {
			continue
		}
		for w := a.Every.Of(r.first); ; w = w.Next() {
			day := a.On.In(w)
			if day > r.upTo {
				break
			}
			if day < r.first || w.First < r.start || !r.scoredThroughout(w.First, day) || !a.Previous &&
				!r.automaticHolds(i, a, day) {
				continue
			}
			ev := event{day: day, class: automatic, item: int32(i), open: a.Previous} //nolint:gosec // items are few
			out = append(out, ev)
			counted = counted || r.book.Items[i].Counted
		}
	}
	r.events[automatic] = r.sorted(out)
	if counted {
		r.index()
	}
}

// automaticBefore returns the automatic entries that arose under the earlier
// texts, for the counters.
func (r *run) automaticBefore() (out []event) {
	if r.k == 0 {
		return nil
	}
	before := r.chain[r.k-1]
	for i := range before.outcomes {
		o := &before.outcomes[i]
		if o.class != automatic {
			continue
		}
		from := before.origin(o)
		if item := r.texts.between(from.k, r.k).items[from.outcomes[o.of].item]; item >= 0 {
			out = append(out, event{day: o.day, class: automatic, item: int32(item), ref: o.ref}) //nolint:gosec // items are few
		}
	}
	return out
}

// automaticIsDue judges an automatic entry whose day has come, and makes the counters
// know of it.
func (r *run) automaticIsDue(ev event) bool {
	item := int(ev.item)
	if !r.automaticHolds(item, r.book.Items[item].Auto, ev.day) {
		return false
	}
	if r.book.Items[item].Counted {
		for i := range r.events[automatic] {
			if e := &r.events[automatic][i]; e.item == ev.item && e.day == ev.day {
				e.open = false
			}
		}
		r.index()
	}
	return true
}

func (r *run) automaticHolds(item int, a *ruleset.Auto, day calendar.Day) bool {
	e := r.borrowEnv(day, r.segmentAt(day), r.entryCategory(day))
	defer e.release()
	e.collect = day >= r.period.First
	e.arriving = true
	return r.book.Items[item].Applies.Holds(day, e) && a.When.Holds(day, e)
}

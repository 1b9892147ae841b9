package scoring

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/party"
	"jifen/internal/rulebook"
)

// class orders what happened on one day.
type class uint8

const (
	byHand class = iota
	attended
	automatic
)

// event is one entry to be handled: recorded by hand, following from an
// attendance line, or arisen by itself.
type event struct {
	day   calendar.Day
	class class
	item  int // −1: the rulebook has no such item
	ref   int // index into Entries or Attendance of the record
}

// recorded returns the entries by hand and by attendance from start up to the
// standing's day, in the order they are handled.
func (r *run) recorded() []event {
	events := make([]event, 0, len(r.record.Entries)+len(r.record.Attendance)+16)
	for i := range r.record.Entries {
		e := &r.record.Entries[i]
		if e.On >= r.start && e.On <= r.day {
			events = append(events, event{day: e.On, class: byHand, item: r.book.Item(e.Item), ref: i})
		}
	}
	for i := range r.record.Attendance {
		a := &r.record.Attendance[i]
		if a.On < r.start || a.On > r.day {
			continue
		}
		for _, item := range r.book.Following(a.Kind) {
			if s := r.book.Items[item].Statuses; len(s) == 0 || slices.Contains(s, a.Status) {
				events = append(events, event{day: a.On, class: attended, item: item, ref: i})
			}
		}
	}
	r.events = events
	r.sort()
	return r.events
}

// sort orders events by day, then by hand before attendance before automatic,
// then by id (automatic: by the order in the file).
func (r *run) sort() {
	slices.SortFunc(r.events, func(a, b event) int {
		if a.day != b.day {
			return int(a.day - b.day)
		}
		if a.class != b.class {
			return int(a.class) - int(b.class)
		}
		return r.compareIDs(a, b)
	})
}

func (r *run) compareIDs(a, b event) int {
	x, y := "", ""
	switch a.class {
	case byHand:
		x, y = r.record.Entries[a.ref].ID, r.record.Entries[b.ref].ID
	case attended:
		x, y = r.record.Attendance[a.ref].Activity, r.record.Attendance[b.ref].Activity
	case automatic:
	}
	if x != y {
		if x < y {
			return -1
		}
		return 1
	}
	if a.item != b.item {
		return a.item - b.item
	}
	return r.compareContents(a, b)
}

// compareContents parts entries that share an id, as rows without ids do, by
// what they say, so that the order in which they are passed never matters.
func (r *run) compareContents(a, b event) int {
	if a.class != byHand {
		return 0
	}
	x, y := &r.record.Entries[a.ref], &r.record.Entries[b.ref]
	if x.Points != y.Points {
		return int(max(-1, min(1, x.Points-y.Points)))
	}
	return slices.CompareFunc(x.Fields, y.Fields, func(f, g party.Field) int {
		switch {
		case f.Value.Number != g.Value.Number:
			return int(max(-1, min(1, f.Value.Number-g.Value.Number)))
		case f.Value.Text < g.Value.Text:
			return -1
		case f.Value.Text > g.Value.Text:
			return 1
		}
		return 0
	})
}

// index lists, for each item that a counter asks for, its events.
func (r *run) index() {
	r.byItem = make([][]int32, len(r.book.Items))
	for i := range r.events {
		if item := r.events[i].item; item >= 0 && r.book.Items[item].Counted {
			r.byItem[item] = append(r.byItem[item], int32(i)) //nolint:gosec // a member's events are few
		}
	}
}

// automatic returns the entries that arise by themselves: one in each window
// whose stated day has come, if the member was scored on every day of the
// window up to it and the condition holds at the end of that day.
func (r *run) automatic() []event {
	var out []event
	for i := range r.book.Items {
		a := r.book.Items[i].Auto
		if a == nil {
			continue
		}
		for w := a.Every.Of(r.start); ; w = w.Next() {
			day := a.On.In(w)
			if day > r.day {
				break
			}
			if w.First < r.start || !r.scoredThroughout(w.First, day) || !r.arises(i, a, day) {
				continue
			}
			out = append(out, event{day: day, class: automatic, item: i})
		}
	}
	return out
}

func (r *run) arises(item int, a *rulebook.Auto, day calendar.Day) bool {
	e := env{run: r, day: day, segment: r.segmentAt(day), category: r.entryCategory(day)}
	return r.book.Items[item].Applies.Holds(day, &e) && a.When.Holds(day, &e)
}

package scoring

import (
	"cmp"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/party"
	"jifen/internal/rulebook"
)

// alerts judges every alert at the end of each complete window of the period,
// and those without a window on the standing's day.
//
// Those that also ask for the place wait for Place.
func (r *run) alerts() (out, waiting []party.Alert) {
	for i := range r.book.Alerts {
		a := &r.book.Alerts[i]
		into := &out
		if a.Rank != nil {
			into = &waiting
		}
		if a.Every == calendar.Single {
			if r.holdsAt(a, r.day) {
				*into = append(*into, r.alert(a, r.day, "", 1, a.Runs[0].Level))
			}
			continue
		}
		*into = r.windows(a, *into)
	}
	slices.SortStableFunc(out, func(a, b party.Alert) int { return cmp.Compare(a.On, b.On) })
	return out, waiting
}

func (r *run) windows(a *rulebook.Alert, out []party.Alert) []party.Alert {
	run := -1
	for w := a.Every.Of(r.period.First); w.Last <= r.day; w = w.Next() {
		if w.Last < r.period.First {
			continue
		}
		if !r.holdsIn(a, w) {
			run = 0
			continue
		}
		if run < 0 {
			run = r.runBefore(a, w)
		}
		run++
		level := ""
		for _, step := range a.Runs {
			if run >= step.Windows {
				level = step.Level
			}
		}
		if level != "" {
			out = append(out, r.alert(a, w.Last, w.String(), run, level))
		}
	}
	return out
}

// runBefore counts the windows running up to w in earlier cycles, as far back
// as any level asks.
func (r *run) runBefore(a *rulebook.Alert, w calendar.Period) int {
	n := 0
	for most := a.Runs[len(a.Runs)-1].Windows; n < most; n++ {
		if w = w.Prev(); !r.holdsIn(a, w) {
			break
		}
	}
	return n
}

// holdsIn judges an alert at the end of a window. A window in which the member
// was not scored on every day is silent and breaks a run.
func (r *run) holdsIn(a *rulebook.Alert, w calendar.Period) bool {
	return r.scoredThroughout(w.First, w.Last) && r.holdsAt(a, w.Last)
}

func (r *run) holdsAt(a *rulebook.Alert, day calendar.Day) bool {
	seg := r.segmentAt(day)
	e := r.look(day, seg, seg.category)
	defer e.done()
	e.part = a.Every
	if r.book.Cycle.EntryBy == rulebook.AtStart {
		e.category = r.startCategory(r.book.Cycle.Unit.Of(day))
	}
	return a.When.Holds(day, e)
}

func (r *run) alert(a *rulebook.Alert, on calendar.Day, window string, run int, level string) party.Alert {
	return party.Alert{
		Name: a.Name, On: on, Window: window, Run: run, Level: level,
		Suggest: a.Suggest, Owner: a.Owner, Due: a.Within.After(on), Clause: a.Clause,
	}
}

// Open returns the alerts of a standing that speak of its last complete
// windows: those that still ask for somebody.
func Open(book *rulebook.Rulebook, s *party.Standing) []party.Alert {
	var out []party.Alert
	for _, a := range s.Alerts {
		every := calendar.NoUnit
		for i := range book.Alerts {
			if book.Alerts[i].Name == a.Name {
				every = book.Alerts[i].Every
			}
		}
		if every == calendar.NoUnit {
			continue
		}
		if every == calendar.Single || every.Of(a.On).Next().Last > s.Day {
			out = append(out, a)
		}
	}
	return out
}

package scoring

import (
	"cmp"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// alerts judges every alert at the end of each complete window of the period,
// and those without a window on the standing's day. A window is judged by the
// text that held at its end.
//
// Those that also ask for the place wait for Place.
func (r *run) alerts() (out, waiting []domain.Alert) {
	running := map[string]int{} // under the text before, by alert
	for _, at := range r.chain {
		if at.upTo < r.period.First {
			continue
		}
		for i := range at.book.Alerts {
			a := &at.book.Alerts[i]
			into := &out
			if a.Rank != nil {
				into = &waiting
			}
			if a.Every != calendar.Single {
				*into = r.alertsOfWindows(at, a, running, *into)
				continue
			}
			if at == r && r.alertHoldsAt(a, r.day, true) {
				*into = append(*into, r.alert(at, a, r.day, "", 1, a.Runs[0].Level))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b domain.Alert) int { return cmp.Compare(a.On, b.On) })
	return out, waiting
}

// alertsOfWindows judges an alert of one text at the end of each window of the period
// that ends in the text's stretch. running is how many windows an alert of its
// name had held for when the text began, if it was judged in the period then.
func (r *run) alertsOfWindows(at *run, a *ruleset.Alert, running map[string]int, out []domain.Alert) []domain.Alert {
	run, known := running[a.Name]
	if !known {
		run = -1
	}
	for w := a.Every.Of(max(r.period.First, at.first)); w.Last <= at.upTo; w = w.Next() {
		if w.Last < max(r.period.First, at.first) {
			continue
		}
		if !r.alertHoldsIn(a, w, true) {
			run = 0
			continue
		}
		if run < 0 {
			run = r.runBefore(a, w)
		}
		run++
		if level := levelOf(a, run); level != "" {
			out = append(out, r.alert(at, a, w.Last, w.String(), run, level))
		}
	}
	if len(r.chain) > 1 && run >= 0 {
		running[a.Name] = run
	}
	return out
}

// levelOf returns the level that an alert has from so many windows running, ""
// for none yet.
func levelOf(a *ruleset.Alert, run int) (level domain.AlertLevel) {
	for _, step := range a.Runs {
		if run >= step.Windows {
			level = step.Level
		}
	}
	return level
}

// runBefore counts the windows running up to w, whatever period they lie in:
// what is told of an alert at the turn of a period is what was told before.
func (r *run) runBefore(a *ruleset.Alert, w calendar.Period) int {
	n := 0
	for w = w.Prev(); w.Last >= r.start && r.alertHoldsIn(a, w, false); w = w.Prev() {
		n++
	}
	return n
}

// alertHoldsIn judges an alert at the end of a window, under the text that held
// then. A window in which the member was not scored on every day is silent and
// breaks a run, and so does one that had ended before anybody recorded that he is
// here, and one whose text has no such alert.
func (r *run) alertHoldsIn(a *ruleset.Alert, w calendar.Period, collect bool) bool {
	at := r.runAt(w.Last)
	i := slices.IndexFunc(at.book.Alerts, func(b ruleset.Alert) bool { return b.Name == a.Name && b.Every == a.Every })
	if i < 0 {
		return false
	}
	if w.Last < r.record.Member.Recorded || !at.scoredThroughout(w.First, w.Last) {
		return false
	}
	then := at.asOfDay(w.Last)
	return then.alertHoldsAt(&at.book.Alerts[i], w.Last, collect && then == r)
}

// asOfDay returns the run as of an earlier day: the same one unless 类别按: 期末
// lets entries of that day's cycle meet another category by now. What was
// raised then does not change with it.
func (r *run) asOfDay(day calendar.Day) *run {
	if r.book.Cycle.EntryBy != ruleset.AtEnd || r.entryCategory(day) == r.segmentAt(day).category {
		return r
	}
	for _, p := range r.past {
		if p.day == day {
			return p
		}
	}
	p := newRun(r.texts, r.record, r.book.Cycle.Unit.Of(day), day)
	r.past = append(r.past, p)
	return p
}

func (r *run) alertHoldsAt(a *ruleset.Alert, day calendar.Day, collect bool) bool {
	seg := r.segmentAt(day)
	e := r.borrowEnv(day, seg, seg.category)
	defer e.release()
	e.part, e.collect = a.Every, collect
	if r.book.Cycle.EntryBy == ruleset.AtStart {
		e.category = r.startCategory(r.book.Cycle.Unit.Of(day))
	}
	return a.When.Holds(day, e)
}

// alert states an alert of one text.
func (r *run) alert(at *run, a *ruleset.Alert, on calendar.Day, window string, run int,
	level domain.AlertLevel) domain.Alert {
	return domain.Alert{
		Name: a.Name, On: on, Window: window, Run: run, Level: level,
		Suggest: a.Suggest, Owner: a.Owner, Due: a.Within.After(on), Clause: r.cited(at.k, a.Clause),
	}
}

// openAlerts returns the alerts that still ask for somebody on the standing's day:
// of each alert its last complete window, whatever period that lies in, and
// those that are judged at once. Those that ask for a place are not among them.
func (r *run) openAlerts(ofPeriod []domain.Alert) (out []domain.Alert) {
	for i := range r.book.Alerts {
		a := &r.book.Alerts[i]
		if a.Rank != nil {
			continue
		}
		w := lastComplete(a.Every, r.day)
		if a.Every == calendar.Single || w.Last >= r.period.First {
			for k := range ofPeriod {
				if o := &ofPeriod[k]; o.Name == a.Name && (a.Every == calendar.Single || o.On == w.Last) {
					out = append(out, *o)
				}
			}
			continue
		}
		if w.Last < r.start || !r.alertHoldsIn(a, w, false) {
			continue
		}
		run := r.runBefore(a, w) + 1
		if level := levelOf(a, run); level != "" {
			out = append(out, r.alert(r, a, w.Last, w.String(), run, level))
		}
	}
	slices.SortStableFunc(out, func(a, b domain.Alert) int { return cmp.Compare(a.On, b.On) })
	return out
}

// lastComplete returns the last window that has ended by a day, the day
// included.
func lastComplete(every calendar.Unit, day calendar.Day) calendar.Period {
	if every == calendar.Single {
		return calendar.Period{First: day, Last: day}
	}
	w := every.Of(day)
	if w.Last > day {
		w = w.Prev()
	}
	return w
}

// OpenAlerts returns the alerts of a standing that still ask for somebody: those of
// the last complete windows, whatever period they lie in, and of the period
// those that asked for a place. Those that asked for a place in the period
// before are in the standing of that period.
func OpenAlerts(book *ruleset.RuleSet, s *domain.Standing) []domain.Alert {
	out := slices.Clone(s.Open)
	for _, a := range s.Alerts {
		i := slices.IndexFunc(book.Alerts, func(b ruleset.Alert) bool { return b.Name == a.Name })
		if i < 0 || book.Alerts[i].Rank == nil {
			continue
		}
		if every := book.Alerts[i].Every; every == calendar.Single || lastComplete(every, s.Day).Last == a.On {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b domain.Alert) int { return cmp.Compare(a.On, b.On) })
	return out
}

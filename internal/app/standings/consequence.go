package standings

import (
	"slices"
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// PeriodStatement holds how a member stands in the main scheme of a day, so that what changes may be
// told afterwards.
type PeriodStatement struct {
	Period  calendar.Period
	account domain.Statement // the zero value where no rules are in force
}

// Statements returns how a member stands as of a day, and as of the end of the period in which
// another day lies where that is an earlier one.
func (s *Service) Statements(v *store.Snapshot, m *domain.Member, since, today calendar.Day) ([]PeriodStatement,
	error) {
	r, err := s.Reckoner(v, today, *m)
	if err != nil {
		return nil, err
	}
	records, err := v.Records([]domain.Member{*m})
	if err != nil {
		return nil, err
	}
	every := func(*ruleset.RuleSet) bool { return true }
	var out []PeriodStatement
	for _, day := range []calendar.Day{today, min(since, today)} {
		x, err := r.Of(m, max(day, records[0].Member.Joined), every)
		if fault.CodeOf(err) == fault.NotFound {
			out = append(out, PeriodStatement{})
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(out) > 0 && (out[0].Period == x.Period || x.Period.Last < x.Book.Since) {
			continue
		}
		out = append(out, PeriodStatement{x.Period, x.Member(&records[0]).Statement()})
	}
	return out, nil
}

// Outcome holds how a member stands, in few words.
type Outcome struct {
	Scored   bool
	Why      string // he is not; "" for who is
	Total    domain.Points
	Category string
	Grade    string
}

// Consequence holds what a change of what is recorded of a member makes of one period.
type Consequence struct {
	Period        calendar.Period
	Before, After Outcome
	Entries       []string // what counts otherwise, and why, in sentences
	Raised, Ended []string // alerts
}

// Any reports whether anything is another than before.
func (d *Consequence) Any() bool {
	return d.Before != d.After || len(d.Entries)+len(d.Raised)+len(d.Ended) > 0
}

// Consequences returns how a member stood and stands, period by period, without those that
// are as they were.
func Consequences(before, after []PeriodStatement) (out []Consequence) {
	for i := range after {
		at := slices.IndexFunc(before, func(l PeriodStatement) bool { return l.Period == after[i].Period })
		was := &PeriodStatement{}
		if at >= 0 {
			was = &before[at]
		}
		if d := consequence(was, &after[i]); d.Any() {
			out = append(out, d)
		}
	}
	for i := range before { // no rules are in force for him any more
		if !slices.ContainsFunc(after, func(l PeriodStatement) bool { return l.Period == before[i].Period }) {
			if d := consequence(&before[i], &PeriodStatement{Period: before[i].Period}); d.Any() {
				out = append(out, d)
			}
		}
	}
	return out
}

func consequence(was, is *PeriodStatement) Consequence {
	d := Consequence{Period: is.Period, Before: outcome(&was.account.Standing), After: outcome(&is.account.Standing)}
	d.Entries = changedLines(&was.account, &is.account)
	d.Ended = alertsOnlyIn(&was.account.Standing, &is.account.Standing)
	d.Raised = alertsOnlyIn(&is.account.Standing, &was.account.Standing)
	return d
}

func outcome(s *domain.Standing) Outcome {
	return Outcome{Scored: s.Scored, Why: s.Why, Total: s.Total, Category: s.Category, Grade: s.Grade}
}

// alertsOnlyIn names the alerts of one standing that the other has not.
func alertsOnlyIn(one, other *domain.Standing) (out []string) {
	for i := range one.Alerts {
		a := &one.Alerts[i]
		same := func(b domain.Alert) bool { return b.Name == a.Name && b.Window == a.Window && b.On == a.On }
		if !slices.ContainsFunc(other.Alerts, same) {
			out = append(out, "“"+a.Name+"”（"+a.WindowLabel()+"）")
		}
	}
	return first(out, " 条")
}

// first returns the first of some sentences, and how many more there are.
func first(list []string, more string) []string {
	if len(list) <= maxLosses {
		return list
	}
	return append(slices.Clone(list[:maxLosses]), "还有 "+strconv.Itoa(len(list)-maxLosses)+more)
}

// line identifies one entry of an account, before and after a change.
type line struct {
	entry, activity, name string
	on                    calendar.Day
}

func lineOf(l *domain.Line) line { return line{l.Entry, l.Activity, l.Name, l.On} }

// String names the entry in a sentence.
func (k line) String() string { return k.on.String() + " 的“" + k.name + "”" }

// ended says that the entry counts no more, and why.
func (k line) ended(was domain.Points, note string) string {
	text := k.String() + " " + was.Signed() + " 分不再计入"
	if note != "" {
		text += "：" + note
	}
	return text
}

// linesOf returns the entries of an account in its order, with what stands idle.
func linesOf(a *domain.Statement) (order []line, at map[line]*domain.Line) {
	at = map[line]*domain.Line{}
	add := func(l *domain.Line) {
		if key := lineOf(l); at[key] == nil {
			order = append(order, key)
			at[key] = l
		}
	}
	var walk func(l *domain.Line)
	walk = func(l *domain.Line) {
		for i := range l.Children {
			walk(&l.Children[i])
		}
		if l.Kind == domain.LineEntry {
			add(l)
		}
	}
	walk(&a.Total)
	for i := range a.Idle {
		add(&a.Idle[i])
	}
	return order, at
}

// changedLines returns which entries count otherwise, at most maxLosses of them one by one.
func changedLines(before, after *domain.Statement) (out []string) {
	order, was := linesOf(before)
	later, is := linesOf(after)
	for _, key := range later {
		if was[key] == nil {
			order = append(order, key)
		}
	}
	for _, key := range order {
		old, now, note := domain.Points(0), domain.Points(0), ""
		if l := was[key]; l != nil {
			old = l.Value
		}
		if l := is[key]; l != nil {
			now, note = l.Value, l.Note
		}
		switch {
		case old == now:
		case now == 0:
			out = append(out, key.ended(old, note))
		case old == 0:
			out = append(out, key.String()+"计入 "+now.Signed()+" 分")
		default:
			out = append(out, key.String()+"由 "+old.Signed()+" 分变为 "+now.Signed()+" 分")
		}
	}
	return first(out, " 笔也变了")
}

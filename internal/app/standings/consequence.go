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
		if !slices.ContainsFunc(other.Alerts, same) && len(out) < maxLosses {
			out = append(out, "“"+a.Name+"”（"+a.WindowLabel()+"）")
		}
	}
	return out
}

// line identifies one entry of an account.
type line struct {
	entry, activity, name string
	on                    calendar.Day
}

// linesOf returns the entries of an account in its order, with what stands idle.
func linesOf(a *domain.Statement) (order []line, at map[line]*domain.Line) {
	at = map[line]*domain.Line{}
	var walk func(l *domain.Line)
	walk = func(l *domain.Line) {
		for i := range l.Children {
			walk(&l.Children[i])
		}
		if l.Kind != domain.LineEntry {
			return
		}
		key := line{l.Entry, l.Activity, l.Name, l.On}
		if _, is := at[key]; !is {
			order = append(order, key)
			at[key] = l
		}
	}
	walk(&a.Total)
	for i := range a.Idle {
		l := &a.Idle[i]
		key := line{l.Entry, l.Activity, l.Name, l.On}
		if _, is := at[key]; !is {
			order = append(order, key)
			at[key] = l
		}
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
	none, more := &domain.Line{}, 0
	for _, key := range order {
		old, now := was[key], is[key]
		if old == nil {
			old = none
		}
		if now == nil {
			now = none
		}
		if old.Value == now.Value || old.Kind == domain.LineEntry && old.Value == 0 && now.Value == 0 {
			continue
		}
		if len(out) == maxLosses {
			more++
			continue
		}
		text := key.on.String() + " 的“" + key.name + "”"
		switch {
		case now.Value == 0:
			if text += " " + old.Value.Signed() + " 分不再计入"; now.Note != "" {
				text += "：" + now.Note
			}
		case old.Value == 0:
			text += "计入 " + now.Value.Signed() + " 分"
		default:
			text += "由 " + old.Value.Signed() + " 分变为 " + now.Value.Signed() + " 分"
		}
		out = append(out, text)
	}
	if more > 0 {
		out = append(out, "还有 "+strconv.Itoa(more)+" 笔也变了")
	}
	return out
}

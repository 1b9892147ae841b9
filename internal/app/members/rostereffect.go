package members

import (
	"context"
	"errors"
	"maps"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/store"
)

// shownEffects bounds the members who are named as examples of an effect.
const shownEffects = 10

// RosterEffect holds what a register does to standings.
type RosterEffect struct {
	Members       int // of whom anything below changes, or an entry counts otherwise
	Totals        int // members whose total changes
	Grades        int // members whose grade changes
	Raised, Ended int // alerts
	Examples      []RosterExample
	More          int // members who are not among the examples

	// What arises by itself of members who are new and begin before today, until today.
	Arising []standings.Arising
	Begin   []RosterExample // how some of them would stand
}

// RosterExample is one member for whom a register does something.
type RosterExample struct {
	Row    int
	Member domain.MemberID
	Name   string
	Effect []standings.Consequence
}

// foreseeRoster does a plan and keeps nothing of it. What is refused leaves the plan with its
// problem; the plan gets the effect of the rest.
func (r *Recorder) foreseeRoster(ctx context.Context, actor *access.Actor, t *RosterTerms, plan *RosterPlan) error {
	ctx = store.InStreets(ctx, []string{t.Org.Path})
	refused := map[int]error{} // by row
	if err := r.foreseeLeavings(ctx, actor, t, plan); err != nil {
		return err
	}
	busy := func(s RosterStep) bool { return !s.Idle() }
	if !slices.ContainsFunc(plan.Steps, busy) {
		return nil
	}
	for begin := 0; begin < len(plan.Steps); begin += rosterPart {
		some := plan.Steps[begin:min(begin+rosterPart, len(plan.Steps))]
		var no map[int]error
		err := r.DB.Exclusive(ctx, func(tx *store.Tx) error {
			c, err := r.applyRoster(tx, actor, t)
			if err != nil {
				return err
			}
			c.foreseen, no = true, map[int]error{}
			for i := range some {
				s := &some[i]
				if s.Idle() {
					continue
				}
				if err := c.step(s); ofOneRow(err) {
					no[s.Person.Row] = err
				} else if err != nil {
					return err
				}
			}
			return kernel.ErrStop
		})
		if !errors.Is(err, kernel.ErrStop) {
			return err
		}
		maps.Copy(refused, no)
	}
	plan.refuse(refused)
	plan.sum()
	return nil
}

// ofOneRow reports whether an error is about one row, and leaves the others as they are.
func ofOneRow(err error) bool {
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Forbidden, fault.Conflict, fault.NotFound:
		return true
	default:
		return false
	}
}

// refuse takes rows out of a plan, each with its problem.
func (p *RosterPlan) refuse(rows map[int]error) {
	var kept []RosterStep
	for i := range p.Steps {
		s := &p.Steps[i]
		err := rows[s.Person.Row]
		if err == nil {
			kept = append(kept, *s)
			continue
		}
		f := fault.From(err)
		b := importer.Problem{Row: s.Person.Row, Message: f.Message, Advice: f.Hint}
		if lacksReason(err) {
			p.WantReason++
			b.Advice = "给这次导入写一个理由：为什么晚了"
		}
		p.Problems = append(p.Problems, b)
	}
	p.Steps = kept
	slices.SortStableFunc(p.Problems, func(a, b importer.Problem) int { return a.Row - b.Row })
	p.found()
}

// sum adds up what the steps of a plan do.
func (p *RosterPlan) sum() {
	e := &p.Effect
	for i := range p.Steps {
		s := &p.Steps[i]
		example := RosterExample{Row: s.Person.Row, Member: s.Member, Name: s.Person.Name, Effect: s.Effect}
		switch {
		case s.New && s.begins != nil:
			e.Arising = standings.AddArising(e.Arising, s.begins)
			if len(e.Begin) < 3 {
				example.Effect = standings.Consequences(nil, s.begins)
				e.Begin = append(e.Begin, example)
			}
		case len(s.Effect) > 0:
			e.count(s.Effect)
			if len(e.Examples) == shownEffects {
				e.More++
				continue
			}
			e.Examples = append(e.Examples, example)
		}
	}
}

// count adds what a register does to one member.
func (e *RosterEffect) count(list []standings.Consequence) {
	total, grade := false, false
	for i := range list {
		c := &list[i]
		total = total || c.Before.Total != c.After.Total || c.Before.Scored != c.After.Scored
		grade = grade || c.Before.Grade != c.After.Grade
		e.Raised += len(c.Raised)
		e.Ended += len(c.Ended)
	}
	e.Members++
	if total {
		e.Totals++
	}
	if grade {
		e.Grades++
	}
}

package ruleset

import (
	"strings"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/formula"
)

// choiceRange is the range that an item leaves to a person's choice, as far as it is known what
// decides that.
type choiceRange struct {
	lo, hi domain.Points // the widest range
	ranges int           // faces of 分值 that leave a range
	given  int           // faces that leave none
	of     string        // the case, where there is only one, as the file writes it
}

// choiceRangeOf returns what 分值 leaves open for an entry of which only the fields are
// known: cases that the fields rule out are not among it, those that category,
// facts or the day decide all are.
func (r *RuleSet) choiceRangeOf(it *Item, fields []domain.Field) choiceRange {
	var o choiceRange
	it.Amount.eachPossible(&writtenFields{it, fields}, func(a Amount, clause int) {
		switch {
		case a.Kind != Range:
			o.given++
		case o.ranges == 0:
			o.ranges, o.lo, o.hi = 1, a.Lo, a.Hi
		default:
			o.ranges, o.lo, o.hi = o.ranges+1, min(o.lo, a.Lo), max(o.hi, a.Hi)
		}
		if o.of = r.caseOf(it, clause); o.ranges+o.given > 1 {
			o.of = ""
		}
	})
	return o
}

// eachPossible calls f for every plain value that v may resolve to on some day,
// with what env knows.
func (v *Value[T]) eachPossible(env formula.Env, f func(v T, clause int)) {
	switch v.face {
	case plain:
		f(v.plain, v.clause)
	case byDate:
		for i := range v.dated {
			v.dated[i].value.eachPossible(env, f)
		}
	case byCase:
		for i := range v.cases {
			a := &v.cases[i]
			holds := formula.True
			if a.when != nil {
				holds = a.when.Eval(env)
			}
			if holds != formula.False {
				a.value.eachPossible(env, f)
			}
			if holds == formula.True {
				return
			}
		}
	case absent:
	}
}

// caseOf returns the case of 分值 that a clause stands under, as the file writes
// it: 重; "" for an amount without cases.
func (r *RuleSet) caseOf(it *Item, clause int) string {
	if clause < 0 || clause >= len(r.Clauses) {
		return ""
	}
	_, of, _ := strings.Cut(r.Clauses[clause].Path, it.Name+".分值.")
	return of
}

// Varies reports whether an item leaves points to a person's choice, and cases
// or dates say which.
func (it *Item) Varies() bool {
	_, _, free := it.Choice()
	return free && it.Amount.face != plain
}

// Ranges lists what may be chosen in each case of an item, in the file's order:
// 轻 -3 至 -1. Ranges that only dates tell apart have no case to name them.
func (r *RuleSet) Ranges(it *Item) []string {
	var out []string
	it.Amount.eachPossible(&writtenFields{it: it}, func(a Amount, clause int) {
		if a.Kind != Range {
			return
		}
		of := r.caseOf(it, clause)
		if of != "" {
			of += " "
		}
		out = append(out, of+a.Lo.String()+" 至 "+a.Hi.String())
	})
	return out
}

// HasFixedCase reports whether some case of an item's points leaves nothing to choose.
func (it *Item) HasFixedCase() bool {
	given := false
	it.Amount.Leaves(func(a Amount) { given = given || a.Kind != Range })
	return given
}

// CheckChosenPoints refuses chosen points that the rules do not leave open on the entry's
// day, and points left out where a person has to choose them; env knows member
// and entry. It is asked wherever an entry comes in, so that what is agreed to
// is what counts.
func (r *RuleSet) CheckChosenPoints(e *domain.Entry, env Env) error {
	i := r.Item(e.Item)
	if i < 0 {
		return nil
	}
	it := &r.Items[i]
	if !it.Varies() {
		return nil // Entry has seen to it
	}
	amount, clause, ok := it.Amount.At(r.CountsOn(e.Item, e.On), env)
	switch {
	case !ok: // what decides is not known yet
		o := r.choiceRangeOf(it, e.Fields)
		return o.check(it, e)
	case amount.Kind == Range:
		o := choiceRange{lo: amount.Lo, hi: amount.Hi, ranges: 1, of: r.caseOf(it, clause)}
		return o.check(it, e)
	case e.Chosen:
		return (&choiceRange{of: r.caseOf(it, clause)}).check(it, e)
	}
	return nil
}

// check returns the error of points outside the range, nil where they are within.
func (o *choiceRange) check(it *Item, e *domain.Entry) error {
	switch {
	case o.ranges == 0 && e.Chosen:
		return fault.New(fault.Invalid, "“%s”%s分值由办法定，不用填", it.Name, o.caseName()).WithHint("这一格留空")
	case o.ranges == 0, !e.Chosen && o.given > 0:
		return nil
	case !e.Chosen:
		return fault.New(fault.Invalid, "“%s”要填分值", it.Name).WithHint("%s", o.advice())
	case e.Points < o.lo || e.Points > o.hi:
		return fault.New(fault.Invalid, "“%s”填了 %s 分，超出范围", it.Name, e.Points).WithHint("%s", o.advice())
	}
	return nil
}

func (o *choiceRange) caseName() string {
	if o.of == "" {
		return "的"
	}
	return "（" + o.of + "）的"
}

func (o *choiceRange) advice() string {
	of := ""
	if o.of != "" {
		of = "“" + o.of + "”"
	}
	return of + "在 " + o.lo.String() + " 至 " + o.hi.String() + " 之间填一个数"
}

// writtenFields knows of an entry what stands in its fields, and nothing else. It
// implements Env.
type writtenFields struct {
	it     *Item
	fields []domain.Field
}

func (w *writtenFields) value(slot int) (domain.Value, *Attribute) {
	kind, i := Slot(slot)
	if kind != SlotField || i >= len(w.it.Fields) {
		return domain.Value{}, nil
	}
	for k := range w.fields {
		if w.fields[k].Name == w.it.Fields[i].Name {
			return w.fields[k].Value, &w.it.Fields[i]
		}
	}
	return domain.Value{}, nil
}

// Number implements formula.Env.
func (w *writtenFields) Number(slot int) (formula.Number, bool) {
	v, a := w.value(slot)
	return formula.Hundredths(v.Number), a != nil
}

// Choice implements formula.Env.
func (w *writtenFields) Choice(slot int) (int, bool) {
	v, a := w.value(slot)
	if a == nil {
		return 0, false
	}
	for k, o := range a.Options {
		if o == v.Text {
			return k, true
		}
	}
	return 0, false
}

// Flag implements formula.Env.
func (w *writtenFields) Flag(slot int) formula.Tri {
	v, a := w.value(slot)
	if a == nil {
		return formula.Unknown
	}
	return formula.TriOf(v.Number != 0)
}

// Unknown implements Env.
func (w *writtenFields) Unknown([]int) {}

var _ Env = (*writtenFields)(nil)

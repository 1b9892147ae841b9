package ruleset

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
)

// Env gives values and conditions the facts that they read while they are resolved.
type Env interface {
	formula.Env
	// Unknown is told which slots left a condition or a formula unknown, so
	// that the member appears on the 缺资料 list.
	Unknown(reads []int)
}

// Value (值) is one thing with three faces that nest: plain, by case, dated.
// The zero Value is absent.
type Value[T any] struct {
	face   face
	plain  T
	clause int
	dated  []dated[T]
	cases  []arm[T]
}

type face uint8

const (
	absent face = iota
	plain
	byCase
	byDate
)

type dated[T any] struct {
	from  calendar.Day
	value Value[T]
}

type arm[T any] struct {
	when  *formula.Condition // nil = 其余
	value Value[T]
}

// Plain makes a plain value that cites a clause.
func Plain[T any](v T, clause int) Value[T] {
	return Value[T]{face: plain, plain: v, clause: clause}
}

// Set reports whether the file gives the value at all.
func (v *Value[T]) Set() bool { return v.face != absent }

// At resolves the value on a day. ok is false where the value is absent, has
// not begun, or no case fits; clause is the one that gave it.
func (v *Value[T]) At(day calendar.Day, env Env) (value T, clause int, ok bool) {
	for {
		switch v.face {
		case plain:
			return v.plain, v.clause, true
		case byDate:
			next := v.onDay(day)
			if next == nil {
				return value, 0, false
			}
			v = next
		case byCase:
			next := v.matchingCase(env)
			if next == nil {
				return value, 0, false
			}
			v = next
		default:
			return value, 0, false
		}
	}
}

func (v *Value[T]) onDay(day calendar.Day) *Value[T] {
	for i := len(v.dated) - 1; i >= 0; i-- {
		if v.dated[i].from <= day {
			return &v.dated[i].value
		}
	}
	return nil
}

func (v *Value[T]) matchingCase(env Env) *Value[T] {
	for i := range v.cases {
		a := &v.cases[i]
		if a.when == nil {
			return &a.value
		}
		switch a.when.Eval(env) {
		case formula.True:
			return &a.value
		case formula.Unknown:
			env.Unknown(a.when.Reads)
		case formula.False:
		}
	}
	return nil
}

// eachCase calls f for every condition by which the value is told apart.
func (v *Value[T]) eachCase(f func(*formula.Condition)) {
	for i := range v.dated {
		v.dated[i].value.eachCase(f)
	}
	for i := range v.cases {
		f(v.cases[i].when)
		v.cases[i].value.eachCase(f)
	}
}

// Leaves calls f for every plain value that v may resolve to.
func (v *Value[T]) Leaves(f func(T)) {
	if v.face == plain {
		f(v.plain)
	}
	for i := range v.dated {
		v.dated[i].value.Leaves(f)
	}
	for i := range v.cases {
		v.cases[i].value.Leaves(f)
	}
}

// Cond is a condition that may itself be by case or dated. An absent Cond
// holds always.
type Cond struct{ v Value[*formula.Condition] }

// Set reports whether there is a condition at all.
func (c *Cond) Set() bool { return c.v.Set() }

// reads returns the slots that the condition reads, each once, the keys of its
// cases among them.
func (c *Cond) reads() []int {
	var out []int
	add := func(cond *formula.Condition) {
		if cond == nil {
			return
		}
		for _, slot := range cond.Reads {
			if !slices.Contains(out, slot) {
				out = append(out, slot)
			}
		}
	}
	c.v.Leaves(add)
	c.v.eachCase(add)
	return out
}

// Holds judges the condition. Where the value resolves to nothing it does not
// hold; where it stays unknown, env is told.
func (c *Cond) Holds(day calendar.Day, env Env) bool { return c.Judge(day, env) == formula.True }

// Judge is Holds with all three truth values.
func (c *Cond) Judge(day calendar.Day, env Env) formula.Tri {
	if c.v.face == absent {
		return formula.True
	}
	cond, _, ok := c.v.At(day, env)
	if !ok {
		return formula.False
	}
	if cond == nil { // 其余
		return formula.True
	}
	t := cond.Eval(env)
	if t == formula.Unknown {
		env.Unknown(cond.Reads)
	}
	return t
}

// Lacking returns the smallest set of plain conditions which, made as they are
// wanted, make the condition hold; none if it holds, ok false if no set can.
func (c *Cond) Lacking(day calendar.Day, env Env) (atoms []formula.Atom, ok bool) {
	if c.v.face == absent {
		return nil, true
	}
	cond, _, ok := c.v.At(day, env)
	if !ok {
		return nil, false
	}
	if cond == nil { // 其余
		return nil, true
	}
	return cond.Lacking(env)
}

// AmountKind is the form of an Amount.
type AmountKind uint8

// The forms of an amount.
const (
	Fixed    AmountKind = iota + 1
	Range               // 1至20: the reviewer chooses
	Computed            // a formula
	Stepped             // cumulative tiers or marginal bands
)

// Amount (分值) is what one entry gives before 倍数, 重复 and limits.
type Amount struct {
	Kind    AmountKind
	Points  domain.Points // Fixed
	Lo, Hi  domain.Points // Range, both included
	Formula *formula.Formula
	Steps   *Steps
}

// Steps is a cumulative amount: within a calendar window an entry earns
// f(sum with it) − f(sum before it).
type Steps struct {
	Quantity *formula.Formula // 数量
	Every    calendar.Unit    // 每; Single = each entry alone
	Tiers    []Tier           // 达到: the highest reached counts, "reached" includes the number
	Bands    []Band           // 分段: marginal, whole steps only
}

// Tier gives points from a quantity on; both in hundredths.
type Tier struct {
	From  int64
	Gives domain.Points
}

// Band gives points for every whole step of the quantity within it.
type Band struct {
	To    int64 // upper end in hundredths, included; 0 = open
	Step  int64
	Gives domain.Points
}

// Of returns what a quantity has earned in all.
func (s *Steps) Of(quantity formula.Number) domain.Points {
	if len(s.Tiers) > 0 {
		got := domain.Points(0)
		for _, t := range s.Tiers {
			if quantity.Cmp(formula.Hundredths(t.From)) < 0 {
				break
			}
			got = t.Gives
		}
		return got
	}
	got, from := domain.Points(0), formula.Int(0)
	for _, b := range s.Bands {
		to := quantity
		if end := formula.Hundredths(b.To); b.To > 0 && end.Cmp(to) < 0 {
			to = end
		}
		if to.Cmp(from) <= 0 {
			break
		}
		if whole, ok := to.Sub(from).Quo(formula.Hundredths(b.Step)); ok {
			got += domain.Points(whole.Round(0, formula.Down)/100) * b.Gives
		}
		if b.To == 0 {
			break
		}
		from = formula.Hundredths(b.To)
	}
	return got
}

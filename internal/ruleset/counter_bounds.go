package ruleset

import (
	"slices"

	"jifen/internal/formula"
)

// MaxTimes bounds how often one thing is counted: more than once in every
// hour of a year. The engine counts no further, so that what is made of counters
// has bounds.
const MaxTimes = 10_000

// LateWord (迟报天数) is what amounts and conditions call the days between what
// happened and its being recorded. MaxLate is how many there are at most.
const (
	LateWord = "迟报天数"
	MaxLate  = 50_000
)

// RecordedWord (录入日) is the column, and the key of a case, that says when an
// entry was recorded.
const RecordedWord = "录入日"

// wholeNumber returns the bounds of a whole number.
func wholeNumber(lo, hi int64) *formula.Bounds {
	return &formula.Bounds{Lo: formula.Int(lo), Hi: formula.Int(hi), Grain: formula.Int(1)}
}

// counterBounds returns between what a counter lies.
func (l *loader) counterBounds(c *Counter) *formula.Bounds {
	if c.Field < 0 {
		return wholeNumber(0, MaxTimes)
	}
	f := &l.book.Items[c.Item].Fields[c.Field]
	times := formula.Int(MaxTimes)
	return &formula.Bounds{Lo: lesser(formula.Hundredths(f.Lo).Mul(times), formula.Int(0)),
		Hi: greater(formula.Hundredths(f.Hi).Mul(times), formula.Int(0)), Grain: formula.Hundredths(1)}
}

// readsCounters reports whether what an entry of the item is worth, or whether
// it applies, hangs on counters.
func (it *Item) readsCounters() bool {
	var r reading
	it.Amount.read(&r)
	it.Multiplier.read(&r)
	it.Applies.read(&r)
	slots := r.slots
	it.Amount.Leaves(func(a Amount) {
		if a.Formula != nil {
			slots = append(slots, a.Formula.Reads...)
		}
		if a.Steps != nil && a.Steps.Quantity != nil {
			slots = append(slots, a.Steps.Quantity.Reads...)
		}
	})
	it.Multiplier.Leaves(func(f Factor) {
		if f.Formula != nil {
			slots = append(slots, f.Formula.Reads...)
		}
	})
	return r.wide || slices.ContainsFunc(slots, func(slot int) bool { kind, _ := Slot(slot); return kind == SlotCounter })
}

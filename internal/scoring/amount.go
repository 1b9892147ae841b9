package scoring

import (
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// beyond is more than any limit lets through: what a formula makes beyond it is
// cut to it, and by the item's limit to what the file says.
const beyond = domain.MaxPoints * ruleset.MaxFactor

func bounded(n formula.Number) formula.Number {
	top := formula.Hundredths(int64(beyond))
	switch {
	case n.Cmp(top) > 0:
		return top
	case n.Cmp(top.Neg()) < 0:
		return top.Neg()
	}
	return n
}

// countersText prints the counters that an entry's amount or factor reads, as they
// were on its day: 本季到会 9 次，本季应到 10 次.
func (r *run) countersText(o *outcome) string {
	if o.item < 0 || len(r.book.Counters) == 0 || !o.happened || int(o.text) != r.k {
		return ""
	}
	it := &r.book.Items[o.item]
	e := r.borrowEnv(o.day, r.segmentAt(o.day), r.entryCategory(o.day))
	defer e.release()
	e.item, e.arriving = it, true
	if o.class == byHand {
		e.fields, e.late = r.record.Entries[o.ref].Fields, r.record.Entries[o.ref].Late()
	}
	var slots []int
	if a, _, ok := it.Amount.At(o.day, e); ok && a.Formula != nil {
		slots = append(slots, a.Formula.Reads...)
	}
	if f, _, ok := it.Multiplier.At(o.day, e); ok && f.Formula != nil {
		slots = append(slots, f.Formula.Reads...)
	}
	var out []string
	for _, slot := range slots {
		if kind, i := ruleset.Slot(slot); kind == ruleset.SlotCounter {
			out = append(out, r.counterText(&r.book.Counters[i], o.day))
		}
	}
	return strings.Join(out, "，")
}

func (r *run) counterText(c *ruleset.Counter, day calendar.Day) string {
	window := "累计"
	if c.Unit != calendar.Life {
		window = "本" + c.Unit.String()
	}
	it := &r.book.Items[c.Item]
	n := r.count(c, day, 0)
	if c.Field < 0 {
		return window + it.Name + " " + n.String() + " 次"
	}
	f := &it.Fields[c.Field]
	return window + it.Name + "的" + f.Name + " " + n.String() + f.Unit
}

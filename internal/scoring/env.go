package scoring

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// env gives slots their values at one place of the evaluation. It implements
// ruleset.Env. What a place may not read (an entry has no total) was refused
// when the file was loaded.
type env struct {
	run      *run
	day      calendar.Day
	segment  *segment
	category int
	item     *ruleset.Item // of an entry
	fields   []domain.Field
	points   domain.Points // of an entry, for 有效
	late     int           // of an entry: how many days after its day it was recorded
	at       *valuation    // of a standing; computed when first read
	part     calendar.Unit // in an alert over so long a part, a block settled by such parts means that part's own value
	blind    calendar.Day  // a red line that was repaired does not see what lies up to here
	collect  bool          // remember what stayed unknown
	arriving bool          // an entry is looked at: a window that ends today is not over
	next     *env          // that was handed back before it
}

// borrowEnv returns an env that reads a day. Whoever is through with it hands it
// back, because a year of alerts looks a hundred times.
func (r *run) borrowEnv(day calendar.Day, segment *segment, category int) *env {
	e := r.room.env()
	*e = env{run: r, day: day, segment: segment, category: category}
	return e
}

// release hands an env back.
func (e *env) release() { e.next, e.run.room.freeEnv = e.run.room.freeEnv, e }

// Number implements formula.Env.
func (e *env) Number(slot int) (formula.Number, bool) {
	kind, i := ruleset.Slot(slot)
	switch kind {
	case ruleset.SlotAttribute:
		a := e.attribute(i)
		return formula.Hundredths(a.value), a.known
	case ruleset.SlotField:
		v, ok := e.field(i)
		return formula.Hundredths(v.Number), ok
	case ruleset.SlotBlock:
		m := e.valuation()
		if e.part != calendar.NoUnit {
			return m.partValue(e, i)
		}
		return formula.Hundredths(int64(m.values[i])), m.scored
	case ruleset.SlotCounter:
		return e.run.count(&e.run.book.Counters[i], e.day, e.blind), true
	case ruleset.SlotAlert:
		return e.run.countAlert(&e.run.book.AlertCounters[i], e), true
	case ruleset.SlotAdded:
		return formula.Int(int64(e.valuation().added)), true
	case ruleset.SlotDeducted:
		return formula.Int(int64(e.valuation().deducted)), true
	case ruleset.SlotPrevBlock:
		m := e.previousValuation()
		if m == nil {
			return formula.Number{}, false
		}
		if m.run != e.run { // another text held then
			if i = e.run.texts.between(e.run.k, m.run.k).blocks[i]; i < 0 {
				return formula.Number{}, false
			}
		}
		return formula.Hundredths(int64(m.values[i])), true
	case ruleset.SlotLate:
		return formula.Int(int64(min(e.late, ruleset.MaxLate))), true
	case ruleset.SlotPoints:
		return formula.Hundredths(int64(e.points)), true
	case ruleset.SlotDate:
		return formula.Int(ruleset.DateOf(i, e.day)), true
	}
	return formula.Number{}, false
}

// Choice implements formula.Env.
func (e *env) Choice(slot int) (int, bool) {
	kind, i := ruleset.Slot(slot)
	switch kind {
	case ruleset.SlotAttribute:
		a := e.attribute(i)
		return int(a.value), a.known
	case ruleset.SlotField:
		v, ok := e.field(i)
		if !ok {
			return 0, false
		}
		k := slices.Index(e.item.Fields[i].Options, v.Text)
		return k, k >= 0
	case ruleset.SlotCategory:
		return e.category, e.category >= 0
	case ruleset.SlotGrade:
		g := e.valuation().grade
		return g, g >= 0
	case ruleset.SlotPrevGrade:
		m := e.previousValuation()
		if m == nil || m.grade < 0 {
			return 0, false
		}
		if m.run != e.run {
			g := m.run.texts.between(m.run.k, e.run.k).grades[m.grade]
			return g, g >= 0
		}
		return m.grade, true
	}
	return 0, false
}

// Flag implements formula.Env. A yes/no that nobody recorded is no.
func (e *env) Flag(slot int) formula.Tri {
	kind, i := ruleset.Slot(slot)
	switch kind {
	case ruleset.SlotAttribute:
		a := e.attribute(i)
		return formula.TriOf(a.known && a.value != 0)
	case ruleset.SlotField:
		v, ok := e.field(i)
		return formula.TriOf(ok && v.Number != 0)
	case ruleset.SlotHas:
		return formula.TriOf(e.run.hasValid(i, e.day, e.blind))
	case ruleset.SlotRedLine:
		return formula.TriOf(e.valuation().red.has(i))
	}
	return formula.Unknown
}

// attribute returns what is known of an attribute, but for what a repaired red
// line no longer sees.
func (e *env) attribute(i int) attribute {
	a := e.segment.known[i]
	if e.blind == 0 || a.since == 0 || a.since > e.blind {
		return a
	}
	var all [ruleset.Confirmed + 1]attribute
	setDefaults(all[:])
	if i < len(all) {
		return all[i]
	}
	return attribute{}
}

// Unknown implements ruleset.Env.
func (e *env) Unknown(reads []int) {
	if !e.collect {
		return
	}
	for _, slot := range reads {
		kind, i := ruleset.Slot(slot)
		if kind != ruleset.SlotAttribute || e.segment.known[i].known {
			continue
		}
		if t := e.run.book.Attributes[i].Type; t != ruleset.YesNo {
			if source := sourceOf(t); source >= 0 {
				i = source // an age is not recorded, a birthday is
			}
			e.run.recordMissing(i)
		}
	}
}

// recordMissing remembers an attribute that nobody recorded and a condition needed.
func (r *run) recordMissing(attribute int) {
	if r.missing == nil {
		r.missing = make([]bool, len(r.book.Attributes))
	}
	r.missing[attribute] = true
}

func (e *env) field(i int) (domain.Value, bool) {
	name := e.item.Fields[i].Name
	for k := range e.fields {
		if e.fields[k].Name == name {
			return e.fields[k].Value, true
		}
	}
	return domain.Value{}, false
}

// valuation returns the standing that the place reads, computing it when first
// asked for.
func (e *env) valuation() *valuation {
	if e.at == nil {
		e.at = e.run.valuationAt(e.run.book.Cycle.Unit.Of(e.day), e.day)
	}
	return e.at
}

// previousValuation returns the settled standing of the cycle before, under the text
// that held then, nil if there was none: before 施行, before joining, or not
// scored then.
func (e *env) previousValuation() *valuation {
	p := e.run.book.Cycle.Unit.Of(e.day).Prev()
	if p.Last < e.run.start {
		return nil
	}
	r := e.run.runAt(p.Last)
	m := r.valuationAt(r.book.Cycle.Unit.Of(p.Last), p.Last)
	if !m.scored {
		return nil
	}
	return m
}

// count returns how often, or how much of, something happened from the
// window's start to a day, whether or not it earned points.
func (r *run) count(c *ruleset.Counter, day, blind calendar.Day) formula.Number {
	from := calendar.Day(0)
	if c.Unit != calendar.Life {
		from = c.Unit.Of(day).First
	}
	if blind != 0 {
		from = max(from, blind+1)
	}
	list := r.counted[r.starts[c.Item]:r.starts[c.Item+1]]
	lo, hi := countBefore(list, from), countBefore(list, day+1)
	hi = max(lo, hi)
	if c.Field < 0 {
		return formula.Int(int64(min(hi-lo, ruleset.MaxTimes)))
	}
	name := r.book.Items[c.Item].Fields[c.Field].Name
	sum := int64(0)
	for i := lo; i < hi; i++ {
		if list[i].class != byHand {
			continue
		}
		for _, f := range r.record.Entries[list[i].ref].Fields {
			if f.Name == name {
				sum += f.Value.Number
			}
		}
	}
	return formula.Hundredths(sum)
}

// countBefore returns how many events, which stand by day, lie before a day.
func countBefore(events []event, day calendar.Day) int {
	lo, hi := 0, len(events)
	for lo < hi {
		if mid := (lo + hi) / 2; events[mid].day < day {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

package scoring

import (
	"math"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// outcome is the result of one event. There is one for every event since the scheme
// began, so it is kept small and free of pointers; the statement finds the words
// in the rulebook of the text that it was handled by.
type outcome struct {
	event
	happened  bool // scored, applicable: it counts as an occurrence
	moved     bool // a person chose points outside the range of the day
	overtaken bool // a higher entry on the same matter ended it
	lasting   bool // its 有效 is a span, not 本期
	reason    reason
	unit      calendar.Unit // of the limit that cut it
	text      int16         // of the texts, the one that it was handled by …
	of        int32         // … and which outcome it is there
	before    int32         // the outcome before of the same item that happened, −1 for none
	end       calendar.Day  // first day it no longer counts
	until     calendar.Day  // first day it is no longer valid, whatever became of its points
	reach     calendar.Day  // the latest until of it and those before of the same item
	block     int32         // −1: for the record only, or no item, or no such block in this text
	clause    int32         // of the amount, or of the limit that cut it, in the text that it was handled by
	nth       int32         // 重复: which occurrence; 0 = not weighed
	factor    int32         // 倍数 in hundredths
	wanted    domain.Points // after 倍数, 重复 and rounding, before limits
	granted   domain.Points
	quantity  int64 // Stepped: the window's sum with this entry, in hundredths, rounded down
}

// countsOn reports whether the outcome counts on a day.
func (o *outcome) countsOn(day calendar.Day) bool {
	return o.granted != 0 && o.block >= 0 && o.day <= day && day < o.end
}

// countedOn returns what the outcome gives on a day.
func (o *outcome) countedOn(day calendar.Day) domain.Points {
	if !o.countsOn(day) {
		return 0
	}
	return o.granted
}

// reason is the reason for an outcome.
type reason uint8

const (
	counted reason = iota
	noItem         // the scheme has no such item
	strayed        // the item belongs to the period before, and this is no day for it
	unscored
	exempted
	notApplicable
	onRecord  // an item without an amount
	unknown   // a fact its amount needs is unknown
	cut       // a limit took some or all of it
	beaten    // the same matter has a higher one
	forfeited // a red line acts under which additions are lost
)

// sum is the quantity that a cumulative amount's current window has, exactly.
type sum struct {
	window   int
	quantity formula.Number
}

// pass carries the state of the forward pass.
type pass struct {
	*run
	limitUse []limitUse
	sums     []sum // by item; nil until one is needed
	env      env
	cycle    calendar.Period // the cycle of the current event
	month    calendar.Period // the month of the current event
	months   int             // its number along the calendar
	at       int             // the segment of the current event

	repeats []occurrences     // by item; nil until one is needed
	holders map[subject]int32 // which outcome counts for a matter
}

// applyEvents runs the forward pass over the events of the text's stretch, behind
// what the earlier texts made of the days before. The events of one day are
// first all looked at, whether they happened, and then valued one by one: what
// a red line does to additions is a matter of the whole day.
func (r *run) applyEvents() {
	h := &r.state
	h.run, h.limitUse = r, make([]limitUse, r.book.Limits)
	h.env = env{run: r, collect: true, arriving: true}
	r.outcomes = make([]outcome, 0, len(r.events[byHand])+len(r.events[attended])+len(r.events[automatic])+r.inherited())
	r.latest = r.room.int32s(len(r.book.Items))
	for i := range r.latest {
		r.latest[i] = -1
	}
	r.inherit(h)
	r.followRedLines()
	var cursors [classes]int
	ev, more := r.next(&cursors)
	for more && ev.day < r.first {
		ev, more = r.next(&cursors) // another text handled it
	}
	for more {
		day, from := ev.day, len(r.outcomes)
		h.advanceTo(day)
		for ; more && ev.day == day; ev, more = r.next(&cursors) {
			if ev.open && !r.automaticIsDue(ev) {
				continue
			}
			r.outcomes = append(r.outcomes, outcome{
				event: ev, text: int16(r.k), of: int32(len(r.outcomes)), block: -1, before: -1, //nolint:gosec // few
				end: h.cycle.Last + 1, until: h.cycle.Last + 1,
			})
			h.admit(len(r.outcomes) - 1)
		}
		for i := from; i < len(r.outcomes); i++ {
			h.evaluate(i)
		}
	}
	r.limitUse, r.pass = h.limitUse, h
	r.live = r.room.int32s(len(r.outcomes))[:0]
	for i := range r.outcomes {
		if o := &r.outcomes[i]; o.granted != 0 && o.block >= 0 && o.end > r.period.First {
			r.live = append(r.live, int32(i)) //nolint:gosec // a member's entries are few
		}
	}
	for _, t := range r.trackers {
		if t != nil {
			r.advance(t, r.upTo)
		}
	}
}

// advanceTo brings the state of the pass to a day.
func (h *pass) advanceTo(day calendar.Day) {
	if day > h.cycle.Last {
		h.cycle = h.book.Cycle.Unit.Of(day)
	}
	if day > h.month.Last {
		h.month, h.months = calendar.Month.Of(day), day.Months()
	}
	for h.at+1 < len(h.segments) && h.segments[h.at+1].from <= day {
		h.at++
	}
}

// admit settles whether an event happened to the member at all.
func (h *pass) admit(i int) {
	o := &h.outcomes[i]
	if o.item < 0 {
		o.reason = noItem
		return
	}
	it := &h.book.Items[o.item]
	o.block, o.clause = int32(it.Block), int32(it.Clause) //nolint:gosec // blocks and clauses are few
	if o.stray {
		o.reason = strayed
		return
	}
	if it.Amount.Set() && it.Block >= 0 { // 本期 is the period its block is settled by
		if u := h.book.Blocks[it.Block].Under; u >= 0 {
			o.end = h.book.Blocks[u].Parts.Every.Of(o.day).Last + 1
			o.until = o.end
		}
	}
	if o.happened = h.isApplicable(o, it); o.happened {
		h.linkToPrevious(i)
	}
}

// linkToPrevious puts an outcome behind those of its item that happened before.
func (h *pass) linkToPrevious(i int) {
	o := &h.outcomes[i]
	o.before = h.latest[o.item]
	h.latest[o.item] = int32(i) //nolint:gosec // a member's entries are few
	h.updateReach(o)
}

// updateReach notes until when an outcome or one before of its item is valid.
func (h *pass) updateReach(o *outcome) {
	o.reach = o.until
	if o.before >= 0 {
		o.reach = max(o.reach, h.outcomes[o.before].reach)
	}
}

// evaluate handles one event that happened: steps 9 to 15 of the evaluation order.
func (h *pass) evaluate(i int) {
	o := &h.outcomes[i]
	if !o.happened {
		return
	}
	it, e := &h.book.Items[o.item], &h.env
	h.prepareEnv(o, it)
	e.points = 0
	if !it.Amount.Set() {
		o.reason = onRecord
		h.setValidity(o, it)
		return
	}
	amount, clause, ok := it.Amount.At(o.day, e)
	if ok {
		o.clause = int32(clause) //nolint:gosec // clauses are few
		ok = h.amountBeforeLimits(o, it, &amount)
	}
	if !ok { // it happened all the same, so it keeps its 有效
		o.reason = unknown
		h.setValidity(o, it)
		return
	}
	e.points = o.wanted
	h.setValidity(o, it)
	if o.wanted > 0 && h.book.Forfeits {
		if line := h.forfeitingRedLine(o.day); line >= 0 {
			o.reason, o.clause = forfeited, int32(h.book.RedLines[line].Clause) //nolint:gosec // clauses are few
			return
		}
	}
	if h.supersede(i, it) {
		return
	}
	if o.nth > 0 {
		h.addOccurrence(i, it.Repeat)
	}
	h.grant(o, it)
}

// amountBeforeLimits works out what an event is worth before limits; ok is false where that
// is unknown.
func (h *pass) amountBeforeLimits(o *outcome, it *ruleset.Item, amount *ruleset.Amount) (ok bool) {
	if amount.Kind == ruleset.Fixed && !it.Multiplier.Set() && it.Repeat == nil {
		// Most of a year: a number as the file has it, which 小数 keeps.
		o.factor, o.wanted = 100, amount.Points
		return true
	}
	base, ok := h.baseAmount(o, amount)
	return ok && h.multiply(o, it, base)
}

// setValidity says until when the event is valid: for the points it gives, and for
// 有( ) where it gives none.
func (h *pass) setValidity(o *outcome, it *ruleset.Item) {
	if !it.Validity.Set() {
		return
	}
	if v, _, ok := it.Validity.At(o.day, &h.env); ok && !v.Cycle {
		o.end, o.lasting = v.End(o.day), true
		o.until = o.end
		h.updateReach(o)
	}
}

// prepareEnv makes the env ready to read an event.
func (h *pass) prepareEnv(o *outcome, it *ruleset.Item) {
	e, seg := &h.env, &h.segments[h.at]
	e.day, e.segment, e.category, e.item, e.fields, e.late = o.day, seg, seg.category, it, nil, 0
	e.collect = o.day >= h.period.First || it.Validity.Set()
	if h.book.Cycle.EntryBy != ruleset.OnDay {
		e.category = h.entryCategory(o.day)
	}
	if o.class == byHand {
		e.fields, e.late = h.record.Entries[o.ref].Fields, h.record.Entries[o.ref].Late()
	}
}

// isApplicable reports whether an event touches the member at all: scored that day,
// not exempt, applicable.
func (h *pass) isApplicable(o *outcome, it *ruleset.Item) bool {
	seg := &h.segments[h.at]
	if !seg.scored {
		o.reason = unscored
		return false
	}
	if seg.exemption >= 0 && slices.Contains(h.book.Exemptions[seg.exemption].Items, int(o.item)) {
		o.reason, o.clause = exempted, int32(h.book.Exemptions[seg.exemption].Clause) //nolint:gosec // as above
		return false
	}
	if !it.Applies.Set() {
		return true
	}
	if h.prepareEnv(o, it); !it.Applies.Holds(o.day, &h.env) {
		o.reason = notApplicable
		return false
	}
	return true
}

// baseAmount returns the amount before 倍数; ok is false where it is unknown.
func (h *pass) baseAmount(o *outcome, amount *ruleset.Amount) (n formula.Number, ok bool) {
	switch amount.Kind {
	case ruleset.Fixed:
		return formula.Hundredths(int64(amount.Points)), true
	case ruleset.Range:
		if o.class != byHand {
			return n, false
		}
		// Clamped, so that no caller that forgot to check can break the rule.
		chosen := h.record.Entries[o.ref].Points
		within := max(amount.Lo, min(amount.Hi, chosen))
		o.moved = within != chosen
		return formula.Hundredths(int64(within)), true
	case ruleset.Computed:
		n, ok := amount.Formula.Eval(&h.env)
		if !ok {
			h.env.Unknown(amount.Formula.Reads)
		}
		return bounded(n), ok
	default:
		return h.cumulativeAmount(o, amount.Steps)
	}
}

// cumulativeAmount earns f(sum with it) − f(sum before it) within the window.
func (h *pass) cumulativeAmount(o *outcome, s *ruleset.Steps) (formula.Number, bool) {
	n, ok := s.Quantity.Eval(&h.env)
	if !ok {
		h.env.Unknown(s.Quantity.Reads)
		return n, false
	}
	before := formula.Int(0)
	if s.Every != calendar.Single {
		if h.sums == nil {
			h.sums = make([]sum, len(h.book.Items))
		}
		sum := &h.sums[o.item]
		if w := s.Every.OrdinalIn(h.months, o.day); sum.window != w {
			sum.window, sum.quantity = w, formula.Int(0)
		}
		before = sum.quantity
		sum.quantity = sum.quantity.Add(n)
	}
	with := before.Add(n)
	o.quantity = with.Round(2, formula.Down)
	return formula.Hundredths(int64(s.Of(with) - s.Of(before))), true
}

// multiply applies 倍数 and 重复 and rounds, once; ok is false where a factor
// is unknown.
func (h *pass) multiply(o *outcome, it *ruleset.Item, base formula.Number) (ok bool) {
	o.factor = 100
	deducts := base.Sign() < 0 // an occurrence, whatever the weights make of it
	if it.Multiplier.Set() {
		if by, _, ok := it.Multiplier.At(o.day, &h.env); ok {
			f, known := by.Eval(&h.env)
			if !known {
				h.env.Unknown(by.Formula.Reads)
				return false
			}
			base = bounded(base.Mul(f))
			o.factor = int32(min(f.Round(2, formula.HalfUp), math.MaxInt32)) //nolint:gosec // as it says
		}
	}
	if it.Repeat != nil && deducts {
		base = h.weighRepeated(o, it, base)
	}
	o.wanted = domain.Points(base.Round(h.book.Decimals, h.book.Rounding))
	return true
}

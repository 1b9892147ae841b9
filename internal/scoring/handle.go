package scoring

import (
	"math"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/formula"
	"jifen/internal/party"
	"jifen/internal/rulebook"
)

// outcome is what one event got. There is one for every event of a year or
// more, so it is kept small and free of pointers; the account finds the words
// in the rulebook.
type outcome struct {
	event
	happened  bool // scored, applicable: it counts as an occurrence
	moved     bool // a person chose points outside the range of the day
	overtaken bool // a higher entry on the same matter ended it
	fate      fate
	unit      calendar.Unit // of the limit that cut it
	end       calendar.Day  // first day it no longer counts
	block     int32         // −1: for the record only, or no item
	clause    int32         // of the amount, or of the limit that cut it
	nth       int32         // 重复: which occurrence; 0 = not weighed
	factor    int32         // 倍数 in hundredths
	wanted    party.Points  // after 倍数, 重复 and rounding, before limits
	granted   party.Points
	quantity  int64 // Stepped: the window's sum with this entry, in hundredths
}

// on reports whether the outcome counts on a day.
func (o *outcome) on(day calendar.Day) bool {
	return o.granted != 0 && o.day <= day && day < o.end
}

// fate says why an outcome is what it is.
type fate uint8

const (
	counted fate = iota
	noItem       // the scheme has no such item
	unscored
	exempted
	notApplicable
	onRecord  // an item without an amount
	unknown   // a fact its amount needs is unknown
	cut       // a limit took some or all of it
	beaten    // the same matter has a higher one
	forfeited // a red line acts under which additions are lost
)

// room is how much of a limit its current window has used.
type room struct {
	window      int
	plus, minus party.Points
	times       int
}

// sum is the quantity that a cumulative amount's current window has.
type sum struct {
	window   int
	quantity int64
}

// hand carries the state of the forward pass.
type hand struct {
	*run
	rooms  []room
	sums   []sum // by item; nil until one is needed
	env    env
	cycle  calendar.Period // the cycle of the current event
	month  calendar.Period // the month of the current event
	months int             // its number along the calendar
	at     int             // the segment of the current event

	repeats []occurrences    // by item; nil until one is needed
	holders map[matter]int32 // which outcome counts for a matter
	voids   []void           // by red line; nil until one is needed
}

// handle runs the forward pass over all events.
func (r *run) handle() {
	h := hand{run: r, rooms: make([]room, r.book.Limits)}
	h.env = env{run: r, collect: true}
	r.outcomes = make([]outcome, 0, len(r.events[byHand])+len(r.events[attended])+len(r.events[automatic]))
	var cursors [classes]int
	for ev, ok := r.next(&cursors); ok; ev, ok = r.next(&cursors) {
		if ev.day > h.cycle.Last {
			h.cycle = r.book.Cycle.Unit.Of(ev.day)
		}
		if ev.day > h.month.Last {
			h.month, h.months = calendar.Month.Of(ev.day), ev.day.Months()
		}
		for h.at+1 < len(r.segments) && r.segments[h.at+1].from <= ev.day {
			h.at++
		}
		if ev.open && !r.arisen(ev) {
			continue
		}
		r.outcomes = append(r.outcomes, outcome{event: ev, end: h.cycle.Last + 1, block: -1})
		h.one(&r.outcomes[len(r.outcomes)-1])
	}
	r.rooms = h.rooms
}

// one handles one event: steps 8 to 15 of the evaluation order.
func (h *hand) one(o *outcome) {
	if o.item < 0 {
		o.fate = noItem
		return
	}
	it := &h.book.Items[o.item]
	o.block, o.clause = int32(it.Block), int32(it.Clause) //nolint:gosec // blocks and clauses are few
	if o.happened = h.touches(o, it); !o.happened {
		return
	}
	e := &h.env
	if !it.Amount.Set() {
		o.fate, e.points = onRecord, 0
		h.lasts(o, it)
		return
	}
	if it.Block >= 0 { // 本期 is the period its block is settled by
		if u := h.book.Blocks[it.Block].Under; u >= 0 {
			o.end = h.book.Blocks[u].Parts.Every.Of(o.day).Last + 1
		}
	}
	amount, clause, ok := it.Amount.At(o.day, e)
	if !ok {
		o.fate = unknown
		return
	}
	o.clause = int32(clause) //nolint:gosec // clauses are few
	switch {
	case amount.Kind == rulebook.Fixed && !it.Multiplier.Set() && it.Repeat == nil:
		// Most of a year: a number as the file has it, which 小数 keeps.
		o.factor, o.wanted = 100, amount.Points
	default:
		base, ok := h.base(o, &amount)
		if !ok {
			o.fate = unknown
			return
		}
		if !h.weigh(o, it, base) {
			o.fate = unknown
			return
		}
	}
	e.points = o.wanted
	h.lasts(o, it)
	if o.wanted > 0 && h.book.Forfeits {
		if line := h.forfeits(o.day); line >= 0 {
			o.fate, o.clause = forfeited, int32(h.book.RedLines[line].Clause) //nolint:gosec // clauses are few
			return
		}
	}
	if h.yields(o, it) {
		return
	}
	if o.nth > 0 {
		h.occurs(o, it.Repeat)
	}
	h.grant(o, it)
}

// lasts says until when the event is valid: for the points it gives, and for
// 有( ) where it gives none.
func (h *hand) lasts(o *outcome, it *rulebook.Item) {
	if !it.Validity.Set() {
		return
	}
	if v, _, ok := it.Validity.At(o.day, &h.env); ok && !v.Cycle {
		o.end = v.Span.After(o.day)
	}
}

// touches reports whether an event touches the member at all: scored that day,
// not exempt, applicable. It makes the env ready to read the event.
func (h *hand) touches(o *outcome, it *rulebook.Item) bool {
	seg := &h.segments[h.at]
	if !seg.scored {
		o.fate = unscored
		return false
	}
	if seg.exemption >= 0 && slices.Contains(h.book.Exemptions[seg.exemption].Items, int(o.item)) {
		o.fate, o.clause = exempted, int32(h.book.Exemptions[seg.exemption].Clause) //nolint:gosec // as above
		return false
	}
	e := &h.env
	e.day, e.segment, e.category, e.item, e.fields = o.day, seg, seg.category, it, nil
	if h.book.Cycle.EntryBy != rulebook.OnDay {
		e.category = h.entryCategory(o.day)
	}
	if o.class == byHand {
		e.fields = h.record.Entries[o.ref].Fields
	}
	if it.Applies.Set() && !it.Applies.Holds(o.day, e) {
		o.fate = notApplicable
		return false
	}
	return true
}

// base returns the amount before 倍数; ok is false where it is unknown.
func (h *hand) base(o *outcome, amount *rulebook.Amount) (n formula.Number, ok bool) {
	switch amount.Kind {
	case rulebook.Fixed:
		return formula.Hundredths(int64(amount.Points)), true
	case rulebook.Range:
		if o.class != byHand {
			return n, false
		}
		// Clamped, so that no caller that forgot to check can break the rule.
		chosen := h.record.Entries[o.ref].Points
		within := max(amount.Lo, min(amount.Hi, chosen))
		o.moved = within != chosen
		return formula.Hundredths(int64(within)), true
	case rulebook.Computed:
		n, ok := amount.Formula.Eval(&h.env)
		if !ok {
			h.env.Unknown(amount.Formula.Reads)
		}
		return bounded(n), ok
	default:
		return h.stepped(o, amount.Steps)
	}
}

// stepped earns f(sum with it) − f(sum before it) within the window.
func (h *hand) stepped(o *outcome, s *rulebook.Steps) (formula.Number, bool) {
	n, ok := s.Quantity.Eval(&h.env)
	if !ok {
		h.env.Unknown(s.Quantity.Reads)
		return n, false
	}
	before, quantity := int64(0), n.Round(2, formula.Down)
	if s.Every != calendar.Single {
		if h.sums == nil {
			h.sums = make([]sum, len(h.book.Items))
		}
		sum := &h.sums[o.item]
		if w := s.Every.OrdinalIn(h.months, o.day); sum.window != w {
			sum.window, sum.quantity = w, 0
		}
		before = sum.quantity
		sum.quantity += quantity
	}
	o.quantity = before + quantity
	return formula.Hundredths(int64(s.Of(o.quantity) - s.Of(before))), true
}

// weigh applies 倍数 and 重复 and rounds, once.
// ok is false where a factor is unknown.
func (h *hand) weigh(o *outcome, it *rulebook.Item, base formula.Number) (ok bool) {
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
		base = h.repeated(o, it.Repeat, base)
	}
	o.wanted = party.Points(base.Round(h.book.Decimals, h.book.Rounding))
	return true
}

// grant cuts what is wanted to the least room over the item, its block and the
// blocks above, and uses it up on all of them.
func (h *hand) grant(o *outcome, it *rulebook.Item) {
	o.granted = o.wanted
	if o.wanted == 0 {
		return
	}
	h.cut(o, it.Limits)
	for b := it.Block; b >= 0; b = h.book.Blocks[b].Parent {
		h.cut(o, h.book.Blocks[b].Limits)
	}
	if o.granted == 0 {
		return
	}
	h.use(o, it.Limits)
	for b := it.Block; b >= 0; b = h.book.Blocks[b].Parent {
		h.use(o, h.book.Blocks[b].Limits)
	}
}

// cut takes from what is granted what these limits have no room for.
func (h *hand) cut(o *outcome, limits []rulebook.Limit) {
	for i := range limits {
		l := &limits[i]
		caps, clause, ok := l.Caps.At(o.day, &h.env)
		if !ok {
			continue
		}
		used := h.used(l, o.day)
		left := o.granted
		switch {
		case caps.HasTimes && used.times >= caps.Times:
			left = 0
		case o.wanted > 0 && caps.HasPlus:
			left = min(left, max(0, caps.Plus-used.plus))
		case o.wanted < 0 && caps.HasMinus:
			left = max(left, min(0, used.minus-caps.Minus))
		}
		if left != o.granted {
			o.granted, o.fate, o.clause, o.unit = left, cut, int32(clause), l.Unit //nolint:gosec // clauses are few
		}
	}
}

// use books what was granted on these limits.
func (h *hand) use(o *outcome, limits []rulebook.Limit) {
	for i := range limits {
		used := h.used(&limits[i], o.day)
		used.times++
		if o.granted > 0 {
			used.plus += o.granted
		} else {
			used.minus -= o.granted
		}
	}
}

// used returns a limit's use in the window that holds a day. Days only ascend,
// so only the current window is kept.
func (h *hand) used(l *rulebook.Limit, day calendar.Day) *room {
	u := &h.rooms[l.ID]
	if w := l.Unit.OrdinalIn(h.months, day); u.window != w || l.Unit == calendar.Single {
		*u = room{window: w}
	}
	return u
}

package scoring

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/formula"
	"jifen/internal/party"
	"jifen/internal/rulebook"
)

// outcome is what one event got.
type outcome struct {
	event
	end      calendar.Day // first day it no longer counts
	happened bool         // scored, applicable: it counts as an occurrence
	fate     fate
	wanted   party.Points // after 倍数, 重复 and rounding, before limits
	granted  party.Points
	clause   int   // of the amount, or of the limit that cut it
	quantity int64 // Stepped: the window's sum with this entry, in hundredths
	nth      int   // 重复: which occurrence; 0 = not weighed
	unit     calendar.Unit // of the limit that cut it
	factor   formula.Number
}

// fate says why an outcome is what it is.
type fate uint8

const (
	counted fate = iota
	noItem       // the scheme has no such item
	unscored
	exempted
	notApplicable
	onRecord // an item without an amount
	unknown  // a fact its amount needs is unknown
	cut      // a limit took some or all of it
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
	rooms []room
	sums  []sum
	env   env
}

// handle runs the forward pass over all events.
func (r *run) handle() {
	h := hand{run: r, rooms: make([]room, r.book.Limits), sums: make([]sum, len(r.book.Items))}
	h.env = env{run: r, collect: true}
	r.outcomes = make([]outcome, 0, len(r.events))
	for _, ev := range r.events {
		o := outcome{event: ev, end: r.book.Cycle.Unit.Of(ev.day).Last + 1}
		h.one(&o)
		r.outcomes = append(r.outcomes, o)
	}
}

// one handles one event: steps 8 to 15 of the evaluation order.
func (h *hand) one(o *outcome) {
	if o.item < 0 {
		o.fate = noItem
		return
	}
	it := &h.book.Items[o.item]
	seg := h.segmentAt(o.day)
	o.clause = it.Clause
	if !seg.scored {
		o.fate = unscored
		return
	}
	if seg.exemption >= 0 && slices.Contains(h.book.Exemptions[seg.exemption].Items, o.item) {
		o.fate, o.clause = exempted, h.book.Exemptions[seg.exemption].Clause
		return
	}
	e := &h.env
	e.day, e.segment, e.category, e.item, e.fields = o.day, seg, h.entryCategory(o.day), it, nil
	if o.class == byHand {
		e.fields = h.record.Entries[o.ref].Fields
	}
	if it.Applies.Set() && !it.Applies.Holds(o.day, e) {
		o.fate = notApplicable
		return
	}
	o.happened = true
	if !it.Amount.Set() {
		o.fate = onRecord
		return
	}
	base, ok := h.base(o, it)
	if !ok {
		o.fate = unknown
		return
	}
	h.weigh(o, it, base)
	e.points = o.wanted
	if v, _, ok := it.Validity.At(o.day, e); ok && !v.Cycle {
		o.end = v.Span.After(o.day)
	}
	h.grant(o, it)
}

// base returns the amount before 倍数; ok is false where it is unknown.
func (h *hand) base(o *outcome, it *rulebook.Item) (n formula.Number, ok bool) {
	amount, clause, ok := it.Amount.At(o.day, &h.env)
	if !ok {
		return formula.Number{}, false
	}
	o.clause = clause
	switch amount.Kind {
	case rulebook.Fixed:
		return formula.Hundredths(int64(amount.Points)), true
	case rulebook.Range:
		// Clamped, so that no caller that forgot to check can break the rule.
		p := h.record.Entries[o.ref].Points
		return formula.Hundredths(int64(max(amount.Lo, min(amount.Hi, p)))), o.class == byHand
	case rulebook.Computed:
		n, ok := amount.Formula.Eval(&h.env)
		if !ok {
			h.env.Unknown(amount.Formula.Reads)
		}
		return n, ok
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
		sum := &h.sums[o.item]
		if w := s.Every.Ordinal(o.day); sum.window != w {
			sum.window, sum.quantity = w, 0
		}
		before = sum.quantity
		sum.quantity += quantity
	}
	o.quantity = before + quantity
	return formula.Hundredths(int64(s.Of(o.quantity) - s.Of(before))), true
}

// weigh applies 倍数 and 重复 and rounds, once.
func (h *hand) weigh(o *outcome, it *rulebook.Item, base formula.Number) {
	o.factor = formula.Int(1)
	if it.Multiplier.Set() {
		if f, _, ok := it.Multiplier.At(o.day, &h.env); ok {
			o.factor = f
		}
	}
	if it.Repeat != nil && base.Sign() < 0 {
		o.nth = h.occurrences(o, it.Repeat) + 1
		f := it.Repeat.Factors[min(o.nth, len(it.Repeat.Factors))-1]
		o.factor = o.factor.Mul(f)
	}
	o.wanted = party.Points(base.Mul(o.factor).Round(h.book.Decimals, h.book.Rounding))
}

// occurrences counts the earlier deductions of the same item that are still
// inside the window on this entry's day.
func (h *hand) occurrences(o *outcome, rep *rulebook.Repeat) int {
	n, cycle := 0, h.book.Cycle.Unit.Of(o.day)
	for i := range h.outcomes {
		p := &h.outcomes[i]
		if p.item != o.item || !p.happened || p.wanted >= 0 {
			continue
		}
		switch {
		case rep.Valid && o.day < p.end,
			rep.Cycle && cycle.Contains(p.day),
			!rep.Valid && !rep.Cycle && o.day < rep.Within.After(p.day):
			n++
		}
	}
	return n
}

// grant cuts what is wanted to the least room over the item, its block and the
// blocks above, and uses it up on all of them.
func (h *hand) grant(o *outcome, it *rulebook.Item) {
	o.granted = o.wanted
	if o.wanted == 0 {
		return
	}
	h.eachLimit(it, func(l *rulebook.Limit) {
		caps, clause, ok := l.Caps.At(o.day, &h.env)
		if !ok {
			return
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
			o.granted, o.fate, o.clause, o.unit = left, cut, clause, l.Unit
		}
	})
	if o.granted == 0 {
		return
	}
	h.eachLimit(it, func(l *rulebook.Limit) {
		used := h.used(l, o.day)
		used.times++
		if o.granted > 0 {
			used.plus += o.granted
		} else {
			used.minus -= o.granted
		}
	})
}

// eachLimit calls f for the limits of the item, its block and the blocks above.
func (h *hand) eachLimit(it *rulebook.Item, f func(*rulebook.Limit)) {
	for i := range it.Limits {
		f(&it.Limits[i])
	}
	for b := it.Block; b >= 0; b = h.book.Blocks[b].Parent {
		for i := range h.book.Blocks[b].Limits {
			f(&h.book.Blocks[b].Limits[i])
		}
	}
}

// used returns a limit's use in the window that holds a day. Days only ascend,
// so only the current window is kept.
func (h *hand) used(l *rulebook.Limit, day calendar.Day) *room {
	u := &h.rooms[l.ID]
	if w := l.Unit.Ordinal(day); u.window != w || l.Unit == calendar.Single {
		*u = room{window: w}
	}
	return u
}

package scoring

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// roomUsed is how much of a limit its current window has used.
type roomUsed struct {
	window      int
	plus, minus domain.Points
	times       int
}

// grant cuts what is wanted to the least room over the item, its block and the
// blocks above, and uses it up on all of them.
func (h *hand) grant(o *outcome, it *ruleset.Item) {
	o.granted = o.wanted
	if o.wanted == 0 {
		return
	}
	h.cut(o, it.Limits)
	for b := it.Block; b >= 0; b = h.book.Blocks[b].Parent {
		h.cut(o, h.book.Blocks[b].Limits)
	}
	h.useAll(o)
}

// useAll books what was granted on the limits of the item, of its block and of
// the blocks above.
func (h *hand) useAll(o *outcome) {
	if o.granted == 0 {
		return
	}
	if o.item >= 0 {
		h.use(o, h.book.Items[o.item].Limits)
	}
	for b := int(o.block); b >= 0; b = h.book.Blocks[b].Parent {
		h.use(o, h.book.Blocks[b].Limits)
	}
}

// cut takes from what is granted what these limits have no room for.
func (h *hand) cut(o *outcome, limits []ruleset.Limit) {
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
func (h *hand) use(o *outcome, limits []ruleset.Limit) {
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
func (h *hand) used(l *ruleset.Limit, day calendar.Day) *roomUsed {
	u := &h.rooms[l.ID]
	if w := l.Unit.OrdinalIn(h.months, day); u.window != w || l.Unit == calendar.Single {
		*u = roomUsed{window: w}
	}
	return u
}

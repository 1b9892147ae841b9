package scoring

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// limitUse is the part of a limit that its current window has used.
type limitUse struct {
	window      int
	plus, minus domain.Points
	times       int
}

// grant cuts what is wanted to the least room over the item, its block and the
// blocks above, and uses it up on all of them.
func (h *pass) grant(o *outcome, it *ruleset.Item) {
	o.granted = o.wanted
	if o.wanted == 0 {
		return
	}
	h.cutToLimits(o, it.Limits)
	for b := it.Block; b >= 0; b = h.book.Blocks[b].Parent {
		h.cutToLimits(o, h.book.Blocks[b].Limits)
	}
	h.bookOnLimits(o)
}

// bookOnLimits books what was granted on the limits of the item, of its block and of
// the blocks above.
func (h *pass) bookOnLimits(o *outcome) {
	if o.granted == 0 {
		return
	}
	if o.item >= 0 {
		h.bookUse(o, h.book.Items[o.item].Limits)
	}
	for b := int(o.block); b >= 0; b = h.book.Blocks[b].Parent {
		h.bookUse(o, h.book.Blocks[b].Limits)
	}
}

// cutToLimits takes from what is granted what these limits have no room for.
func (h *pass) cutToLimits(o *outcome, limits []ruleset.Limit) {
	for i := range limits {
		l := &limits[i]
		caps, clause, ok := l.Caps.At(o.day, &h.env)
		if !ok {
			continue
		}
		used := h.useOn(l, o.day)
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
			o.granted, o.reason, o.clause, o.unit = left, cut, int32(clause), l.Unit //nolint:gosec // clauses are few
		}
	}
}

// bookUse books what was granted on these limits.
func (h *pass) bookUse(o *outcome, limits []ruleset.Limit) {
	for i := range limits {
		used := h.useOn(&limits[i], o.day)
		used.times++
		if o.granted > 0 {
			used.plus += o.granted
		} else {
			used.minus -= o.granted
		}
	}
}

// useOn returns a limit's use in the window that holds a day. Days only ascend,
// so only the current window is kept.
func (h *pass) useOn(l *ruleset.Limit, day calendar.Day) *limitUse {
	u := &h.limitUse[l.ID]
	if w := l.Unit.OrdinalIn(h.months, day); u.window != w || l.Unit == calendar.Single {
		*u = limitUse{window: w}
	}
	return u
}

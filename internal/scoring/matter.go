package scoring

import "jifen/internal/rulebook"

// matter is a thing that several entries may be about; additions and deductions
// of one are two.
type matter struct {
	about string
	plus  bool
}

// yields settles an entry among those on the same matter (同一事项): on any day
// only the highest so far counts. It reports whether this one is beaten. One
// that is higher takes over from its own day, and the earlier one gives back
// what it used of limits.
func (h *hand) yields(o *outcome, it *rulebook.Item) bool {
	if o.class != byHand || o.wanted == 0 || !it.Highest {
		return false
	}
	about := h.record.Entries[o.ref].Matter()
	if about == "" {
		return false
	}
	if h.holders == nil {
		h.holders = map[matter]int32{}
	}
	key := matter{about, o.wanted > 0}
	me := int32(len(h.outcomes) - 1) //nolint:gosec // a member's entries are few
	if i, ok := h.holders[key]; ok && h.outcomes[i].end > o.day {
		holder := &h.outcomes[i]
		if (o.wanted > 0) == (o.wanted <= holder.wanted) || o.wanted == holder.wanted {
			o.fate, o.happened, o.end = beaten, false, o.day
			return true
		}
		h.giveBack(holder)
		h.forget(holder)
		holder.end, holder.overtaken = o.day, true
	}
	h.holders[key] = me
	return false
}

// giveBack returns what an entry used of limits whose window still runs.
func (h *hand) giveBack(o *outcome) {
	if o.granted == 0 {
		return
	}
	it := &h.book.Items[o.item]
	h.unuse(o, it.Limits)
	for b := it.Block; b >= 0; b = h.book.Blocks[b].Parent {
		h.unuse(o, h.book.Blocks[b].Limits)
	}
}

func (h *hand) unuse(o *outcome, limits []rulebook.Limit) {
	for i := range limits {
		l := &limits[i]
		used := &h.rooms[l.ID]
		if used.window != l.Unit.OrdinalIn(o.day.Months(), o.day) {
			continue
		}
		used.times--
		if o.granted > 0 {
			used.plus -= o.granted
		} else {
			used.minus += o.granted
		}
	}
}

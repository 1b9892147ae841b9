package scoring

import "jifen/internal/ruleset"

// subject is a thing that several entries may be about; additions and deductions
// of one are two.
type subject struct {
	text string
	plus bool
}

// supersede settles an entry among those on the same matter (同一事项): on any day
// only the highest so far counts. It reports whether this one is beaten. One
// that is higher takes over from its own day, and the earlier one gives back
// what it used of limits. A holder whose 有效 is a span holds the matter for
// good, also after its end; one of 本期 until the period ends. A deduction that
// 重复 weighed to 0 is about its matter all the same.
func (h *pass) supersede(i int, it *ruleset.Item) bool {
	o := &h.outcomes[i]
	if o.wanted == 0 && o.nth == 0 {
		return false
	}
	plus := o.wanted > 0
	at, held := h.holderOf(o, it, plus)
	if held {
		holder := &h.outcomes[at]
		if plus == (o.wanted <= holder.wanted) || o.wanted == holder.wanted {
			o.reason, o.end = beaten, o.day
			return true
		}
		h.releaseLimits(holder)
		h.removeOccurrence(holder, o.day)
		holder.end, holder.overtaken = min(holder.end, o.day), true
	}
	if key, ok := h.subjectOf(o, it, plus); ok {
		if h.holders == nil {
			h.holders = map[subject]int32{}
		}
		h.holders[key] = int32(i) //nolint:gosec // a member's entries are few
	}
	return false
}

// holderOf returns the outcome that holds the matter of an entry on its day,
// among additions or deductions; ok is false for none.
func (h *pass) holderOf(o *outcome, it *ruleset.Item, plus bool) (at int32, ok bool) {
	if len(h.holders) == 0 {
		return 0, false
	}
	key, ok := h.subjectOf(o, it, plus)
	if !ok {
		return 0, false
	}
	at, ok = h.holders[key]
	return at, ok && (h.outcomes[at].end > o.day || h.outcomes[at].lasting)
}

// subjectOf returns what an entry is about, where that decides which counts.
func (h *pass) subjectOf(o *outcome, it *ruleset.Item, plus bool) (key subject, ok bool) {
	if o.class != byHand || !it.Highest {
		return key, false
	}
	about := h.record.Entries[o.ref].Matter()
	return subject{about, plus}, about != ""
}

// releaseLimits returns what an entry used of limits whose window still runs.
func (h *pass) releaseLimits(o *outcome) {
	if o.granted == 0 {
		return
	}
	if o.item >= 0 {
		h.release(o, h.book.Items[o.item].Limits)
	}
	for b := int(o.block); b >= 0; b = h.book.Blocks[b].Parent {
		h.release(o, h.book.Blocks[b].Limits)
	}
}

func (h *pass) release(o *outcome, limits []ruleset.Limit) {
	for i := range limits {
		l := &limits[i]
		used := &h.limitUse[l.ID]
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

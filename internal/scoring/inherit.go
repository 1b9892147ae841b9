package scoring

import "maps"

// origin returns the run that handled an outcome.
func (r *run) origin(o *outcome) *run { return r.chain[o.text] }

// inherited returns how many outcomes the earlier texts hand on.
func (r *run) inherited() int {
	if r.k == 0 {
		return 0
	}
	return len(r.chain[r.k-1].outcomes)
}

// inherit takes over what the earlier texts made of the days before this one's
// stretch: an entry keeps the points that it got and lands in the block of the
// same name. Matters, cumulative quantities and what limits have left go on.
func (r *run) inherit(h *pass) {
	if r.k == 0 {
		return
	}
	before := r.chain[r.k-1]
	for i := range before.outcomes {
		o := before.outcomes[i]
		from := r.chain[o.text]
		orig := &from.outcomes[o.of]
		names := r.texts.between(from.k, r.k)
		o.item, o.block, o.before = -1, -1, -1
		if orig.item >= 0 {
			o.item = int32(names.items[orig.item]) //nolint:gosec // items are few
		}
		if orig.block >= 0 {
			o.block = int32(names.blocks[orig.block]) //nolint:gosec // blocks are few
		}
		r.outcomes = append(r.outcomes, o)
		last := &r.outcomes[len(r.outcomes)-1]
		if last.item >= 0 && last.happened {
			h.linkToPrevious(len(r.outcomes) - 1)
		}
		if last.item >= 0 && last.happened && (last.nth > 0 || last.wanted < 0) && last.reason != beaten && !last.overtaken {
			if rep := r.book.Items[last.item].Repeat; rep != nil {
				last.nth = max(last.nth, 1)
				h.addOccurrence(len(r.outcomes)-1, rep)
			}
		}
		if last.granted != 0 && !last.overtaken {
			h.advanceTo(o.day)
			h.bookOnLimits(last)
		}
	}
	h.continueFrom(before.pass, r.texts.between(before.k, r.k))
}

// continueFrom takes over the state of the pass of the text before.
func (h *pass) continueFrom(before *pass, names *indexMap) {
	h.holders = maps.Clone(before.holders) // the outcomes have the same indexes
	if before.sums == nil {
		return
	}
	h.sums = make([]sum, len(h.book.Items))
	for i, item := range names.items {
		if item >= 0 {
			h.sums[item] = before.sums[i]
		}
	}
}

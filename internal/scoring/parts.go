package scoring

import (
	"slices"

	"jifen/internal/calendar"
)

// partExclusion is a reason for which 平均 and 最高n期 leave a part out.
type partExclusion uint8

const (
	takenIn         partExclusion = iota
	nothingRecorded               // of nothing in the block or below it is anything recorded
	notEnded                      // the part still runs
)

// String says it to the member, "" for a part that is taken.
func (p partExclusion) String() string {
	return [...]string{"", "没有记录，不算", "未完，不算"}[p]
}

// exclusionOf reports whether a part is left out when the parts of a block are
// averaged.
func (r *run) exclusionOf(p *valuation, b int, judged bool) partExclusion {
	take := r.book.Blocks[b].Parts
	switch {
	case !take.Averages() || take.Zero:
		return takenIn
	case p.day < p.period.Last:
		return notEnded
	case !p.recorded && (!judged || !r.setByRedLine(p)):
		return nothingRecorded
	}
	return takenIn
}

// includedParts returns the parts that are combined. Where none is left it is the last
// one, as it stands: in the first quarter nobody is without a value.
func (r *run) includedParts(list []*valuation, b int, judged bool) []*valuation {
	out := make([]*valuation, 0, len(list))
	for _, p := range list {
		if r.exclusionOf(p, b, judged) == takenIn {
			out = append(out, p)
		}
	}
	if len(out) == 0 && len(list) > 0 {
		out = append(out, list[len(list)-1])
	}
	return out
}

// recordedIn reports whether anything happened in a part that concerns its
// block or one below it, or still counts there from before. Outcomes stand by
// day.
func (r *run) recordedIn(p *valuation) bool {
	if r.assumption != nil && p.day == r.day {
		if slices.ContainsFunc(r.assumption.blocks, func(b int) bool { return r.book.Blocks[b].Under == p.root }) {
			return true
		}
	}
	within := func(o *outcome) bool { return o.block >= 0 && r.book.Blocks[o.block].Under == p.root }
	for i := len(r.outcomes) - 1; i >= 0 && r.outcomes[i].day >= p.period.First; i-- {
		if o := &r.outcomes[i]; o.happened && o.day <= p.day && within(o) {
			return true
		}
	}
	if r.pass == nil || p.day < r.period.First { // what has ended since is not among the live ones
		return slices.ContainsFunc(r.outcomes, func(o outcome) bool { return o.countsOn(p.day) && within(&o) })
	}
	return slices.ContainsFunc(r.live, func(i int32) bool {
		return r.outcomes[i].countsOn(p.day) &&
			within(&r.outcomes[i])
	})
}

// setByRedLine reports whether a red line sets the block of a part, or one below it,
// so that the part is worth what the red line says whatever is recorded.
func (r *run) setByRedLine(p *valuation) bool {
	for i := range r.book.RedLines {
		if !p.red.has(i) {
			continue
		}
		for _, s := range r.book.RedLines[i].Sets {
			if r.book.Blocks[s.Block].Under == p.root {
				return true
			}
		}
	}
	return false
}

// eachPartChangeDay calls may for the days on which a part of a block begins, and ends
// where that decides whether it is taken.
func (r *run) eachPartChangeDay(may func(calendar.Day)) {
	for i := range r.book.Blocks {
		take := r.book.Blocks[i].Parts
		if take == nil {
			continue
		}
		last := take.Every.Of(r.day).Last
		may(last) // no longer 未完
		may(last + 1)
		if take.Averages() && !take.Zero {
			may(take.Every.Of(last + 1).Last)
		}
	}
}

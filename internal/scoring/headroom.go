package scoring

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// Headroom returns what is still to be had under each limit of items that
// something was recorded of, and of blocks, in what remains of the limit's
// window. No number promises more than the total would change: entries are added
// in thought until nothing more is granted, and the total is settled with them,
// so that every other limit, cap and red line on the way up has its say. What
// cannot be recorded of the member now is left out, and so are limits of single
// entries (单笔): each entry has its own.
func (r *Result) Headroom() []domain.Headroom {
	run := r.run
	if !r.at.scored {
		return nil
	}
	p := &projection{run: run, at: r.at, env: run.borrowEnv(run.day, run.segmentAt(run.day), run.entryCategory(run.day))}
	defer p.env.release()
	p.ranges = make([]*entryRange, len(run.book.Items))
	for i := range run.book.Items {
		p.ranges[i] = p.rangeOf(i)
	}
	if run.pass != nil && run.book.Forfeits {
		if line := run.pass.forfeitingRedLine(run.day); line >= 0 {
			p.forfeitedBy = &run.book.RedLines[line]
		}
	}
	var out []domain.Headroom
	add := func(owner domain.Headroom, block int, items []int, limits []ruleset.Limit) {
		for i := range limits {
			if room, ok := p.headroomUnder(&limits[i], owner, block, items); ok {
				out = append(out, room)
			}
		}
	}
	for i, happened := range run.happenedInPeriod() {
		if it := &run.book.Items[i]; happened && it.Block >= 0 {
			add(domain.Headroom{Name: it.Name, Item: true}, it.Block, p.itemIfOpen(i), it.Limits)
		}
	}
	for b := range run.book.Blocks {
		add(domain.Headroom{Name: run.book.Blocks[b].Name}, b, p.itemsBelow(b), run.book.Blocks[b].Limits)
	}
	return out
}

// happenedInPeriod reports, by item, whether something happened in the period.
func (r *run) happenedInPeriod() []bool {
	out := make([]bool, len(r.book.Items))
	for i := range r.outcomes {
		if o := &r.outcomes[i]; o.item >= 0 && o.happened && o.day >= r.period.First {
			out[o.item] = true
		}
	}
	return out
}

// projection adds entries in thought to what is recorded of a member.
type projection struct {
	run         *run
	at          *valuation
	env         *env // reads the standing's day
	ranges      []*entryRange
	forfeitedBy *ruleset.RedLine // additions of the day are lost to it; nil for none
}

// itemIfOpen returns an item that entries may be added to, none where it is closed.
func (p *projection) itemIfOpen(item int) []int {
	if p.ranges[item] == nil {
		return nil
	}
	return []int{item}
}

// itemsBelow returns the items of a block and of the blocks below it that entries may
// be added to, those that give most first.
func (p *projection) itemsBelow(block int) (out []int) {
	for i := range p.ranges {
		if p.ranges[i] == nil {
			continue
		}
		for b := p.run.book.Items[i].Block; b >= 0; b = p.run.book.Blocks[b].Parent {
			if b == block {
				out = append(out, i)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return int(p.ranges[b].most - p.ranges[a].most) })
	return out
}

// headroomUnder returns what one limit leaves to entries of some items, within what
// everything above leaves; ok is false where the limit says nothing about them.
func (p *projection) headroomUnder(l *ruleset.Limit, room domain.Headroom, block int, items []int) (domain.Headroom,
	bool) {
	if l.Unit == calendar.Single || len(items) == 0 {
		return room, false
	}
	caps, clause, ok := l.Caps.At(p.run.day, p.env)
	if !ok {
		return room, false
	}
	used := p.run.limitUse[l.ID]
	if used.window != l.Unit.OrdinalIn(p.run.day.Months(), p.run.day) {
		used = limitUse{}
	}
	room.Unit, room.Clause, room.HasTimes = l.Unit, clause, caps.HasTimes
	room.Times = max(0, caps.Times-used.times)
	until, whole := p.lastCountingDay(l, block)
	if adds := slices.ContainsFunc(items, func(i int) bool { return p.ranges[i].adds() }); adds {
		left := max(0, caps.Plus-used.plus)
		if caps.HasTimes && room.Times == 0 {
			left = 0
		}
		gain, by := p.gain(l, block, items, until)
		room.HasPlus, room.Plus, room.Full = caps.HasPlus, gain, gain == 0
		if gain < left || room.Full && caps.HasTimes && room.Times > 0 {
			room.By = by
		}
		if room.HasPlus && !whole && left > 0 {
			return room, false // what a later part will take is not known now
		}
	}
	if slices.ContainsFunc(items, func(i int) bool { return p.ranges[i].deducts() }) {
		room.HasMinus = caps.HasMinus
		room.Minus = min(max(0, caps.Minus-used.minus), p.loss(l, items, until))
	}
	return room, room.HasPlus || room.HasMinus || room.HasTimes
}

// lastCountingDay returns the last day of a limit's window that still counts for the
// standing; whole is false where the block's running part ends before the window.
func (p *projection) lastCountingDay(l *ruleset.Limit, block int) (last calendar.Day, whole bool) {
	last = p.run.period.Last
	if l.Unit != calendar.Life {
		last = min(last, l.Unit.Of(p.run.day).Last)
	}
	u := p.run.book.Blocks[block].Under
	if u < 0 {
		return last, true
	}
	end := p.run.book.Blocks[u].Parts.Every.Of(p.run.day).Last
	return min(last, end), last <= end
}

// gain returns by how much the total rises when additions of some items are
// recorded from the standing's day to another until nothing more is granted, and
// what kept it from rising further; nil where the limit itself did.
func (p *projection) gain(l *ruleset.Limit, block int, items []int, until calendar.Day) (domain.Points, *domain.Bound) {
	s := p.simulate(l, +1)
	if p.forfeitedBy != nil {
		return 0, &domain.Bound{Kind: domain.LineRedLine, Name: p.forfeitedBy.Name, Clause: p.forfeitedBy.Clause}
	}
	granted := s.saturate(items, until)
	m := p.run.valuationWith(s.assumption(items), p.at)
	total := p.run.book.Total()
	gain := max(0, m.values[total]-p.at.values[total])
	if gain < granted {
		return gain, p.absorbedBy(m, block)
	}
	if len(items) == 1 {
		return gain, s.exhaustedLimit(p.run.book.Items[items[0]].Limits, p.run.book.Items[items[0]].Name, block)
	}
	return gain, s.exhaustedLimit(nil, "", block)
}

// loss returns by how much the total falls when deductions of some items are
// recorded until nothing more is taken.
func (p *projection) loss(l *ruleset.Limit, items []int, until calendar.Day) domain.Points {
	s := p.simulate(l, -1)
	s.saturate(items, until)
	total := p.run.book.Total()
	return max(0, p.at.values[total]-p.run.valuationWith(s.assumption(items), p.at).values[total])
}

// absorbedBy returns the cap or the red line, from a block up, that leaves least of
// what was added; nil for none.
func (p *projection) absorbedBy(with *valuation, block int) *domain.Bound {
	if with.waitSince != 0 {
		for i := range p.run.book.RedLines {
			line := &p.run.book.RedLines[i]
			if line.Bonus != ruleset.BonusWaits {
				continue
			}
			if _, acts := p.run.trackers[i].actingOn(p.run.day); acts {
				return &domain.Bound{Kind: domain.LineRedLine, Name: line.Name, Clause: line.Clause}
			}
		}
	}
	var by *domain.Bound
	for b := block; b >= 0; b = p.run.book.Blocks[b].Parent {
		was, now := &p.at.breakdowns[b], &with.breakdowns[b]
		switch {
		case now.redLine >= 0:
			line := &p.run.book.RedLines[now.redLine]
			return &domain.Bound{Kind: domain.LineRedLine, Name: line.Name, Clause: line.Clause}
		case now.clamp < 0 && now.clamp < was.clamp: // the highest that takes something leaves least
			by = &domain.Bound{Kind: domain.LineClamp, Name: p.run.book.Blocks[b].Name, Points: now.bound,
				Clause: now.clampClause}
		}
	}
	return by
}

// valuationWith returns the valuation of the standing's day with entries added
// in thought.
func (r *run) valuationWith(added *assumption, at *valuation) *valuation {
	r.assumption = added
	defer func() { r.assumption = nil }()
	m := &valuation{run: r, period: at.period, day: at.day, root: at.root, grade: -1, bare: -1, category: -1, start: -1}
	r.evaluateDay(m)
	return m
}

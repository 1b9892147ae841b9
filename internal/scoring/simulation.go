package scoring

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// simulation books entries that are added in thought on copies of what limits have
// left.
type simulation struct {
	*projection
	sign    domain.Points // +1: additions, −1: deductions
	limit   *ruleset.Limit
	used    []limitUse
	climbed map[int]int     // by item, the window in which its steps were climbed to the top
	given   []domain.Points // by block
}

func (p *projection) simulate(l *ruleset.Limit, sign domain.Points) *simulation {
	return &simulation{projection: p, sign: sign, limit: l, used: slices.Clone(p.run.limitUse), climbed: map[int]int{},
		given: make([]domain.Points, len(p.run.book.Blocks))}
}

// assumption returns what was granted, as the settling of a valuation takes it.
func (s *simulation) assumption(items []int) *assumption {
	out := &assumption{given: s.given}
	for _, i := range items {
		out.blocks = append(out.blocks, s.run.book.Items[i].Block)
	}
	return out
}

// maxAdded bounds the number of entries added to one item on one day.
const maxAdded = 1000

// saturate adds entries of some items on every day on which a limit begins anew,
// until nothing more is granted, and returns what was granted in all.
func (s *simulation) saturate(items []int, until calendar.Day) (granted domain.Points) {
	for day := s.run.day; day <= until; day = s.nextRenewal(items, day) {
		for _, item := range items {
			o := s.ranges[item]
			if s.sign > 0 && !o.adds() || s.sign < 0 && !o.deducts() {
				continue
			}
			got := s.add(item, o, day)
			s.given[s.run.book.Items[item].Block] += got * s.sign
			granted += got
		}
		if c, _, ok := s.limit.Caps.At(day, s.env); ok && s.headroom(s.limit, &c, day) == 0 {
			break
		}
	}
	return granted
}

// add adds entries of one item on one day and returns what they were granted.
func (s *simulation) add(item int, o *entryRange, day calendar.Day) (granted domain.Points) {
	it := &s.run.book.Items[item]
	if s.sign > 0 && o.steps != nil && o.steps.Every != calendar.Single {
		for _, want := range s.cumulativeSteps(item, o, day) {
			granted += s.grant(it, want, day)
		}
		return granted
	}
	want := o.most
	if s.sign < 0 {
		want = -o.least
	}
	if !s.isCounted(it, day) {
		want = beyond // as many entries as it takes
	}
	for range maxAdded {
		got := s.grant(it, want, day)
		if got == 0 {
			break
		}
		granted += got
	}
	return granted
}

// cumulativeSteps returns what the entries are worth that bring an item's cumulative amount
// to its top, one for each tier.
func (s *simulation) cumulativeSteps(item int, o *entryRange, day calendar.Day) (wants []domain.Points) {
	w := o.steps.Every.OrdinalIn(day.Months(), day)
	if at, done := s.climbed[item]; done && at == w {
		return nil
	}
	s.climbed[item] = w
	sum := formula.Int(0)
	if h := s.run.pass; h != nil && h.sums != nil && h.sums[item].window == w {
		sum = h.sums[item].quantity
	}
	got, end := o.steps.Of(sum), o.steps.Of(formula.Hundredths(int64(domain.MaxPoints)))
	weighed := func(p domain.Points) domain.Points {
		if end == 0 || o.most == end {
			return p
		}
		return p * o.most / end // 倍数
	}
	for _, t := range o.steps.Tiers {
		if t.Gives > got {
			wants = append(wants, weighed(t.Gives-got))
			got = t.Gives
		}
	}
	if end > got {
		wants = append(wants, weighed(end-got))
	}
	return wants
}

// isCounted reports whether a limit on the way up counts entries, or cuts single
// ones, so that it matters how much one of them is worth.
func (s *simulation) isCounted(it *ruleset.Item, day calendar.Day) bool {
	found := false
	s.eachLimit(it, func(l *ruleset.Limit) {
		c, _, ok := l.Caps.At(day, s.env)
		found = found || ok && (c.HasTimes || l.Unit == calendar.Single)
	})
	return found
}

// eachLimit calls f for the limits of an item, of its block and of the blocks above.
func (s *simulation) eachLimit(it *ruleset.Item, f func(*ruleset.Limit)) {
	for i := range it.Limits {
		f(&it.Limits[i])
	}
	for b := it.Block; b >= 0; b = s.run.book.Blocks[b].Parent {
		for i := range s.run.book.Blocks[b].Limits {
			f(&s.run.book.Blocks[b].Limits[i])
		}
	}
}

// grant cuts what an entry is worth to what every limit leaves and books it.
func (s *simulation) grant(it *ruleset.Item, want domain.Points, day calendar.Day) domain.Points {
	s.env.item = it
	s.eachLimit(it, func(l *ruleset.Limit) {
		if c, _, ok := l.Caps.At(day, s.env); ok {
			want = min(want, s.headroom(l, &c, day))
		}
	})
	s.env.item = nil
	if want <= 0 || want == beyond {
		return 0 // nothing left, or nothing that limits it
	}
	s.eachLimit(it, func(l *ruleset.Limit) {
		used := s.useOn(l, day)
		used.times++
		if s.sign > 0 {
			used.plus += want
		} else {
			used.minus += want
		}
	})
	return want
}

// headroom returns what a limit leaves to one entry of the supply's sign on a day.
func (s *simulation) headroom(l *ruleset.Limit, c *ruleset.Caps, day calendar.Day) domain.Points {
	used := s.useOn(l, day)
	switch {
	case c.HasTimes && used.times >= c.Times:
		return 0
	case s.sign > 0 && c.HasPlus:
		return max(0, c.Plus-used.plus)
	case s.sign < 0 && c.HasMinus:
		return max(0, c.Minus-used.minus)
	}
	return beyond
}

func (s *simulation) useOn(l *ruleset.Limit, day calendar.Day) *limitUse {
	u := &s.used[l.ID]
	if w := l.Unit.OrdinalIn(day.Months(), day); u.window != w || l.Unit == calendar.Single {
		*u = limitUse{window: w}
	}
	return u
}

// nextRenewal returns the next day on which a limit of some items begins anew.
func (s *simulation) nextRenewal(items []int, day calendar.Day) calendar.Day {
	next := calendar.Forever
	begins := func(u calendar.Unit) {
		if u != calendar.Single && u != calendar.Life {
			next = min(next, u.Of(day).Last+1)
		}
	}
	for _, item := range items {
		s.eachLimit(&s.run.book.Items[item], func(l *ruleset.Limit) { begins(l.Unit) })
		if st := s.ranges[item].steps; st != nil {
			begins(st.Every)
		}
	}
	return next
}

// exhaustedLimit returns the limit, from an item or a block up, that has nothing left
// beside the one that is asked about; nil for none.
func (s *simulation) exhaustedLimit(own []ruleset.Limit, name string, block int) *domain.Bound {
	spent := func(limits []ruleset.Limit, name string) *domain.Bound {
		for i := range limits {
			l := &limits[i]
			c, clause, ok := l.Caps.At(s.run.day, s.env)
			if !ok || l == s.limit || l.Unit == calendar.Single ||
				s.used[l.ID].window < l.Unit.OrdinalIn(s.run.day.Months(), s.run.day) {
				continue
			}
			if used := &s.used[l.ID]; c.HasPlus && used.plus >= c.Plus || c.HasTimes && used.times >= c.Times {
				return &domain.Bound{Kind: domain.LineEntry, Name: name, Unit: l.Unit, Clause: clause}
			}
		}
		return nil
	}
	if by := spent(own, name); by != nil {
		return by
	}
	for b := block; b >= 0; b = s.run.book.Blocks[b].Parent {
		if by := spent(s.run.book.Blocks[b].Limits, s.run.book.Blocks[b].Name); by != nil {
			return by
		}
	}
	return nil
}

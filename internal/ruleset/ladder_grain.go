package ruleset

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
)

// grid returns which numbers a slot of points can hold in this file: where all
// that flows into a block is whole points, its sum is whole, whatever 小数
// keeps. ok is false for what is no points.
func (s *scope) grid(kind, i int) (g grid, ok bool) {
	if (kind == SlotBlock || kind == SlotPrevBlock) && i >= len(s.l.grains()) {
		return g, false
	}
	switch kind {
	case SlotBlock:
		lo, hi := s.l.clampRange(i)
		return grid{s.l.grains()[i], lo, hi}, true
	case SlotPrevBlock:
		return grid{s.l.grains()[i], -unbounded, unbounded}, true
	case SlotPoints:
		if s.of == nil || !s.of.Amount.Set() {
			return g, false
		}
		return grid{s.l.itemGrain(s.of), int64(s.of.Lo), int64(s.of.Hi)}, true
	}
	return g, false
}

// grains returns of every block of which amount its sum is a multiple, in
// hundredths: 100, 10 or 1.
func (l *loader) grains() []int64 {
	if l.fine != nil {
		return l.fine
	}
	b := l.book
	l.fine = make([]int64, len(b.Blocks))
	for i := range l.fine {
		l.fine[i] = 100
	}
	note := func(i int, g int64) {
		if i >= 0 && i < len(l.fine) { // else it has been told about
			l.fine[i] = min(l.fine[i], g)
		}
	}
	for i := range b.Items {
		if it := &b.Items[i]; it.Amount.Set() {
			note(it.Block, min(l.itemGrain(it), l.capsGrain(it.Limits)))
		}
	}
	for i := range b.Grants {
		note(b.Grants[i].Block, int64(b.Grain()))
	}
	for i := range b.RedLines {
		for _, set := range b.RedLines[i].Sets {
			note(set.Block, grainOf(set.To))
		}
	}
	for _, i := range b.Settle { // children before parents, 总分 last
		block := &b.Blocks[i]
		for _, v := range []*Value[domain.Points]{&block.Start, &block.Floor, &block.Cap} {
			v.Leaves(func(p domain.Points) { note(i, grainOf(p)) })
		}
		note(i, l.capsGrain(block.Limits))
		if block.formulaHas("*/.") || block.Prorate != calendar.NoUnit || block.Parts != nil &&
			(block.Parts.Take == Mean || block.Parts.Take == Best) || b.Cycle.StartBy == ByDays {
			note(i, int64(b.Grain()))
		}
		if block.Parent >= 0 {
			note(block.Parent, l.fine[i])
		}
	}
	return l.fine
}

// itemGrain returns of which amount the points of an item are a multiple.
func (l *loader) itemGrain(it *Item) int64 {
	g, least := int64(100), int64(l.book.Grain())
	it.Amount.Leaves(func(a Amount) {
		switch a.Kind {
		case Fixed:
			g = min(g, grainOf(a.Points))
		case Stepped:
			for _, t := range a.Steps.Tiers {
				g = min(g, grainOf(t.Gives))
			}
			for _, b := range a.Steps.Bands {
				g = min(g, grainOf(b.Gives))
			}
		default:
			g = least
		}
	})
	whole := func(n formula.Number) {
		if n.Trunc().Cmp(n) != 0 {
			g = least
		}
	}
	it.Multiplier.Leaves(func(f Factor) {
		if whole(f.number); f.Formula != nil {
			g = least
		}
	})
	if it.Repeat != nil {
		for _, f := range it.Repeat.Factors {
			whole(f)
		}
	}
	return g
}

// capsGrain returns of which amount what limits leave is a multiple.
func (l *loader) capsGrain(limits []Limit) int64 {
	g := int64(100)
	for i := range limits {
		limits[i].Caps.Leaves(func(c Caps) { g = min(g, grainOf(c.Plus), grainOf(c.Minus)) })
	}
	return g
}

func grainOf(p domain.Points) int64 {
	for _, g := range []int64{100, 10} {
		if int64(p)%g == 0 {
			return g
		}
	}
	return 1
}

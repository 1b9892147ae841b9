package ruleset

import (
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// bounds works out what one entry may give and refuses what cannot bind.
func (l *loader) bounds(it *Item, key *yamldoc.Node) {
	first := true
	add := func(p domain.Points) {
		if first {
			it.Lo, it.Hi, first = p, p, false
		}
		it.Lo, it.Hi = min(it.Lo, p), max(it.Hi, p)
	}
	it.Amount.Leaves(func(a Amount) {
		switch a.Kind {
		case Fixed:
			add(a.Points)
		case Range:
			add(a.Lo)
			add(a.Hi)
		case Computed:
			lo, hi := it.between(a.Formula)
			add(lo)
			add(hi)
		case Stepped:
			add(0)
			add(domain.MaxPoints)
		}
	})
	factor := formula.Int(1)
	it.Multiplier.Leaves(func(f Factor) {
		if most := f.most(); most.Cmp(factor) > 0 {
			factor = most
		}
	})
	scale := func(p domain.Points) domain.Points {
		return domain.Points(formula.Hundredths(int64(p)).Mul(factor).Round(2, formula.HalfUp))
	}
	it.Lo, it.Hi = scale(it.Lo), scale(it.Hi)
	for i := range it.Limits {
		it.Limits[i].Caps.Leaves(func(c Caps) {
			if c.HasPlus && it.Hi <= 0 {
				l.fail(key, "项目“"+it.Name+"”只扣分，限额 "+c.Plus.String()+"分 管不到它", "管扣分的限额写成负数，例如 -10分")
			}
			if c.HasMinus && it.Lo >= 0 {
				l.fail(key, "项目“"+it.Name+"”只加分，限额 "+(-c.Minus).String()+"分 管不到它", "管加分的限额写成正数，例如 10分")
			}
		})
	}
	if it.Repeat != nil && it.Lo >= 0 {
		l.fail(key, "重复加重只管扣分，项目“"+it.Name+"”不扣分", "删去 重复")
	}
}

// unprovenBounds is a formula of which the bounds alone do not say that it stays below
// the most that a file may give.
type unprovenBounds struct {
	node    *yamldoc.Node
	formula *formula.Formula
}

// maxValue returns how large a formula's values may be: a total of any size may
// have come before.
func maxValue(f *formula.Formula) formula.Number {
	if readsPreviousBlock(f.Reads) {
		return formula.Hundredths(int64(domain.MaxPoints) * 10)
	}
	return formula.Hundredths(int64(domain.MaxPoints))
}

func readsPreviousBlock(reads []int) bool {
	for _, slot := range reads {
		if kind, _ := Slot(slot); kind == SlotPrevBlock {
			return true
		}
	}
	return false
}

// between returns what a formula of an item may give: within its bounds, and
// what is beyond the most a file may give is cut by the item's limits.
func (it *Item) between(f *formula.Formula) (lo, hi domain.Points) {
	top := maxValue(f)
	low, high, hasLow, hasHigh := it.limited()
	lo, hi = -low, high
	if f.Bounds.Lo.Cmp(top.Neg()) >= 0 || !hasLow {
		lo = domain.Points(greater(f.Bounds.Lo, top.Neg()).Round(2, formula.HalfUp))
	}
	if f.Bounds.Hi.Cmp(top) <= 0 || !hasHigh {
		hi = domain.Points(lesser(f.Bounds.Hi, top).Round(2, formula.HalfUp))
	}
	return lo, hi
}

func lesser(a, b formula.Number) formula.Number {
	if b.Cmp(a) < 0 {
		return b
	}
	return a
}

func greater(a, b formula.Number) formula.Number {
	if b.Cmp(a) > 0 {
		return b
	}
	return a
}

// limited returns the most that the item's own limits ever let one entry take
// and give.
func (it *Item) limited() (minus, plus domain.Points, hasMinus, hasPlus bool) {
	for i := range it.Limits {
		some, down, up := false, true, true
		var lo, hi domain.Points
		it.Limits[i].Caps.Leaves(func(c Caps) {
			some, down, up = true, down && c.HasMinus, up && c.HasPlus
			lo, hi = max(lo, c.Minus), max(hi, c.Plus)
		})
		if some && down && (!hasMinus || lo < minus) {
			minus, hasMinus = lo, true
		}
		if some && up && (!hasPlus || hi < plus) {
			plus, hasPlus = hi, true
		}
	}
	return minus, plus, hasMinus, hasPlus
}

// requireBounded refuses formulas that might give more than a file may, and that no
// limit cuts. It is called when the item's limits are known.
func (l *loader) requireBounded(it *Item, amounts, factors []unprovenBounds) {
	_, _, hasMinus, hasPlus := it.limited()
	for _, w := range factors {
		if w.formula.Bounds.Hi.Cmp(formula.Int(MaxFactor)) > 0 && !hasMinus && !hasPlus {
			l.fail(w.node, "倍数可能大于 100", "给除数写明范围，从 1 起，例如 记录: {任务: 1至100}；或者给项目加上 限额: {单笔: 20分}")
		}
	}
	for _, w := range amounts {
		top := maxValue(w.formula)
		if w.formula.Bounds.Hi.Cmp(top) > 0 && !hasPlus || w.formula.Bounds.Lo.Cmp(top.Neg()) < 0 && !hasMinus {
			l.fail(w.node, "这个算式可能得出超过一百万分", "给用到的记录写明范围，例如 记录: {得分: 0至100}；或者给项目加上 "+limitAdvice(w.formula, hasPlus, hasMinus))
		}
	}
}

// limitAdvice is the limit to write for a formula that may give too much.
func limitAdvice(f *formula.Formula, hasPlus, hasMinus bool) string {
	top := maxValue(f)
	up, down := f.Bounds.Hi.Cmp(top) > 0 && !hasPlus, f.Bounds.Lo.Cmp(top.Neg()) < 0 && !hasMinus
	switch {
	case up && down:
		return "限额: {单笔: [20分, -20分]}"
	case down:
		return "限额: {单笔: -20分}"
	default:
		return "限额: {单笔: 20分}"
	}
}

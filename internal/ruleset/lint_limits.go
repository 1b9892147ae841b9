package ruleset

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// lintStarts warns of blocks that begin above their 上限 or below their 下限, for
// somebody.
func (l *loader) lintStarts(root *yamldoc.Node) {
	for _, p := range pairsOf(root.Get("板块")) {
		i, ok := l.blocks[p.Key.Text]
		if !ok || i >= len(l.book.Blocks) || !l.book.Blocks[i].Start.Set() {
			continue
		}
		b := &l.book.Blocks[i]
		l.lintStartBeyond(p.Value.Get("起点"), b, &b.Cap, true)
		l.lintStartBeyond(p.Value.Get("起点"), b, &b.Floor, false)
	}
}

// lintStartBeyond warns of a start that a bound cuts at once, above (上限) or below (下限).
func (l *loader) lintStartBeyond(at *yamldoc.Node, b *Block, bound *Value[domain.Points], above bool) {
	if !bound.Set() {
		return
	}
	s := &scope{l: l, path: "板块." + b.Name}
	var r reading
	b.Start.read(&r)
	bound.read(&r)
	if !s.sound(&r) {
		return
	}
	space := s.space(&r, maxPoints)
	if space == nil {
		return
	}
	effort := b.Start.cost() + bound.cost()
	space.each(func() bool {
		start, _, ok1 := b.Start.At(space.today(), space)
		most, _, ok2 := bound.At(space.today(), space)
		if ok1 && ok2 && start != most && start > most == above {
			where := ""
			if len(space.axes) > 0 || len(space.days) > 1 {
				where = space.String() + " 时，"
			}
			if above {
				l.warn(at, "“"+b.Name+"”的起点高于上限："+where+"起点 "+start.String()+"，上限 "+most.String(),
					"多出的 "+(start-most).String()+" 分一开头就没有；把起点写成 "+most.String()+"，或把上限写高")
			} else {
				l.warn(at, "“"+b.Name+"”的起点低于下限："+where+"起点 "+start.String()+"，下限 "+most.String(),
					"一开头就补到 "+most.String()+"，先得的 "+(most-start).String()+" 分看不出来；把起点写成 "+most.String()+"，或把下限写低")
			}
			return false
		}
		l.effort += effort
		return l.effort <= maxEffort
	})
}

// allowance holds the most that a limit lets through; −1 for no bound of that kind.
type allowance struct{ plus, minus, times int64 }

// allowanceOf returns the most that a limit ever lets through in its window.
func allowanceOf(lim *Limit) allowance {
	m := allowance{-1, -1, -1}
	plus, minus, times, n := 0, 0, 0, 0
	lim.Caps.Leaves(func(c Caps) {
		n++
		if c.HasPlus {
			plus++
			m.plus = max(m.plus, int64(c.Plus))
		}
		if c.HasMinus {
			minus++
			m.minus = max(m.minus, int64(c.Minus))
		}
		if c.HasTimes {
			times++
			m.times = max(m.times, int64(c.Times))
		}
	})
	if plus < n { // some are not bounded
		m.plus = -1
	}
	if minus < n {
		m.minus = -1
	}
	if times < n {
		m.times = -1
	}
	return m
}

// lintLimits warns of limits that another one makes needless, and of items a
// single entry of which is more than their own limit.
func (l *loader) lintLimits(root *yamldoc.Node) {
	for _, p := range pairsOf(root.Get("板块")) {
		if i, ok := l.blocks[p.Key.Text]; ok && i < len(l.book.Blocks) {
			l.lintWindows("板块“"+p.Key.Text+"”", l.book.Blocks[i].Limits, p.Value.Get("限额"))
		}
	}
	if t := l.book.Total(); t >= 0 {
		l.lintWindows("总分", l.book.Blocks[t].Limits, root.Get("总分").Get("限额"))
	}
	l.lintItemLimits(root.Get("项目"), 0)
}

// lintItemLimits looks at the limits of items, of which the first one in n has an
// index.
func (l *loader) lintItemLimits(n *yamldoc.Node, first int) {
	for i, p := range pairsOf(n) {
		if first+i >= len(l.book.Items) || p.Value.Get("限额") == nil {
			continue
		}
		it := &l.book.Items[first+i]
		l.lintWindows("项目“"+it.Name+"”", it.Limits, p.Value.Get("限额"))
		l.lintSingleAmount(it, p.Value)
	}
}

// lintWindows warns of a smaller window that lets through more than a larger one.
func (l *loader) lintWindows(what string, limits []Limit, n *yamldoc.Node) {
	for i := range limits {
		for k := range limits {
			small, large := &limits[i], &limits[k]
			if !liesIn(small.Unit, large.Unit) {
				continue
			}
			a, b := allowanceOf(small), allowanceOf(large)
			for _, c := range [...]struct {
				small, large int64
				say          func(int64) string
			}{
				{a.plus, b.plus, func(n int64) string { return domain.Points(n).String() + "分" }},
				{a.minus, b.minus, func(n int64) string { return "-" + domain.Points(n).String() + "分" }},
				{a.times, b.times, func(n int64) string { return domain.Points(n*100).String() + "次" }},
			} {
				if c.large < 0 || c.small <= c.large {
					continue
				}
				at := n.Get(small.Unit.String())
				if at == nil {
					at = n
				}
				smaller, larger := unitText(small.Unit)+" "+c.say(c.small), unitText(large.Unit)+" "+c.say(c.large)
				l.warn(at, what+"的限额："+smaller+"，比"+larger+" 还多，没有作用",
					"两个数是不是写反了？不是就删去 "+small.Unit.String())
			}
		}
	}
}

// liesIn reports whether a window lies in another one. A single entry lies in
// all of them.
func liesIn(small, large calendar.Unit) bool {
	order := []calendar.Unit{calendar.Single, calendar.OneDay, calendar.Week, calendar.Month, calendar.Quarter,
		calendar.Half, calendar.Year, calendar.Life}
	a, b := slices.Index(order, small), slices.Index(order, large)
	return a >= 0 && b > a
}

// unitText returns how a window is spoken of.
func unitText(u calendar.Unit) string {
	if u == calendar.Single || u == calendar.Life {
		return u.String()
	}
	return "每" + u.String()
}

// lintSingleAmount warns of points that one entry may give and its own limit never lets
// through.
func (l *loader) lintSingleAmount(it *Item, n *yamldoc.Node) {
	if it.Multiplier.Set() || it.Repeat != nil {
		return // then the number in the file is not yet what an entry gives
	}
	for i := range it.Limits {
		lim := &it.Limits[i]
		m := allowanceOf(lim)
		told := false
		it.Amount.Leaves(func(a Amount) {
			lo, hi := a.Points, a.Points
			switch a.Kind {
			case Fixed:
			case Range:
				if lim.Unit == calendar.Single {
					return // a narrower range, said twice
				}
				lo, hi = a.Lo, a.Hi
			default:
				return
			}
			value, cap := hi, domain.Points(m.plus)
			if m.minus >= 0 && int64(-lo) > m.minus {
				value, cap = lo, -domain.Points(m.minus)
			} else if m.plus < 0 || int64(hi) <= m.plus {
				return
			}
			if told {
				return
			}
			told = true
			l.warn(n.Get("分值"), "项目“"+it.Name+"”一笔可到 "+value.String()+" 分，自己的限额却是"+unitText(lim.Unit)+" "+cap.String()+"分，永远记不满",
				"把分值写在 "+cap.String()+" 以内，或把限额放宽")
		})
	}
}

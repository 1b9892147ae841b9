package ruleset

import (
	"slices"

	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// checkMonotone warns, once the file is read, of a formula by which more
// points in a block make fewer in the sum. Every warning shows numbers for
// which it is so.
func (l *loader) checkMonotone(block int, f *formula.Formula, n *yamldoc.Node) {
	l.later = append(l.later, func() {
		if l.hurt["板块"] || l.hurt["总分"] || l.hurt["项目"] {
			return
		}
		likely := map[int][2]int64{}
		deducting := l.blocksWithDeductions()
		for _, slot := range f.Reads {
			_, k := Slot(slot)
			likely[k] = l.likelyRange(k, deducting[k])
		}
		for k := range l.book.Blocks {
			if l.book.Blocks[k].Parent != block || !slices.Contains(f.Reads, SlotBlock|k) {
				continue
			}
			if example := l.findDecrease(f, block, k, likely); example != "" {
				l.warn(n, "“"+l.book.Blocks[k].Name+"”的分越多，"+l.book.Blocks[block].Name+"反而越少",
					"例如"+example+"；扣分写成负的分值，公式里照样用加号；确是有意的，可以不管")
			}
		}
	})
}

// findDecrease looks for two values of a child block of which the greater makes less of
// the formula, while its neighbours stand at one end of what they may be: where
// the formula only adds, subtracts and multiplies different blocks, nothing
// else needs to be looked at.
func (l *loader) findDecrease(f *formula.Formula, block, child int, likely map[int][2]int64) string {
	const mostCorners, steps = 6, 4
	v := &values{at: map[int]int64{}}
	var others []int
	for _, slot := range f.Reads {
		if _, k := Slot(slot); k != child {
			others = append(others, k)
		}
	}
	lo, hi := likely[child][0], likely[child][1]
	for corner := range 1 << min(len(others), mostCorners) {
		for i, k := range others {
			v.at[k] = likely[k][corner>>min(i, mostCorners)&1]
		}
		if l.effort += (steps + 1) * (16 + len(f.Source)); l.effort > maxEffort {
			return ""
		}
		was, wasAt := formula.Number{}, lo
		for step := range int64(steps + 1) {
			at := lo + (hi-lo)*step/steps
			v.at[child] = at
			now, ok := f.Eval(v)
			if ok && step > 0 && now.Cmp(was) < 0 {
				return l.valuesText(v, others) + l.book.Blocks[child].Name + "从 " + domain.Points(wasAt).String() + " 加到 " +
					domain.Points(at).String() +
					"，" + l.book.Blocks[block].Name + "的公式从 " + was.String() + " 降到 " + now.String()
			}
			was, wasAt = now, at
		}
	}
	return ""
}

func (l *loader) valuesText(v *values, blocks []int) string {
	out := ""
	for _, k := range blocks {
		out += l.book.Blocks[k].Name + "＝" + domain.Points(v.at[k]).String() + "、"
	}
	return out
}

// likelyRange returns between what a block's value may well lie, in hundredths:
// within its clamps, and not below zero unless something deducts.
func (l *loader) likelyRange(block int, deducts bool) [2]int64 {
	const far = 100_00
	lo, hi := l.clampRange(block)
	switch {
	case lo > -unbounded:
	case deducts:
		lo = min(-far, hi)
	default:
		lo = min(0, hi)
	}
	if hi == unbounded {
		hi = lo + 2*far
	}
	return [2]int64{lo, hi}
}

// blocksWithDeductions returns of every block whether something may bring it below zero.
func (l *loader) blocksWithDeductions() []bool {
	out := make([]bool, len(l.book.Blocks))
	mark := func(i int) {
		for ; i >= 0 && !out[i]; i = l.book.Blocks[i].Parent {
			out[i] = true
		}
	}
	for i := range l.book.Items {
		if it := &l.book.Items[i]; it.Lo < 0 {
			mark(it.Block)
		}
	}
	for i := range l.book.Blocks {
		b := &l.book.Blocks[i]
		negative := b.formulaHas("-")
		b.Start.Leaves(func(p domain.Points) { negative = negative || p < 0 })
		if negative {
			mark(i)
		}
	}
	for i := range l.book.Grants {
		if l.book.Grants[i].Minus > 0 {
			mark(l.book.Grants[i].Block)
		}
	}
	return out
}

// values gives blocks their values, in hundredths. It implements formula.Env.
type values struct{ at map[int]int64 }

// Number implements formula.Env.
func (v *values) Number(slot int) (formula.Number, bool) {
	_, i := Slot(slot)
	return formula.Hundredths(v.at[i]), true
}

// Choice implements formula.Env; a formula reads no choice.
func (v *values) Choice(int) (int, bool) { return 0, false }

// Flag implements formula.Env; a formula reads no yes/no.
func (v *values) Flag(int) formula.Tri { return formula.Unknown }

// warnAlarmFromStart warns, once the file is read, of an alert that looks
// at 总分 every day although everybody begins with nothing: it tells of all
// members on the first day of every cycle.
func (s *scope) warnAlarmFromStart(when *Cond, n *yamldoc.Node) {
	s.l.later = append(s.l.later, func() {
		var r reading
		when.read(&r)
		total := SlotBlock | s.l.book.Total()
		if !slices.Contains(r.slots, total) || !s.l.startsAtZero() {
			return
		}
		p := s.space(&r, maxPoints)
		if p = s.startPoints(p); p == nil {
			return
		}
		k := slices.IndexFunc(p.axes, func(a axis) bool { return a.slot == total })
		effort := 2 * when.cost()
		p.each(func() bool {
			nothing := when.Holds(p.today(), p)
			p.axes[k].probes[0].number = formula.Int(1_000_000)
			plenty := when.Holds(p.today(), p)
			p.axes[k].probes[0].number = formula.Int(0)
			if nothing && !plenty {
				s.l.warn(n, "积分从零起，实时看总分必是误报：期初 "+p.String()+" 就报", "写 每: "+s.l.book.Cycle.Unit.String()+"，期末再看；或改看 上期.总分")
				return false
			}
			s.l.effort += effort
			return s.l.effort <= maxEffort
		})
	})
}

// startPoints returns the points of a space at which nothing has happened yet.
func (s *scope) startPoints(p *space) *space {
	if p == nil {
		return nil
	}
	for i := range p.axes {
		a := &p.axes[i]
		switch kind, _ := Slot(a.slot); kind {
		case SlotBlock, SlotCounter, SlotAlert, SlotAdded, SlotDeducted:
			a.probes = []probe{{text: "0"}}
		case SlotHas, SlotRedLine:
			a.probes = flagProbes()[:1]
		case SlotPrevBlock:
			a.probes = append(a.probes, probe{number: formula.Int(100), text: "100"})
		}
	}
	return p
}

// startsAtZero reports whether nobody has points before something happens.
func (l *loader) startsAtZero() bool {
	some := false
	for i := range l.book.Blocks {
		l.book.Blocks[i].Start.Leaves(func(p domain.Points) { some = some || p > 0 })
		l.book.Blocks[i].Floor.Leaves(func(p domain.Points) { some = some || p > 0 })
	}
	return !some
}

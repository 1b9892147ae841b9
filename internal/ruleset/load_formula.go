package ruleset

import (
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// blockFormula reads 公式: how a block follows from those below it. By which
// case it is read, the member's category and attributes say, as for 起点.
func (l *loader) blockFormula(i int) reader {
	return func(_, v *yamldoc.Node) {
		path := "板块." + l.book.Blocks[i].Name
		if i == l.book.Total() {
			path = "总分"
		}
		by := &scope{l: l, may: mayAttributes | mayCategory, path: path + ".公式"}
		below := &scope{l: l, may: mayChildren, parent: i, path: by.path}
		used, before := map[int]bool{}, len(l.problems)
		value := readValue(by, v, "", nil, func(n *yamldoc.Node, _ int) (*formula.Formula, bool) {
			f := below.formula(n)
			if f == nil {
				return nil, false
			}
			for _, slot := range f.Reads {
				used[slot] = true
			}
			l.checkMonotone(i, f, n)
			return f, true
		})
		if len(l.problems) > before {
			return
		}
		l.book.Blocks[i].Formula = value
		for k := range l.book.Blocks {
			if l.book.Blocks[k].Parent == i && !l.hurt["板块."+l.book.Blocks[k].Name] && !used[SlotBlock|k] {
				l.warn(v, "公式里没有用到“"+l.book.Blocks[k].Name+"”，它的分不进"+l.book.Blocks[i].Name, "如果是有意的，可以不管")
			}
		}
	}
}

// formulaHas reports whether any formula of a block has one of these signs.
func (b *Block) formulaHas(signs string) (has bool) {
	b.Formula.Leaves(func(f *formula.Formula) { has = has || f != nil && strings.ContainsAny(f.Source, signs) })
	return has
}

// prorate reads 折算: whoever is scored for a part of the period begins with as
// much of 起点.
func (l *loader) prorate(b *Block, n, start *yamldoc.Node) {
	if l.oneOf(n, "折算", []string{"月", "天"}) < 0 {
		return
	}
	if start == nil {
		l.fail(n, "写了 折算，没写 起点", "折算的是起点，例如 {起点: 80, 折算: 月}")
		return
	}
	b.Prorate = calendar.OneDay
	if n.Text == "月" {
		b.Prorate = calendar.Month
	}
}

// proratedParts refuses 折算 by months where a block is settled by months.
func (l *loader) proratedParts(nodes []yamldoc.Pair) {
	for i := range nodes {
		b := &l.book.Blocks[i]
		if b.Prorate == calendar.Month && b.Under >= 0 && l.book.Blocks[b.Under].Parts.Every == calendar.Month {
			at := nodes[i].Value.Get("折算")
			l.fail(at, "按月分期的板块，按月折算没有作用", "写成 折算: 天")
		}
	}
}

package ruleset

import (
	"fmt"
	"strings"

	"jifen/internal/yamldoc"
)

// What may stand where results are judged.
const (
	mayRedLine = mayAttributes | mayCategory | mayCounters | mayAutomatic | mayHas
	mayJudge   = mayRedLine | mayBlocks | mayTotal | mayRedLines | mayEntryCounts | mayPrevious
	mayBench   = mayJudge | mayGrade
	mayAlert   = mayBench | mayPlace
)

func (l *loader) redLines(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map {
		l.fail(n, "红线要写成“名称: {当: …, 则: …, 直到: …}”", "")
		return
	}
	if len(n.Pairs) > MaxRedLines {
		l.fail(n, "红线太多", fmt.Sprintf("最多 %d 条", MaxRedLines))
		return
	}
	for _, p := range n.Pairs {
		l.name(p.Key, "红线", true)
		r := RedLine{Name: p.Key.Text, Grade: -1, MaxGrade: -1}
		s := &scope{l: l, may: mayRedLine, path: "红线." + r.Name}
		var until, when *yamldoc.Node
		l.section(p.Value, "红线“"+r.Name+"”",
			keyed{"依据", func(_, v *yamldoc.Node) { r.Basis = l.text(v, "依据", 200) }},
			keyed{"当", func(_, v *yamldoc.Node) { when = v; r.When = l.cond(s.in("当"), v, false) }},
			keyed{"则", func(_, v *yamldoc.Node) { l.effects(&r, v) }},
			keyed{"直到", func(_, v *yamldoc.Node) {
				until = v
				r.AtCycle = l.oneOf(v, "直到", []string{"解除", "期末"}) == 1
			}})
		r.Clause = l.clause("红线."+r.Name, p.Key, r.Basis)
		if p.Value.Kind == yamldoc.Map {
			l.redLineWhole(&r, p, until, when)
		}
		r.Reads = r.When.reads()
		l.book.RedLines = append(l.book.RedLines, r)
	}
}

func (l *loader) redLineWhole(r *RedLine, p yamldoc.Pair, until, when *yamldoc.Node) {
	switch {
	case when == nil:
		l.fail(p.Key, "红线“"+r.Name+"”没写条件", "加上 当: 条件")
	case p.Value.Get("则") == nil:
		l.fail(p.Key, "红线“"+r.Name+"”没写后果", "加上 则: {总分: 0} 或 则: {最高等次: …}")
	case until == nil:
		l.fail(p.Key, "红线“"+r.Name+"”没写到什么时候为止", "加上 直到: 解除（条件在就管）或 直到: 期末（本期有过就管到期末）")
	case r.AtCycle && when.Kind == yamldoc.Scalar &&
		(strings.Contains(when.Text, "== 0") || strings.Contains(when.Text, "not ")):
		l.warn(when, "“没有……”的条件配 直到: 期末，一开头就成立，整期都会管着", "多半要写 直到: 解除")
	}
}

func (l *loader) effects(r *RedLine, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "则要写成“{总分: 0}”", "可写 总分、板块名、等次、最高等次、加分")
		return
	}
	for _, p := range n.Pairs {
		switch key := p.Key.Text; key {
		case "等次":
			r.Grade = l.oneOf(p.Value, "等次", l.book.GradeNames)
		case "最高等次":
			r.MaxGrade = l.oneOf(p.Value, "等次", l.book.GradeNames)
		case "加分":
			r.Bonus = Bonus(1 + l.oneOf(p.Value, "加分", []string{"暂停", "作废"})) //nolint:gosec // one of two
			l.book.Waits = l.book.Waits || r.Bonus == BonusWaits
			l.book.Forfeits = l.book.Forfeits || r.Bonus == BonusForfeit
		default:
			i, ok := l.blocks[key]
			if !ok {
				l.fail(p.Key, "则里没有“"+key+"”这种写法", "可写 总分、板块名、等次、最高等次、加分")
				continue
			}
			if to, ok := l.points(p.Value, key); ok {
				r.Sets = append(r.Sets, BlockSet{Block: i, To: to})
			}
		}
	}
}

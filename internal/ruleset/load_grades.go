package ruleset

import (
	"slices"

	"jifen/internal/yamldoc"
)

// declareGrades learns the grades' names, best first, before red lines speak
// of them.
func (l *loader) declareGrades(n *yamldoc.Node) {
	if n == nil || n.Kind != yamldoc.Map {
		return
	}
	tables := []*yamldoc.Node{n}
	if n.Get("按") != nil {
		tables = nil
		for _, p := range n.Pairs {
			if p.Key.Text != "按" {
				tables = append(tables, p.Value)
			}
		}
	}
	for _, t := range tables {
		if t != n && within(t) { // a table written in one line: what else stood in it is not known
			l.spoil("等次.一行")
		}
		for _, p := range t.Pairs {
			if !slices.Contains(l.book.GradeNames, p.Key.Text) {
				l.book.GradeNames = append(l.book.GradeNames, p.Key.Text)
			}
		}
	}
}

func (l *loader) grades(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "等次要自上而下写成“名称: 条件”", "例如 等次: {优秀: 总分 >= 90, 合格: 其余}")
		return
	}
	if len(l.book.GradeNames) > maxOptions {
		l.fail(n, "等次太多", "最多 60 个")
		return
	}
	s := &scope{l: l, may: mayJudge, path: "等次"}
	isTable := func(v *yamldoc.Node) bool { return v.Get("按") == nil }
	l.book.Grades = readValue(s, n, "", isTable, func(v *yamldoc.Node, _ int) ([]GradeRow, bool) {
		rows := l.gradeTable(s, v)
		return rows, len(rows) > 0
	})
	warnUncovered(s, &l.book.Grades, n, "等次")
}

func (l *loader) gradeTable(s *scope, n *yamldoc.Node) []GradeRow {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "等次要写成“名称: 条件”", "")
		return nil
	}
	var rows []GradeRow
	var order []row
	rest, before := false, len(l.problems)
	l.follow(n)
	q := quotas{l: l}
	for i, p := range n.Pairs {
		l.name(p.Key, "等次", false)
		grade := GradeRow{Grade: slices.Index(l.book.GradeNames, p.Key.Text), Clause: l.clause("等次."+p.Key.Text, p.Key, "")}
		when := p.Value
		if p.Value.Get("当") != nil || p.Value.Get("占") != nil {
			when = nil
			l.section(p.Value, "等次",
				keyed{"当", func(_, v *yamldoc.Node) { when = v }},
				keyed{"占", func(_, v *yamldoc.Node) { q.read(&grade, v, i) }})
		}
		rest = when != nil && when.Text == "其余"
		if rest && i < len(n.Pairs)-1 {
			l.fail(when, "“其余”之后的等次永远轮不到", "把 其余 放在最后一行")
		}
		if when != nil {
			grade.When = l.cond(s.in(p.Key.Text), when, true)
		}
		rows = append(rows, grade)
		order = append(order, row{name: p.Key.Text, at: p.Key, when: grade.When, some: grade.Share.Set()})
	}
	q.fromLast(rows)
	sound := len(l.problems) == before
	if len(rows) > 1 && rows[0].Share.Above(33_34, 100_00) {
		l.warn(n.Pairs[0].Value, "第一等占到 "+n.Pairs[0].Value.Get("占").Text+"，超过三分之一", "评优秀的一般不超过三分之一；确需这样，可以不管")
	}
	if sound {
		if !rest {
			s.requireTotal(order, "等次", "这样人人都有等次")
		}
		s.checkLadder(&ladder{what: "等次", lines: order, graded: true})
		s.warnUnreachable(order, "等次", func(i int) bool { return rows[i].Least.Set() || l.setByRedLine(rows[i].Grade) })
	}
	return rows
}

// setByRedLine reports whether a red line may give a grade that nobody need
// come to otherwise.
func (l *loader) setByRedLine(grade int) bool {
	return l.hurt["红线"] || slices.ContainsFunc(l.book.RedLines,
		func(r RedLine) bool { return r.Grade == grade || r.MaxGrade == grade })
}

package ruledoc

import (
	"slices"

	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
)

func (t *setter) people() []Article {
	categories := Article{Title: "类别", Anchor: "类别", Text: []string{"自上而下，先符合的为准，每名党员有且只有一类。"},
		Columns: []string{"代号", "名称", "什么样的人", "计分", "排名", "其他"}}
	for _, p := range pairs(t.root.take("类别")) {
		k := sectionTextOf("类别", p.Value)
		categories.Rows = append(categories.Rows,
			Row{"类别." + p.Key.Text, []string{p.Key.Text, orElse(k.word("名称"), p.Key.Text), k.text("当"),
				k.usualText("计分"), k.usualText("排名"), k.rest()}})
	}
	facts := Article{Title: "要掌握的情况", Anchor: "属性", Columns: []string{"名称", "内容"}}
	for _, p := range pairs(t.root.take("属性")) {
		what := shapeText(ruleset.Shape{}, p.Value)
		if d := p.Value.Get("推算"); d != nil {
			what = "推算" + d.Text
		}
		facts.Rows = append(facts.Rows, Row{"属性." + p.Key.Text, []string{p.Key.Text, what}})
	}
	exempt := Article{Title: "豁免", Anchor: "豁免", Columns: []string{"代码", "作用", "审批", "其他"}}
	for _, p := range pairs(t.root.take("豁免")) {
		k := sectionTextOf("豁免", p.Value)
		effect := joined("；", k.text("效果"), prefixed("免：", k.text("免")))
		exempt.Rows = append(exempt.Rows, Row{"豁免." + p.Key.Text,
			[]string{p.Key.Text, effect, arrows(k.text("审批")), k.rest()}})
	}
	return []Article{categories, facts, exempt, t.matrix()}
}

// matrix returns the table of items by category, as far as the file tells them apart by
// category.
func (t *setter) matrix() Article {
	a := Article{Title: "各类党员适用的项目", Anchor: "适用", Columns: []string{"项目"}, Text: []string{"√ 适用；空白 不适用；○ 看条件。"}}
	categories := pairs(t.root.node.Get("类别"))
	if len(categories) == 1 {
		return Article{}
	}
	for _, c := range categories {
		a.Columns = append(a.Columns, c.Key.Text)
	}
	for _, p := range pairs(t.root.node.Get("项目")) {
		applies := p.Value.Get("适用")
		row := Row{Cells: []string{p.Key.Text}}
		for _, c := range categories {
			mark := "√"
			switch {
			case applies == nil:
			case applies.Kind == yamldoc.List:
				if !slices.ContainsFunc(applies.Items, func(n *yamldoc.Node) bool { return n.Text == c.Key.Text }) {
					mark = ""
				}
			default:
				mark = "○"
			}
			row.Cells = append(row.Cells, mark)
		}
		a.Rows = append(a.Rows, row)
	}
	return a
}

package ruledoc

import (
	"slices"
	"strings"

	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
)

func (t *setter) results() []Article {
	bench := Article{Title: "标杆", Anchor: "标杆", Columns: []string{"名称", "范围", "前", "还要符合", "其他"}}
	for _, p := range pairs(t.root.take("标杆")) {
		k := sectionTextOf("标杆", p.Value)
		bench.Rows = append(bench.Rows, Row{"标杆." + p.Key.Text,
			[]string{p.Key.Text, k.word("范围"), k.word("前"), k.text("当"), k.rest()}})
	}
	return []Article{t.grades(), t.ranking(), bench}
}

// grades are one table; where there are several (for kinds of members, from
// several days) a column says for whom.
func (t *setter) grades() Article {
	a := Article{Title: "等次", Anchor: "等次", Columns: []string{"哪些人", "等次", "条件"}}
	n := t.root.take("等次")
	if n == nil {
		return a
	}
	a.Text = []string{"自上而下，先符合的为准。考核期没有结束的，只是暂评。"}
	a.gradeTables("", n)
	return a
}

func (a *Article) gradeTables(whom string, n *yamldoc.Node) {
	table := ruleset.SectionOf("规则文件").Key("等次").Shape
	all := steps(n)
	for _, v := range all {
		label := joined("，", whom, suffixed(v.from, " 起"), prefixed("依据 ", v.basis))
		switch {
		case len(all) > 1 || v.node != n:
			a.gradeTables(label, v.node)
		case isPlain(table, n):
			for _, p := range n.Pairs {
				a.Rows = append(a.Rows, Row{"等次." + p.Key.Text, []string{label, p.Key.Text, gradeRow(p.Value)}})
			}
		default:
			by := n.Get("按")
			for _, p := range n.Pairs {
				if p.Value == by {
					continue
				}
				name := Expression(p.Key.Text)
				switch {
				case name == "其余":
					name = "其他党员"
				case by != nil:
					name = by.Text + "为" + name
				}
				a.gradeTables(joined("，", label, name), p.Value)
			}
		}
	}
}

func gradeRow(n *yamldoc.Node) string {
	if n.Kind != yamldoc.Map || !isSection("等次", n) {
		return shapeText(ruleset.Shape{Form: ruleset.FormCondition, Cases: true}, n)
	}
	k := sectionTextOf("等次", n)
	share := prefixed("占 ", k.text("占"))
	if least, ok := strings.CutPrefix(share, "占 至少"); ok {
		share = "名次在最后" + least + " 的，最好评这一等"
	}
	return joined("，", k.text("当"), share, k.rest())
}

func (t *setter) ranking() Article {
	a := Article{Title: "排名", Anchor: "排名"}
	n := t.root.take("排名")
	if n == nil {
		return a
	}
	k := sectionTextOf("排名", n)
	a.Text = sentences(prefixed("排名范围：", k.text("范围")), prefixed("总分相同的依次比：", k.text("再比")),
		prefixed("分开排：", k.text("人群")))
	quota := k.word("名额")
	if quota != "" || slices.ContainsFunc([]string{"取整", "压线"}, func(key string) bool { return n.Get(key) != nil }) {
		a.Text = append(a.Text, "按比例定等次的，名额在"+quota+"范围内算，"+k.usualText("取整")+"，压线的"+k.usualText("压线")+"。")
	}
	a.Text = append(a.Text, sentences(suffixed(prefixed("不足 ", k.word("至少")), "的不评。"), k.rest())...)
	return a
}

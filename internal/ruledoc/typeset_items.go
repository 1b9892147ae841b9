package ruledoc

import (
	"slices"
	"strconv"
	"strings"

	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
)

// items are the tables of what is scored, one for each block, and of what is
// recorded only. Both say everything that an item has beside its name.
func (t *setter) items() []Article {
	var out []Article
	only := Article{Title: "只备查、不记分的项目", Anchor: "备查", Columns: []string{"项目", "从哪里来", "有效和其他", "适用", "办理", "依据"}}
	for _, p := range pairs(t.root.take("项目")) {
		k := sectionTextOf("项目", long(ruleset.Shape{Short: &ruleset.Shape{}, For: "分值", Section: "项目"}, p.Value))
		anchor := "项目." + p.Key.Text
		if k.node.Get("分值") == nil {
			from, how := source(k), handling(k)
			cells := []string{p.Key.Text, from, "", applies(k), how, k.word("依据")}
			cells[2] = joined("；", bounds(k), k.rest())
			only.Rows = append(only.Rows, Row{anchor, cells})
			continue
		}
		block := orElse(k.word("板块"), t.block)
		i := slices.IndexFunc(out, func(a Article) bool { return a.Title == block })
		if i < 0 {
			i = len(out)
			out = append(out, Article{Title: block, Anchor: "积分." + block,
				Columns: []string{"项目", "从哪里来", "分值", "限额和有效", "适用", "办理", "依据"}})
		}
		cells := []string{p.Key.Text, source(k), joined("；", k.text("分值"), prefixed("倍数 ", k.text("倍数"))), "",
			orElse(applies(k), "全体"), handling(k), k.word("依据")}
		cells[3] = joined("；", bounds(k), k.rest())
		out[i].Rows = append(out[i].Rows, Row{anchor, cells})
	}
	return append(out, only)
}

// applies says for whom an item is: categories, or a condition.
func applies(k *sectionText) string {
	n := k.take("适用")
	if n == nil {
		return ""
	}
	return shapeText(ruleset.Shape{Form: ruleset.FormCondition, Cases: true}, n)
}

// bounds prints how much an item may give and for how long.
func bounds(k *sectionText) string {
	return joined("；", k.text("限额"), prefixed("管 ", k.text("有效")), repeated(k.take("重复")),
		prefixed("同一事项 ", k.text("同一事项")),
		season(k), prefixed("解除红线 ", k.text("解除")), prefixed("原名 ", k.text("原名")))
}

// season prints which days of an item belong to the period before (归期).
func season(k *sectionText) string {
	if k.text("归期") == "" {
		return ""
	}
	return strings.ReplaceAll(k.text("于"), "、", " 至 ") + " 的归上期，别的日子不记"
}

// handling prints who records an item and who approves it, as far as it differs
// from 默认.
func handling(k *sectionText) string {
	proof := map[string]string{"是": "要证明材料", "否": "不要证明材料"}
	return joined("；", prefixed("审批 ", arrows(k.text("审批"))), prefixed("录入 ", k.text("录入")), proof[k.word("证明")],
		suffixed(prefixed("补录在 ", k.text("补录")), " 以内"))
}

// source prints where an item's entries come from and what is filled in.
func source(k *sectionText) string {
	words := "人记"
	if from := k.take("来自"); from != nil {
		words = "出勤：" + shapeText(ruleset.Shape{}, from) + prefixed("，", k.text("出勤"))
	}
	if a := k.take("自动"); a != nil {
		auto := sectionTextOf("自动", a)
		words = joined("，", "每"+auto.word("每")+" "+auto.word("于"), suffixed(auto.text("当"), " 时"), auto.rest()) + "自动"
	}
	return words + prefixed("；填 ", k.text("记录"))
}

// repeated prints how a repetition weighs.
func repeated(n *yamldoc.Node) string {
	if n == nil {
		return ""
	}
	k := sectionTextOf("重复", n)
	round := k.word("每")
	words := k.word("在") + "内再犯" + suffixed(prefixed("，每 ", round), " 为一轮")
	if factors := k.text("倍数"); factors != "" || round == "" {
		words += "，各次倍数 " + factors
	} else {
		words += "，满一轮才计一次"
	}
	return joined("，", words, k.rest())
}

// Add puts a supplement behind the scheme's own chapters, as further ones.
func (d *Document) Add(supplement *Document) {
	articles := 0
	for _, c := range d.Chapters {
		articles += len(c.Articles)
	}
	for _, c := range supplement.Chapters {
		c.Number, c.Title = "第"+chinese(len(d.Chapters)+1)+"章", c.Title+"（"+supplement.Of+"补充）"
		c.Articles = slices.Clone(c.Articles)
		for i := range c.Articles {
			articles++
			c.Articles[i].Number, c.Articles[i].Anchor = "第"+chinese(articles)+"条",
				"补充"+strconv.Itoa(articles)+"."+c.Articles[i].Anchor
		}
		d.Chapters = append(d.Chapters, c)
	}
}

// typesetSupplement prints what an organisation adds to a scheme.
func typesetSupplement(book *ruleset.RuleSet, root *yamldoc.Node) *Document {
	t := &setter{root: sectionTextOf("补充文件", root), hash: book.Hash}
	level, org := "", ""
	for i := range book.Grants {
		g := &book.Grants[i]
		if n := t.root.take(g.Level.String()); n != nil {
			level, org, t.block = g.Level.String(), n.Text, book.Blocks[g.Block].Name
		}
	}
	if n := len(book.Supplements); n > 0 {
		t.hash = book.Supplements[n-1].Hash
	}
	general := func() []Article {
		return []Article{{Title: "补充什么", Anchor: "补充", Text: sentences("补充《"+book.Title+"》（编号 "+t.root.word("补充")+"）。",
			prefixed("依据：", t.root.word("依据")), level+"：“"+org+"”。自 "+t.root.word("施行")+" 起，对这里的党员记。", "审批和每笔的分数照办法的授权。")}}
	}
	d := t.document(book.Title+"（"+org+"补充）", []chapter{{"总则", general}, {"自设项目", t.items},
		{"其他", func() []Article {
			return []Article{{Title: "其他", Anchor: "其他", Text: sentences(t.root.rest())}}
		}}})
	d.Of = org
	return d
}

package ruledoc

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
)

// Document is a rule file typeset as the regulation it is.
type Document struct {
	Title    string
	Basis    string
	From     string
	Hash     string // SHA-256 of the file's bytes, hex
	Of       string // of a supplement, whose it is; "" for a scheme
	Chapters []Chapter
}

// Chapter (章).
type Chapter struct {
	Number   string // 第一章
	Title    string
	Articles []Article
}

// Article (条). Anchors are the clauses' paths (项目.志愿服务), which accounts
// cite and link to.
type Article struct {
	Number  string // 第一条
	Title   string
	Anchor  string
	Text    []string
	Columns []string
	Rows    []Row
}

// Row is one line of an article's table.
type Row struct {
	Anchor string
	Cells  []string
}

//go:embed typeset.html
var page string

// Write renders a document as one HTML file that stands alone and prints.
func (d *Document) Write(w io.Writer) error {
	t, err := template.New("regulation").Parse(page)
	if err != nil {
		return err
	}
	return t.Execute(w, d)
}

// Anchor returns where in the document a clause stands: the item or the row it
// belongs to.
func Anchor(clause string) string {
	parts := strings.SplitN(strings.TrimPrefix(clause, "补充."), ".", 3)
	if parts[0] == "总分" {
		return parts[0]
	}
	if len(parts) > 2 {
		parts = parts[:2]
	}
	return strings.Join(parts, ".")
}

// Typeset makes a document of a rule file, or of a supplement, that has loaded.
// root is its text. Whatever the text says is printed: what no article has
// words for stands under its own name.
func Typeset(book *ruleset.RuleSet, root *yamldoc.Node) *Document {
	if root.Get("补充") != nil {
		return typesetSupplement(book, root)
	}
	t := &setter{root: sectionTextOf("规则文件", root), hash: book.Hash}
	return t.document(t.root.word("办法"), []chapter{
		{"总则", t.general}, {"党员分类", t.people}, {"板块和总分", t.blocks}, {"积分项目", t.items},
		{"红线", t.redLines}, {"等次、排名和标杆", t.results}, {"预警", t.alerts}, {"授权和其他", t.others},
	})
}

type setter struct {
	root  *sectionText
	hash  string
	block string // of items that name none
	count int
}

type chapter struct {
	title string
	set   func() []Article
}

func (t *setter) document(title string, chapters []chapter) *Document {
	d := &Document{Title: title, Basis: t.root.word("依据"), From: t.root.word("施行"), Hash: t.hash}
	for _, c := range chapters {
		articles := slices.DeleteFunc(c.set(), func(a Article) bool { return len(a.Text) == 0 && len(a.Rows) == 0 })
		if len(articles) == 0 {
			continue
		}
		for i := range articles {
			t.count++
			articles[i].Number = "第" + chinese(t.count) + "条"
			articles[i].tidy()
		}
		d.Chapters = append(d.Chapters, Chapter{"第" + chinese(len(d.Chapters)+1) + "章", c.title, articles})
	}
	return d
}

// tidy takes out the columns in which no row says anything, and all anchors of
// a name but the first: a link goes to one place.
func (a *Article) tidy() {
	met := map[string]bool{}
	for k := range a.Rows {
		if name := a.Rows[k].Anchor; met[name] {
			a.Rows[k].Anchor = ""
		} else {
			met[name] = true
		}
	}
	for i := len(a.Columns) - 1; i >= 0; i-- {
		if slices.ContainsFunc(a.Rows, func(r Row) bool { return r.Cells[i] != "" }) || a.Anchor == "适用" {
			continue
		}
		a.Columns = slices.Delete(a.Columns, i, i+1)
		for k := range a.Rows {
			a.Rows[k].Cells = slices.Delete(a.Rows[k].Cells, i, i+1)
		}
	}
}

func (t *setter) general() []Article {
	cycle, decimals := sectionTextOf("周期", t.root.take("周期")), sectionTextOf("小数", t.root.take("小数"))
	activities := Article{Title: "活动种类", Anchor: "活动", Columns: []string{"组", "种类"}}
	for _, p := range pairs(t.root.take("活动")) {
		activities.Rows = append(activities.Rows,
			Row{"活动." + p.Key.Text, []string{p.Key.Text, shapeText(ruleset.Shape{}, p.Value)}})
	}
	return []Article{
		{Title: "依据和施行", Anchor: "办法", Text: sentences(prefixed("依据：", t.root.word("依据")),
			"自 "+t.root.word("施行")+" 起施行"+suffixed(prefixed("（最早自 ", t.root.word("首次施行")),
				" 起施行，从前的记录接着算）")+"，适用于"+orElse(t.root.text("适用"), "各类")+"党支部。编号 "+t.root.word("编号")+"。")},
		t.bodies(),
		{Title: "考核期", Anchor: "周期", Text: sentences("按"+cycle.word("考核")+"考核。一笔记录按"+
			orElse(map[string]string{"当日": "发生那天"}[cycle.usualText("类别按")], cycle.usualText("类别按"))+"的类别；"+startBy(cycle)+"。",
			cycle.rest())},
		{Title: "小数", Anchor: "小数",
			Text: sentences("乘除得出的数留 "+decimals.usualText("位数")+" 位，"+decimals.usualText("舍入")+"；相加不再舍入。", decimals.rest())},
		t.notices(), t.usual(), activities,
	}
}

// startBy says by which category 起点, 上限 and 下限 are read.
func startBy(cycle *sectionText) string {
	switch by := cycle.word("起点按"); by {
	case "天数":
		return "起点和上下限按在各类别的天数折算"
	case "":
		if cycle.usualText("类别按") == "期初" {
			return "起点和上下限也按期初的类别"
		}
		return "起点和上下限按期末的类别"
	default:
		return "起点和上下限按" + by + "的类别"
	}
}

func (t *setter) usual() Article {
	k := sectionTextOf("默认", t.root.take("默认"))
	return Article{Title: "办理", Anchor: "默认", Text: sentences(
		prefixed("录入：", k.text("录入")), prefixed("审批：", arrows(k.text("审批"))), prefixed("证明材料：", k.text("证明")),
		suffixed(prefixed("补录：事情发生后 ", k.text("补录")), " 以内"), "一笔记录管："+k.usualText("有效")+"。", "同一事项："+k.usualText("同一事项")+"。",
		k.rest(), "项目另有写明的，照项目。")}
}

func (t *setter) blocks() []Article {
	a := Article{Title: "板块", Anchor: "板块", Text: []string{"限额裁单笔，上下限截合计；先项目的限额，再板块的限额，再板块的上下限，再上级板块，最后总分。"},
		Columns: []string{"板块", "属于", "起点", "怎样得出", "下限", "上限", "限额", "分期", "其他"}}
	for _, p := range pairs(t.root.take("板块")) {
		k := sectionTextOf("板块", p.Value)
		a.Rows = append(a.Rows, Row{"板块." + p.Key.Text,
			[]string{p.Key.Text, orElse(k.word("属于"), "总分"), k.text("起点") + prorated(k), formula(k), k.text("下限"), k.text("上限"),
				k.text("限额"), parts(k), k.rest()}})
	}
	k := sectionTextOf("总分", t.root.take("总分"))
	return []Article{a, {Title: "总分", Anchor: "总分", Text: sentences("总分 ＝ "+orElse(formula(k), "各板块相加")+"。",
		prefixed("最低 ", k.text("下限")), prefixed("最高 ", k.text("上限")), prefixed("单笔限额：", k.text("限额")), k.rest())}}
}

// parts says into what parts a block is cut and how they are combined.
func parts(k *sectionText) string {
	words := joined("，", prefixed("每", k.word("每")), prefixed("取", k.word("取")))
	switch empty := k.word("空期"); {
	case empty == "记零":
		return words + "；没有记录的、没完的，照起点和已有的记录算"
	case words == "" || k.word("取") == "合计" || k.word("取") == "末期":
		return words + prefixed("；空期", empty)
	}
	return words + "；没有记录的、没完的不算"
}

// prorated prints how 起点 is cut for a member who is scored for a part of the period.
func prorated(k *sectionText) string {
	switch by := k.word("折算"); by {
	case "":
		return ""
	case "月":
		return "；只计分一部分时间的按月折算：乘计分的月数、除以全期的月数，有一天计分的月算一个月"
	default:
		return "；只计分一部分时间的按" + by + "折算：乘计分的天数、除以全期的天数"
	}
}

// formula prints how a block follows from what is below it.
func formula(k *sectionText) string {
	n := k.take("公式")
	if n == nil {
		return ""
	}
	return shapeText(ruleset.Shape{Form: ruleset.FormCondition, Cases: true}, n)
}

func (t *setter) redLines() []Article {
	a := Article{Title: "红线", Anchor: "红线", Text: []string{"红线最后作用，不再受上下限。"},
		Columns: []string{"名称", "情形", "后果", "到什么时候", "依据"}}
	until := map[string]string{"解除": "情形消除为止", "期末": "本期有过，就管到考核期末"}
	for _, p := range pairs(t.root.take("红线")) {
		k := sectionTextOf("红线", p.Value)
		a.Rows = append(a.Rows, Row{"红线." + p.Key.Text, []string{p.Key.Text, k.text("当"), "",
			orElse(until[k.word("直到")], k.word("直到")), k.word("依据")}})
		a.Rows[len(a.Rows)-1].Cells[2] = joined("；", effect(k.take("则")), k.rest())
	}
	if len(a.Rows) == 0 {
		a.Text = nil
	}
	return []Article{a}
}

// effect prints the effect of a red line.
func effect(n *yamldoc.Node) string {
	bonus := map[string]string{"暂停": "期间的加分暂停，解除后恢复", "作废": "期间的加分作废"}
	var parts []string
	for _, p := range pairs(n) {
		words := shapeText(ruleset.Shape{Cases: true}, p.Value)
		switch key := p.Key.Text; {
		case key == "最高等次":
			parts = append(parts, "最高评"+words)
		case key == "加分" && bonus[words] != "":
			parts = append(parts, bonus[words])
		default:
			parts = append(parts, key+"定为 "+words)
		}
	}
	return strings.Join(parts, "，")
}

func (t *setter) alerts() []Article {
	a := Article{Title: "预警", Anchor: "预警", Text: []string{"预警只提建议，由负责的人决定怎么办。"},
		Columns: []string{"名称", "多久看一次", "条件", "级别", "建议", "负责", "限期", "依据", "其他"}}
	for _, p := range pairs(t.root.take("预警")) {
		k := sectionTextOf("预警", p.Value)
		a.Rows = append(a.Rows, Row{"预警." + p.Key.Text,
			[]string{p.Key.Text, k.word("每"), k.text("当"), joined("，", k.word("级别"), running(k.take("连续"))),
				k.word("建议"), k.word("负责"), k.word("限期"), k.word("依据"), k.rest()}})
	}
	if len(a.Rows) == 0 {
		a.Text = nil
	}
	return []Article{a}
}

// running prints how many windows in a row give which level.
func running(n *yamldoc.Node) string {
	if n == nil {
		return ""
	}
	if n.Kind != yamldoc.Map {
		return "连续 " + n.Text + " 期"
	}
	var parts []string
	for _, p := range n.Pairs {
		parts = append(parts, "连续 "+p.Key.Text+" 期 "+shapeText(ruleset.Shape{}, p.Value))
	}
	return strings.Join(parts, "，")
}

func (t *setter) others() []Article {
	a := Article{Title: "自设项目", Anchor: "授权", Columns: []string{"谁", "记在", "加分的", "扣分的", "单笔", "审批", "其他"}}
	for _, p := range pairs(t.root.take("授权")) {
		k := sectionTextOf("授权", p.Value)
		a.Rows = append(a.Rows, Row{"授权." + p.Key.Text,
			[]string{p.Key.Text, k.word("板块"), k.word("加分"), k.word("扣分"), k.word("单笔"), arrows(k.text("审批")), k.rest()}})
	}
	notes := Article{Title: "有关说明", Anchor: "说明", Columns: []string{"哪一处", "为什么这样"}}
	for _, p := range pairs(t.root.take("说明")) {
		notes.Rows = append(notes.Rows, Row{"说明." + p.Key.Text,
			[]string{strings.ReplaceAll(p.Key.Text, ".", " › "), p.Value.Text}})
	}
	return []Article{a, {Title: "停用的项目", Anchor: "停用", Text: sentences(t.root.text("停用"))}, notes,
		{Title: "其他", Anchor: "其他", Text: sentences(t.root.rest())}}
}

// chinese writes a number from 1 to 99 as articles are numbered.
func chinese(n int) string {
	digits := []rune("零一二三四五六七八九")
	switch {
	case n < 10:
		return string(digits[n])
	case n < 20:
		return "十" + strings.TrimSuffix(string(digits[n%10]), "零")
	case n < 100:
		return string(digits[n/10]) + "十" + strings.TrimSuffix(string(digits[n%10]), "零")
	}
	return fmt.Sprint(n)
}

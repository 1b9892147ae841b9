package regulation

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"jifen/internal/rulebook"
	"jifen/internal/yamldoc"
)

// Document is a rule file typeset as the regulation it is.
type Document struct {
	Title    string
	Basis    string
	From     string
	Hash     string // SHA-256 of the file's bytes, hex
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
	parts := strings.SplitN(clause, ".", 3)
	if parts[0] == "总分" {
		return parts[0]
	}
	if len(parts) > 2 {
		parts = parts[:2]
	}
	return strings.Join(parts, ".")
}

// Typeset makes a document of a rule file that has loaded. root is its text.
func Typeset(book *rulebook.Rulebook, root *yamldoc.Node) *Document {
	t := &setter{book: book, root: root, whole: rulebook.SectionOf("规则文件")}
	d := &Document{Title: book.Title, Basis: word(root, "依据"), From: book.From.String(), Hash: book.Hash}
	for _, c := range []struct {
		title string
		set   func() []Article
	}{
		{"总则", t.general}, {"党员分类", t.people}, {"板块和总分", t.blocks}, {"积分项目", t.items},
		{"红线", t.redLines}, {"等次、排名和标杆", t.results}, {"预警", t.alerts}, {"授权和其他", t.grants},
	} {
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

// tidy takes out the columns in which no row says anything.
func (a *Article) tidy() {
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

type setter struct {
	book  *rulebook.Rulebook
	root  *yamldoc.Node
	whole rulebook.Section
	count int
}

func word(n *yamldoc.Node, key string) string {
	if v := n.Get(key); v != nil {
		return v.Text
	}
	return ""
}

// said is a key of a section in words, "" where it is not written.
func said(section string, n *yamldoc.Node, key string) string {
	k := rulebook.SectionOf(section).Key(key)
	v := n.Get(key)
	if v == nil || k == nil {
		return ""
	}
	return say(k.Shape, v)
}

// usually is said, or what holds where it is not written.
func usually(section string, n *yamldoc.Node, key string) string {
	if s := said(section, n, key); s != "" {
		return s
	}
	return rulebook.SectionOf(section).Key(key).Usual
}

// prefixed joins label and words where there are words.
func prefixed(label, words string) string {
	if words == "" {
		return ""
	}
	return label + words
}

// sentences drops what is empty.
func sentences(list ...string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}

func (t *setter) general() []Article {
	r := t.root
	cycle := r.Get("周期")
	scope := said("规则文件", r, "适用")
	if scope == "" {
		scope = "各类"
	}
	usual := r.Get("默认")
	return []Article{
		{Title: "依据和施行", Anchor: "办法", Text: sentences(prefixed("依据：", word(r, "依据")), "自 "+t.book.From.String()+" 起施行，适用于"+scope+"党支部。")},
		{Title: "考核期", Anchor: "周期", Text: sentences("按" + word(cycle, "考核") + "考核。一笔记录按" + usually("周期", cycle, "类别按") + "的类别；" +
			prefixed("起点和上下限按", orElse(said("周期", cycle, "起点按"), "期末")) + "的类别。")},
		{Title: "小数", Anchor: "小数", Text: sentences("乘除得出的数留 " + usually("小数", r.Get("小数"), "位数") + " 位，" + usually("小数", r.Get("小数"), "舍入") + "；相加不再舍入。")},
		t.notices(),
		{Title: "办理", Anchor: "默认", Text: sentences(
			prefixed("录入：", said("默认", usual, "录入")), prefixed("审批：", said("默认", usual, "审批")), prefixed("证明材料：", said("默认", usual, "证明")),
			prefixed("补录：事情发生后 ", suffixed(said("默认", usual, "补录"), " 以内")), prefixed("一笔记录管：", said("默认", usual, "有效")), prefixed("同一事项：", said("默认", usual, "同一事项")),
			"项目另有写明的，照项目。")},
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func suffixed(s, suffix string) string {
	if s == "" {
		return ""
	}
	return s + suffix
}

func (t *setter) people() []Article {
	categories := Article{Title: "类别", Anchor: "类别", Text: []string{"自上而下，先符合的为准，每名党员有且只有一类。"}, Columns: []string{"代号", "名称", "什么样的人", "计分", "排名"}}
	for _, p := range t.root.Get("类别").Pairs {
		categories.Rows = append(categories.Rows, Row{"类别." + p.Key.Text, []string{p.Key.Text, orElse(word(p.Value, "名称"), p.Key.Text), said("类别", p.Value, "当"),
			usually("类别", p.Value, "计分"), usually("类别", p.Value, "排名")}})
	}
	facts := Article{Title: "要掌握的情况", Anchor: "属性", Columns: []string{"名称", "内容"}}
	for _, p := range pairs(t.root.Get("属性")) {
		what := say(rulebook.Shape{}, p.Value)
		if d := p.Value.Get("推算"); d != nil {
			what = "推算" + d.Text
		}
		facts.Rows = append(facts.Rows, Row{"属性." + p.Key.Text, []string{p.Key.Text, what}})
	}
	exempt := Article{Title: "豁免", Anchor: "豁免", Columns: []string{"代码", "作用", "审批"}}
	for _, p := range pairs(t.root.Get("豁免")) {
		effect := strings.Join(sentences(said("豁免", p.Value, "效果"), prefixed("免：", said("豁免", p.Value, "免"))), "；")
		exempt.Rows = append(exempt.Rows, Row{"豁免." + p.Key.Text, []string{p.Key.Text, effect, arrows(said("豁免", p.Value, "审批"))}})
	}
	return []Article{categories, facts, exempt, t.matrix()}
}

// arrows says steps that follow each other.
func arrows(steps string) string { return strings.ReplaceAll(steps, "、", " → ") }

func pairs(n *yamldoc.Node) []yamldoc.Pair {
	if n == nil {
		return nil
	}
	return n.Pairs
}

// matrix is which items are for which category, as far as the file says it by
// category.
func (t *setter) matrix() Article {
	a := Article{Title: "各类党员适用的项目", Anchor: "适用", Columns: []string{"项目"}, Text: []string{"√ 适用；空白 不适用；○ 看条件。"}}
	for i := range t.book.Categories {
		a.Columns = append(a.Columns, t.book.Categories[i].Code)
	}
	for _, p := range t.root.Get("项目").Pairs {
		applies := p.Value.Get("适用")
		row := Row{Cells: []string{p.Key.Text}}
		for i := range t.book.Categories {
			mark := "√"
			switch {
			case applies == nil:
			case applies.Kind == yamldoc.List:
				if !slices.ContainsFunc(applies.Items, func(n *yamldoc.Node) bool { return n.Text == t.book.Categories[i].Code }) {
					mark = ""
				}
			default:
				mark = "○"
			}
			row.Cells = append(row.Cells, mark)
		}
		a.Rows = append(a.Rows, row)
	}
	if len(t.book.Categories) == 1 {
		a.Rows, a.Text = nil, nil
	}
	return a
}

func (t *setter) blocks() []Article {
	a := Article{Title: "板块", Anchor: "板块", Text: []string{"限额裁单笔，上下限截合计；先项目的限额，再板块的限额，再板块的上下限，再上级板块，最后总分。"},
		Columns: []string{"板块", "属于", "起点", "下限", "上限", "限额", "分期"}}
	for _, p := range t.root.Get("板块").Pairs {
		v := p.Value
		a.Rows = append(a.Rows, Row{"板块." + p.Key.Text, []string{p.Key.Text, orElse(word(v, "属于"), "总分"), said("板块", v, "起点"), said("板块", v, "下限"), said("板块", v, "上限"),
			said("板块", v, "限额"), sayParts(v)}})
	}
	total := t.root.Get("总分")
	formula := orElse(Expression(word(total, "公式")), "各板块相加")
	return []Article{a, {Title: "总分", Anchor: "总分", Text: sentences("总分 ＝ "+formula+"。", prefixed("最低 ", said("总分", total, "下限")), prefixed("最高 ", said("总分", total, "上限")))}}
}

// sayParts says into what parts a block is cut and how they are combined.
func sayParts(v *yamldoc.Node) string {
	take := word(v, "取")
	if take == "" {
		return ""
	}
	words := "每" + word(v, "每") + "，取" + take
	switch {
	case take == "合计" || take == "末期":
		return words
	case word(v, "空期") == "记零":
		return words + "；没有记录的、没完的，照起点和已有的记录算"
	}
	return words + "；没有记录的、没完的不算"
}

func (t *setter) items() []Article {
	var out []Article
	byBlock := map[string]int{}
	only := Article{Title: "只备查、不记分的项目", Anchor: "备查", Columns: []string{"项目", "从哪里来", "填什么", "依据"}}
	for _, p := range t.root.Get("项目").Pairs {
		v := long(rulebook.Shape{Short: &rulebook.Shape{}, For: "分值", Section: "项目"}, p.Value)
		basis := word(v, "依据")
		anchor := "项目." + p.Key.Text
		fields := say(rulebook.Shape{}, orEmpty(v.Get("记录")))
		if v.Get("分值") == nil {
			only.Rows = append(only.Rows, Row{anchor, []string{p.Key.Text, source(v), fields, basis}})
			continue
		}
		block := orElse(word(v, "板块"), t.book.Blocks[0].Name)
		i, ok := byBlock[block]
		if !ok {
			i = len(out)
			byBlock[block] = i
			out = append(out, Article{Title: block, Anchor: "积分." + block, Columns: []string{"项目", "从哪里来", "分值", "限额和有效", "适用", "审批", "依据"}})
		}
		limits := strings.Join(sentences(said("项目", v, "限额"), prefixed("管 ", said("项目", v, "有效")), sayRepeat(v.Get("重复")), matter(v), prefixed("解除红线 ", said("项目", v, "解除"))), "；")
		amount := said("项目", v, "分值")
		if m := said("项目", v, "倍数"); m != "" {
			amount += "；倍数 " + m
		}
		out[i].Rows = append(out[i].Rows, Row{anchor, []string{p.Key.Text, source(v) + prefixed("；填 ", fields), amount, limits, orElse(said("项目", v, "适用"), "全体"), arrows(said("项目", v, "审批")), basis}})
	}
	return append(out, only)
}

func matter(v *yamldoc.Node) string { return prefixed("同一事项 ", word(v, "同一事项")) }

func orEmpty(n *yamldoc.Node) *yamldoc.Node {
	if n == nil {
		return &yamldoc.Node{Kind: yamldoc.Scalar}
	}
	return n
}

// source says where an item's entries come from.
func source(v *yamldoc.Node) string {
	if a := v.Get("自动"); a != nil {
		return "每" + word(a, "每") + " " + word(a, "于") + "，" + prefixed(said("自动", a, "当"), " 时") + "自动"
	}
	if from := v.Get("来自"); from != nil {
		return "出勤：" + say(rulebook.Shape{}, from) + prefixed("，", said("项目", v, "出勤"))
	}
	return "人记"
}

func sayRepeat(n *yamldoc.Node) string {
	if n == nil {
		return ""
	}
	words := word(n, "在") + "内再犯"
	if round := word(n, "每"); round != "" {
		words += "，每 " + round + " 为一轮"
		if n.Get("倍数") == nil {
			return words + "，满一轮才计一次"
		}
	}
	return words + "，各次倍数 " + say(rulebook.Shape{}, orEmpty(n.Get("倍数")))
}

func (t *setter) redLines() []Article {
	a := Article{Title: "红线", Anchor: "红线", Text: []string{"红线最后作用，不再受上下限。"}, Columns: []string{"名称", "情形", "后果", "到什么时候", "依据"}}
	for _, p := range pairs(t.root.Get("红线")) {
		until := map[string]string{"解除": "情形消除为止", "期末": "管到考核期末"}[word(p.Value, "直到")]
		a.Rows = append(a.Rows, Row{"红线." + p.Key.Text, []string{p.Key.Text, said("红线", p.Value, "当"), say(rulebook.Shape{}, orEmpty(p.Value.Get("则"))), until, word(p.Value, "依据")}})
	}
	if len(a.Rows) == 0 {
		a.Text = nil
	}
	return []Article{a}
}

func (t *setter) results() []Article {
	grades := Article{Title: "等次", Anchor: "等次", Columns: []string{"等次", "条件"}}
	if n := t.root.Get("等次"); n != nil {
		grades.Text = []string{"自上而下，先符合的为准。考核期没有结束的，只是暂评。"}
		tables := []yamldoc.Pair{{Key: &yamldoc.Node{}, Value: n}}
		if n.Get("按") != nil {
			tables = slices.DeleteFunc(slices.Clone(n.Pairs), func(p yamldoc.Pair) bool { return p.Key.Text == "按" })
		}
		for _, table := range tables {
			for _, p := range table.Value.Pairs {
				what := say(rulebook.Shape{Form: rulebook.FormCondition, Cases: true}, p.Value)
				if isSection("等次", p.Value) && p.Value.Kind == yamldoc.Map {
					what = strings.Join(sentences(said("等次", p.Value, "当"), prefixed("占 ", word(p.Value, "占"))), "，")
				}
				grades.Rows = append(grades.Rows, Row{"等次." + p.Key.Text, []string{p.Key.Text, prefixed2(table.Key.Text, what)}})
			}
		}
	}
	r := t.root.Get("排名")
	ranking := Article{Title: "排名", Anchor: "排名"}
	if r != nil {
		ranking.Text = sentences(prefixed("排名范围：", said("排名", r, "范围")), prefixed("总分相同的依次比：", said("排名", r, "再比")), prefixed("分开排：", said("排名", r, "人群")),
			prefixed("按比例定等次的，名额在", suffixed(word(r, "名额"), "范围内算，"+usually("排名", r, "取整")+"，压线的"+usually("排名", r, "压线"))), prefixed("不足 ", suffixed(word(r, "至少"), "不评")))
	}
	bench := Article{Title: "标杆", Anchor: "标杆", Columns: []string{"名称", "范围", "前", "还要符合"}}
	for _, p := range pairs(t.root.Get("标杆")) {
		bench.Rows = append(bench.Rows, Row{"标杆." + p.Key.Text, []string{p.Key.Text, word(p.Value, "范围"), word(p.Value, "前"), said("标杆", p.Value, "当")}})
	}
	return []Article{grades, ranking, bench}
}

func prefixed2(label, words string) string {
	if label == "" {
		return words
	}
	return label + "：" + words
}

func (t *setter) alerts() []Article {
	a := Article{Title: "预警", Anchor: "预警", Text: []string{"预警只提建议，由负责的人决定怎么办。"}, Columns: []string{"名称", "多久看一次", "条件", "级别", "建议", "负责", "限期"}}
	for _, p := range pairs(t.root.Get("预警")) {
		v := p.Value
		level := strings.Join(sentences(word(v, "级别"), prefixed("连续 ", say(rulebook.Shape{}, orEmpty(v.Get("连续"))))), "，")
		a.Rows = append(a.Rows, Row{"预警." + p.Key.Text, []string{p.Key.Text, word(v, "每"), said("预警", v, "当"), level, word(v, "建议"), word(v, "负责"), word(v, "限期")}})
	}
	if len(a.Rows) == 0 {
		a.Text = nil
	}
	return []Article{a}
}

func (t *setter) grants() []Article {
	a := Article{Title: "自设项目", Anchor: "授权", Columns: []string{"谁", "记在", "加分的", "扣分的", "单笔", "审批"}}
	for _, p := range pairs(t.root.Get("授权")) {
		v := p.Value
		a.Rows = append(a.Rows, Row{"授权." + p.Key.Text, []string{p.Key.Text, word(v, "板块"), word(v, "加分"), word(v, "扣分"), word(v, "单笔"), arrows(said("授权", v, "审批"))}})
	}
	return []Article{a, {Title: "停用的项目", Anchor: "停用", Text: sentences(said("规则文件", t.root, "停用"))}}
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

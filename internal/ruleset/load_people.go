package ruleset

import (
	"fmt"
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// builtIn lists the attributes that every member has without declaration, in
// the order of Membership … Confirmed.
func builtIn() []Attribute {
	return []Attribute{
		{Name: "人员类别", Type: Options, Options: []string{"正式党员", "预备党员"}, BuiltIn: true},
		{Name: "处分", Type: Options, Options: []string{"无", "警告", "严重警告", "撤销党内职务", "留党察看", "开除党籍"}, BuiltIn: true},
		{Name: domain.Exemption, Type: Options, Options: []string{domain.NoExemption}, BuiltIn: true},
		{Name: "出生日期", Type: DayFact, BuiltIn: true},
		{Name: "转正日期", Type: DayFact, BuiltIn: true},
	}
}

// columns lists the headings that members' and entries' tables have anyway.
func columns() []string {
	return []string{"编号", "姓名", "支部", "支部类型", "社区", "街道", "加入", "离开", "自", "党员", "项目", "日期", "事项"}
}

func (l *loader) attributes(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map {
		l.fail(n, "属性要写成“名称: 写法”", "例如 属性: {流动: 是否, 就业: [在职, 两新]}")
		return
	}
	if len(n.Pairs) > maxNames {
		l.fail(n, "属性太多", "")
		return
	}
	for _, p := range n.Pairs {
		before := len(l.problems)
		a, ok := l.attribute(p.Key, p.Value, true)
		if len(l.problems) > before || p.Value.Damaged {
			l.spoil("属性." + p.Key.Text)
		}
		if !ok {
			continue
		}
		if i := l.book.Attribute(a.Name); i >= 0 && a.Name == "人员类别" && a.Type == Options {
			for _, must := range l.book.Attributes[i].Options {
				if !slices.Contains(a.Options, must) {
					l.fail(p.Value, "人员类别里要有“"+must+"”", "在方括号里补上")
				}
			}
			l.book.Attributes[i].Options = a.Options
			continue
		} else if i >= 0 {
			l.fail(p.Key, "“"+a.Name+"”是程序自带的属性，不用写", "删去这一行")
			continue
		}
		a.Clause = l.clause("属性."+a.Name, p.Key, "")
		l.book.Attributes = append(l.book.Attributes, a)
	}
}

// attribute reads the type of an attribute or of a field.
func (l *loader) attribute(key, n *yamldoc.Node, ofMember bool) (Attribute, bool) {
	what := "记录"
	if ofMember {
		what = "属性"
	}
	if !l.name(key, what, true) {
		return Attribute{}, false
	}
	if word := illnessWord(key.Text); word != "" && ofMember {
		l.fail(key, "属性不能写病情（“"+word+"”）", "只记 照顾: 是否，或记豁免代码；病情是敏感个人信息")
		return Attribute{}, false
	}
	if slices.Contains(columns(), key.Text) {
		l.fail(key, what+"不能叫“"+key.Text+"”", "名单和记录表里这一列另有用处，换一个名称")
		return Attribute{}, false
	}
	a := Attribute{Name: key.Text}
	switch n.Kind {
	case yamldoc.Map:
		if !ofMember {
			l.fail(n, "记录里不能写 推算", "写 是否、数、0至100、文字 或 [选项, 选项]")
			return a, false
		}
		l.section(n, "属性", keyed{"推算", func(_, v *yamldoc.Node) {
			if i := l.oneOf(v, "推算", []string{"周岁", "党龄"}); i >= 0 {
				a.Type = [...]AttributeType{Age, Service}[i]
			}
		}})
	case yamldoc.List:
		a.Type, a.Options = Options, l.options(n, ofMember)
	default:
		l.scalarType(&a, n)
	}
	return a, a.Type != 0
}

func (l *loader) options(n *yamldoc.Node, ofMember bool) []string {
	var out []string
	for _, w := range l.words(n, "选项") {
		switch {
		case w.Text == "其余" || reserved(w.Text) || strings.HasPrefix(w.Text, "自 "):
			l.fail(w, "“"+w.Text+"”是规则的用语，不能作选项", "换一个词")
		case strings.ContainsAny(w.Text, "\"'\\") || len([]rune(w.Text)) > maxRunes:
			l.fail(w, "选项里不能有引号，最多 40 字", "")
		case ofMember && illnessWord(w.Text) != "":
			l.fail(w, "选项不能写病情（“"+illnessWord(w.Text)+"”）", "只记 照顾: 是否，或记豁免代码；病情是敏感个人信息")
		default:
			out = append(out, w.Text)
		}
	}
	if len(out) > maxOptions {
		l.fail(n, "选项太多", "最多 60 个")
		return out[:maxOptions]
	}
	return out
}

func (l *loader) scalarType(a *Attribute, n *yamldoc.Node) {
	number, unit, _ := strings.Cut(n.Text, " ")
	switch {
	case n.Text == "是否":
		a.Type = YesNo
	case n.Text == "文字":
		a.Type = Text
	case n.Text == "日期":
		a.Type = DayFact
	case number == "数":
		a.Type, a.Unit, a.Hi = Decimal, strings.TrimSpace(unit), 1_000_000_000
	case strings.Contains(n.Text, "至"):
		if lo, hi, ok := l.interval(n); ok {
			a.Type, a.Lo, a.Hi = Decimal, lo, hi
		}
	default:
		if l.refuseRange(n) {
			return
		}
		l.fail(n, "“"+n.Text+"”不是属性或记录的写法", "写 是否、数 小时、0至100、文字、日期 或 [选项, 选项]")
	}
}

// interval reads 1至20 in hundredths.
func (l *loader) interval(n *yamldoc.Node) (lo, hi int64, ok bool) {
	a, b, _ := strings.Cut(n.Text, "至")
	lo, ok1 := domain.ParseHundredths(strings.TrimSpace(a))
	hi, ok2 := domain.ParseHundredths(strings.TrimSpace(b))
	if !ok1 || !ok2 || lo >= hi {
		if !l.refuseRange(n) {
			l.fail(n, "“"+n.Text+"”不是范围", "写成 1至20，前小后大，两头都包括")
		}
		return 0, 0, false
	}
	return lo, hi, true
}

// illnessWord finds words that name an illness: health data is sensitive
// personal information (PIPL Art. 28) and no rule needs it.
func illnessWord(s string) string {
	for _, w := range []string{"病", "残", "癌", "健康", "诊断", "瘫", "痴呆", "精神障碍",
		"卧床", "行动不便", "住院", "手术", "化疗", "透析", "失能", "失智", "失明", "失聪", "聋", "截肢", "抑郁", "怀孕", "孕期"} {
		if strings.Contains(s, w) {
			return w
		}
	}
	return ""
}

func (l *loader) exemptions(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map {
		l.fail(n, "豁免要写成“代码: {效果: 不计分}”", "")
		return
	}
	if len(n.Pairs) >= maxOptions {
		l.fail(n, "豁免太多", fmt.Sprintf("最多 %d 种", maxOptions-1))
		return
	}
	att := l.book.Attribute(domain.Exemption)
	for _, p := range n.Pairs {
		if !l.name(p.Key, "豁免", false) {
			continue
		}
		if word := illnessWord(p.Key.Text); word != "" {
			l.fail(p.Key, "豁免代码不能写病情（“"+word+"”）", "写不带缘由的代码，例如 不参加积分")
		}
		before := len(l.problems)
		e := Exemption{Code: p.Key.Text, Clause: l.clause("豁免."+p.Key.Text, p.Key, "")}
		l.section(p.Value, "豁免",
			keyed{"效果", func(_, v *yamldoc.Node) {
				i := l.oneOf(v, "效果", []string{"不计分", "不排名"})
				e.NotScored, e.NotRanked = i == 0, i >= 0
			}},
			keyed{"免", func(_, v *yamldoc.Node) {
				for _, w := range l.words(v, "免") {
					if i := l.oneOf(w, "项目", l.items); i >= 0 {
						e.Items = append(e.Items, i)
					}
				}
			}},
			keyed{"审批", func(_, v *yamldoc.Node) { e.Approve = l.organList(v, "审批", false) }})
		if !e.NotRanked && len(e.Items) == 0 && len(l.problems) == before {
			l.fail(p.Key, "豁免“"+e.Code+"”没有任何作用", "写 效果: 不计分、效果: 不排名，或 免: [项目]")
		}
		l.book.Exemptions = append(l.book.Exemptions, e)
		l.book.Attributes[att].Options = append(l.book.Attributes[att].Options, e.Code)
	}
}

func (l *loader) categoryCodes() []string {
	out := make([]string, len(l.book.Categories))
	for i := range l.book.Categories {
		out[i] = l.book.Categories[i].Code
	}
	return out
}

func (l *loader) categories(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "类别要自上而下写成“代号: {名称: …, 当: …}”", "末行写 其余")
		return
	}
	if len(n.Pairs) > maxOptions {
		l.fail(n, "类别太多", fmt.Sprintf("最多 %d 个", maxOptions))
		return
	}
	s := &scope{l: l, may: mayAttributes}
	rest, before := false, len(l.problems)
	l.follow(n)
	var rows []Category
	var order []row
	for i, p := range n.Pairs {
		rest = true // where a row is broken, nothing is said of its place
		if !l.name(p.Key, "类别", false) {
			continue
		}
		c := Category{Code: p.Key.Text, Name: p.Key.Text, Scored: true, Ranked: true,
			Clause: l.clause("类别."+p.Key.Text, p.Key, "")}
		s.path = "类别." + c.Code
		when := p.Value
		if p.Value.Kind == yamldoc.Map {
			when = nil
			l.section(p.Value, "类别",
				keyed{"名称", func(_, v *yamldoc.Node) { c.Name = l.text(v, "名称", maxRunes) }},
				keyed{"当", func(_, v *yamldoc.Node) { when = v }},
				keyed{"计分", func(_, v *yamldoc.Node) { c.Scored = l.yesNo(v, "计分") }},
				keyed{"排名", func(_, v *yamldoc.Node) { c.Ranked = l.yesNo(v, "排名") }})
		}
		if when == nil {
			l.fail(p.Key, "类别“"+c.Code+"”没写条件", "加上 当: 条件，末行写 当: 其余")
			continue
		}
		rest = when.Text == "其余"
		if rest && i < len(n.Pairs)-1 {
			l.fail(when, "“其余”之后的类别永远轮不到", "把 其余 放在最后一行")
		}
		c.When = l.cond(s.in("当"), when, true)
		rows = append(rows, c)
		order = append(order, row{name: c.Code, at: p.Key, when: c.When})
	}
	if len(l.problems) == before {
		if !rest {
			s.requireTotal(order, "类别", "这样人人都有且只有一类")
		}
		s.warnUnreachable(order, "类别", nil)
		s.checkLadder(&ladder{what: "类别", lines: order})
	}
	l.book.Categories = rows
}

package ruleset

import (
	"fmt"
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// itemList reads 项目 twice: first what others may refer to, then the rest.
func (l *loader) itemList(_, n *yamldoc.Node) {
	l.book.Items = make([]Item, len(n.Pairs)) // as many as l.items names, whatever comes of them
	if l.refuseTooManyRows(n, "项目", maxNames) {
		return
	}
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "项目要写成“名称: {板块: …, 分值: …}”", "")
		return
	}
	for i, p := range n.Pairs {
		it := &l.book.Items[i]
		l.name(p.Key, "项目", false)
		*it = Item{Name: p.Key.Text, Block: -1, Workflow: l.book.Workflow}
		if basis := p.Value.Get("依据"); basis != nil {
			it.Basis = l.text(basis, "依据", 200)
		}
		it.Clause = l.clause("项目."+it.Name, p.Key, it.Basis)
		if rec := p.Value.Get("记录"); rec != nil {
			before := len(l.problems)
			if it.Fields = l.fields(it, rec); len(l.problems) > before || rec.Damaged || p.Value.Damaged {
				l.spoil("项目." + it.Name + ".记录")
			}
		}
		if within(p.Value) {
			l.spoil("项目." + it.Name + ".记录")
		}
		if p.Value.Get("自动") != nil {
			it.Auto = &Auto{}
		}
		l.lintBannedItem(p.Key)
	}
	for i, p := range n.Pairs {
		l.item(&l.book.Items[i], p.Key, p.Value)
	}
}

func (l *loader) fields(it *Item, n *yamldoc.Node) []Attribute {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "记录要写成“{时长: 数 小时}”", "")
		return nil
	}
	if len(n.Pairs) > maxOptions {
		l.fail(n, "一个项目的记录太多", fmt.Sprintf("最多 %d 项", maxOptions))
		return nil
	}
	var out []Attribute
	for _, p := range n.Pairs {
		a, ok := l.attribute(p.Key, p.Value, false)
		if !ok {
			continue
		}
		if _, isBlock := l.blocks[a.Name]; isBlock || l.book.Attribute(a.Name) >= 0 {
			l.fail(p.Key, "“"+a.Name+"”已经是属性或板块的名称", "给这个记录换一个名称")
			continue
		}
		a.Clause = l.clause("项目."+it.Name+".记录."+a.Name, p.Key, it.Basis)
		out = append(out, a)
	}
	return out
}

func (l *loader) item(it *Item, key, n *yamldoc.Node) {
	if n.Kind == yamldoc.Scalar { // an item that is only an amount
		n = &yamldoc.Node{Kind: yamldoc.Map, Line: n.Line, Col: n.Col,
			Pairs: []yamldoc.Pair{{Key: &yamldoc.Node{Kind: yamldoc.Scalar, Line: n.Line, Col: n.Col, Text: "分值"}, Value: n}}}
	}
	s := &scope{l: l, may: mayAttributes | mayCategory | mayFields | mayPrevious, fields: it.Fields,
		path: "项目." + it.Name, of: it}
	late := 0
	if n.Get("来自") == nil && n.Get("自动") == nil { // what follows from something else is recorded with it
		late = mayLate
	}
	withPoints := *s
	withPoints.may |= mayPoints | late
	counting := *s
	counting.may |= mayCounters | late
	var amounts, factors []unprovenBounds
	it.Highest = l.usual.highest
	none := func(_, _ *yamldoc.Node) {}
	keys := []keyed{
		{"依据", none}, {"记录", none},
		{"板块", func(_, v *yamldoc.Node) { it.Block = l.oneOf(v, "板块", l.blockNames()) }},
		{"来自", func(_, v *yamldoc.Node) { l.sources(it, v) }},
		{"出勤", func(_, v *yamldoc.Node) { l.statuses(it, v) }},
		{"自动", func(_, v *yamldoc.Node) { l.auto(it, s, v) }},
		{"适用", func(_, v *yamldoc.Node) { it.Applies = l.applies(counting.in("适用").fromFirstDay(), v) }},
		{"分值", func(_, v *yamldoc.Node) {
			it.Amount = readValue(counting.in("分值"), v, it.Basis, isSteps, func(leaf *yamldoc.Node, _ int) (Amount, bool) {
				a, ok := l.amount(&counting, leaf)
				if ok && a.Kind == Computed {
					amounts = append(amounts, unprovenBounds{leaf, a.Formula})
				}
				return a, ok
			})
		}},
		{"倍数", func(_, v *yamldoc.Node) {
			it.Multiplier = readValue(counting.in("倍数"), v, it.Basis, nil, func(leaf *yamldoc.Node, _ int) (Factor, bool) {
				f, ok := l.multiplier(&counting, leaf)
				if ok && f.Formula != nil {
					factors = append(factors, unprovenBounds{leaf, f.Formula})
				}
				return f, ok
			})
		}},
		{"重复", func(_, v *yamldoc.Node) { l.repeat(it, s.in("重复"), v) }},
		{"有效", func(_, v *yamldoc.Node) {
			it.Validity = readValue(withPoints.in("有效"), v, it.Basis, nil, l.validity)
		}},
		{"限额", func(_, v *yamldoc.Node) { it.Limits = l.limits(s.in("限额"), v, it.Basis) }},
		{"归期", func(_, _ *yamldoc.Node) { l.season(it, n) }},
		{"于", func(_, _ *yamldoc.Node) { l.seasonDays(it, n) }},
		{"同一事项", func(_, v *yamldoc.Node) { it.Highest = l.matter(v) }},
		{"解除", func(_, v *yamldoc.Node) { l.repairs(it, v) }},
		{"原名", func(_, v *yamldoc.Node) { l.former(it, v) }},
	}
	before := len(l.problems)
	l.section(n, "项目“"+it.Name+"”", append(keys, l.workflow(&it.Workflow, &withPoints)...)...)
	if !it.Validity.Set() && l.usual.validity != nil {
		it.Validity = readValue(withPoints.in("有效"), l.usual.validity, it.Basis, nil, l.validity)
	}
	if len(l.problems) == before || it.Amount.Set() {
		l.requireBounded(it, amounts, factors)
		l.checkItem(it, key, n)
	}
}

// seasonDays reads 于 of an item that says no 归期, which is an error of its own.
func (l *loader) seasonDays(it *Item, n *yamldoc.Node) {
	if n.Get("归期") == nil {
		l.season(it, n)
	}
}

// blockNames lists the blocks that are declared.
func (l *loader) blockNames() []string {
	names := make([]string, 0, len(l.book.Blocks))
	for k := range l.book.Blocks {
		names = append(names, l.book.Blocks[k].Name)
	}
	return names
}

// repairs reads 解除: the red lines that the item puts right.
func (l *loader) repairs(it *Item, n *yamldoc.Node) {
	for _, w := range l.words(n, "解除") {
		if i := l.oneOf(w, "红线", l.reds); i >= 0 {
			it.Repairs = append(it.Repairs, i)
		}
	}
}

// former reads 原名: the names that earlier texts gave the item.
func (l *loader) former(it *Item, n *yamldoc.Node) {
	for _, w := range l.words(n, "原名") {
		if slices.Contains(l.items, w.Text) {
			l.fail(w, "“"+w.Text+"”是现在的项目名，不能又是原名", "删去这个原名，或把那个项目改名")
			continue
		}
		for i := range l.book.Items {
			if slices.Contains(l.book.Items[i].Former, w.Text) {
				l.fail(w, "“"+w.Text+"”已经是“"+l.book.Items[i].Name+"”的原名", "一个原名只归一个项目")
			}
		}
		it.Former = append(it.Former, w.Text)
	}
}

func isSteps(n *yamldoc.Node) bool { return n.Get("数量") != nil }

func (l *loader) sources(it *Item, n *yamldoc.Node) {
	var known []string
	for _, g := range l.book.Groups {
		known = append(append(known, g.Name), g.Kinds...)
	}
	words := []*yamldoc.Node{n}
	if n.Kind == yamldoc.List {
		words = l.words(n, "来自")
	}
	for _, w := range words {
		if l.oneOf(w, "来自", known) < 0 {
			continue
		}
		kinds := []string{w.Text}
		for _, g := range l.book.Groups {
			if g.Name == w.Text {
				kinds = g.Kinds
			}
		}
		for _, k := range kinds {
			if !slices.Contains(it.Kinds, k) {
				it.Kinds = append(it.Kinds, k)
			}
		}
	}
}

func (l *loader) statuses(it *Item, n *yamldoc.Node) {
	all := domain.AttendanceStatuses()
	list := make([]string, len(all))
	for i, st := range all {
		list[i] = string(st)
	}
	for _, w := range l.words(n, "出勤") {
		if i := l.oneOf(w, "出勤", list); i >= 0 {
			it.Statuses = append(it.Statuses, all[i])
		}
	}
}

func (l *loader) auto(it *Item, s *scope, n *yamldoc.Node) {
	c := *s
	c.fields, c.may, c.path = nil, mayAttributes|mayCategory|mayCounters|mayPrevious, s.path+".自动"
	var on *yamldoc.Node
	before := len(l.problems)
	l.section(n, "自动",
		keyed{"每", func(_, v *yamldoc.Node) {
			if l.oneOf(v, "每", windowUnits()) >= 0 {
				it.Auto.Every = calendar.UnitOf(v.Text)
			}
		}},
		keyed{"于", func(_, v *yamldoc.Node) { on = v }},
		keyed{"当", func(_, v *yamldoc.Node) { it.Auto.When = l.cond(c.in("当"), v, false) }})
	if it.Auto.Every == 0 || on == nil {
		if len(l.problems) == before {
			l.fail(n, "自动要写全 每 和 于", "例如 自动: {每: 月, 于: 25日, 当: 本月次数(\"交纳党费\") == 0}")
		}
		return
	}
	it.Auto.On = l.anchor(on, it.Auto.Every)
}

// readsPrevious reports whether a condition reads 上期 or what came of alerts.
func readsPrevious(c *formula.Condition) bool {
	return c != nil && slices.ContainsFunc(c.Reads, func(slot int) bool {
		kind, _ := Slot(slot)
		return kind == SlotPrevBlock || kind == SlotPrevGrade || kind == SlotAlert
	})
}

// applies reads 适用: a list of categories, or a condition.
func (l *loader) applies(s *scope, n *yamldoc.Node) Cond {
	return Cond{readValue(s, n, "", nil, func(v *yamldoc.Node, _ int) (*formula.Condition, bool) {
		if v.Kind != yamldoc.List {
			c := s.condition(v)
			return c, c != nil
		}
		var quoted []string
		for _, w := range l.words(v, "适用") {
			if l.oneOf(w, "类别", l.categoryCodes()) >= 0 {
				quoted = append(quoted, `"`+w.Text+`"`)
			}
		}
		if len(quoted) == 0 {
			return nil, false
		}
		c, problems := formula.ParseCondition("类别 in ["+strings.Join(quoted, ", ")+"]", s)
		return c, len(problems) == 0
	})}
}

func (l *loader) factor(n *yamldoc.Node, what string) (formula.Number, bool) {
	h, ok := l.hundredths(n, what)
	if ok && (h < 0 || h > 100_00) {
		l.fail(n, what+"要在 0 到 100 之间", "")
		return formula.Number{}, false
	}
	return formula.Hundredths(h), ok
}

// Validity (有效) leaf.
func (l *loader) validity(n *yamldoc.Node, _ int) (Validity, bool) {
	if n.Text == "本期" {
		return Validity{Cycle: true}, true
	}
	if n.Text == "长期" {
		return Validity{Forever: true}, true
	}
	switch n.Text {
	case "永久", "永远", "终身", "长期有效", "无期限", "不限":
		l.fail(n, "“"+n.Text+"”不是一段时间", "不到期的写成 长期")
		return Validity{}, false
	}
	s, ok := l.span(n)
	return Validity{Span: s}, ok
}

// checkItem looks at an item as a whole.
func (l *loader) checkItem(it *Item, key, n *yamldoc.Node) {
	if it.Block < 0 && it.Amount.Set() && n.Get("板块") == nil {
		if len(l.book.Blocks) == 2 {
			it.Block = 0
		} else {
			l.fail(key, "项目“"+it.Name+"”有分值，没写算在哪个板块", "加上 板块: …")
		}
	}
	if !it.Amount.Set() {
		for _, k := range []string{"倍数", "重复", "限额", "板块", "同一事项"} {
			if n.Get(k) != nil && n.Get("分值") == nil {
				l.fail(key, "项目“"+it.Name+"”没有分值，写了“"+k+"”没有作用", "加上 分值，或删去 "+k)
				break
			}
		}
		return
	}
	if it.Auto != nil && (len(it.Kinds) > 0 || len(it.Fields) > 0) {
		l.fail(key, "自动产生的项目不能再写 来自 或 记录", "分成两个项目")
	}
	if len(it.Kinds) > 0 && len(it.Fields) > 0 {
		l.fail(key, "随活动产生的项目没有人填记录", "删去 记录，或删去 来自")
	}
	if len(it.Statuses) > 0 && len(it.Kinds) == 0 && n.Get("来自") == nil {
		l.fail(key, "写了 出勤，没写 来自 哪些活动", "加上 来自: …")
	}
	if it.Auto != nil || len(it.Kinds) > 0 {
		it.Amount.Leaves(func(a Amount) {
			if a.Kind == Range {
				l.fail(key, "没有人填的项目，分值不能是范围", "写一个定数")
			}
		})
	}
	l.bounds(it, key)
}

package ruleset

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// blockTree reads 板块. 总分 is always the last block and the root.
func (l *loader) blockTree(_, n *yamldoc.Node) {
	if l.refuseTooManyRows(n, "板块", maxNames) {
		return
	}
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "板块要写成“名称: {起点: …}”", "例如 板块: {基础: {起点: 80}}")
		return
	}
	l.blocks = make(map[string]int, len(n.Pairs)+1)
	var nodes []yamldoc.Pair
	for _, p := range n.Pairs {
		if !l.name(p.Key, "板块", true) {
			continue
		}
		if l.book.Attribute(p.Key.Text) >= 0 {
			l.fail(p.Key, "“"+p.Key.Text+"”已经是属性的名称", "板块和属性不能同名")
			continue
		}
		l.blocks[p.Key.Text] = len(nodes)
		nodes = append(nodes, p)
	}
	total := len(nodes)
	l.blocks["总分"] = total
	l.book.Blocks = make([]Block, total+1)
	for i, p := range nodes {
		if within(p.Value) {
			l.spoil("板块." + p.Key.Text)
		}
		l.book.Blocks[i] = Block{Name: p.Key.Text, Parent: total, Under: -1, Clause: l.clause("板块."+p.Key.Text, p.Key, "")}
	}
	l.book.Blocks[total] = Block{Name: "总分", Parent: -1, Under: -1, Clause: l.clause("总分", n, "")}
	for i, p := range nodes { // parents first: a formula names children
		if by := p.Value.Get("属于"); by != nil {
			l.parent(i, by)
		}
	}
	l.settleOrder(nodes)
	for i, p := range nodes {
		l.block(i, p.Value)
	}
	l.settleUnder(nodes)
	l.proratedParts(nodes)
}

// settleUnder finds by whose parts each block is settled.
func (l *loader) settleUnder(nodes []yamldoc.Pair) {
	blocks := l.book.Blocks
	for i := range nodes {
		for k := i; k >= 0; k = blocks[k].Parent {
			if blocks[k].Parts == nil {
				continue
			}
			if blocks[i].Under >= 0 {
				l.fail(nodes[i].Key, "“"+blocks[k].Name+"”已经分期计，里面的“"+blocks[blocks[i].Under].Name+"”不能再分", "只在一层写 每 和 取")
			}
			blocks[i].Under = k
		}
	}
}

func (l *loader) parent(i int, by *yamldoc.Node) {
	names := make([]string, 0, len(l.book.Blocks))
	for k := range l.book.Blocks {
		names = append(names, l.book.Blocks[k].Name)
	}
	if k := l.oneOf(by, "属于", names); k >= 0 {
		l.book.Blocks[i].Parent = k
	}
}

// settleOrder puts children before parents and refuses circles.
func (l *loader) settleOrder(nodes []yamldoc.Pair) {
	depth := make([]int, len(l.book.Blocks))
	for i := range l.book.Blocks {
		for k := l.book.Blocks[i].Parent; k >= 0 && depth[i] <= len(l.book.Blocks); k = l.book.Blocks[k].Parent {
			depth[i]++
			if k == i {
				l.fail(nodes[i].Value.Get("属于"), "板块“"+l.book.Blocks[i].Name+"”属于来属于去成了一圈", "检查各板块的 属于")
				l.book.Blocks[i].Parent = l.book.Total()
				depth[i] = 1
				break
			}
		}
		l.book.Settle = append(l.book.Settle, i)
	}
	slices.SortStableFunc(l.book.Settle, func(a, b int) int { return depth[b] - depth[a] })
}

func (l *loader) block(i int, n *yamldoc.Node) {
	b := &l.book.Blocks[i]
	s := &scope{l: l, may: mayAttributes | mayCategory, path: "板块." + b.Name}
	l.section(n, "板块",
		keyed{"属于", func(_, _ *yamldoc.Node) {}},
		keyed{"起点", func(_, v *yamldoc.Node) {
			b.Start = l.pointsValue(s, v, "起点", "")
			warnUncovered(s, &b.Start, v, "起点")
		}},
		keyed{"公式", l.blockFormula(i)},
		keyed{"折算", func(_, v *yamldoc.Node) { l.prorate(b, v, n.Get("起点")) }},
		keyed{"下限", func(_, v *yamldoc.Node) { b.Floor = l.pointsValue(s, v, "下限", "") }},
		keyed{"上限", func(_, v *yamldoc.Node) { b.Cap = l.pointsValue(s, v, "上限", "") }},
		keyed{"限额", func(_, v *yamldoc.Node) { b.Limits = l.limits(s.in("限额"), v, "") }},
		keyed{"每", func(_, v *yamldoc.Node) { l.every(b, v, n.Get("取")) }},
		keyed{"取", l.needsEvery(n)}, keyed{"空期", l.emptyParts(b, n)})
	l.clampOrder(b, n)
	l.emptyPartsWarning(b, n)
}

// clampOrder refuses a floor above a cap.
func (l *loader) clampOrder(b *Block, n *yamldoc.Node) {
	lowest, highest := domain.Points(-1<<62), domain.Points(1<<62)
	b.Floor.Leaves(func(p domain.Points) { lowest = max(lowest, p) })
	b.Cap.Leaves(func(p domain.Points) { highest = min(highest, p) })
	if lowest > highest {
		l.fail(n, "下限比上限还高", "下限 "+lowest.String()+"，上限 "+highest.String())
	}
}

func (l *loader) total(_, n *yamldoc.Node) {
	if len(l.book.Blocks) == 0 {
		return // 板块 itself is broken and has been told about
	}
	i := l.book.Total()
	b := &l.book.Blocks[i]
	b.Clause = l.clause("总分", n, "")
	s := &scope{l: l, may: mayAttributes | mayCategory, path: "总分"}
	l.section(n, "总分",
		keyed{"公式", l.blockFormula(i)},
		keyed{"下限", func(_, v *yamldoc.Node) { b.Floor = l.pointsValue(s, v, "下限", "") }},
		keyed{"上限", func(_, v *yamldoc.Node) { b.Cap = l.pointsValue(s, v, "上限", "") }},
		keyed{"限额", func(_, v *yamldoc.Node) { b.Limits = l.limits(s.in("限额"), v, "") }})
	l.clampOrder(b, n)
}

// limits reads 限额: {年: 10分, 月: [3次, -5分]}.
func (l *loader) limits(s *scope, n *yamldoc.Node, basis string) []Limit {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "限额要写成“{年: 10分}”", "左边写 "+strings.Join(limitWords(), "、")+"，右边写 10分、-10分 或 3次")
		return nil
	}
	var out []Limit
	for _, p := range n.Pairs {
		i := l.oneOf(p.Key, "限额", limitWords())
		if i < 0 {
			continue
		}
		lim := Limit{ID: l.book.Limits, Unit: calendar.UnitOf(limitWords()[i])}
		l.book.Limits++
		single := lim.Unit == calendar.Single
		lim.Caps = readValue(s.in(p.Key.Text).fromFirstDay(), p.Value, basis, nil, func(v *yamldoc.Node, _ int) (Caps, bool) {
			return l.caps(v, single)
		})
		out = append(out, lim)
	}
	return out
}

func (l *loader) caps(n *yamldoc.Node, single bool) (Caps, bool) {
	list := []*yamldoc.Node{n}
	if n.Kind == yamldoc.List {
		list = n.Items
	}
	if len(list) == 0 {
		l.fail(n, "限额是空的", "写 10分（管加分）、-10分（管扣分）或 3次（都管）")
		return Caps{}, false
	}
	var c Caps
	for _, v := range list {
		one, ok := oneCap(v.Text, single)
		if !ok {
			advice := "写 10分（管加分）、-10分（管扣分）或 3次（都管）"
			if single {
				advice = "单笔只写 2分（管加分）或 -2分（管扣分）"
			}
			l.fail(v, "“"+v.Text+"”不是限额", advice)
			return c, false
		}
		if (c.HasPlus && one.HasPlus) || (c.HasMinus && one.HasMinus) || (c.HasTimes && one.HasTimes) {
			l.fail(v, "限额“"+v.Text+"”和前面的重了", "加分、扣分、次数各写一个")
			return c, false
		}
		if !l.checkDecimals(v, int64(one.Plus)) || !l.checkDecimals(v, int64(one.Minus)) {
			return c, false
		}
		c.Plus, c.Minus, c.Times = c.Plus+one.Plus, c.Minus+one.Minus, c.Times+one.Times
		c.HasPlus, c.HasMinus, c.HasTimes = c.HasPlus || one.HasPlus, c.HasMinus || one.HasMinus, c.HasTimes || one.HasTimes
	}
	return c, true
}

// oneCap reads 10分, -10分 or 3次.
func oneCap(text string, single bool) (c Caps, ok bool) {
	if times, is := strings.CutSuffix(text, "次"); is {
		h, isNumber := domain.ParseHundredths(times)
		return Caps{Times: int(h / 100), HasTimes: true}, isNumber && h > 0 && h%100 == 0 && !single
	}
	points, is := strings.CutSuffix(text, "分")
	h, isNumber := domain.ParseHundredths(points)
	p := domain.Points(h)
	switch {
	case !is || !isNumber || p > domain.MaxPoints || p < -domain.MaxPoints:
		return c, false
	case strings.HasPrefix(points, "-"):
		return Caps{Minus: -p, HasMinus: true}, true
	}
	return Caps{Plus: p, HasPlus: true}, true
}

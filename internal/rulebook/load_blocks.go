package rulebook

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/party"
	"jifen/internal/yamldoc"
)

// blockTree reads 板块. 总分 is always the last block and the root.
func (l *loader) blockTree(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 || len(n.Pairs) > maxNames {
		l.fail(n, "板块要写成“名称: {起点: …}”", "例如 板块: {基础: {起点: 80}}")
		return
	}
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
		l.book.Blocks[i] = Block{Name: p.Key.Text, Parent: total, Clause: l.clause("板块."+p.Key.Text, p.Key, "")}
	}
	l.book.Blocks[total] = Block{Name: "总分", Parent: -1, Clause: l.clause("总分", n, "")}
	for i, p := range nodes { // parents first: a formula names children
		if by := p.Value.Get("属于"); by != nil {
			l.parent(i, by)
		}
	}
	l.settleOrder(n)
	for i, p := range nodes {
		l.block(i, p.Value)
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
func (l *loader) settleOrder(n *yamldoc.Node) {
	depth := make([]int, len(l.book.Blocks))
	for i := range l.book.Blocks {
		for k := l.book.Blocks[i].Parent; k >= 0; k = l.book.Blocks[k].Parent {
			if depth[i]++; depth[i] > len(l.book.Blocks) {
				l.fail(n, "板块“"+l.book.Blocks[i].Name+"”属于来属于去成了一圈", "检查各板块的 属于")
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
		keyed{"起点", func(_, v *yamldoc.Node) { b.Start = l.pointsValue(s, v, "起点", "") }},
		keyed{"公式", l.blockFormula(i)},
		keyed{"下限", func(_, v *yamldoc.Node) { b.Floor = l.pointsValue(s, v, "下限", "") }},
		keyed{"上限", func(_, v *yamldoc.Node) { b.Cap = l.pointsValue(s, v, "上限", "") }},
		keyed{"限额", func(_, v *yamldoc.Node) { b.Limits = l.limits(s.in("限额"), v, "") }})
	l.clampOrder(b, n)
}

func (l *loader) blockFormula(i int) reader {
	return func(_, v *yamldoc.Node) {
		s := &scope{l: l, may: mayChildren, parent: i, path: l.book.Blocks[i].Name + ".公式"}
		f := s.formula(v)
		if f == nil {
			return
		}
		l.book.Blocks[i].Formula = f
		for k := range l.book.Blocks {
			if l.book.Blocks[k].Parent == i && !slices.Contains(f.Reads, SlotBlock|k) {
				l.warn(v, "公式里没有用到“"+l.book.Blocks[k].Name+"”，它的分不进"+l.book.Blocks[i].Name, "如果是有意的，可以不管")
			}
		}
	}
}

// clampOrder refuses a floor above a cap.
func (l *loader) clampOrder(b *Block, n *yamldoc.Node) {
	lowest, highest := party.Points(-1<<62), party.Points(1<<62)
	b.Floor.Leaves(func(p party.Points) { lowest = max(lowest, p) })
	b.Cap.Leaves(func(p party.Points) { highest = min(highest, p) })
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
		l.fail(n, "限额要写成“{年: 10分}”", "左边写 单笔、日、月、季、半年、年、终身，右边写 10分、-10分 或 3次")
		return nil
	}
	var out []Limit
	for _, p := range n.Pairs {
		i := l.oneOf(p.Key, "限额", []string{"单笔", "日", "月", "季", "半年", "年", "终身"})
		if i < 0 {
			continue
		}
		lim := Limit{ID: l.book.Limits, Unit: calendar.Single + calendar.Unit(i)}
		l.book.Limits++
		single := lim.Unit == calendar.Single
		lim.Caps = readValue(s.in(p.Key.Text).begins(), p.Value, basis, nil, func(v *yamldoc.Node, _ int) (Caps, bool) {
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
	var c Caps
	for _, v := range list {
		before := c
		if times, ok := strings.CutSuffix(v.Text, "次"); ok && !single {
			if h, ok := party.ParseHundredths(times); ok && h > 0 && h%100 == 0 {
				c.Times, c.HasTimes = int(h/100), true
			}
		} else if points, ok := strings.CutSuffix(v.Text, "分"); ok {
			h, ok := party.ParseHundredths(points)
			switch {
			case !ok || party.Points(h) > party.MaxPoints || party.Points(-h) > party.MaxPoints:
			case strings.HasPrefix(points, "-"):
				c.Minus, c.HasMinus = party.Points(-h), true
			default:
				c.Plus, c.HasPlus = party.Points(h), true
			}
		}
		if before == c {
			advice := "写 10分（管加分）、-10分（管扣分）或 3次（都管）"
			if single {
				advice = "单笔只写 2分（管加分）或 -2分（管扣分）"
			}
			l.fail(v, "“"+v.Text+"”不是限额", advice)
			return c, false
		}
		if !l.places(v, int64(c.Plus)) || !l.places(v, int64(c.Minus)) {
			return c, false
		}
	}
	return c, len(list) > 0
}

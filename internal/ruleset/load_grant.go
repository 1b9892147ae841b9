package ruleset

import (
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// grants reads 授权: {支部: {板块, 加分, 扣分, 单笔, 审批}}.
func (l *loader) grants(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map || len(n.Pairs) == 0 {
		l.fail(n, "授权要写成“支部: {板块: …, 加分: 5项, 单笔: 2分}”", "")
		return
	}
	for _, p := range n.Pairs {
		level := l.oneOf(p.Key, "授权", levelWords())
		if level < 0 {
			continue
		}
		g := Grant{Block: -1, Clause: l.clause("授权."+p.Key.Text, p.Key, "")}
		g.Level = domain.Level(level) //nolint:gosec // a level
		l.section(p.Value, "授权",
			keyed{"板块", func(_, v *yamldoc.Node) {
				names := make([]string, 0, len(l.book.Blocks))
				for i := range l.book.Blocks {
					names = append(names, l.book.Blocks[i].Name)
				}
				g.Block = l.oneOf(v, "板块", names)
			}},
			keyed{"加分", func(_, v *yamldoc.Node) { g.Plus = l.some(v, "项") }},
			keyed{"扣分", func(_, v *yamldoc.Node) { g.Minus = l.some(v, "项") }},
			keyed{"单笔", func(_, v *yamldoc.Node) {
				c, ok := oneCap(v.Text, true)
				if !ok || !c.HasPlus || c.Plus == 0 {
					l.fail(v, "“"+v.Text+"”不是分数", "写 2分 这样，加分扣分都不超过它")
				}
				g.Each = c.Plus
			}},
			keyed{"审批", func(_, v *yamldoc.Node) { g.Approve = l.organList(v, "审批", false) }})
		for _, must := range []string{"板块", "单笔", "审批"} {
			if p.Value.Kind == yamldoc.Map && p.Value.Get(must) == nil {
				l.fail(p.Key, "授权缺“"+must+"”", "写全 板块、加分、扣分、单笔、审批")
				break
			}
		}
		l.book.Grants = append(l.book.Grants, g)
	}
}

// some reads 5项; 0 after a problem.
func (l *loader) some(n *yamldoc.Node, unit string) int {
	number, ok := strings.CutSuffix(n.Text, unit)
	h, isNumber := domain.ParseHundredths(number)
	if !ok || !isNumber || h < 0 || h%100 != 0 || h > maxNames*100 {
		l.fail(n, "“"+n.Text+"”写法不对", "写 5"+unit+" 这样")
		return 0
	}
	return int(h / 100)
}

// retired reads 停用: names of items that earlier texts had and this one drops.
func (l *loader) retired(_, n *yamldoc.Node) {
	for _, w := range l.words(n, "停用") {
		if slices.Contains(l.items, w.Text) {
			l.fail(w, "“"+w.Text+"”在项目里，没有停用", "停用的项目从 项目 里删去")
			continue
		}
		l.book.Retired = append(l.book.Retired, w.Text)
	}
}

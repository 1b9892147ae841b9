package ruleset

import (
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

func (l *loader) title(_, n *yamldoc.Node) { l.book.Title = l.text(n, "办法的名称", 80) }
func (l *loader) basis(_, n *yamldoc.Node) { l.book.Basis = l.text(n, "依据", 200) }

func (l *loader) code(_, n *yamldoc.Node) {
	s := l.text(n, "编号", 40)
	if !isCode(s) {
		l.fail(n, "编号“"+s+"”写法不对", "只用小写字母、数字和短横，例如 weizhou")
	}
	l.book.Code = s
}

// isCode tells a scheme's 编号: small letters, digits and dashes.
func isCode(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && !strings.HasPrefix(s, "-")
}

func (l *loader) from(_, n *yamldoc.Node) {
	l.book.From = l.day(n)
	l.book.Since = l.book.From
}

// since reads 首次施行, which a later text of a scheme says where the earlier
// ones are not at hand.
func (l *loader) since(_, n *yamldoc.Node) {
	day := l.day(n)
	if day > l.book.From {
		l.fail(n, "首次施行不能晚于施行", "写这份办法最早的那个文本从哪一天起施行；这就是第一个文本的，删去这一行")
		return
	}
	if day != 0 {
		l.book.Since = day
	}
}

// day reads a date; 0 after a problem.
func (l *loader) day(n *yamldoc.Node) calendar.Day {
	d, err := calendar.Parse(n.Text)
	if n.Kind != yamldoc.Scalar || err != nil {
		l.fail(n, "“"+n.Text+"”不是日期", "写成 2026-01-01 这样的年-月-日")
		return 0
	}
	return d
}

func (l *loader) kinds(_, n *yamldoc.Node) {
	all := domain.BranchKinds()
	list := make([]string, len(all))
	for i, k := range all {
		list[i] = string(k)
	}
	for _, w := range l.words(n, "适用") {
		if l.oneOf(w, "支部类型", list) >= 0 {
			l.book.Kinds = append(l.book.Kinds, domain.BranchKind(w.Text))
		}
	}
}

func (l *loader) cycle(_, n *yamldoc.Node) {
	c := &l.book.Cycle
	readings := []string{"当日", "期初", "期末"}
	c.Unit, c.EntryBy, c.StartBy = calendar.Year, OnDay, AtEnd
	start := (*yamldoc.Node)(nil)
	l.section(n, "周期",
		keyed{"考核", func(_, v *yamldoc.Node) {
			if l.oneOf(v, "考核", []string{"年", "半年", "季", "月"}) >= 0 {
				c.Unit = calendar.UnitOf(v.Text)
			}
		}},
		keyed{"类别按", func(_, v *yamldoc.Node) {
			if i := l.oneOf(v, "类别按", readings); i >= 0 {
				c.EntryBy = Reading(i)
			}
			if c.EntryBy == AtStart {
				c.StartBy = AtStart
			}
		}},
		keyed{"起点按", func(_, v *yamldoc.Node) {
			start = v
			if i := l.oneOf(v, "起点按", []string{"期初", "期末", "天数"}); i >= 0 {
				c.StartBy = Reading(i + 1)
			}
		}})
	if n.Kind == yamldoc.Map && n.Get("考核") == nil {
		l.fail(n, "周期里缺“考核”", "例如 周期: {考核: 年}")
	}
	if c.EntryBy == AtStart && c.StartBy != AtStart && start != nil {
		l.fail(start, "类别按期初定了，起点就不能按别的日子", "写 起点按: 期初，或把这一项删去")
	}
}

func (l *loader) rounding(_, n *yamldoc.Node) {
	l.section(n, "小数",
		keyed{"位数", func(_, v *yamldoc.Node) {
			if i := l.oneOf(v, "位数", []string{"0", "1", "2"}); i >= 0 {
				l.book.Decimals = i
			}
		}},
		keyed{"舍入", func(_, v *yamldoc.Node) {
			if i := l.oneOf(v, "舍入", []string{"四舍五入", "四舍六入五成双", "舍去"}); i >= 0 {
				l.book.Rounding = [...]formula.Rounding{formula.HalfUp, formula.HalfEven, formula.Down}[i]
			}
		}})
}

// span reads 30天, 12个月 or 2年.
func (l *loader) span(n *yamldoc.Node) (calendar.Span, bool) {
	s, ok := calendar.ParseSpan(n.Text)
	if !ok || n.Kind != yamldoc.Scalar {
		l.fail(n, "“"+n.Text+"”不是一段时间", "写成 30天、12个月 或 2年")
		return calendar.Span{}, false
	}
	return s, true
}

func (l *loader) defaults(_, n *yamldoc.Node) {
	s := &scope{l: l, may: mayAttributes | mayCategory | mayPoints, path: "默认"}
	l.section(n, "默认", append(l.workflow(&l.book.Workflow, s),
		keyed{"有效", func(_, v *yamldoc.Node) {
			before := len(l.problems)
			readValue(s.in("有效"), v, "", nil, l.validity)
			if len(l.problems) == before && v.Text != "本期" { // else each item would say the same again, or what is so anyhow
				l.usual.validity = v
			}
		}},
		keyed{"同一事项", func(_, v *yamldoc.Node) { l.usual.highest = l.matter(v) }})...)
}

// matter reads 同一事项.
func (l *loader) matter(n *yamldoc.Node) bool {
	return l.oneOf(n, "同一事项", []string{"各计", "取最高"}) == 1
}

// workflow reads the keys that say who enters and approves.
func (l *loader) workflow(w *Workflow, s *scope) []keyed {
	return []keyed{
		{"录入", func(_, v *yamldoc.Node) { w.Enter = l.organList(v, "录入", true) }},
		{"审批", func(_, v *yamldoc.Node) {
			w.Approve = readValue(s.in("审批"), v, "", nil, func(n *yamldoc.Node, _ int) ([]domain.Organ, bool) {
				list := l.organList(n, "审批", false)
				return list, len(list) > 0
			})
		}},
		{"证明", func(_, v *yamldoc.Node) { w.Proof = l.yesNo(v, "证明") }},
		{"补录", func(_, v *yamldoc.Node) { w.Late, _ = l.span(v) }},
	}
}

func (l *loader) groups(_, n *yamldoc.Node) {
	if n.Kind != yamldoc.Map {
		l.fail(n, "活动要写成“组名: [种类, 种类]”", "例如 活动: {组织生活: [党课, 主题党日]}")
		return
	}
	owner := map[string]string{}
	for _, p := range n.Pairs {
		l.name(p.Key, "活动组", false)
		g := Group{Name: p.Key.Text}
		for _, w := range l.words(p.Value, "活动") {
			if !l.name(w, "活动", false) {
				continue
			}
			if first, twice := owner[w.Text]; twice {
				l.fail(w, "活动“"+w.Text+"”已经在“"+first+"”组里", "一种活动只归一组")
			}
			owner[w.Text] = g.Name
			g.Kinds = append(g.Kinds, w.Text)
		}
		l.book.Groups = append(l.book.Groups, g)
	}
}

package ruletest

import (
	"slices"
	"strconv"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
)

// compare checks every expectation.
func (t *trial) compare(expect *yamldoc.Node, a *domain.Statement) {
	s := &a.Standing
	for _, p := range expect.Pairs {
		switch key := p.Key.Text; key {
		case "类别":
			t.text(p, s.Category)
		case "等次":
			t.text(p, s.Grade)
		case "不计分":
			t.text(p, map[bool]string{true: "否", false: "是"}[s.Scored])
		case "人群":
			t.text(p, s.Group)
		case "不排名":
			t.text(p, map[bool]string{true: "否", false: "是"}[s.Ranked])
		case "总分":
			t.points(p, s.Total, s)
		case "加分次数":
			t.text(p, strconv.Itoa(s.Added))
		case "扣分次数":
			t.text(p, strconv.Itoa(s.Deducted))
		case "红线":
			t.set(p, s.RedLines)
		case "标杆":
			t.set(p, s.Meets)
		case "缺资料":
			t.set(p, s.Missing)
		case "预警":
			t.alerts(p, s.Alerts)
		case notTaken:
			t.set(p, t.refused)
		case "项目得分":
			t.items(p, a)
		default:
			i := slices.IndexFunc(s.Blocks, func(b domain.BlockValue) bool { return b.Name == key })
			switch {
			case i >= 0:
				t.points(p, s.Blocks[i].Value, s)
			case !s.Scored:
				t.note(p.Key, "%s：没有总分（%s）", key, s.Why)
			default:
				t.note(p.Key, "应得里没有“%s”这一项。改法：写 类别、总分、等次、板块名、红线、预警、项目得分 等", key)
			}
		}
	}
}

func (t *trial) text(p yamldoc.Pair, got string) {
	if p.Value.Text != got || p.Value.Kind != yamldoc.Scalar {
		t.note(p.Value, "%s：应为 %s，算出 %s", p.Key.Text, orNone(p.Value.Text), orNone(got))
	}
}

func orNone(s string) string {
	if s == "" {
		return "（没有）"
	}
	return s
}

// points compares exactly, in hundredths.
func (t *trial) points(p yamldoc.Pair, got domain.Points, s *domain.Standing) {
	want, ok := domain.ParseHundredths(p.Value.Text)
	switch {
	case p.Value.Kind != yamldoc.Scalar || !ok:
		t.note(p.Value, "%s：“%s”不是分数。改法：写成 92.5 这样", p.Key.Text, p.Value.Text)
	case !s.Scored:
		t.note(p.Value, "%s：应为 %s，没有总分（%s）", p.Key.Text, domain.Points(want), s.Why)
	case domain.Points(want) != got:
		t.note(p.Value, "%s：应为 %s，算出 %s", p.Key.Text, domain.Points(want), got)
	}
}

// set compares two lists as whole sets.
func (t *trial) set(p yamldoc.Pair, got []string) {
	if p.Value.Kind != yamldoc.List {
		t.note(p.Value, "%s：要写成方括号里的一列", p.Key.Text)
		return
	}
	want := make([]string, len(p.Value.Items))
	for i, n := range p.Value.Items {
		want[i] = n.Text
	}
	got = slices.Clone(got)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		t.note(p.Value, "%s：应为 %s，算出 %s", p.Key.Text, orNone(strings.Join(want, "、")), orNone(strings.Join(got, "、")))
	}
}

// alerts compares what an expectation says of each alert: a name, or a name
// with 级别 and 于. Alerts of one name that say nothing more count once.
func (t *trial) alerts(p yamldoc.Pair, got []domain.Alert) {
	if p.Value.Kind != yamldoc.List {
		t.note(p.Value, "预警：要写成一列")
		return
	}
	met := make([]bool, len(got))
	for _, n := range p.Value.Items {
		found := false
		for i := range got {
			if !alertIs(n, &got[i]) {
				continue
			}
			found, met[i] = true, true
		}
		if !found {
			t.note(n, "预警：应有 %s，没有算出", alertText(n))
		}
	}
	for i := range got {
		if !met[i] {
			t.note(p.Value, "预警：多出 %s（%s，%s）", got[i].Name, got[i].Level, got[i].On)
		}
	}
}

func alertIs(n *yamldoc.Node, a *domain.Alert) bool {
	if n.Kind == yamldoc.Scalar {
		return n.Text == a.Name
	}
	for _, p := range n.Pairs {
		is := map[string]string{"名称": a.Name, "级别": string(a.Level), "于": a.On.String()}[p.Key.Text]
		if is != p.Value.Text {
			return false
		}
	}
	return n.Kind == yamldoc.Map
}

func alertText(n *yamldoc.Node) string {
	if n.Kind == yamldoc.Scalar {
		return n.Text
	}
	var parts []string
	for _, p := range n.Pairs {
		parts = append(parts, p.Value.Text)
	}
	return strings.Join(parts, " ")
}

// items compares what the entries of an item count for, all together.
func (t *trial) items(p yamldoc.Pair, a *domain.Statement) {
	if p.Value.Kind != yamldoc.Map {
		t.note(p.Value, "项目得分：要写成 {志愿服务: 5} 这样")
		return
	}
	sums := map[string]domain.Points{}
	addUp(&a.Total, sums)
	for _, q := range p.Value.Pairs {
		if !slices.ContainsFunc(t.files.Books(), func(b *ruleset.RuleSet) bool { return b.Item(q.Key.Text) >= 0 }) {
			t.note(q.Key, "办法里没有“%s”这个项目", q.Key.Text)
			continue
		}
		t.points(q, sums[q.Key.Text], &a.Standing)
	}
}

func addUp(l *domain.Line, sums map[string]domain.Points) {
	if l.Kind == domain.LineEntry {
		sums[l.Name] += l.Value
	}
	for i := range l.Children {
		addUp(&l.Children[i], sums)
	}
}

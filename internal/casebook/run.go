package casebook

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/rulebook"
	"jifen/internal/scoring"
	"jifen/internal/yamldoc"
)

// Outcome is what came of one case.
type Outcome struct {
	Name        string
	Line        int
	OK          bool
	Differences []string        // Chinese, one for each expectation that is not met
	Accounts    []party.Account // of a case that failed and could be scored

	touched []string // clauses, by path
}

// Run scores every case under a rulebook and compares.
func (b *Book) Run(rules *rulebook.Rulebook) []Outcome {
	out := make([]Outcome, len(b.Cases))
	for i := range b.Cases {
		out[i] = b.Cases[i].run(rules)
	}
	return out
}

// trial is one case being run.
type trial struct {
	rules  *rulebook.Rulebook
	record party.Record
	says   []string
}

func (t *trial) say(n *yamldoc.Node, format string, args ...any) {
	t.says = append(t.says, "第 "+strconv.Itoa(n.Line)+" 行："+fmt.Sprintf(format, args...))
}

// complain says an error of a person's input, with what to write instead.
func (t *trial) complain(n *yamldoc.Node, err error) {
	var f *fault.Error
	if errors.As(err, &f) && f.Hint != "" {
		t.say(n, "%s。改法：%s", f.Message, f.Hint)
		return
	}
	t.say(n, "%s", err)
}

func (c *Case) run(rules *rulebook.Rulebook) Outcome {
	t := &trial{rules: rules, record: party.Record{Member: party.Member{ID: "1", Name: c.Name}}}
	period, err := rules.Period(c.period.Text)
	if err != nil {
		t.complain(c.period, err)
	}
	t.member(c.member)
	for _, n := range c.changes {
		t.facts(n, day(n.Get("自")), "自")
	}
	for i, n := range c.entries {
		t.entry(i, n)
	}
	for i, n := range c.meets {
		t.attendance(i, n)
	}
	out := Outcome{Name: c.Name, Line: c.Line}
	if len(t.says) == 0 {
		asOf := c.asOf
		if asOf == 0 {
			asOf = period.Last
		}
		res := scoring.Member(rules, &t.record, period, asOf)
		account := res.Account()
		if len(rules.Ranking.Levels) > 0 {
			p := scoring.Placed(rules, &account.Standing, t.places(c.place))
			account.Standing.Grade, account.Standing.Alerts = p.Grade, append(account.Standing.Alerts, p.Alerts...)
		}
		out.touched = touches(rules, &t.record, &account)
		t.compare(c.expect, &account)
		if len(t.says) > 0 {
			out.Accounts = []party.Account{account}
		}
	}
	out.Differences, out.OK = t.says, len(t.says) == 0
	return out
}

// places reads 排在: the member's place at every level of 排名. Without it
// nobody is ranked.
func (t *trial) places(n *yamldoc.Node) []party.Place {
	if n == nil {
		return nil
	}
	number := func(key string, usual int) int {
		v := n.Get(key)
		if v == nil {
			return usual
		}
		i, err := strconv.Atoi(v.Text)
		if err != nil || i < 1 {
			t.say(v, "%s：“%s”不是名次或人数。改法：写 3 这样的整数", key, v.Text)
		}
		return i
	}
	p := party.Place{Place: number("名次", 1), Of: number("人数", 1), Tied: number("并列", 1)}
	var out []party.Place
	for _, level := range t.rules.Ranking.Levels {
		p.Level = level
		out = append(out, p)
	}
	return out
}

// day reads a day whose form was checked when the file was read.
func day(n *yamldoc.Node) calendar.Day {
	if n == nil {
		return 0
	}
	d, err := calendar.Parse(n.Text)
	if err != nil {
		return 0
	}
	return d
}

// member reads 党员: who it is, and what holds from the beginning.
func (t *trial) member(n *yamldoc.Node) {
	if n == nil {
		return
	}
	m := &t.record.Member
	for _, p := range n.Pairs {
		switch p.Key.Text {
		case "加入", "离开":
			d, err := calendar.Parse(p.Value.Text)
			if err != nil {
				t.complain(p.Value, err)
			}
			if p.Key.Text == "加入" {
				m.Joined = d
			} else {
				m.Left = d
			}
		case "支部类型":
			m.Kind = party.BranchKind(p.Value.Text)
			if !slices.Contains(party.BranchKinds(), m.Kind) {
				t.say(p.Value, "没有“%s”这种支部", p.Value.Text)
			}
		}
	}
	t.facts(n, 1, "加入", "离开", "支部类型")
}

// facts reads the attributes of a node, from a day on.
func (t *trial) facts(n *yamldoc.Node, from calendar.Day, but ...string) {
	for _, p := range n.Pairs {
		if slices.Contains(but, p.Key.Text) {
			continue
		}
		i := t.rules.Attribute(p.Key.Text)
		if i < 0 {
			t.say(p.Key, "办法里没有“%s”这个属性", p.Key.Text)
			continue
		}
		v, err := t.rules.Attributes[i].Parse(p.Value.Text)
		if err != nil {
			t.complain(p.Value, err)
			continue
		}
		t.record.Facts = append(t.record.Facts, party.Fact{Attribute: p.Key.Text, From: from, Value: v})
	}
}

func (t *trial) entry(i int, n *yamldoc.Node) {
	values := map[string]string{}
	for _, p := range n.Pairs {
		if !slices.Contains([]string{"项目", "日期", "分值"}, p.Key.Text) {
			values[p.Key.Text] = p.Value.Text
		}
	}
	points := ""
	if p := n.Get("分值"); p != nil {
		points = p.Text
	}
	e, problems := t.rules.Entry(n.Get("项目").Text, points, values)
	fields := make([]string, 0, len(problems))
	for name := range problems {
		fields = append(fields, name)
	}
	slices.Sort(fields)
	for _, name := range fields {
		t.complain(n, problems[name])
	}
	e.ID, e.On = strconv.Itoa(i+1), day(n.Get("日期"))
	if len(problems) == 0 {
		if err := scoring.Suits(t.rules, &t.record, e); err != nil {
			t.complain(n, err)
		}
	}
	t.record.Entries = append(t.record.Entries, e)
}

func (t *trial) attendance(i int, n *yamldoc.Node) {
	a := party.Attendance{
		Activity: strconv.Itoa(i + 1), Kind: n.Get("种类").Text,
		On: day(n.Get("日期")), Status: party.Status(n.Get("出勤").Text),
	}
	if !t.rules.Kind(a.Kind) {
		t.say(n.Get("种类"), "办法里没有“%s”这种活动", a.Kind)
	}
	if !slices.Contains(party.Statuses(), a.Status) {
		t.say(n.Get("出勤"), "没有“%s”这种出勤", a.Status)
	}
	for _, p := range n.Pairs {
		if !slices.Contains([]string{"种类", "日期", "出勤"}, p.Key.Text) {
			t.say(p.Key, "出勤里没有“%s”这一项", p.Key.Text)
		}
	}
	t.record.Attendance = append(t.record.Attendance, a)
}

// compare checks every expectation.
func (t *trial) compare(expect *yamldoc.Node, a *party.Account) {
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
		case "项目得分":
			t.items(p, a)
		default:
			i := slices.IndexFunc(s.Blocks, func(b party.BlockValue) bool { return b.Name == key })
			switch {
			case i >= 0:
				t.points(p, s.Blocks[i].Value, s)
			case !s.Scored:
				t.say(p.Key, "%s：没有总分（%s）", key, s.Why)
			default:
				t.say(p.Key, "应得里没有“%s”这一项。改法：写 类别、总分、等次、板块名、红线、预警、项目得分 等", key)
			}
		}
	}
}

func (t *trial) text(p yamldoc.Pair, got string) {
	if p.Value.Text != got || p.Value.Kind != yamldoc.Scalar {
		t.say(p.Value, "%s：应为 %s，算出 %s", p.Key.Text, orNone(p.Value.Text), orNone(got))
	}
}

func orNone(s string) string {
	if s == "" {
		return "（没有）"
	}
	return s
}

// points compares exactly, in hundredths.
func (t *trial) points(p yamldoc.Pair, got party.Points, s *party.Standing) {
	want, ok := party.ParseHundredths(p.Value.Text)
	switch {
	case p.Value.Kind != yamldoc.Scalar || !ok:
		t.say(p.Value, "%s：“%s”不是分数。改法：写成 92.5 这样", p.Key.Text, p.Value.Text)
	case !s.Scored:
		t.say(p.Value, "%s：应为 %s，没有总分（%s）", p.Key.Text, party.Points(want), s.Why)
	case party.Points(want) != got:
		t.say(p.Value, "%s：应为 %s，算出 %s", p.Key.Text, party.Points(want), got)
	}
}

// set compares two lists as whole sets.
func (t *trial) set(p yamldoc.Pair, got []string) {
	if p.Value.Kind != yamldoc.List {
		t.say(p.Value, "%s：要写成方括号里的一列", p.Key.Text)
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
		t.say(p.Value, "%s：应为 %s，算出 %s", p.Key.Text, orNone(strings.Join(want, "、")), orNone(strings.Join(got, "、")))
	}
}

// alerts compares what an expectation says of each alert: a name, or a name
// with 级别 and 于. Alerts of one name that say nothing more count once.
func (t *trial) alerts(p yamldoc.Pair, got []party.Alert) {
	if p.Value.Kind != yamldoc.List {
		t.say(p.Value, "预警：要写成一列")
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
			t.say(n, "预警：应有 %s，没有算出", alertText(n))
		}
	}
	for i := range got {
		if !met[i] {
			t.say(p.Value, "预警：多出 %s（%s，%s）", got[i].Name, got[i].Level, got[i].On)
		}
	}
}

func alertIs(n *yamldoc.Node, a *party.Alert) bool {
	if n.Kind == yamldoc.Scalar {
		return n.Text == a.Name
	}
	for _, p := range n.Pairs {
		is := map[string]string{"名称": a.Name, "级别": a.Level, "于": a.On.String()}[p.Key.Text]
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
func (t *trial) items(p yamldoc.Pair, a *party.Account) {
	if p.Value.Kind != yamldoc.Map {
		t.say(p.Value, "项目得分：要写成 {志愿服务: 5} 这样")
		return
	}
	sums := map[string]party.Points{}
	addUp(&a.Total, sums)
	for _, q := range p.Value.Pairs {
		if t.rules.Item(q.Key.Text) < 0 {
			t.say(q.Key, "办法里没有“%s”这个项目", q.Key.Text)
			continue
		}
		t.points(q, sums[q.Key.Text], &a.Standing)
	}
}

func addUp(l *party.Line, sums map[string]party.Points) {
	if l.Kind == party.LineEntry {
		sums[l.Name] += l.Value
	}
	for i := range l.Children {
		addUp(&l.Children[i], sums)
	}
}

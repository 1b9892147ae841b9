package casebook

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

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
	found  []yamldoc.Problem // what is written wrongly
	says   []string          // what came out otherwise

	refused []string // items of entries that were refused, as the case expects
}

func (t *trial) say(n *yamldoc.Node, format string, args ...any) {
	t.says = append(t.says, "第 "+strconv.Itoa(n.Line)+" 行："+fmt.Sprintf(format, args...))
}

// wrong notes what is written wrongly, and what to write instead.
func (t *trial) wrong(n *yamldoc.Node, message, advice string) {
	t.found = append(t.found, n.At(0, message, advice))
}

// complain notes an error of a person's input.
func (t *trial) complain(n *yamldoc.Node, err error) {
	var f *fault.Error
	if errors.As(err, &f) {
		t.wrong(n, f.Message, f.Hint)
		return
	}
	t.wrong(n, err.Error(), "")
}

func (c *Case) run(rules *rulebook.Rulebook) Outcome {
	t := &trial{rules: rules, record: party.Record{Member: party.Member{ID: "1", Name: c.Name}}}
	period := t.life(c)
	places := t.places(c.place)
	for _, p := range t.found {
		says := "第 " + strconv.Itoa(p.Line) + " 行：" + p.Message
		if p.Advice != "" {
			says += "。改法：" + p.Advice
		}
		t.says = append(t.says, says)
	}
	out := Outcome{Name: c.Name, Line: c.Line}
	if len(t.says) == 0 {
		asOf := c.asOf
		if asOf == 0 {
			asOf = scoring.LastDay(rules, &t.record, period)
		}
		res := scoring.Member(rules, &t.record, period, asOf)
		account := res.Account()
		if len(rules.Ranking.Levels) > 0 {
			p := scoring.Placed(rules, &account.Standing, places)
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

// life reads who it is and what happened. What is not there, or has been told
// of when the file was read, is passed over.
func (t *trial) life(c *Case) (period calendar.Period) {
	if c.period != nil {
		var err error
		if period, err = t.rules.Period(c.period.Text); err != nil {
			t.complain(c.period, err)
		}
	}
	t.member(c.member)
	for _, n := range c.changes {
		if readable(n, "自") {
			t.facts(n, day(n.Get("自")), "自")
		}
	}
	for i, n := range c.meets {
		if readable(n, "种类", "日期", "出勤") {
			t.attendance(i, n)
		}
	}
	for i, n := range c.entries {
		if readable(n, "项目", "日期") {
			t.claim(c.expect, i, n)
		}
	}
	return period
}

// readable reports whether a row has what it must have, in plain values.
func readable(n *yamldoc.Node, must ...string) bool {
	for _, key := range must {
		if n.Get(key) == nil {
			return false
		}
	}
	return !n.Damaged && !slices.ContainsFunc(n.Pairs, func(p yamldoc.Pair) bool { return p.Value.Kind != yamldoc.Scalar })
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
			t.wrong(v, key+"：“"+v.Text+"”不是名次或人数", "写 3 这样的整数")
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
	if n == nil || n.Kind != yamldoc.Map {
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
				t.wrong(p.Value, "没有“"+p.Value.Text+"”这种支部", oneOf(p.Value.Text, party.BranchKinds()))
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
			var names []string
			for k := range t.rules.Attributes {
				names = append(names, t.rules.Attributes[k].Name)
			}
			t.wrong(p.Key, "办法里没有“"+p.Key.Text+"”这个属性", oneOf(p.Key.Text, append(names, but...)))
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
		if !slices.Contains([]string{"项目", "日期", "分值", rulebook.RecordedWord}, p.Key.Text) {
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
		t.field(n, name, problems[name])
	}
	e.ID, e.On = strconv.Itoa(i+1), day(n.Get("日期"))
	if r := n.Get(rulebook.RecordedWord); r != nil {
		if e.Recorded = day(r); e.Recorded < e.On {
			t.say(r, "录入日早于日期")
		}
	}
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
		var kinds []string
		for _, g := range t.rules.Groups {
			kinds = append(kinds, g.Kinds...)
		}
		t.wrong(n.Get("种类"), "办法里没有“"+a.Kind+"”这种活动", oneOf(a.Kind, kinds))
	}
	if !slices.Contains(party.Statuses(), a.Status) {
		t.wrong(n.Get("出勤"), "没有“"+string(a.Status)+"”这种出勤", oneOf(string(a.Status), party.Statuses()))
	}
	for _, p := range n.Pairs {
		if !slices.Contains([]string{"种类", "日期", "出勤"}, p.Key.Text) {
			t.wrong(p.Key, "出勤里没有“"+p.Key.Text+"”这一项", "只写 种类、日期、出勤")
		}
	}
	t.record.Attendance = append(t.record.Attendance, a)
}

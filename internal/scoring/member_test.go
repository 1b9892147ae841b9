package scoring_test

import (
	"fmt"
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// frame is a small scheme; a test replaces what it is about. What a test does
// not replace stays as it stands here.
func frame(t testing.TB, replace map[string]string) *ruleset.RuleSet {
	t.Helper()
	parts := [][2]string{
		{"施行", "2025-01-01"},
		{"适用", "[社区]"},
		{"周期", "{考核: 年, 类别按: 当日, 起点按: 期末}"},
		{"小数", "{位数: 1, 舍入: 四舍五入}"},
		{"活动", "{会: [党课]}"},
		{"属性", "{流动: 是否, 职务: [无, 书记], 年龄: {推算: 周岁}, 龄: {推算: 党龄}}"},
		{"豁免", "{停: {效果: 不计分}, 不排: {效果: 不排名}, 免会: {免: [缺席]}}"},
		{"类别", "{D: {名称: 流动党员, 当: 流动}, B: {名称: 其余, 当: 其余}}"},
		{"板块", "{基础: {起点: {D: 70, 其余: 80}, 下限: 0}, 贡献: {上限: 20}}"},
		{"项目", "{好事: {板块: 贡献, 分值: 2}, 错事: {板块: 基础, 分值: -3}, 缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -5}, 到会: {来自: 会, 出勤: [到会]}}"},
		{"红线", ""}, {"等次", "{好: 总分 >= 80, 中: 总分 >= 60, 差: 其余}"},
		{"排名", "{范围: [支部, 社区], 再比: [贡献]}"},
		{"预警", ""}, {"标杆", ""},
	}
	var b strings.Builder
	b.WriteString("办法: 试验\n编号: t\n")
	seen := 0
	for _, p := range parts {
		text, ok := replace[p[0]]
		if ok {
			seen++
		} else {
			text = p[1]
		}
		if text != "" {
			fmt.Fprintf(&b, "%s: %s\n", p[0], text)
		}
	}
	if seen != len(replace) {
		t.Fatalf("the frame has not all of %v", replace)
	}
	return book(t, b.String())
}

// did is an entry: "好事 2026-03-01 时长=3 级别=省 分值=-2".
func did(t testing.TB, rb *ruleset.RuleSet, line string) domain.Entry {
	t.Helper()
	words := strings.Fields(line)
	values, points := map[string]string{}, ""
	for _, w := range words[2:] {
		name, value, _ := strings.Cut(w, "=")
		if name == "分值" {
			points = value
		} else {
			values[name] = value
		}
	}
	e, problems := rb.Entry(words[0], points, values)
	if len(problems) > 0 {
		t.Fatal(line, problems)
	}
	e.On = day(words[1])
	return e
}

// fact is "流动=是 2026-03-01"; with no day it holds from the beginning.
func fact(t testing.TB, rb *ruleset.RuleSet, line string) domain.Fact {
	t.Helper()
	what, from, _ := strings.Cut(line, " ")
	name, value, _ := strings.Cut(what, "=")
	v, err := rb.Attributes[rb.Attribute(name)].Parse(value)
	if err != nil {
		t.Fatal(err)
	}
	f := domain.Fact{Attribute: name, From: 1, Value: v}
	if from != "" {
		f.From = day(from)
	}
	return f
}

// someone makes a record of facts ("流动=是 …"), entries and attendance
// ("@党课 2026-03-01 缺席").
func someone(t testing.TB, rb *ruleset.RuleSet, lines ...string) *domain.MemberHistory {
	t.Helper()
	r := &domain.MemberHistory{Member: domain.Membership{ID: "1", Kind: "社区"}}
	for i, line := range lines {
		switch words := strings.Fields(line); {
		case strings.HasPrefix(line, "@"):
			r.Attendance = append(r.Attendance, domain.Attendance{
				Activity: fmt.Sprint(i), Kind: words[0][1:], On: day(words[1]), Status: domain.AttendanceStatus(words[2]),
			})
		case strings.Contains(words[0], "="):
			r.Facts = append(r.Facts, fact(t, rb, line))
		default:
			e := did(t, rb, line)
			e.ID = fmt.Sprint(i)
			r.Entries = append(r.Entries, e)
		}
	}
	return r
}

// scored is the result of 2026 as of a day.
func scored(rb *ruleset.RuleSet, r *domain.MemberHistory, asOf string) *scoring.Result {
	return scoring.Member(scoring.Under(rb), r, year2026, day(asOf))
}

// wants compares what a standing says, in the words of its fields, with what
// was worked out by hand.
func wants(t *testing.T, res *scoring.Result, want string) {
	t.Helper()
	s := &res.Standing
	got := s.Total.String()
	if !s.Scored {
		got = s.Why
	}
	for _, b := range s.Blocks {
		got += " " + b.Name + b.Value.String()
	}
	if s.Grade != "" {
		got += " " + s.Grade
	}
	if s.Bare != s.Grade {
		got += " 本为" + s.Bare
	}
	for _, r := range s.RedLines {
		got += " 红线" + r
	}
	if len(s.Missing) > 0 {
		got += " 缺" + strings.Join(s.Missing, "、")
	}
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// alerts prints the alerts of a standing.
func alerts(res *scoring.Result) string {
	var out []string
	for _, a := range res.Standing.Alerts {
		out = append(out, fmt.Sprintf("%s %s %d %s", a.Name, a.On, a.Run, a.Level))
	}
	return strings.Join(out, "; ")
}

// explained prints the entries of a statement: what counted, then what did not.
func explained(res *scoring.Result) string {
	a := res.Statement()
	var out []string
	var walk func(l *domain.Line)
	walk = func(l *domain.Line) {
		if l.Kind == domain.LineEntry {
			out = append(out, strings.TrimSpace(l.Name+l.Value.Signed()+" "+l.Note))
		}
		for i := range l.Children {
			walk(&l.Children[i])
		}
	}
	walk(&a.Total)
	for _, l := range a.Idle {
		out = append(out, "不计 "+l.Name+" "+l.Note)
	}
	return strings.Join(out, " | ")
}

func TestTotalIsStartPlusEntriesWithinTheirClamps(t *testing.T) {
	t.Parallel()
	rb := frame(t, nil)
	wants(t, scored(rb, someone(t, rb), "2026-12-31"), "80 基础80 贡献0 好")
	wants(t, scored(rb, someone(t, rb, "好事 2026-02-01", "错事 2026-02-02"), "2026-12-31"), "79 基础77 贡献2 中")
	wants(t, scored(rb, someone(t, rb, "好事 2026-02-01", "错事 2026-02-02"), "2026-02-01"), "82 基础80 贡献2 好")
	// Last year's entries are gone, next year's are not there yet.
	wants(t, scored(rb, someone(t, rb, "好事 2025-12-31", "错事 2027-01-01"), "2026-12-31"), "80 基础80 贡献0 好")
	many := make([]string, 0, 40)
	for i := range 28 {
		many = append(many, fmt.Sprintf("好事 2026-02-%02d", i+1), fmt.Sprintf("错事 2026-03-%02d", i+1))
	}
	res := scored(rb, someone(t, rb, many...), "2026-12-31") // 80−84 → 0; 56 → 20
	wants(t, res, "20 基础0 贡献20 差")
	if s := res.Standing; s.Added != 28 || s.Deducted != 28 {
		t.Errorf("%d additions, %d deductions", s.Added, s.Deducted)
	}
}

func TestWhoIsNotScoredIsToldWhy(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"类别": "{X: {名称: 只记录的人, 当: 流动, 计分: 否}, B: {名称: 其余, 当: 其余}}", "施行": "2026-01-10",
		"板块": "{基础: {起点: 80}, 贡献: {上限: 20}}"})
	for asOf, r := range map[string]*domain.MemberHistory{
		"2026-03-01 2026-04-01 才转入": {Member: domain.Membership{Joined: day("2026-04-01")}},
		"2026-03-02 2026-02-01 已转出": {Member: domain.Membership{Left: day("2026-02-01")}},
		"2026-03-06 2026-02-02 已转出": {Member: domain.Membership{Away: []domain.Absence{{From: day("2026-02-02"),
			Back: day("2026-03-07")}}}},
		"2026-01-05 办法自 2026-01-10 起施行": {},
		"2026-03-03 本办法不适用于功能型支部":       {Member: domain.Membership{Kind: "功能型"}},
		"2026-03-04 豁免：停":               someone(t, rb, "豁免=停 2026-03-04"),
		"2026-03-05 只记录的人不计分":           someone(t, rb, "流动=是"),
	} {
		on, why, _ := strings.Cut(asOf, " ")
		res := scored(rb, r, on)
		wants(t, res, why)
		if s := res.Standing; s.Scored || s.Ranked || s.Grade != "" || s.Blocks != nil || s.Alerts != nil {
			t.Errorf("%s: not scored, and yet %+v", on, s)
		}
	}
	// The last day here still counts, and so does the first day back.
	gone := domain.MemberHistory{Member: domain.Membership{Away: []domain.Absence{{From: day("2026-03-02"),
		Back: day("2026-04-01")}}}}
	for _, on := range []string{"2026-03-01", "2026-04-01"} {
		wants(t, scored(rb, &gone, on), "80 基础80 贡献0 好")
	}
	wants(t, scored(rb, &domain.MemberHistory{Member: domain.Membership{Left: day("2026-03-02")}}, "2026-03-01"),
		"80 基础80 贡献0 好")
	wants(t, scored(rb, someone(t, rb, "豁免=停 2026-02-01", "豁免=无 2026-03-01"), "2026-03-01"), "80 基础80 贡献0 好")
	if res := scored(rb, someone(t, rb, "豁免=不排"), "2026-12-31"); !res.Standing.Scored || res.Standing.Ranked {
		t.Errorf("不排名: %+v", res.Standing)
	}
}

func TestDaysNotScoredCountNothing(t *testing.T) {
	t.Parallel()
	rb := frame(t, nil)
	r := someone(t, rb, "豁免=停 2026-02-01", "豁免=无 2026-03-01", "错事 2026-01-31", "错事 2026-02-10", "错事 2026-03-01")
	res := scored(rb, r, "2026-12-31")
	wants(t, res, "74 基础74 贡献0 中")
	if got, want := explained(res), "错事-3 | 错事-3 | 不计 错事 这一天不计分：豁免：停"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	r = someone(t, rb, "豁免=免会 2026-02-01", "@党课 2026-01-05 缺席", "@党课 2026-02-05 缺席", "@党课 2026-02-06 到会", "错事 2026-02-07")
	res = scored(rb, r, "2026-12-31")
	wants(t, res, "72 基础72 贡献0 中")
	if got, want := explained(res), "缺席-5 党课缺席 | 错事-3 | 不计 缺席 豁免：免会；党课缺席"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestCategoryIsReadOnTheDayTheFileSays(t *testing.T) {
	t.Parallel()
	// A floats from 1 July; 错事 counts for those at home only.
	lines := []string{"流动=是 2026-07-01", "错事 2026-03-01", "错事 2026-09-01"}
	for cycle, want := range map[string]string{
		"{考核: 年, 类别按: 当日, 起点按: 期末}": "67 基础67 贡献0 D", // 70 − 3
		"{考核: 年, 类别按: 当日, 起点按: 期初}": "77 基础77 贡献0 D", // 80 − 3
		"{考核: 年, 类别按: 期初, 起点按: 期初}": "74 基础74 贡献0 B", // 80 − 3 − 3
		"{考核: 年, 类别按: 期末, 起点按: 期末}": "70 基础70 贡献0 D", // floats at the end: nothing counts
	} {
		rb := frame(t, map[string]string{
			"周期": cycle, "等次": "{D: {D: 总分 >= 0, B: 1 > 2}, B: 其余}", "豁免": "",
			"项目": "{错事: {板块: 基础, 分值: -3, 适用: [B]}}", "活动": "",
		})
		t.Run(cycle, func(t *testing.T) {
			t.Parallel()
			wants(t, scored(rb, someone(t, rb, lines...), "2026-12-31"), want)
		})
	}
}

func TestUnknownFactsAreTold(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"类别": "{A: {名称: 书记, 当: 职务 == \"书记\"}, D: {名称: 流动党员, 当: 流动 or 年龄 >= 75}, " +
		"B: {名称: 其余, 当: 其余}}"})
	wants(t, scored(rb, someone(t, rb), "2026-12-31"), "80 基础80 贡献0 好 缺出生日期、职务")
	wants(t, scored(rb, someone(t, rb, "职务=书记"), "2026-12-31"), "80 基础80 贡献0 好")
	wants(t, scored(rb, someone(t, rb, "职务=无", "流动=是"), "2026-12-31"), "70 基础70 贡献0 中")
	wants(t, scored(rb, someone(t, rb, "职务=无", "出生日期=1951-06-01"), "2026-12-31"), "70 基础70 贡献0 中")
	wants(t, scored(rb, someone(t, rb, "职务=无", "出生日期=1951-06-01"), "2026-05-31"), "80 基础80 贡献0 好")
	if res := scored(rb, someone(t, rb, "职务=无", "出生日期=1951-06-01"), "2026-05-01"); res.StableUntil != day("2026-05-31") {
		t.Errorf("a birthday on 1 June, stable until %s", res.StableUntil)
	}
}

func TestEntryWithoutItsFieldIsNotGuessed(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"项目": "{评: {板块: 贡献, 记录: {得分: 0至100}, 分值: 得分 * 0.2}, 服务: {板块: 贡献, 记录: {时长: 数 小时}, " +
		"分值: {数量: 时长, 每: 年, 达到: {1: 1}}}}", "豁免": "", "活动": ""})
	r := someone(t, rb, "评 2026-01-02 得分=87.5", "服务 2026-01-03 时长=1")
	wants(t, scored(rb, r, "2026-12-31"), "98.5 基础80 贡献18.5 好")
	for i := range r.Entries {
		r.Entries[i].Fields = nil // as no form of ours would let through
	}
	res := scored(rb, r, "2026-12-31")
	wants(t, res, "80 基础80 贡献0 好")
	if got, want := explained(res), "不计 评 缺资料，算不出分值 | 不计 服务 缺资料，算不出分值"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	r.Entries[0].Item = "老项目"
	if got := explained(scored(rb, r, "2026-12-31")); !strings.Contains(got, "不计 老项目 现行办法没有此项目") {
		t.Error(got)
	}
}

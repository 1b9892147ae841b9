package importer_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/spreadsheet"
)

// book loads a rule file given as text.
func book(tb testing.TB, text string) *ruleset.RuleSet {
	tb.Helper()
	r := ruleset.Load("test.yaml", []byte(text))
	if r.Book == nil {
		tb.Fatal(r.Format())
	}
	return r.Book
}

// weizhou loads the shipped sample.
func weizhou(tb testing.TB) *ruleset.RuleSet {
	tb.Helper()
	src, err := os.ReadFile("../../rules/weizhou.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return book(tb, string(src))
}

// small is a book with the types that the sample does without.
const small = `
办法: 示例办法
编号: small
施行: 2026-01-01
周期: {考核: 年}
属性: {党龄: {推算: 党龄}, 性别: [男, 女], 上岗: 日期, 特长: 文字, 积极性: 0至10}
类别: {全体: 其余}
板块: {基础: {起点: 80}}
总分: {公式: 基础}
项目:
  培训: {板块: 基础, 记录: {结业: 日期, 学时: 数 小时, 优秀: 是否}, 分值: 1}
等次: {合格: 其余}
排名: {范围: [支部]}
`

// table reads a table from the text of a file, nil for "".
func table(tb testing.TB, name, src string) *spreadsheet.Table {
	tb.Helper()
	if src == "" {
		return nil
	}
	t, err := spreadsheet.ReadCSV(name, strings.NewReader(src))
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func read(tb testing.TB, b *ruleset.RuleSet, members, entries, attendance string) (*importer.Roll, []importer.Problem) {
	tb.Helper()
	return importer.Read(ruleversions.Of(b), table(tb, "members.csv", members), table(tb, "entries.csv", entries),
		table(tb, "attendance.csv", attendance))
}

// mustRead is read for tables without mistakes.
func mustRead(tb testing.TB, b *ruleset.RuleSet, members, entries, attendance string) *importer.Roll {
	tb.Helper()
	roll, problems := read(tb, b, members, entries, attendance)
	for _, p := range problems {
		tb.Error(p)
	}
	if roll == nil {
		tb.Fatal("no roll")
	}
	return roll
}

func day(s string) calendar.Day {
	d, err := calendar.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// say prints facts as a person would: 照顾=1@2026-01-05, the day left out where
// it has always been so.
func say(facts []domain.Fact) string {
	var words []string
	for _, f := range facts {
		v := f.Value.Text
		if v == "" {
			v = fmt.Sprint(f.Value.Number)
		}
		w := f.Attribute + "=" + v
		if f.From != 1 {
			w += "@" + f.From.String()
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

func TestMembers(t *testing.T) {
	t.Parallel()
	roll := mustRead(t, weizhou(t), `
编号,姓名,支部,支部类型,社区,街道,加入,离开,自,照顾,职务,人员类别,性别,党小组,党员中心户,参加支部,入党日期
P1,示例甲,第一支部,社区,甲社区,示例街道,,,,否,无,,男,一组,,,随便
P2,示例乙,第一支部,,,,2026-03-01,2026/9/1,,,支部书记,预备党员,,,,,
P1,,,,,,,,2026年5月2日,是,,,,,,,
P3,示例甲,第二支部,两新,,,2026-03-01,,2025.12.1,是,,,,,,,
P2,示例乙,第一支部,,,,2026/3/1,2026-9-1,2026-4-1,,无,正式党员,,,,,
P2,,,,,,,,2026-02-01,,支部委员,,,,,,
`, "", "")
	want := []struct {
		member domain.Membership
		facts  string
	}{
		{domain.Membership{ID: "P1", Name: "示例甲", Home: [3]domain.OrgID{"第一支部", "甲社区", "示例街道"}, Kind: "社区"},
			"照顾=0 职务=无 照顾=1@2026-05-02"},
		{domain.Membership{ID: "P2", Name: "示例乙", Home: [3]domain.OrgID{"第一支部"}, Joined: day("2026-03-01"),
			Left: day("2026-09-01")},
			"职务=支部书记 人员类别=预备党员 职务=无@2026-04-01 人员类别=正式党员@2026-04-01 职务=支部委员@2026-02-01"},
		{domain.Membership{ID: "P3", Name: "示例甲", Home: [3]domain.OrgID{"第二支部"}, Kind: "两新", Joined: day("2026-03-01")},
			"照顾=1@2025-12-01"},
	}
	if len(roll.Records) != len(want) {
		t.Fatalf("%d members", len(roll.Records))
	}
	for i, w := range want {
		if rec := roll.Records[i]; !reflect.DeepEqual(rec.Member, w.member) || say(rec.Facts) != w.facts {
			t.Errorf("got  %+v %s\nwant %+v %s", rec.Member, say(rec.Facts), w.member, w.facts)
		}
	}
}

func TestEveryTypeOfAttribute(t *testing.T) {
	t.Parallel()
	roll := mustRead(t, book(t, small), "编号,姓名,支部,转正日期,性别,上岗,特长,积极性,处分\nP1,示例甲,一支部,1999/7/1,女,2020.2.29,书法,7.5,警告\n", "",
		"")
	want := fmt.Sprintf("转正日期=%d 性别=女 上岗=%d 特长=书法 积极性=750 处分=警告", day("1999-07-01"), day("2020-02-29"))
	if got := roll.Records[0].Facts; len(got) != 6 {
		t.Fatalf("got %s", say(got))
	}
	for _, w := range strings.Fields(want) {
		if !strings.Contains(" "+say(roll.Records[0].Facts)+" ", " "+w+" ") {
			t.Errorf("no %s in %s", w, say(roll.Records[0].Facts))
		}
	}
}

func TestEntries(t *testing.T) {
	t.Parallel()
	const members = "编号,姓名,支部\nP1,示例甲,一支部\nP2,示例乙,一支部\n示例乙,示例丙,一支部\n"
	roll := mustRead(t, weizhou(t), members, `
编号,党员,项目,日期,分值,时长,级别,媒体报道
J1,P1,志愿服务,2026-03-05,,2.5,,
,P1,急难险重,2026/7/1,12.5,,,是

J2,示例甲,表彰,2026年11月3日,,,街道,
,示例乙,交纳党费,2026.1.5,,,,
`, "")
	want := map[domain.MemberID][]domain.Entry{
		"P1": {
			{ID: "J1", Item: "志愿服务", On: day("2026-03-05"),
				Fields: []domain.Field{{Name: "时长", Value: domain.Value{Number: 250}}}},
			{ID: "第4行", Item: "急难险重", On: day("2026-07-01"), Points: 1250, Chosen: true,
				Fields: []domain.Field{{Name: "媒体报道", Value: domain.Value{Number: 1}}}},
			{ID: "J2", Item: "表彰", On: day("2026-11-03"), Fields: []domain.Field{{Name: "级别", Value: domain.Value{Text: "街道"}}}},
		},
		// An id goes before a name.
		"示例乙": {{ID: "第7行", Item: "交纳党费", On: day("2026-01-05")}},
	}
	for _, rec := range roll.Records {
		if got := rec.Entries; fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want[rec.Member.ID]) {
			t.Errorf("%s: got  %+v\nwant %+v", rec.Member.ID, got, want[rec.Member.ID])
		}
	}
}

func TestEntriesRecordDays(t *testing.T) {
	t.Parallel()
	roll := mustRead(t, book(t, small), "编号,姓名,支部\nP1,示例甲,一支部\n", "党员,项目,日期,结业,学时\nP1,培训,2026-5-1,2026/6/1,8\n", "")
	f := roll.Records[0].Entries[0].Fields
	if len(f) != 3 || f[0].Value.Number != int64(day("2026-06-01")) || f[1].Value.Number != 800 ||
		f[2] != (domain.Field{Name: "优秀"}) {
		t.Errorf("got %+v", f)
	}
}

func TestAttendance(t *testing.T) {
	t.Parallel()
	const members = "编号,姓名,支部\nP1,示例甲,一支部\nP2,示例乙,一支部\n"
	roll := mustRead(t, weizhou(t), members, "", `
活动,名称,组织,种类,日期,党员,出勤
H1,3月党课,一支部,党课,2026-03-05,P1,到会
H1,3月党课,一支部,党课,2026/3/5,示例乙,请假
H2,,,主题党日,2026-04-05,P1,缺席
`)
	want := map[domain.MemberID]string{
		"P1": fmt.Sprint([]domain.Attendance{{Activity: "H1", Kind: "党课", On: day("2026-03-05"), Status: "到会"},
			{Activity: "H2", Kind: "主题党日", On: day("2026-04-05"), Status: "缺席"}}),
		"P2": fmt.Sprint([]domain.Attendance{{Activity: "H1", Kind: "党课", On: day("2026-03-05"), Status: "请假"}}),
	}
	for _, rec := range roll.Records {
		if got := fmt.Sprint(rec.Attendance); got != want[rec.Member.ID] {
			t.Errorf("%s: got %s, want %s", rec.Member.ID, got, want[rec.Member.ID])
		}
	}
}

func TestFindAndInBranch(t *testing.T) {
	t.Parallel()
	roll := mustRead(t, weizhou(t), "编号,姓名,支部\nP1,示例甲,一支部\nP2,示例甲,二支部\n示例甲,示例乙,一支部\nP4,P1,一支部\nP5,示例丙,二支部\nP6,示例丙,二支部\n",
		"", "")
	ids := func(records []*domain.MemberHistory) string {
		var out []string
		for _, r := range records {
			out = append(out, string(r.Member.ID))
		}
		return strings.Join(out, " ")
	}
	for who, want := range map[string]string{"P1": "P1", "示例甲": "示例甲", "示例丙": "P5 P6", "P4": "P4", "示例": "", "": ""} {
		if got := ids(roll.Find(who)); got != want {
			t.Errorf("Find(%q): got %q, want %q", who, got, want)
		}
	}
	for branch, want := range map[string]string{"一支部": "P1 示例甲 P4", "二支部": "P2 P5 P6", "支部": "", "": ""} {
		if got := ids(roll.InBranch(branch)); got != want {
			t.Errorf("InBranch(%q): got %q, want %q", branch, got, want)
		}
	}
}

func TestNoTableOfMembers(t *testing.T) {
	t.Parallel()
	roll, problems := importer.Read(ruleversions.Of(weizhou(t)), nil, nil, nil)
	if roll != nil || len(problems) != 1 || !strings.Contains(problems[0].String(), "没有党员表") {
		t.Errorf("got %v, %v", roll, problems)
	}
}

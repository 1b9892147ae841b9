package importer_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/importer"
	"jifen/internal/ruleversions"
	"jifen/internal/scoring"
)

func twoBranches(t *testing.T) *ruleversions.Versions {
	t.Helper()
	files := map[string]string{
		"t.yaml": `办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
属性: {流动: 是否}
类别: {流动: {名称: 流动, 当: 流动}, 党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 80}}
项目: {好事: {分值: 2}}
授权: {支部: {板块: 基础, 加分: 2项, 单笔: 2分, 审批: [社区党委]}}
`,
		"a.yaml": "补充: t\n支部: 东支部\n施行: 2026-03-01\n项目: {清理楼道: {分值: 1, 记录: {时长: 数 小时}}}\n",
		"b.yaml": "补充: t\n支部: 西支部\n施行: 2026-03-01\n项目: {护河: 2}\n",
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, broken, err := ruleversions.Open([]string{"t.yaml", "a.yaml", "b.yaml"},
		func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) })
	if err != nil || s == nil {
		t.Fatal(err, broken)
	}
	return s
}

func total(t *testing.T, roll *importer.Roll, who, asOf string) string {
	t.Helper()
	rec := roll.Find(who)[0]
	roll.SettleOn(day(asOf))
	s := scoring.Member(roll.Texts(rec.Member.ID), rec, calendar.Year.Of(day(asOf)), day(asOf)).Standing
	return s.Total.String() + " " + string(rec.Member.Home[domain.Branch]) + " " + s.Category + s.Why
}

// TestATableTellsOfTransfers: a second row with another branch from a day on.
// What is above a branch is said once.
func TestATableTellsOfTransfers(t *testing.T) {
	t.Parallel()
	roll, problems := importer.Read(twoBranches(t), table(t, "members.csv", `
编号,姓名,支部,支部类型,社区,街道,加入,离开,自,流动
P1,示例甲,东支部,社区,东社区,示例街道,,,,否
P2,示例乙,西支部,社区,西社区,示例街道,,,,
P1,,西支部,,,,,,2026-07-01,
P1,,,,,,,,2026-08-01,是
`), table(t, "entries.csv", `
党员,项目,日期,时长
P1,清理楼道,2026-06-05,1
P1,护河,2026-07-01,
`), nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for asOf, want := range map[string]string{
		"2026-06-30": "81 东支部 党员", "2026-07-01": "83 西支部 党员", "2026-12-31": "83 西支部 流动",
	} {
		if got := total(t, roll, "P1", asOf); got != want {
			t.Errorf("%s: %s, want %s", asOf, got, want)
		}
	}
	if home := roll.Find("P1")[0].Member.Home; home[domain.Community] == "" {
		t.Error(home)
	}
}

// TestATableTellsOfLeavingAndReturning.
func TestATableTellsOfLeavingAndReturning(t *testing.T) {
	t.Parallel()
	roll, problems := importer.Read(twoBranches(t), table(t, "members.csv", `
编号,姓名,支部,加入,离开,自
P1,示例甲,东支部,,2026-04-01,
P1,,西支部,2026-09-01,,2026-09-01
P2,示例乙,东支部,2026-02-01,2026-03-01,
P2,,,2026-05-01,2026-06-01,2026-05-01
P2,,,2026-08-01,,2026-08-01
`), table(t, "entries.csv", `
党员,项目,日期
P1,好事,2026-05-01
P1,护河,2026-10-01
`), nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for asOf, want := range map[string]string{
		"2026-03-31": "80 东支部 党员", "2026-05-01": "0 东支部 党员2026-04-01 已转出", "2026-12-31": "82 西支部 党员",
	} {
		if got := total(t, roll, "P1", asOf); got != want {
			t.Errorf("%s: %s, want %s", asOf, got, want)
		}
	}
	want := []domain.Absence{{From: day("2026-03-01"), Back: day("2026-05-01")},
		{From: day("2026-06-01"), Back: day("2026-08-01")}}
	if m := roll.Find("P2")[0].Member; !slices.Equal(m.Away, want) || m.Left != 0 {
		t.Errorf("%+v", m)
	}
}

// TestAnEarlierDayInALaterRowWins: the first row holds from the beginning, so a
// row written later with a day before 加入 changes it.
func TestAnEarlierDayInALaterRowWins(t *testing.T) {
	t.Parallel()
	roll, problems := importer.Read(twoBranches(t), table(t, "members.csv", `
编号,姓名,支部,加入,自,流动
P1,示例甲,东支部,2026-03-01,,是
P1,,,,2026-02-01,否
`), nil, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got := total(t, roll, "P1", "2026-06-30"); got != "80 东支部 党员" {
		t.Error(got)
	}
}

func TestBadMoves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ members, entries, want string }{
		"an item of another branch": {"编号,姓名,支部\nP1,示例甲,西支部\n", "党员,项目,日期\nP1,清理楼道,2026-06-05\n",
			"entries.csv 第 2 行“项目”列：“清理楼道”是东支部补充的项目，2026-06-05 示例甲不在那里"},
		"a branch nobody knows": {"编号,姓名,支部,社区,自\nP1,示例甲,东支部,东社区,\nP1,,南支部,,2026-07-01\n", "",
			"members.csv 第 3 行“社区”列：不知道“南支部”的社区"},
		"back without having left": {"编号,姓名,支部,加入,自\nP1,示例甲,东支部,,\nP1,,,2026-07-01,2026-07-01\n", "",
			"members.csv 第 3 行“加入”列：这里的“加入”与第 2 行不同"},
		"back before leaving": {"编号,姓名,支部,加入,离开,自\nP1,示例甲,东支部,,2026-08-01,\nP1,,,2026-07-01,,2026-07-01\n", "",
			"members.csv 第 3 行“加入”列：回来的日子（2026-07-01）比离开的日子（2026-08-01）还早"},
		"back on another day": {"编号,姓名,支部,加入,离开,自\nP1,示例甲,东支部,,2026-06-01,\nP1,,,2026-07-01,,2026-08-01\n", "",
			"members.csv 第 3 行“加入”列：“加入”和“自”不是同一天"},
		"left in a later row": {"编号,姓名,支部,离开,自\nP1,示例甲,东支部,,\nP1,,,2026-07-01,2026-07-01\n", "",
			"members.csv 第 3 行“离开”列：这里的“离开”与前面的行不同"},
		"one branch, two places": {"编号,姓名,支部,社区,自\nP1,示例甲,东支部,东社区,\nP1,,东支部,西社区,2026-07-01\n", "",
			"members.csv 第 3 行“社区”列：“东支部”的社区"},
	} {
		var problems []importer.Problem
		if c.entries == "" {
			_, problems = importer.Read(twoBranches(t), table(t, "members.csv", c.members), nil, nil)
		} else {
			_, problems = importer.Read(twoBranches(t), table(t, "members.csv", c.members), table(t, "entries.csv", c.entries),
				nil)
		}
		if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), c.want) {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

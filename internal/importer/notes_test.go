package importer_test

import (
	"slices"
	"strings"
	"testing"
)

// What stands in a cell of numbers is quoted, and what to write is said.
func TestNoNumbersInACell(t *testing.T) {
	t.Parallel()
	b := book(t, strings.Replace(small, "项目:\n", "项目:\n  酌情: {板块: 基础, 分值: -20至20}\n", 1))
	for cell, want := range map[string]string{
		"abc":     "“分值”列：“酌情”的分值写了“abc”，不是数。改法：在 -20 至 20 之间填一个数。",
		"2点":      "“分值”列：“酌情”的分值写了“2点”，不是数。改法：在 -20 至 20 之间填一个数。",
		"\"2,0\"": "不是数。",
		"2.555":   "不是数。",
		"12%":     "“12%”是百分数。改法：写成不带百分号的数",
		"2:30":    "“2:30”是时和分，不是数。改法：写成小时数",
		"五":       "“五”，不是数。改法：在 -20 至 20 之间填一个数。",
		"":        "“酌情”要填分值",
		"30":      "“酌情”填了 30 分，超出范围",
	} {
		_, problems := read(t, b, "编号,姓名,支部\nP1,示例甲,第一支部\n", "党员,项目,日期,分值\nP1,酌情,2026-03-01,"+cell+"\n", "")
		if len(problems) != 1 || !strings.Contains(problems[0].String(), want) {
			t.Errorf("%q: got %v, want %s", cell, problems, want)
		}
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	b := weizhou(t)
	roll := mustRead(t, b, "编号,姓名,支部,加入\nP1,示例甲,第一支部,\n", `党员,项目,日期,时长
P1,志愿服务,2025-03-01,2
P1,志愿服务,2026-03-01,2
P1,志愿服务,2026-03-01,2
P1,志愿服务,2026-03-01,3
P1,志愿服务,2027-03-01,2
P1,志愿服务,2027-03-02,2
`, "活动,种类,日期,党员,出勤\nH1,党课,2027-05-01,P1,到会\n")
	period, err := b.Period("2026")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"1 条在施行日 2026-01-01 以前，不算：示例甲 志愿服务（2025-03-01，第2行）",
		"3 条不在本期（2026-12-31 以后），这一期不算：示例甲 志愿服务（2027-03-01，第6行）、示例甲 志愿服务（2027-03-02，第7行）、示例甲 党课（2027-05-01）",
		"1 条和别的一条一模一样，都算了；是同一笔就删去一行：第4行 和 第3行（示例甲 志愿服务，2026-03-01）",
	}
	if got := roll.Notes(period); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := mustRead(t, b, "编号,姓名,支部\nP1,示例甲,第一支部\n", "党员,项目,日期,时长\nP1,志愿服务,2026-03-01,2\n",
		"").Notes(period); len(got) > 0 {
		t.Errorf("told of nothing: %q", got)
	}
}

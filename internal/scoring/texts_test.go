package scoring_test

import (
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// under scores a member who was under several texts in 2026.
func under(r *domain.MemberHistory, asOf string, texts ...scoring.Text) *scoring.Result {
	return scoring.Member(scoring.NewTexts(texts), r, year2026, day(asOf))
}

// texts is two schemes that differ in what a test says; the second holds from
// July on.
func texts(t *testing.T, first, second map[string]string) []scoring.Text {
	t.Helper()
	plain := map[string]string{"豁免": "", "活动": ""}
	with := func(more map[string]string) *ruleset.RuleSet {
		all := map[string]string{}
		for k, v := range plain {
			all[k] = v
		}
		for k, v := range more {
			all[k] = v
		}
		return frame(t, all)
	}
	return []scoring.Text{{Book: with(first)}, {From: day("2026-07-01"), Book: with(second)}}
}

func TestAnEntryIsValuedByTheTextOfItsDay(t *testing.T) {
	t.Parallel()
	both := texts(t,
		map[string]string{"项目": "{清理: {板块: 贡献, 分值: 1}, 好事: {板块: 贡献, 分值: 2}}"},
		map[string]string{"项目": "{好事: {板块: 贡献, 分值: 5}, 巡逻: {板块: 贡献, 分值: 3}}"})
	r := someone(t, both[0].Book, "清理 2026-06-05", "好事 2026-06-06", "好事 2026-07-06", "清理 2026-08-01")
	r.Entries = append(r.Entries, did(t, both[1].Book, "巡逻 2026-06-07"), did(t, both[1].Book, "巡逻 2026-09-01"))
	wants(t, under(r, "2026-06-30", both...), "83 基础80 贡献3 好")
	res := under(r, "2026-12-31", both...)
	wants(t, res, "91 基础80 贡献11 好")
	tells(t, res, "清理+1 | 好事+2 | 好事+5 | 巡逻+3 | 不计 巡逻 当日的办法没有此项目 | 不计 清理 现行办法没有此项目")
	a := res.Statement()
	if err := provesItself(res.Book(), &a); err != nil {
		t.Error(err)
	}
	line := a.Total.Children[1].Children[0]
	if c := res.Book().Clauses[line.Clause]; c.Path != "项目.清理.分值" || !strings.HasPrefix(c.File, "t 2025-01-01") {
		t.Errorf("清理 cites %+v", c)
	}
}

func TestWhatWasEarnedWithoutABlockIsTold(t *testing.T) {
	t.Parallel()
	both := texts(t,
		map[string]string{"板块": "{基础: {起点: 80}, 贡献: {上限: 20}, 公益: {上限: 5}}",
			"项目": "{服务: {板块: 公益, 分值: 2}, 好事: {板块: 贡献, 分值: 2}}"},
		map[string]string{"板块": "{基础: {起点: 70}, 贡献: {上限: 20}}", "项目": "{好事: {板块: 贡献, 分值: 2}}"})
	res := under(someone(t, both[0].Book, "服务 2026-05-01", "好事 2026-05-01"), "2026-12-31", both...)
	wants(t, res, "72 基础70 贡献2 中")
	tells(t, res, "好事+2 | 不计 服务 现行办法没有板块“公益”，原得 +2")
}

func TestLimitsRepetitionAndMattersGoOnUnderTheNextText(t *testing.T) {
	t.Parallel()
	items := "{好事: {板块: 贡献, 分值: 4, 限额: {年: 10分}}, 错事: {板块: 基础, 分值: -1, 重复: {在: 12个月, 倍数: [1, 2, 4]}}, " +
		"服务: {板块: 贡献, 记录: {时长: 数 小时}, 分值: {数量: 时长, 每: 年, 达到: {10: 3}}}, 表彰: {板块: 贡献, 记录: {级别: [省, 县]}, 分值: {省: 3, 县: 1}, " +
		"同一事项: 取最高, 有效: 2年}}"
	both := texts(t, map[string]string{"项目": items}, map[string]string{"项目": items})
	r := about("甲", someone(t, both[0].Book, "表彰 2026-05-01 级别=省", "表彰 2026-08-01 级别=县", "好事 2026-02-01", "好事 2026-03-01",
		"好事 2026-09-01",
		"错事 2026-01-01", "错事 2026-08-01", "错事 2026-09-01", "服务 2026-04-01 时长=6", "服务 2026-10-01 时长=4"), 0, 1)
	tells(t, under(r, "2026-12-31", both...),
		"错事-1 | 错事-2 第 2 次，按 2 倍计 | 错事-4 第 3 次，按 4 倍计 | 好事+4 | 好事+4 | 表彰+3 级别 省；事项“甲” | "+
			"好事+2 限额每年 10分 只余 +2，原应 +4 | 服务+3 时长 4小时；累计 10 | 不计 服务 时长 6小时；累计 6；还没到下一档 | 不计 表彰 同一事项只取最高，已有更高的；级别 县；事项“甲”")
}

func TestARenamedItemGoesOn(t *testing.T) {
	t.Parallel()
	both := texts(t,
		map[string]string{"项目": "{错事: {板块: 基础, 分值: -1, 重复: {在: 12个月, 倍数: [1, 3]}}}"},
		map[string]string{"项目": "{差错: {板块: 基础, 分值: -2, 原名: [错事], 重复: {在: 12个月, 倍数: [1, 3]}}}",
			"等次": "{好: '本年次数(\"差错\") < 2', 差: 其余}"})
	res := under(someone(t, both[0].Book, "错事 2026-05-01", "错事 2026-08-01"), "2026-12-31", both...)
	wants(t, res, "73 基础73 贡献0 差")
	tells(t, res, "差错-1 | 差错-6 第 2 次，按 3 倍计")
}

func TestABranchWithoutASchemeScoresNobody(t *testing.T) {
	t.Parallel()
	rb := frame(t, nil)
	list := []scoring.Text{{Book: rb}, {From: day("2026-05-01")}, {From: day("2026-08-01"), Book: rb}}
	r := someone(t, rb, "好事 2026-04-01", "好事 2026-06-01", "好事 2026-09-01")
	wants(t, under(r, "2026-06-30", list...), "那时所在支部没有启用的办法")
	res := under(r, "2026-12-31", list...)
	wants(t, res, "84 基础80 贡献4 好")
	tells(t, res, "好事+2 | 好事+2 | 不计 好事 这一天不计分：那时所在支部没有启用的办法")
}

// TestANewTextForANewYearForgetsNothing: an award of five years and a red line
// of five years hold on under the text of the next year, and the cycle before
// is the one that was under the old text.
func TestANewTextForANewYearForgetsNothing(t *testing.T) {
	t.Parallel()
	text := func(from string, extra string) *ruleset.RuleSet {
		return frame(t, map[string]string{"施行": from, "豁免": "", "活动": "",
			"项目": "{表彰: {板块: 贡献, 分值: " + extra + ", 有效: 5年}, 失信: {有效: 5年}}",
			"红线": "{失信: {当: '有(\"失信\")', 则: {等次: 差}, 直到: 解除}}", "标杆": "{先锋: {范围: 支部, 前: 3人, 当: 上期.总分 >= 87}}"})
	}
	list := []scoring.Text{{Book: text("2025-01-01", "7")}, {From: day("2026-01-01"), Book: text("2026-01-01", "4")}}
	r := someone(t, list[0].Book, "表彰 2025-03-01", "失信 2025-06-01")
	res := under(r, "2026-12-31", list...)
	wants(t, res, "87 基础80 贡献7 差 本为好 红线失信")
	if len(res.Standing.Meets) != 1 {
		t.Error("the cycle before is out of sight")
	}
	// One text alone says since when the scheme has been in force.
	alone := ruleset.Load("t", []byte("办法: 试验\n编号: t\n施行: 2026-01-01\n首次施行: 2025-01-01\n周期: {考核: 年}\n类别: {甲: {当: 其余}}\n"+
		"板块: {贡献: {}}\n项目: {表彰: {板块: 贡献, 分值: 4, 有效: 5年}}\n"))
	if alone.Book == nil {
		t.Fatal(alone.Format())
	}
	wants(t, scored(alone.Book, someone(t, alone.Book, "表彰 2025-03-01"), "2026-12-31"), "4 贡献4")
}

func TestAlertsRunOnUnderTheNextText(t *testing.T) {
	t.Parallel()
	alerts := func(level string) map[string]string {
		return map[string]string{"项目": "{好事: {板块: 贡献, 分值: 2}}",
			"预警": "{久: {每: 月, 当: '本月次数(\"好事\") == 0', 连续: {6: " + level + "}, 建议: 谈, 负责: 支部书记, 限期: 7天}}"}
	}
	both := texts(t, alerts("提醒"), alerts("红"))
	res := under(someone(t, both[0].Book, "好事 2025-12-01", "好事 2026-02-01", "好事 2026-11-03"), "2026-11-30", both...)
	var got []string
	for _, a := range res.Standing.Alerts {
		got = append(got, a.Window+" "+string(a.Level))
	}
	if s := strings.Join(got, ", "); s != "2026-08 红, 2026-09 红, 2026-10 红" || len(res.Standing.Open) != 0 {
		t.Errorf("%s; open %v", s, res.Standing.Open)
	}
}

// TestARepetitionThatBeginsWithTheNextText: a statement tells each line by the text
// that valued it, also where only the next one weighs by repetition.
func TestARepetitionThatBeginsWithTheNextText(t *testing.T) {
	t.Parallel()
	both := texts(t,
		map[string]string{"项目": "{错事: {板块: 基础, 分值: -1}}"},
		map[string]string{"项目": "{错事: {板块: 基础, 分值: -1, 重复: {在: 12个月, 倍数: [2, 3]}}}"})
	r := someone(t, both[0].Book, "错事 2026-05-01", "错事 2026-08-01")
	tells(t, under(r, "2026-12-31", both...), "错事-1 | 错事-3 第 2 次，按 3 倍计")
	both[0].Book, both[1].Book = both[1].Book, both[0].Book
	tells(t, under(r, "2026-12-31", both...), "错事-2 第 1 次，按 2 倍计 | 错事-1")
}

// TestAWarningIsRememberedByTheNextText: the first time was only a warning, so it
// took nothing; the second is the second under any text.
func TestAWarningIsRememberedByTheNextText(t *testing.T) {
	t.Parallel()
	items := map[string]string{"项目": "{错事: {板块: 基础, 分值: -5, 重复: {在: 本年, 倍数: [0, 1]}}}"}
	both := texts(t, items, items)
	r := someone(t, both[0].Book, "错事 2026-05-01", "错事 2026-08-01")
	wants(t, under(r, "2026-12-31", both[0]), "75 基础75 贡献0 中")
	wants(t, under(r, "2026-12-31", both...), "75 基础75 贡献0 中")
}

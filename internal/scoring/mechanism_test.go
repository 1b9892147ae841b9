package scoring_test

import (
	"fmt"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// one is a frame whose only items are these.
func one(t *testing.T, items string) *ruleset.RuleSet {
	t.Helper()
	return frame(t, map[string]string{"项目": items, "豁免": "", "活动": ""})
}

// tells compares the entries of a statement with what was worked out by hand.
func tells(t *testing.T, res *scoring.Result, want string) {
	t.Helper()
	if got := explained(res); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAmounts(t *testing.T) {
	t.Parallel()
	rb := one(t, `{按级: {板块: 贡献, 记录: {级别: [省, 市, 县]}, 分值: {省: 6, 其余: 2}},
  酌情: {板块: 贡献, 分值: -3至3}, 加倍: {板块: 贡献, 记录: {报道: 是否}, 分值: 1至9, 倍数: {报道: 1.5, 其余: 1}},
  改过: {板块: 基础, 分值: {自 2025-01-01: -2, 自 2026-07-01: {值: -3, 依据: 修订}}},
  捐: {板块: 基础, 记录: {金额: 数 元}, 分值: {数量: 金额, 分段: [{至: 1000, 每: 100}, {每: 400}]}}}`)
	res := scored(rb, someone(t, rb, "按级 2026-01-01 级别=省", "按级 2026-01-02 级别=县", "酌情 2026-01-03 分值=-2.5",
		"加倍 2026-01-04 分值=1.5 报道=是",
		"改过 2026-06-30", "改过 2026-07-01", "捐 2026-08-01 金额=99.99", "捐 2026-08-02 金额=1799"), "2026-12-31")
	// 1.5 × 1.5 = 2.25, half away from zero 2.3. 1799: ten steps of 100, one whole step of 400.
	tells(t, res, "改过-2 | 改过-3 | 捐+11 金额 1799元；累计 1799 | 按级+6 级别 省 | 按级+2 级别 县 | 酌情-2.5 | 加倍+2.3 报道；"+
		"按 1.5 倍计 | 不计 捐 金额 99.99元；累计 99.99；还没到下一档")
	wants(t, res, "93.8 基础86 贡献7.8 好")
	clauses := map[string]string{}
	a := res.Statement()
	for _, l := range a.Total.Children[0].Children {
		clauses[l.On.String()] = fmt.Sprint(rb.Clauses[l.Clause].Path, rb.Clauses[l.Clause].Basis)
	}
	if clauses["2026-07-01"] != "项目.改过.分值修订" {
		t.Error(clauses)
	}
}

func TestChosenPointsStayInTheRange(t *testing.T) {
	t.Parallel()
	rb := one(t, "{酌情: {板块: 基础, 分值: {自 2025-01-01: -3至3, 自 2026-07-01: -1至1}}}")
	r := someone(t, rb, "酌情 2026-03-01 分值=3", "酌情 2026-08-01 分值=3")
	tells(t, scored(rb, r, "2026-12-31"), "酌情+3 | 酌情+1 填的 +3 超出当日的范围，按范围的边计")
}

func TestCumulativeAmountsStartAnewWithTheirWindow(t *testing.T) {
	t.Parallel()
	rb := one(t, "{服务: {板块: 贡献, 记录: {时长: 数 小时}, 分值: {数量: 时长, 每: 半年, 达到: {10: 2, 20: 5}}}}")
	res := scored(rb, someone(t, rb, "服务 2026-01-01 时长=9.99", "服务 2026-02-01 时长=0.01", "服务 2026-06-30 时长=30",
		"服务 2026-07-01 时长=9"), "2026-12-31")
	tells(t, res, "服务+2 时长 0.01小时；累计 10 | 服务+3 时长 30小时；累计 40 | 不计 服务 时长 9.99小时；累计 9.99；还没到下一档 | 不计 服务 时长 9小时；累计 9；还没到下一档")
}

func TestRepeatedDeductionsWeighMore(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]string{
		"{在: 12个月, 倍数: [1, 2]}":    "错-10 第 2 次，按 2 倍计 | 错-10 第 3 次，按 2 倍计 | 错-10 第 3 次，按 2 倍计",
		"{在: 12个月, 倍数: [1, 2, 4]}": "错-10 第 2 次，按 2 倍计 | 错-20 第 3 次，按 4 倍计 | 错-20 第 3 次，按 4 倍计",
		"{在: 本期, 倍数: [1, 2, 4]}":   "错-5 | 错-10 第 2 次，按 2 倍计 | 错-20 第 3 次，按 4 倍计",
		"{在: 有效期, 倍数: [1, 2, 4]}":  "错-5 | 错-10 第 2 次，按 2 倍计 | 错-10 第 2 次，按 2 倍计",
		"{在: 11天, 倍数: [1, 3]}":     "错-5 | 错-15 第 2 次，按 3 倍计 | 错-5",
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			rb := one(t, "{错: {板块: 基础, 分值: -5, 有效: 15天, 重复: "+rule+"}}")
			// A window is anchored to the earlier one: that of 15 June 2025 ends
			// before 15 June 2026, that of 4 June + 15 days before the 19th.
			r := someone(t, rb, "错 2025-06-15", "错 2026-06-04", "错 2026-06-14", "错 2026-06-25")
			var got []string
			for _, on := range []string{"2026-06-04", "2026-06-14", "2026-06-25"} {
				a := scored(rb, r, on).Statement()
				lines := a.Total.Children[0].Children
				last := lines[len(lines)-1]
				got = append(got, strings.TrimSpace(last.Name+last.Value.Signed()+" "+last.Note))
			}
			if s := strings.Join(got, " | "); s != want {
				t.Errorf("got  %s\nwant %s", s, want)
			}
		})
	}
	rb := one(t, "{错: {板块: 基础, 分值: -5, 重复: {在: 12个月, 倍数: [1, 2]}}}")
	tells(t, scored(rb, someone(t, rb, "错 2025-06-15", "错 2026-06-14"), "2026-12-31"), "错-10 第 2 次，按 2 倍计")
	tells(t, scored(rb, someone(t, rb, "错 2025-06-15", "错 2026-06-15"), "2026-12-31"), "错-5")
}

func TestEntriesLastAsLongAsTheFileSays(t *testing.T) {
	t.Parallel()
	rb := one(t, "{奖: {板块: 贡献, 记录: {级别: [省, 市]}, 分值: 3, 有效: {省: 2年, 其余: 6个月}}, 错: {板块: 基础, 分值: -1}}")
	r := someone(t, rb, "奖 2025-03-01 级别=省", "奖 2025-08-15 级别=市", "奖 2026-01-31 级别=市", "错 2025-12-31")
	wants(t, scored(rb, r, "2026-02-14"), "89 基础80 贡献9 好")
	wants(t, scored(rb, r, "2026-02-15"), "86 基础80 贡献6 好") // half a year from 15 August, that day excluded
	wants(t, scored(rb, r, "2026-07-30"), "86 基础80 贡献6 好")
	wants(t, scored(rb, r, "2026-07-31"), "83 基础80 贡献3 好") // 31 January + 6 months: 31 July
	tells(t, scored(rb, r, "2026-07-31"), "奖+3 级别 省 | 不计 奖 已经到期；级别 市 | 不计 奖 已经到期；级别 市")
	if res := scored(rb, r, "2026-02-15"); res.StableUntil != day("2026-07-30") {
		t.Errorf("stable until %s", res.StableUntil)
	}
	next := scoring.Member(scoring.Under(rb), r, year2026.Next(), day("2027-02-28"))
	wants(t, next, "83 基础80 贡献3 好")
	wants(t, scoring.Member(scoring.Under(rb), r, year2026.Next(), day("2027-03-01")), "80 基础80 贡献0 好")
}

func TestLimitsCutInOrderAndSayWhich(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": "{小: {板块: 公益, 分值: 2, 限额: {月: 3分}}, 大: {板块: 公益, 分值: 4}, 坏: {板块: 公益, 分值: -4, 限额: {季: 1次}}, 旁: {板块: 贡献, 分值: 1, " +
			"限额: {单笔: 0.5分, 终身: 1分}}}",
		"板块": "{基础: {起点: 80}, 贡献: {限额: {年: 9分}}, 公益: {属于: 贡献, 限额: {半年: [8分, -3分]}}}", "豁免": "", "活动": "",
	})
	res := scored(rb, someone(t, rb, "小 2026-01-01", "小 2026-01-02", "小 2026-01-03", "大 2026-02-01", "大 2026-02-02",
		"坏 2026-03-01", "坏 2026-03-02", "大 2026-07-01", "旁 2025-05-01", "旁 2026-08-01", "旁 2026-08-02"), "2026-12-31")
	tells(t, res, strings.Join([]string{
		"小+2", "小+1 限额每月 3分 只余 +1，原应 +2", "大+4", "大+1 限额每半年 8分、-3分 只余 +1，原应 +4",
		"坏-3 限额每半年 8分、-3分 只余 -3，原应 -4", "大+1 限额每年 9分 只余 +1，原应 +4",
		"不计 小 限额每月 3分 已用完，原应 +2", "不计 坏 限额每季 1次 已用完，原应 -4",
		"不计 旁 限额每年 9分 已用完，原应 +1", "不计 旁 限额每年 9分 已用完，原应 +1",
	}, " | "))
	wants(t, res, "86 基础80 贡献6 公益6 好")
	// A lifetime reaches back before the period.
	free := one(t, "{旁: {板块: 贡献, 分值: 1, 限额: {单笔: 0.5分, 终身: 1分}}}")
	tells(t, scored(free, someone(t, free, "旁 2025-05-01", "旁 2026-08-01", "旁 2026-08-02"), "2026-12-31"),
		"旁+0.5 限额单笔 0.5分 只余 +0.5，原应 +1 | 不计 旁 限额终身 1分 已用完，原应 +1")
}

func TestAutomaticEntriesComeAndGo(t *testing.T) {
	t.Parallel()
	rb := one(t, `{党费: {}, 逾期: {板块: 基础, 自动: {每: 月, 于: 25日, 当: 本月次数("党费") == 0}, 分值: -5}, 年报: {板块: 贡献, 自动: {每: 年, `+
		`于: 12月10日, 当: 本年次数("党费") >= 2}, 分值: 1}}`)
	r := someone(t, rb, "党费 2026-01-25", "党费 2026-02-26")
	wants(t, scored(rb, r, "2026-02-24"), "80 基础80 贡献0 好")
	res := scored(rb, r, "2026-02-28") // February's came a day late
	tells(t, res, "逾期-5 到期自动记")
	wants(t, res, "75 基础75 贡献0 中")
	r.Entries[1].On = day("2026-02-20") // entered on the 26th for the 20th: the penalty is gone
	wants(t, scored(rb, r, "2026-02-28"), "80 基础80 贡献0 好")
	wants(t, scored(rb, r, "2026-12-10"), "36 基础35 贡献1 差") // March to November
	r.Member.Joined = day("2026-10-02")                    // not here for all of October
	wants(t, scored(rb, r, "2026-12-01"), "75 基础75 贡献0 中")
	r.Member.Joined, r.Facts = 0, []domain.Fact{fact(t, rb, "处分=警告")}
	if got := scored(rb, r, "2026-03-01").StableUntil; got != day("2026-03-24") {
		t.Errorf("stable until %s", got)
	}
}

func TestSumsOfFields(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": "{服务: {记录: {时长: 数 小时, 人数: 数 人}}, 勤: {板块: 贡献, 自动: {每: 季, 于: 末日, " +
			"当: 本季合计(\"服务.时长\") >= 10 and 累计合计(\"服务.人数\") < 9}, 分值: 3}}",
		"豁免": "", "活动": "",
	})
	r := someone(t, rb, "服务 2026-01-01 时长=4 人数=1", "服务 2026-03-31 时长=6 人数=2", "服务 2026-04-01 时长=9.9 人数=1",
		"服务 2026-07-01 时长=20 人数=5")
	tells(t, scored(rb, r, "2026-12-31"), "勤+3 到期自动记")
}

func TestRedLines(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"红线": `{察看: {当: 处分 == "留党察看", 则: {总分: 0, 等次: 差}, 直到: 解除}, 警告: {当: 处分 == "警告", 则: {基础: 50, 最高等次: 中}, 直到: 期末},
  屡错: {当: 本年次数("错事") >= 2, 则: {总分: 30}, 直到: 期末}, 有错: {当: '有("错事")', 则: {最高等次: 中}, 直到: 解除}}`,
		"项目": "{好事: {板块: 贡献, 分值: 2}, 错事: {板块: 基础, 分值: -1, 有效: 2个月}}", "豁免": "", "活动": "",
	})
	// 解除 acts while it holds, 期末 to the end of the period.
	r := someone(t, rb, "处分=留党察看 2026-02-01", "处分=警告 2026-03-01", "处分=无 2026-04-01")
	wants(t, scored(rb, r, "2026-01-31"), "80 基础80 贡献0 好")
	wants(t, scored(rb, r, "2026-02-01"), "0 基础80 贡献0 差 本为好 红线察看")
	wants(t, scored(rb, r, "2026-03-01"), "50 基础50 贡献0 差 本为好 红线警告")
	wants(t, scored(rb, r, "2026-12-31"), "50 基础50 贡献0 差 本为好 红线警告")
	wants(t, scoring.Member(scoring.Under(rb), r, year2026.Next(), day("2027-12-31")), "80 基础80 贡献0 好")
	// A gate bounds the grade and leaves the total; the lowest total wins.
	r = someone(t, rb, "好事 2026-01-01", "错事 2026-01-10")
	wants(t, scored(rb, r, "2026-03-09"), "81 基础79 贡献2 中 本为好 红线有错")
	wants(t, scored(rb, r, "2026-03-10"), "82 基础80 贡献2 好")
	r = someone(t, rb, "错事 2026-01-10", "错事 2026-01-11", "处分=留党察看 2026-06-01")
	wants(t, scored(rb, r, "2026-05-31"), "30 基础80 贡献0 差 本为好 红线屡错")
	res := scored(rb, r, "2026-12-31")
	wants(t, res, "0 基础80 贡献0 差 本为好 红线察看 红线屡错")
	a := res.Statement()
	last := a.Total.Children[len(a.Total.Children)-1]
	if last.Kind != domain.LineRedLine || last.Name != "察看" || last.Value != -80_00 || last.Note != "红线，总分置为 0" {
		t.Errorf("%+v", last)
	}
	// Whoever was exempt while it held is not struck.
	rb = frame(t, map[string]string{"红线": "{警告: {当: 处分 == \"警告\", 则: {总分: 50}, 直到: 期末}}"})
	wants(t, scored(rb, someone(t, rb, "豁免=停 2026-02-01", "处分=警告 2026-02-10", "处分=无 2026-03-01", "豁免=无 2026-03-01"),
		"2026-12-31"), "80 基础80 贡献0 好")
}

func TestFormulaAndClampShowInTheAccount(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"板块": "{基础: {起点: 80, 下限: 78.5}, 贡献: {上限: 1}}\n总分: {公式: 基础 * 0.35 + 贡献, 上限: 28}"})
	res := scored(rb, someone(t, rb, "好事 2026-01-01", "错事 2026-01-02"), "2026-12-31")
	wants(t, res, "28 基础78.5 贡献1 差") // 78.5 × 0.35 = 27.475 → + 1 = 28.475 → 28.5 → 28
	var lines []string
	a := res.Statement()
	for _, l := range append(a.Total.Children[0].Children, a.Total.Children[1:]...) {
		lines = append(lines, strings.TrimSpace(fmt.Sprint(l.Name, l.Value.Signed(), " ", l.Note)))
	}
	if got, want := strings.Join(lines, " | "),
		"起点+80 B类 其余 | 错事-3 | 下限+1.5 不低于 78.5 | 贡献+1 | 按公式折算-51 基础 * 0.35 + 贡献 | 上限-0.5 最高 28，多出的不计"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAlerts(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"预警": `{久: {每: 月, 当: 本月次数("好事") == 0, 连续: {2: 提醒, 3: 警示, 5: 红}, 建议: 上门, 负责: 支部书记, 限期: 7天},
  低: {每: 季, 当: 总分 < 80, 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 1个月},
  现: {每: 实时, 当: 扣分次数 >= 2, 级别: 提醒, 建议: 谈话, 负责: 支部书记, 限期: 3天},
  跌: {每: 年, 当: 总分 - 上期.总分 <= -5, 级别: 提醒, 建议: 谈心, 负责: 支部书记, 限期: 15天},
  降: {每: 年, 当: '上期.等次 == "好" and 等次 != "好"', 级别: 提醒, 建议: 谈心, 负责: 支部书记, 限期: 15天}}`,
	})
	// Last year's November and December run on into January.
	r := someone(t, rb, "好事 2025-10-31", "好事 2026-02-01", "好事 2026-03-01", "错事 2026-05-01")
	r.Member.Joined = day("2025-09-15")
	res := scored(rb, r, "2026-06-29")
	if got, want := alerts(res), "久 2026-01-31 3 警示; 久 2026-05-31 2 提醒"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	res = scored(rb, r, "2026-06-30")
	if got, want := alerts(res), "久 2026-01-31 3 警示; 久 2026-05-31 2 提醒; 久 2026-06-30 3 警示"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// What happened makes the run end; an exemption breaks it.
	r.Entries = append(r.Entries, did(t, rb, "错事 2026-05-02"))
	r.Facts = append(r.Facts, fact(t, rb, "豁免=停 2026-08-10"), fact(t, rb, "豁免=无 2026-09-01"))
	res = scored(rb, r, "2026-12-31") // 80 + 4 − 6 = 78; August silent: 9, 10, 11, 12
	want := "久 2026-01-31 3 警示; 久 2026-05-31 2 提醒; 久 2026-06-30 3 警示; 低 2026-06-30 1 红; 久 2026-07-31 4 警示; " +
		"久 2026-10-31 2 提醒; 久 2026-11-30 3 警示; 久 2026-12-31 4 警示; 低 2026-12-31 1 红; 现 2026-12-31 1 提醒"
	if got := alerts(res); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var open []string
	for _, a := range scoring.OpenAlerts(rb, &res.Standing) {
		open = append(open, a.Name+a.Due.String())
	}
	if got, want := strings.Join(open, " "), "久2027-01-07 低2027-01-31 现2027-01-03"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAlertsLookBackAtTheCycleBefore(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"预警": `{跌: {每: 年, 当: 总分 - 上期.总分 <= -5, 级别: 提醒, 建议: 谈心, 负责: 支部书记, 限期: 15天},
  降: {每: 年, 当: '上期.等次 == "好" and 等次 != "好"', 级别: 提醒, 建议: 谈心, 负责: 支部书记, 限期: 15天},
  连低: {每: 年, 当: 总分 < 80, 连续: 2, 级别: 红, 建议: 研究, 负责: 社区党委, 限期: 30天}}`})
	r := someone(t, rb, "好事 2025-10-31", "错事 2026-05-01")
	r.Member.Joined = day("2024-09-15")
	res := scored(rb, r, "2026-12-31") // 82, then 77: five down, and not 好 any more
	if got, want := alerts(res), "跌 2026-12-31 1 提醒; 降 2026-12-31 1 提醒"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := alerts(scored(rb, r, "2026-12-30")); got != "" {
		t.Errorf("before the window is complete: %s", got)
	}
	r.Entries = append(r.Entries, did(t, rb, "错事 2025-11-01")) // 79, then 77
	if got, want := alerts(scored(rb, r, "2026-12-31")), "连低 2026-12-31 2 红"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	r.Member.Joined = day("2026-01-01") // no year before to fall from
	if got := alerts(scored(rb, r, "2026-12-31")); got != "" {
		t.Error(got)
	}
}

func TestPlacesAndBenchmarks(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"标杆": "{先锋: {范围: 支部, 前: 30%, 当: 扣分次数 == 0}, 前二: {范围: 社区, 前: 2人, 当: 总分 >= 80}}"})
	// Totals: a 84, b 81, c 81 (贡献 4), d 80, e 78; f is exempt from ranking, g has left.
	people := map[string][]string{
		"a": {"好事 2026-01-01", "好事 2026-01-02"}, "b": {"好事 2026-01-01", "好事 2026-01-02", "错事 2026-01-03"},
		"c": {"好事 2026-01-01", "好事 2026-01-02", "错事 2026-01-03"}, "d": nil,
		"e": {"好事 2026-01-01", "好事 2026-01-02", "错事 2026-01-03", "错事 2026-01-04"},
		"f": {"豁免=不排"}, "g": {"豁免=停"}, "h": {"好事 2026-01-01", "好事 2026-01-02"},
	}
	var population []scoring.Candidate
	var ids []string
	for _, id := range []string{"h", "g", "e", "c", "f", "d", "b", "a"} {
		r := someone(t, rb, people[id]...)
		r.Member.ID, r.Member.Home = domain.MemberID(id), [domain.Levels]domain.OrgID{"一支部", "社区"}
		if id == "h" {
			r.Member.Home[domain.Branch] = "二支部"
		}
		ids = append(ids, id)
		population = append(population, scoring.Candidate{Home: r.Member.Home,
			Standing: &scored(rb, r, "2026-12-31").Standing})
	}
	got := map[string]string{}
	for i, p := range scoring.Rank(rb, population) {
		s := ""
		for _, at := range p.Places {
			s += fmt.Sprintf("%s %d/%d×%d ", at.Level, at.Place, at.Of, at.Tied)
		}
		for _, b := range p.Benchmarks {
			s += b.Name
		}
		got[ids[i]] = strings.TrimSpace(s)
	}
	// In the branch five are ranked: 30 % of 5 is 1.5, two.
	want := map[string]string{
		"a": "支部 1/5×1 社区 1/6×2 先锋前二", "h": "支部 1/1×1 社区 1/6×2 前二",
		"b": "支部 2/5×2 社区 3/6×2", "c": "支部 2/5×2 社区 3/6×2", "d": "支部 4/5×1 社区 5/6×1", "e": "支部 5/5×1 社区 6/6×1", "f": "",
		"g": "",
	}
	for id := range want {
		if got[id] != want[id] {
			t.Errorf("%s: got %q, want %q", id, got[id], want[id])
		}
	}
}

func TestTieBreak(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"排名": "{范围: [支部], 再比: [贡献]}", "项目": "{好事: {板块: 贡献, 分值: 3}, 错事: {板块: 基础, 分值: -3}}",
		"豁免": "", "活动": ""})
	a, b := someone(t, rb), someone(t, rb, "好事 2026-01-01", "错事 2026-01-02")
	a.Member.Home[0], b.Member.Home[0] = "支部", "支部"
	placed := scoring.Rank(rb, []scoring.Candidate{{a.Member.Home, &scored(rb, a, "2026-12-31").Standing},
		{b.Member.Home, &scored(rb, b, "2026-12-31").Standing}})
	if placed[0].Places[0].Place != 2 || placed[1].Places[0].Place != 1 {
		t.Errorf("80 with 贡献 0 and 80 with 贡献 3 are placed %+v", placed)
	}
}

func TestEqualIDsAreTakenInTheOrderOfTheirContents(t *testing.T) {
	t.Parallel()
	rb := one(t, "{事: {板块: 基础, 分值: -5至5, 记录: {级: [甲, 乙], 量: 数}, 限额: {年: 5分}}}")
	lines := []string{"事 2026-01-01 分值=4 级=甲 量=1", "事 2026-01-01 分值=3 级=甲 量=1", "事 2026-01-01 分值=3 级=乙 量=1",
		"事 2026-01-01 分值=3 级=甲 量=0"}
	var first string
	for i := range lines {
		r := someone(t, rb, append(append([]string(nil), lines[i:]...), lines[:i]...)...)
		for k := range r.Entries {
			r.Entries[k].ID = ""
		}
		got := explained(scored(rb, r, "2026-12-31"))
		if i > 0 && got != first {
			t.Errorf("got  %s\nwant %s", got, first)
		}
		first = got
	}
	if !strings.HasPrefix(first, "事+3 级 乙，量 1 | 事+2 级 甲，量 0；") {
		t.Error(first)
	}
}

func TestShorterCycles(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"周期": "{考核: 季, 类别按: 期初, 起点按: 期初}"})
	r := someone(t, rb, "错事 2026-03-31", "错事 2026-04-01", "流动=是 2026-04-02")
	q2 := calendar.Quarter.Of(day("2026-04-01"))
	wants(t, scoring.Member(scoring.Under(rb), r, q2, q2.Last), "77 基础77 贡献0 中")
	wants(t, scoring.Member(scoring.Under(rb), r, q2.Next(), q2.Last+1), "70 基础70 贡献0 中")
	r.Member.Joined = day("2026-04-02") // joined on the day he began to float: that is his start
	wants(t, scoring.Member(scoring.Under(rb), r, q2, q2.Last), "70 基础70 贡献0 中")
}

func TestNextGrade(t *testing.T) {
	t.Parallel()
	rb := frame(t, nil)
	for line, want := range map[string]string{"好事 2026-01-01": "", "错事 2026-01-01": "好 3 true"} {
		next, ok := scored(rb, someone(t, rb, line), "2026-12-31").Next()
		if got := fmt.Sprint(next.Grade, " ", next.Short, " ", ok); want != "" && got != want || (want == "") == ok {
			t.Errorf("%s: %s", line, got)
		}
	}
	res := scored(rb, someone(t, rb, "错事 2026-01-01"), "2026-12-31")
	res.Next()
	if a := res.Statement(); a.Total.Leaves() != res.Standing.Total {
		t.Error("asking changed the account")
	}
}

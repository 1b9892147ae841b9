package scoring_test

import (
	"testing"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// Two quarters below 60 bar 合格; half a year without any of it is a red
// line; who was low for two years runs gets the last grade.
func lowPeriods(t *testing.T, from string) *ruleset.RuleSet {
	t.Helper()
	return frame(t, map[string]string{
		"板块": "{基础: {起点: 80}, 季评: {每: 季, 取: 合计, 上限: 5}}",
		"项目": "{季分: {板块: 季评, 记录: {得分: 0至5}, 分值: 得分}, 到会: {}, 扣: {板块: 基础, 分值: -60至-1}, " +
			"季补: {板块: 基础, 自动: {每: 季, 于: 首日, 当: '连续次数(\"季低\") >= 2'}, 分值: -7}, 数过: {板块: 基础, 自动: {每: 季, 于: 末日, " +
			"当: '本年次数(\"季低\") == 2'}, 分值: -1}}",
		"预警": `{未到: {每: 月, 当: 本月次数("到会") == 0, 连续: {3: 提醒, 6: 红}, 建议: 问, 负责: 支部书记, 限期: 7天},
  季低: {每: 季, 当: 季评 < 3, 级别: 提醒, 建议: 谈, 负责: 支部书记, 限期: 7天}, 年低: {每: 年, 当: 总分 < 60, 级别: 提醒, 建议: 谈, 负责: 支部书记, 限期: 7天}}`,
		"红线": `{半年不到: {当: 连续次数("未到") >= 6, 则: {总分: 0}, 直到: 期末}}`,
		"等次": `{劣: 累计次数("年低") >= 2, 差: 本年次数("季低") >= 2, 好: 总分 >= 60, 中: 其余}`,
		"豁免": "{停: {效果: 不计分}}", "活动": "", "施行": from, "排名": "",
	})
}

// standing is the result of the period in which a day lies, as of the day.
func standing(rb *ruleset.RuleSet, r *domain.MemberHistory, on string) *scoring.Result {
	return scoring.Member(scoring.Under(rb), r, rb.Cycle.Unit.Of(day(on)), day(on))
}

func attends(months ...string) []string {
	out := make([]string, 0, len(months))
	for _, m := range months {
		out = append(out, "到会 "+m+"-15")
	}
	return out
}

func TestLowQuartersAreCounted(t *testing.T) {
	t.Parallel()
	rb := lowPeriods(t, "2025-07-01")
	lines := append(attends("2026-01", "2026-03", "2026-05", "2026-07", "2026-09", "2026-11", "2025-10", "2025-12"),
		"季分 2025-11-01 得分=1", "季分 2026-02-01 得分=4", "季分 2026-05-01 得分=2", "季分 2026-08-01 得分=1", "季分 2026-11-01 得分=5")
	// By day: after the second quarter one is low, on the last day of the third
	// there are two. The quarters of 2025 are not of this year.
	for day, want := range map[string]string{
		"2026-03-31": "84 基础80 季评4 好", "2026-06-30": "86 基础80 季评6 好", "2026-09-29": "87 基础80 季评7 好",
		"2026-09-30": "87 基础80 季评7 差",
		// On 1 October two are running: −7. On 31 December two have ended before: −1.
		"2026-10-01": "80 基础73 季评7 差", "2026-12-31": "84 基础72 季评12 差",
	} {
		wants(t, standing(rb, someone(t, rb, append(lines, "季分 2025-08-01 得分=5")...), day), want)
	}
}

func TestAQuarterThatIsNotScoredBreaksTheRun(t *testing.T) {
	t.Parallel()
	rb := lowPeriods(t, "2026-01-01")
	r := someone(t, rb, append(attends("2026-01", "2026-03", "2026-05", "2026-07", "2026-09", "2026-11"),
		"豁免=停 2026-04-10", "豁免=无 2026-04-12",
		"季分 2026-01-15 得分=1", "季分 2026-08-15 得分=1", "季分 2026-12-15 得分=4")...)
	// Low in the first and the third quarter: two in the year, never two running.
	wants(t, standing(rb, r, "2026-12-31"), "85 基础79 季评6 差")
}

func TestHalfAYearWithoutIsARedLine(t *testing.T) {
	t.Parallel()
	rb := lowPeriods(t, "2026-01-01")
	lines := append(attends("2026-01", "2026-02"), "季分 2026-01-15 得分=5", "季分 2026-05-15 得分=5", "季分 2026-08-15 得分=5")
	r := someone(t, rb, lines...)
	wants(t, standing(rb, r, "2026-08-30"), "95 基础80 季评15 好")
	wants(t, standing(rb, r, "2026-08-31"), "0 基础80 季评15 中 本为好 红线半年不到") // March to August
	// In September he came; the red line stays to the end of the year, and in the
	// next the run has long been broken.
	again := someone(t, rb, append(lines, "到会 2026-09-02", "到会 2026-12-02")...)
	wants(t, standing(rb, again, "2026-09-30"), "0 基础80 季评15 中 本为好 红线半年不到")
	wants(t, standing(rb, again, "2027-01-31"), "80 基础80 季评0 好")
	// Without anything since July 2026 it acts in the next year from its first day.
	never := someone(t, rb, append(lines, "到会 2026-04-02", "到会 2026-06-02")...)
	wants(t, standing(rb, never, "2027-01-01"), "0 基础80 季评0 中 本为好 红线半年不到")
}

func TestLowYearsAreCountedAcrossCycles(t *testing.T) {
	t.Parallel()
	rb := lowPeriods(t, "2024-01-01")
	var came []string
	for _, y := range []string{"2024", "2025", "2026", "2027"} {
		came = append(came, attends(y+"-03", y+"-06", y+"-09", y+"-12")...)
		for _, m := range []string{"-02", "-05", "-08", "-11"} {
			came = append(came, "季分 "+y+m+"-20 得分=3")
		}
	}
	r := someone(t, rb, append(came, "扣 2024-05-01 分值=-40", "扣 2026-05-01 分值=-50")...)
	// 2024: 80 − 40 + 12 = 52. 2025: 92. 2026: 42, the second low year.
	wants(t, standing(rb, r, "2024-12-31"), "52 基础40 季评12 中")
	wants(t, standing(rb, r, "2025-12-31"), "92 基础80 季评12 好")
	wants(t, standing(rb, r, "2026-12-30"), "42 基础30 季评12 中")
	wants(t, standing(rb, r, "2026-12-31"), "42 基础30 季评12 劣")
	wants(t, standing(rb, r, "2027-06-30"), "86 基础80 季评6 劣")
}

// What the period before came to is read on New Year's Day with the red lines
// that acted at its end, also one that held only in spring.
func TestThePeriodBeforeIsReadWithItsRedLines(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": "{好: {板块: 基础, 分值: 1}, 补扣: {板块: 基础, 自动: {每: 年, 于: 首日, 当: 上期.总分 == 0}, 分值: -10}}",
		"红线": `{受处分: {当: '处分 == "警告"', 则: {总分: 0}, 直到: 期末}}`, "豁免": "", "活动": "",
	})
	r := someone(t, rb, "处分=警告 2026-03-01", "处分=无 2026-04-01", "好 2026-05-01")
	wants(t, standing(rb, r, "2026-12-31"), "0 基础81 贡献0 差 本为好 红线受处分")
	wants(t, standing(rb, r, "2027-01-01"), "70 基础70 贡献0 中")
}

// TestARunIsToldAlikeInTheNextPeriod: how many months are running does not begin
// anew, or end at what the highest level asks for, with the year.
func TestARunIsToldAlikeInTheNextPeriod(t *testing.T) {
	t.Parallel()
	rb := lowPeriods(t, "2025-01-01")
	r := someone(t, rb)
	for on, want := range map[string]int{"2025-12-31": 12, "2026-01-01": 12, "2026-01-31": 13, "2026-12-31": 24,
		"2027-01-01": 24} {
		runs := 0
		for _, a := range scoring.OpenAlerts(rb, &standing(rb, r, on).Standing) {
			if a.Name == "未到" {
				runs = a.Run
			}
		}
		if runs != want {
			t.Errorf("%s: %d months running, want %d", on, runs, want)
		}
	}
}

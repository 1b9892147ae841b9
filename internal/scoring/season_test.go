package scoring_test

import (
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// appraised is a scheme whose appraisal of a year is held up to March of the
// next, and whose January earns by the grade of the year before.
func appraised(t *testing.T) *ruleset.RuleSet {
	t.Helper()
	return frame(t, map[string]string{
		"板块": "{基础: {起点: {D: 70, 其余: 80}}, 评议: {上限: 20}}",
		"项目": "{评议: {板块: 评议, 记录: {得分: 0至100}, 分值: 得分 * 0.2, 限额: {年: 1次}, 归期: 上期, 于: [1月1日, 3月31日]}, 走访: {板块: 基础, 分值: 1}, " +
			"会评: {板块: 评议, 来自: 会, 出勤: [到会], 分值: 3, 归期: 上期, 于: [12月20日, 3月31日]}, " +
			"结转: {板块: 基础, 自动: {每: 年, 于: 首日, 当: 上期.等次 == \"好\"}, 分值: 5}}",
		"红线": "{未评: {当: 本年次数(\"评议\") == 0, 则: {最高等次: 中}, 直到: 解除}}",
		"等次": "{好: 总分 >= 95, 中: 总分 >= 60, 差: 其余}", "豁免": "", "施行": "2025-01-01", "排名": "",
	})
}

func ofYear(rb *ruleset.RuleSet, r *domain.MemberHistory, year int, asOf string) *scoring.Result {
	return scoring.Member(scoring.Under(rb), r, calendar.Year.Of(calendar.Of(year, 6, 1)), day(asOf))
}

func TestWhatIsHeldAfterNewYearCountsInTheYearBefore(t *testing.T) {
	t.Parallel()
	rb := appraised(t)
	r := someone(t, rb, "评议 2027-03-05 得分=90", "走访 2027-01-10", "评议 2026-02-10 得分=50")
	// 2026: the appraisal of February 2026 is that of 2025.
	wants(t, ofYear(rb, r, 2025, "2026-03-01"), "90 基础80 评议10 中")
	wants(t, ofYear(rb, r, 2026, "2026-12-31"), "80 基础80 评议0 中 红线未评")
	// Until the day on which it is held it does not exist.
	before := ofYear(rb, r, 2026, "2027-03-04")
	wants(t, before, "80 基础80 评议0 中 红线未评")
	if before.StableUntil != day("2027-03-04") {
		t.Errorf("stable until %s", before.StableUntil)
	}
	if s := ofYear(rb, r, 2026, "2026-12-31").StableUntil; s != day("2027-03-04") {
		t.Errorf("stable until %s", s)
	}
	after := ofYear(rb, r, 2026, "2027-03-05")
	wants(t, after, "98 基础80 评议18 好")
	if after.StableUntil != calendar.Forever {
		t.Errorf("stable until %s", after.StableUntil)
	}
	tells(t, after, "评议+18 得分 90；2027-03-05 的，归上期")
	// In 2027 it is none of the year's, and what the year before came to is known
	// better from then on.
	wants(t, ofYear(rb, r, 2027, "2027-03-04"), "81 基础81 评议0 中 红线未评")
	wants(t, ofYear(rb, r, 2027, "2027-03-05"), "86 基础86 评议0 中 红线未评")
}

func TestLimitsAndCategoriesAreThoseOfThePeriodBefore(t *testing.T) {
	t.Parallel()
	rb := appraised(t)
	// One in a year: the second of March 2027 is one too many of 2026, the one of
	// March 2028 the first of 2027.
	r := someone(t, rb, "评议 2027-01-05 得分=50", "评议 2027-03-06 得分=100", "评议 2028-03-07 得分=60", "流动=是 2027-01-01")
	tells(t, ofYear(rb, r, 2026, "2027-12-31"),
		"评议+10 得分 50；2027-01-05 的，归上期 | 不计 评议 得分 100；2027-03-06 的，归上期；限额每年 1次 已用完，原应 +20")
	wants(t, ofYear(rb, r, 2026, "2027-12-31"), "90 基础80 评议10 中")
	wants(t, ofYear(rb, r, 2027, "2028-12-31"), "82 基础70 评议12 中")
}

func TestOutsideItsDaysAnItemThatBelongsBackIsRefused(t *testing.T) {
	t.Parallel()
	rb := appraised(t)
	r := someone(t, rb, "评议 2026-04-01 得分=90")
	tells(t, ofYear(rb, r, 2026, "2026-12-31"), "不计 评议 这个项目归上期，2026-04-01 不在归上期的日子里，或者那时还没有这个项目；得分 90")
	wants(t, ofYear(rb, r, 2026, "2026-12-31"), "80 基础80 评议0 中 红线未评") // nor does it count as one
	for on, want := range map[string]string{
		"2026-03-31": "", "2026-04-01": "只记 1月1日至3月31日 的，2026-04-01 不在其中", "2025-02-01": "归到 2024-12-31，那时办法还没有施行",
	} {
		e := did(t, rb, "评议 "+on+" 得分=90")
		err := scoring.CheckEntry(rb, &domain.MemberHistory{}, e)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", on, err)
		}
	}
}

// One that begins in December is of the year that it is held in or of the one
// before, and so is what follows from attending.
func TestASeasonOverNewYear(t *testing.T) {
	t.Parallel()
	rb := appraised(t)
	r := someone(t, rb, "@党课 2026-12-24 到会", "@党课 2027-02-01 到会", "@党课 2026-10-01 到会")
	tells(t, ofYear(rb, r, 2026, "2027-12-31"), "会评+3 党课到会 | 会评+3 党课到会；2027-02-01 的，归上期")
	tells(t, ofYear(rb, r, 2027, "2027-12-31"), "")
}

// A new text without the item takes nothing from the year before; one that
// brings the item has none before it.
func TestTheTextOfThePeriodBeforeSaysWhatBelongsToIt(t *testing.T) {
	t.Parallel()
	with := appraised(t)
	without := frame(t, map[string]string{"板块": "{基础: {起点: {D: 70, 其余: 80}}, 评议: {上限: 20}}",
		"项目": "{评议: {板块: 评议, 记录: {得分: 0至100}, 分值: 得分 * 0.1}}",
		"施行": "2027-01-01", "豁免": "", "活动": "", "红线": "", "等次": "{好: 总分 >= 95, 中: 其余}", "排名": ""})
	texts := scoring.NewTexts([]scoring.Text{{Book: with}, {From: day("2027-01-01"), Book: without}})
	r := someone(t, with, "评议 2027-03-05 得分=90")
	year2027 := calendar.Year.Of(day("2027-06-01"))
	wants(t, scoring.Member(texts, r, year2026, day("2027-03-05")), "98 基础80 评议18 好")
	wants(t, scoring.Member(texts, r, year2027, day("2027-03-05")), "80 基础80 评议0 中")
	back := scoring.NewTexts([]scoring.Text{{Book: without}, {From: day("2027-01-01"), Book: with}})
	wants(t, scoring.Member(back, r, year2027, day("2027-03-05")), "80 基础80 评议0 中 红线未评")
}

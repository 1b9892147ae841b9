package scoring_test

import "testing"

// 2026 began on a Thursday, so the fourth is a Sunday
// and the fifth a Monday.
func TestWeeksRunFromMondayToSunday(t *testing.T) {
	t.Parallel()
	rb := one(t, `{来信: {板块: 基础, 分值: 1, 限额: {周: 2分}}, 服务: {板块: 贡献, 记录: {时长: 数 小时}, 分值: {数量: 时长, 每: 周, 达到: {5: 1, 10: 3}}}}`)
	r := someone(t, rb, "来信 2026-01-05", "来信 2026-01-11", "来信 2026-01-11",
		"服务 2026-01-04 时长=4", "服务 2026-01-05 时长=4", "服务 2026-01-11 时长=6")
	tells(t, scored(rb, r, "2026-01-31"), "来信+1 | 来信+1 | 服务+3 时长 6小时；累计 10 | "+
		"不计 服务 时长 4小时；累计 4；还没到下一档 | 不计 服务 时长 4小时；累计 4；还没到下一档 | 不计 来信 限额每周 2分 已用完，原应 +1")
}

// A week over New Year is one week, of whichever years its days are.
func TestAWeekOverNewYearIsOne(t *testing.T) {
	t.Parallel()
	rb := one(t, "{来信: {板块: 基础, 分值: 1, 限额: {周: 2分}}}")
	r := someone(t, rb, "来信 2025-12-29", "来信 2026-01-01", "来信 2026-01-04", "来信 2026-01-05")
	tells(t, scored(rb, r, "2026-01-31"), "来信+1 | 来信+1 | 不计 来信 限额每周 2分 已用完，原应 +1")
}

// A red line that counts by the week is looked at where a week begins: it acts
// to the period's end if it held in any week.
func TestARedLineByTheWeek(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": "{吵: {}, 好: {板块: 贡献, 分值: 1}}",
		"红线": `{闹: {当: 本周次数("吵") >= 2, 则: {总分: 0, 加分: 暂停}, 直到: 解除}, 久闹: {当: 本周次数("吵") >= 3, 则: {最高等次: 差}, 直到: 期末}}`,
		"豁免": "", "活动": "",
	})
	r := someone(t, rb, "吵 2026-03-02", "吵 2026-03-08", "好 2026-03-08", "吵 2026-03-09", "吵 2026-03-16", "吵 2026-03-17",
		"吵 2026-03-22")
	wants(t, scored(rb, r, "2026-03-08"), "0 基础80 贡献0 差 本为好 红线闹")
	wants(t, scored(rb, r, "2026-03-09"), "81 基础80 贡献1 好") // a new week, one of it
	wants(t, scored(rb, r, "2026-12-31"), "81 基础80 贡献1 差 本为好 红线久闹")
}

func TestWhatIsNotDoneInAWeek(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": `{签到: {}, 缺签: {板块: 基础, 自动: {每: 周, 于: 周五, 当: 本周次数("签到") == 0}, 分值: -1}, 周末: {板块: 基础, 自动: {每: 周, 于: 末日, ` +
			`当: 本周次数("签到") >= 2}, 分值: 3}}`,
		"预警": `{未签: {每: 周, 当: 本周次数("签到") == 0, 连续: {2: 提醒, 3: 红}, 建议: 问, 负责: 支部书记, 限期: 7天}}`,
		"红线": `{本周签过: {当: 本周次数("签到") >= 2, 则: {总分: 100}, 直到: 解除}}`, "豁免": "", "活动": "", "施行": "2026-01-01",
	})
	r := someone(t, rb, "签到 2026-01-10", "签到 2026-01-14", "签到 2026-01-18")
	// The week to 4 January began before the scheme, so it asks nothing of
	// anybody. Friday the 9th is before the tenth: −1. The 14th is a Wednesday.
	wants(t, scored(rb, r, "2026-01-17"), "79 基础79 贡献0 中")
	wants(t, scored(rb, r, "2026-01-18"), "100 基础82 贡献0 好 红线本周签过")
	wants(t, scored(rb, r, "2026-01-19"), "82 基础82 贡献0 好")
	res := scored(rb, r, "2026-02-08") // Fridays 23, 30 January and 6 February
	wants(t, res, "79 基础79 贡献0 中")
	if got := alerts(res); got != "未签 2026-02-01 2 提醒; 未签 2026-02-08 3 红" {
		t.Error(got)
	}
	if w := res.Standing.Alerts[0].Window; w != "2026W05" {
		t.Error(w)
	}
}

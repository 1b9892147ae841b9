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

func TestWhatIsNotDoneInAWeek(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": `{签到: {}, 缺签: {板块: 基础, 自动: {每: 周, 于: 周五, 当: 本周次数("签到") == 0}, 分值: -1}, 周末: {板块: 基础, 自动: {每: 周, 于: 末日, 当: 本周次数("签到") >= 2}, 分值: 3}}`,
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

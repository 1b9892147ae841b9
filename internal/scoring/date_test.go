package scoring_test

import (
	"testing"

	"jifen/internal/calendar"
)

func TestQuarterAndMonthOfTheDay(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": "{走访: {板块: 基础, 分值: {月份 == 7: 2, 其余: 1}}, 季评: {板块: 贡献, 分值: {季度 <= 2: 3, 季度 >= 3: 4}}, 登记: {}, " +
			"年末: {板块: 基础, 自动: {每: 季, 于: 末日, 当: '季度 == 4 and 本年次数(\"登记\") == 0'}, 分值: -10}, 按月: {板块: 贡献, 记录: {份数: 0至2}, " +
			"分值: 份数 * 月份}}",
		"板块": "{基础: {起点: {季度 == 1: 70, 其余: 80}}, 贡献: {上限: 20}}",
		"红线": "{三月: {当: '月份 == 3 and 本年次数(\"登记\") > 0', 则: {最高等次: 中}, 直到: 期末}}",
		"等次": "{好: 总分 >= 80 and 季度 == 4, 中: 总分 >= 60, 差: 其余}", "豁免": "", "活动": "",
	})
	r := someone(t, rb, "走访 2026-06-30", "走访 2026-07-01", "走访 2026-07-31", "走访 2026-08-01", "季评 2026-06-30",
		"季评 2026-07-01", "按月 2026-05-04 份数=1")
	wants(t, scored(rb, r, "2026-03-31"), "70 基础70 贡献0 中")
	wants(t, scored(rb, r, "2026-04-01"), "80 基础80 贡献0 中") // the start of the standing's day
	// 80 + 1 + 2 + 2 + 1, 3 + 4 + 5
	wants(t, scored(rb, r, "2026-09-30"), "98 基础86 贡献12 中")
	wants(t, scored(rb, r, "2026-10-01"), "98 基础86 贡献12 好")
	wants(t, scored(rb, r, "2026-12-31"), "88 基础76 贡献12 好")
	if s := scored(rb, r, "2026-09-30").StableUntil; s != calendar.Of(2026, 9, 30) {
		t.Errorf("stable until %s", s)
	}
	// It held on some day of March, so it acts to the end of the year.
	wants(t, scored(rb, someone(t, rb, "登记 2026-03-31", "走访 2026-06-30"), "2026-12-31"), "81 基础81 贡献0 中 本为好 红线三月")
	wants(t, scored(rb, someone(t, rb, "登记 2026-04-01", "走访 2026-06-30"), "2026-12-31"), "81 基础81 贡献0 好")
}

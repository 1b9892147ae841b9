package scoring_test

import (
	"fmt"
	"testing"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// BenchmarkGrowth measures what eight times the entries of one year cost, per
// entry: 1 is linear, 8 quadratic. The kinds are those that look back at what
// was there before: repetition, red lines under which additions are lost or
// wait, and matters.
func BenchmarkGrowth(b *testing.B) {
	for name, c := range map[string]struct{ items, red, first, line string }{
		"重复本期":  {"{错: {板块: 基础, 分值: -1, 重复: {在: 本期, 倍数: [1, 2]}}}", "", "", "错 %s"},
		"重复有效期": {"{错: {板块: 基础, 分值: -1, 有效: 2年, 重复: {在: 有效期, 倍数: [1, 2]}}}", "", "", "错 %s"},
		"作废": {"{错: {有效: 2年}, 好: {板块: 贡献, 分值: 1}}", "{犯: {当: '有(\"错\") and 本月次数(\"好\") >= 0', 则: {加分: 作废}, 直到: 期末}}",
			"错 2026-01-01", "好 %s"},
		"暂停": {"{错: {有效: 2年}, 好: {板块: 贡献, 分值: 1}}", "{犯: {当: '有(\"错\") and 本月次数(\"好\") >= 0', 则: {加分: 暂停}, 直到: 解除}}",
			"错 2026-01-01", "好 %s"},
	} {
		b.Run(name, func(b *testing.B) {
			sections := map[string]string{"项目": c.items, "豁免": "", "活动": "", "红线": c.red, "预警": ""}
			rb := frame(b, sections)
			year := func(n int) *domain.MemberHistory {
				var lines []string
				if c.first != "" {
					lines = append(lines, c.first)
				}
				for i := range n {
					lines = append(lines, fmt.Sprintf(c.line, day("2026-01-01")+calendar.Day(i*360/n)))
				}
				return someone(b, rb, lines...)
			}
			few, many := year(200), year(1600)
			var short, long time.Duration
			for b.Loop() {
				short += spent(rb, few)
				long += spent(rb, many)
			}
			b.ReportMetric(float64(long)/float64(short)/8, "cost/entry×8")
		})
	}
}

// spent measures the time that one standing takes.
func spent(rb *ruleset.RuleSet, r *domain.MemberHistory) time.Duration {
	from := time.Now()
	scored(rb, r, "2026-12-31")
	return time.Since(from)
}

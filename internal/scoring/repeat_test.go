package scoring_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// TestRepetitionCountsWhatHappened: an occurrence is one whatever it was
// weighed to, by 重复, by 倍数 or by rounding; one that does not touch the member
// is none.
func TestRepetitionCountsWhatHappened(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ item, entries, want string }{
		"the first is only a warning": {"{板块: 基础, 分值: -5, 重复: {在: 本期, 倍数: [0, 1]}}",
			"错 2026-01-01, 错 2026-01-02, 错 2026-01-03",
			"错-5 第 2 次，按 1 倍计 | 错-5 第 3 次，按 1 倍计 | 不计 错 第 1 次，按 0 倍计"},
		"three make one": {"{板块: 基础, 分值: -5, 重复: {在: 本期, 每: 3次}}",
			"错 2026-01-01, 错 2026-01-02, 错 2026-01-03, 错 2026-01-04, 错 2026-01-05, 错 2026-01-06, 错 2027-01-01",
			"错-5 第 3 次，按 1 倍计 | 错-5 第 6 次，按 1 倍计 | 不计 错 第 1 次，按 0 倍计 | 不计 错 第 2 次，按 0 倍计 | 不计 错 第 4 次，按 0 倍计 | 不计 错 第 5 次，" +
				"按 0 倍计"},
		"three make one, and then each": {"{板块: 基础, 分值: -5, 重复: {在: 本期, 倍数: [0, 0, 1]}}",
			"错 2026-01-01, 错 2026-01-02, 错 2026-01-03, 错 2026-01-04",
			"错-5 第 3 次，按 1 倍计 | 错-5 第 4 次，按 1 倍计 | 不计 错 第 1 次，按 0 倍计 | 不计 错 第 2 次，按 0 倍计"},
		"factors go round": {"{板块: 基础, 分值: -5, 重复: {在: 本月, 每: 2次, 倍数: [1, 2]}}",
			"错 2026-01-01, 错 2026-01-31, 错 2026-01-31, 错 2026-02-01",
			"错-5 | 错-10 第 2 次，按 2 倍计 | 错-5 第 3 次，按 1 倍计 | 错-5"},
		"rounded to nothing": {"{板块: 基础, 记录: {数: 0至1}, 分值: -0.01 * 数, 重复: {在: 本期, 倍数: [1, 100]}}",
			"错 2026-01-01 数=1, 错 2026-01-02 数=1",
			"错-1 数 1；第 2 次，按 100 倍计 | 不计 错 数 1"},
		"excused is weighed to nothing": {"{板块: 基础, 记录: {有故: 是否}, 分值: -5, 倍数: {有故: 0, 其余: 1}, 重复: {在: 本期, 倍数: [1, 2]}}",
			"错 2026-01-01 有故=是, 错 2026-01-02",
			"错-10 第 2 次，按 2 倍计 | 不计 错 有故；按 0 倍计"},
		"not applicable": {"{板块: 基础, 记录: {有故: 是否}, 分值: -5, 适用: not 有故, 重复: {在: 本期, 倍数: [1, 2]}}",
			"错 2026-01-01 有故=是, 错 2026-01-02",
			"错-5 | 不计 错 不适用于B类；有故"},
		"an addition is none": {"{板块: 基础, 分值: -5至5, 重复: {在: 本期, 倍数: [1, 2]}}",
			"错 2026-01-01 分值=5, 错 2026-01-02 分值=-5, 错 2026-01-03 分值=-5",
			"错+5 | 错-5 | 错-10 第 2 次，按 2 倍计"},
		"cut to nothing is one": {"{板块: 基础, 分值: -5, 限额: {月: -5分}, 重复: {在: 本期, 倍数: [1, 1, 2]}}",
			"错 2026-01-01, 错 2026-01-02, 错 2026-02-01",
			"错-5 | 错-5 第 3 次，按 2 倍计；限额每月 -5分 只余 -5，原应 -10 | 不计 错 第 2 次，按 1 倍计；限额每月 -5分 已用完，原应 -5"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rb := one(t, "{错: "+c.item+"}")
			tells(t, scored(rb, someone(t, rb, strings.Split(c.entries, ", ")...), "2026-12-31"), c.want)
		})
	}
}

// TestAMatterIsOneOccurrence: also where 重复 weighed the first of its entries to
// 0, and where a higher one of another item holds the matter.
func TestAMatterIsOneOccurrence(t *testing.T) {
	t.Parallel()
	rb := one(t, "{错: {板块: 基础, 分值: -5, 重复: {在: 本期, 倍数: [0, 1]}, 同一事项: 取最高}, 大错: {板块: 基础, 分值: -8, 同一事项: 取最高}}")
	twice := someone(t, rb, "错 2026-01-01", "错 2026-01-02")
	tells(t, scored(rb, about("甲", twice, 0, 1), "2026-12-31"),
		"不计 错 事项“甲”；第 1 次，按 0 倍计 | 不计 错 同一事项只取最高，已有更高的；事项“甲”；第 1 次，按 0 倍计")
	beaten := someone(t, rb, "大错 2026-01-01", "错 2026-01-02", "错 2026-01-03")
	tells(t, scored(rb, about("甲", beaten, 0, 1), "2026-12-31"),
		"大错-8 事项“甲” | 不计 错 同一事项只取最高，已有更高的；事项“甲”；第 1 次，按 0 倍计 | 不计 错 第 1 次，按 0 倍计")
}

// TestRepetitionAgreesWithCounting holds the n-th occurrence against counting
// the earlier ones anew for each.
func TestRepetitionAgreesWithCounting(t *testing.T) {
	t.Parallel()
	const cap20 = "倍数: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]"
	rapid.Check(t, func(rt *rapid.T) {
		in := rapid.SampledFrom([]string{"本期", "本月", "本季", "20天", "1个月", "3个月", "有效期"}).Draw(rt, "in")
		rb := one(t, "{错: {板块: 基础, 记录: {重: 是否}, 分值: -1, 有效: {重: 2个月, 其余: 10天}, 重复: {在: "+in+", "+cap20+"}}}")
		n := rapid.IntRange(0, 19).Draw(rt, "n")
		days := make([]calendar.Day, n)
		heavy := make([]bool, n)
		on := day("2026-01-01")
		var lines []string
		for i := range days {
			on += calendar.Day(rapid.IntRange(0, 18).Draw(rt, "gap"))
			days[i], heavy[i] = on, rapid.Bool().Draw(rt, "heavy")
			lines = append(lines, fmt.Sprintf("错 %s 重=%s", on, map[bool]string{true: "是", false: "否"}[heavy[i]]))
		}
		want := 0
		for i, d := range days {
			nth := 1
			for k := range i {
				inside := false
				switch e := days[k]; in {
				case "本期":
					inside = calendar.Year.Of(e) == calendar.Year.Of(d)
				case "本月":
					inside = calendar.Month.Of(e) == calendar.Month.Of(d)
				case "本季":
					inside = calendar.Quarter.Of(e) == calendar.Quarter.Of(d)
				case "20天":
					inside = e+20 > d
				case "1个月":
					inside = e.AddMonths(1) > d
				case "3个月":
					inside = e.AddMonths(3) > d
				case "有效期":
					inside = heavy[k] && e.AddMonths(2) > d || !heavy[k] && e+10 > d
				}
				if inside {
					nth++
				}
			}
			want -= nth
		}
		a := scored(rb, someone(t, rb, lines...), "2026-12-31").Statement()
		got := 0
		for _, l := range append(a.Total.Children[0].Children, a.Idle...) {
			if l.Kind == domain.LineEntry {
				got += int(l.Wanted) / 100
			}
		}
		if got != want {
			rt.Fatalf("%s: %d, by counting %d\n%v", in, got, want, lines)
		}
	})
}

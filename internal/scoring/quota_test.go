package scoring_test

import (
	"fmt"
	"strings"
	"testing"

	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// graded is a scheme with this table of grades, everybody beginning with 80.
func graded(t *testing.T, grades, rank string) *ruleset.RuleSet {
	t.Helper()
	return frame(t, map[string]string{
		"项目": "{错: {板块: 基础, 分值: -1}, 好: {板块: 贡献, 分值: 1}}", "豁免": "", "活动": "", "等次": grades, "排名": rank,
		"红线": "{受处分: {当: '处分 == \"警告\"', 则: {最高等次: 差}, 直到: 解除}}",
	})
}

// letters prints everybody's grade.
func letters(ps []scoring.RankResult) string {
	var b strings.Builder
	for _, p := range ps {
		b.WriteString(p.Grade)
	}
	return b.String()
}

// The national rule for 优秀: at most a third.
func TestAThirdIsAThird(t *testing.T) {
	t.Parallel()
	rb := graded(t, "{优: {占: 1/3}, 良: {占: 1/2}, 差: 其余}", "{范围: [支部], 取整: 舍去}")
	for n, want := range map[int][2]int{9: {3, 4}, 27: {9, 13}, 10: {3, 5}, 30: {10, 15}, 2: {0, 1}, 6: {2, 3}} {
		_, ps := ranked(t, rb, crowd(n))
		got := letters(ps)
		// Down to 良 it is five sixths: of 10 that is 8, of 27 it is 22.
		if strings.Count(got, "优") != want[0] || strings.Count(got, "良") != want[1] {
			t.Errorf("%d: %s", n, got)
		}
	}
}

// The grade without red lines is kept beside the one with them, by share too.
func TestTheGradeWithoutRedLinesIsKeptByShare(t *testing.T) {
	t.Parallel()
	people := crowd(9)
	people[0] = append(people[0], "处分=警告")
	_, ps := ranked(t, graded(t, "{优: {占: 1/3}, 良: {占: 1/2}, 差: 其余}", "{范围: [支部], 取整: 舍去}"), people)
	bare := ""
	for _, p := range ps {
		bare += p.Bare
	}
	if got := letters(ps); got != "差优优良良良良差差" || bare != "优优优良良良良差差" {
		t.Errorf("%s, without red lines %s", got, bare)
	}
}

// points are members with so many points above 80.
func points(of ...int) [][]string {
	out := make([][]string, len(of))
	for i, n := range of {
		for k := range n {
			out[i] = append(out[i], fmt.Sprintf("好 2026-01-%02d", k+1))
		}
	}
	return out
}

func TestAtLeastSoManyOfTheLast(t *testing.T) {
	t.Parallel()
	const table = "{优: {当: 总分 >= 90, 占: 1/3}, 中: 总分 >= 80, 平: {当: 总分 >= 70, 占: 至少 10%}, 差: {当: 其余, 占: 至少 10%}}"
	ten := points(19, 18, 17, 16, 15, 14, 13, 12, 11, 10)
	for _, c := range []struct {
		grades, rank string
		members      [][]string
		want         string
	}{
		// A third of ten is three. Everybody has 90 or more, yet the last is 差 and
		// the one before, within the last 20 %, is 平.
		{table, "{范围: [支部]}", ten, "优优优中中中中中平差"},
		// Equals at a line are all in the grade the line belongs to …
		{table, "{范围: [支部]}", points(19, 18, 17, 16, 15, 14, 13, 12, 10, 10), "优优优中中中中中差差"},
		// … or all out of it: two are more than 10 %, three more than 20 %.
		{table, "{范围: [支部], 压线: 同退}", points(19, 18, 17, 16, 15, 14, 13, 12, 10, 10), "优优优中中中中中平平"},
		{table, "{范围: [支部], 压线: 同退}", points(19, 18, 17, 16, 15, 14, 13, 10, 10, 10), "优优优中中中中中中中"},
		// 10 % of 4 is 0.4, 20 % 0.8: nobody need be 差, one 平.
		{table, "{范围: [支部]}", points(9, 8, 7, 6), "中中中平"},
		{table, "{范围: [支部], 取整: 进一}", points(9, 8, 7, 6), "中中中差"},
		{table, "{范围: [支部], 取整: 舍去}", points(9, 8, 7, 6), "中中中中"},
		{table, "{范围: [支部], 至少: 5人}", points(9, 8, 7, 6), "未评未评未评未评"},
		// Whose points give no better gets it whatever his place.
		{"{中: 总分 >= 85, 差: {当: 其余, 占: 至少 10%}}", "{范围: [支部]}", points(9, 8, 7, 6, 4, 3, 2, 1, 1, 0), "中中中中差差差差差差"},
		// A row whose 当 does not hold takes the last all the same.
		{"{中: 总分 >= 80, 差: {当: 总分 < 60, 占: 至少 10%}, 劣: 其余}", "{范围: [支部]}", points(9, 8, 7, 6, 4, 3, 2, 1, 1, 0),
			"中中中中中中中中中差"},
	} {
		_, ps := ranked(t, graded(t, c.grades, c.rank), c.members)
		if got := letters(ps); got != c.want {
			t.Errorf("%s %s\ngot  %s\nwant %s", c.grades, c.rank, got, c.want)
		}
	}
	// Red lines have the last word.
	struck := points(19, 18, 17)
	struck[0] = append(struck[0], "处分=警告")
	_, ps := ranked(t, graded(t, table, "{范围: [支部]}"), struck)
	if got := letters(ps); got != "差中平" {
		t.Error(got)
	}
}

func TestBenchmarksByAFraction(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"项目": "{好: {板块: 贡献, 分值: 1}}", "豁免": "", "活动": "", "标杆": "{先锋: {范围: 支部, 前: 1/3}}"})
	_, ps := ranked(t, rb, points(8, 7, 6, 5, 4, 3, 2, 1, 0))
	n := 0
	for _, p := range ps {
		n += len(p.Benchmarks)
	}
	if n != 3 {
		t.Error(n)
	}
}

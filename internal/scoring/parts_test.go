package scoring_test

import (
	"fmt"
	"strings"
	"testing"

	"jifen/internal/ruleset"
)

// quarterly is a scheme with an appraisal by quarters.
func quarterly(t *testing.T, take string) *ruleset.RuleSet {
	t.Helper()
	return frame(t, map[string]string{
		"板块": "{基础: {起点: 80}, 测评: {每: 季, 取: " + take + ", 上限: 20}, 谈话: {属于: 测评}}",
		"项目": "{互评: {板块: 测评, 记录: {得分: 0至20}, 分值: 得分}, 谈心: {板块: 谈话, 分值: 1}, 长效: {板块: 测评, 分值: 2, 有效: 1年}}",
		"红线": "{受处分: {当: '处分 == \"警告\"', 则: {测评: 0}, 直到: 解除}}", "排名": "", "豁免": "{停: {效果: 不计分}}", "活动": "",
		"预警": "{季低: {每: 季, 当: 测评 < 10, 级别: 提醒, 建议: 谈, 负责: 支部书记, 限期: 7天}}",
	})
}

func TestAveragesTakePartsThatHaveEndedAndHaveRecords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		take  string
		lines string
		on    string
		want  string // 测评 and what the parts say of themselves
	}{
		// An appraisal of 18 in the first quarter is worth 18 on 1 April too.
		{"平均", "互评 2026-03-20 得分=18", "2026-03-20", "18: 18未完"},
		{"平均", "互评 2026-03-20 得分=18", "2026-03-31", "18: 18"},
		{"平均", "互评 2026-03-20 得分=18", "2026-04-01", "18: 18 0未完，不算"},
		{"平均", "互评 2026-03-20 得分=18; 互评 2026-05-01 得分=10", "2026-06-29", "18: 18 10未完，不算"},
		{"平均", "互评 2026-03-20 得分=18; 互评 2026-05-01 得分=10", "2026-06-30", "14: 18 10"},
		{"平均", "互评 2026-03-20 得分=18; 互评 2026-09-01 得分=12", "2026-12-31", "15: 18 0没有记录，不算 12 0没有记录，不算"},
		{"平均", "互评 2026-03-20 得分=0; 互评 2026-09-01 得分=12", "2026-12-31", "6: 0 0没有记录，不算 12 0没有记录，不算"}, // nought is a record
		// one below the block too
		{"平均", "谈心 2026-01-05; 互评 2026-05-01 得分=12", "2026-06-30", "6.5: 1 12"},
		// and what still counts from before
		{"平均", "长效 2026-01-05; 互评 2026-05-01 得分=12", "2026-06-30", "8: 2 14"},
		{"平均", "", "2026-12-31", "0: 0没有记录，不算 0没有记录，不算 0没有记录，不算 0"},
		{"最高3期", "互评 2026-03-20 得分=18; 互评 2026-04-20 得分=9", "2026-07-10", "13.5: 18 9 0未完，不算"},
		{"平均, 空期: 不计", "互评 2026-03-20 得分=18", "2026-04-01", "18: 18 0未完，不算"},
		{"平均, 空期: 记零", "互评 2026-03-20 得分=18", "2026-04-01", "9: 18 0未完"},
		{"最高3期, 空期: 记零", "互评 2026-03-20 得分=18; 互评 2026-04-20 得分=9", "2026-07-10", "9: 18 9 0未完"},
		{"合计", "互评 2026-03-20 得分=18", "2026-04-01", "18: 18 0未完"},
		{"末期", "互评 2026-03-20 得分=18", "2026-04-01", "0: 18 0未完"},
		// A red line that sets the block is as good as a record; a quarter that is
		// not scored is no part at all.
		{"平均", "互评 2026-03-20 得分=18; 处分=警告 2026-06-15; 处分=无 2026-07-15", "2026-09-30", "9: 18 0 0没有记录，不算"},
		{"平均", "互评 2026-03-20 得分=18; 豁免=停 2026-03-31; 豁免=无 2026-07-01; 互评 2026-08-01 得分=10", "2026-09-30", "14: 18 10"},
	} {
		t.Run(c.take+c.lines+c.on, func(t *testing.T) {
			t.Parallel()
			rb := quarterly(t, c.take)
			var lines []string
			if c.lines != "" {
				lines = strings.Split(c.lines, "; ")
			}
			res := scored(rb, someone(t, rb, lines...), c.on)
			a := res.Statement()
			if err := provesItself(rb, &a); err != nil {
				t.Error(err)
			}
			block := a.Total.Children[1]
			var parts []string
			for _, l := range block.Children {
				if strings.HasSuffix(l.Name, "季度") {
					parts = append(parts, fmt.Sprint(l.Value, l.Note))
				}
			}
			if got := fmt.Sprint(block.Value, ": ", strings.Join(parts, " ")); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A quarter of which nothing is recorded is not low: it is none.
func TestAPartWithoutRecordsRaisesNoAlert(t *testing.T) {
	t.Parallel()
	rb := quarterly(t, "平均")
	r := someone(t, rb, "互评 2026-03-20 得分=9", "互评 2026-09-20 得分=12", "互评 2026-12-20 得分=0")
	if got := alerts(scored(rb, r, "2026-12-31")); got != "季低 2026-03-31 1 提醒; 季低 2026-12-31 1 提醒" {
		t.Error(got)
	}
}

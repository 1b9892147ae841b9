package ruletest_test

import (
	"os"
	"strings"
	"testing"

	"jifen/internal/ruleset"
)

// reads are the columns of the guide's table of what each place may read, each
// with a condition that reads it.
func reads() [][2]string {
	return [][2]string{
		{"属性", "年限 > 3"}, {"类别", `类别 == "甲"`}, {"记录", "得分 > 3"}, {"分值", "分值 > 3"}, {"迟报天数", "迟报天数 > 3"}, {"季度 月份", "月份 > 3"},
		{"上期", "上期.总分 > 3"}, {"计数", `本年次数("好事") > 3`}, {"有( )", `有("好事")`}, {"总分 板块", "总分 > 3"}, {"红线", "线"},
		{"加分次数 扣分次数", "加分次数 > 3"}, {"等次", `等次 == "好"`}, {"名次 人数", "名次 > 3"},
	}
}

// places are the rows of that table, each with the parts of a rule file that
// hold a condition there.
func places() [][2]string {
	item := "项目: {好事: {分值: 2}, 查: {分值: 2}, 打分: {板块: 基础, 记录: {得分: 0至9}, "
	return [][2]string{
		{"类别", "类别: {甲: {名称: 甲, 当: '?'}, 乙: {名称: 乙, 当: 其余}}"},
		{"板块的起点、上限、下限", "板块: {基础: {起点: {'?': 80, 其余: 70}}}"},
		{"默认的有效、审批", "默认: {有效: {'?': 2年, 其余: 1年}}"},
		{"项目的适用、分值、倍数", item + "分值: {'?': 1, 其余: 2}}}"},
		{"项目的限额", item + "分值: 1, 限额: {年: {'?': 10分, 其余: 20分}}}}"},
		{"项目的有效、审批", item + "分值: 1, 有效: {'?': 2年, 其余: 1年}}}"},
		{"自动", "项目: {好事: {分值: 2}, 查: {分值: 2}, 打分: {板块: 基础, 分值: -1, 自动: {每: 月, 于: 25日, 当: '?'}}}"},
		{"红线", "红线: {线: {当: '?', 则: {总分: 0}, 直到: 解除}}"},
		{"等次", "等次: {好: '?', 差: 其余}"},
		{"排名的人群", "排名: {范围: [支部], 人群: {一: '?', 二: 其余}}"},
		{"标杆", "标杆: {先锋: {范围: 支部, 前: 3人, 当: '?'}}"},
		{"预警", "预警: {低: {每: 年, 当: '?', 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 7天}}"},
	}
}

// placed is a whole rule file with one part and a condition in it.
func placed(part, condition string) string {
	var b strings.Builder
	key, _, _ := strings.Cut(part, ":")
	for _, each := range [][2]string{
		{"办法", "试验"}, {"编号", "t"}, {"施行", "2026-01-01"}, {"周期", "{考核: 年}"}, {"属性", "{年限: 0至50}"},
		{"类别", "{甲: {名称: 甲, 当: 年限 > 9}, 乙: {名称: 乙, 当: 其余}}"}, {"板块", "{基础: {起点: 80}}"}, {"项目", "{好事: {分值: 2}, 查: {分值: 2}}"},
		{"红线", "{线: {当: '有(\"查\")', 则: {总分: 0}, 直到: 解除}}"}, {"等次", "{好: 总分 >= 80, 差: 其余}"}, {"排名", "{范围: [支部]}"},
	} {
		if each[0] != key {
			b.WriteString(each[0] + ": " + each[1] + "\n")
		}
	}
	return b.String() + strings.ReplaceAll(part, "?", strings.ReplaceAll(condition, "'", "''")) + "\n"
}

// TestTheGuideSaysWhatEachPlaceMayRead holds the guide's table against the
// loader, cell by cell.
func TestTheGuideSaysWhatEachPlaceMayRead(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../../rules/README.md")
	if err != nil {
		t.Fatal(err)
	}
	head, rule := "| 写在哪里 |", "|---|"
	for _, r := range reads() {
		head, rule = head+" "+r[0]+" |", rule+"---|"
	}
	want := head + "\n" + rule + "\n"
	for _, p := range places() {
		want += "| " + p[0] + " |"
		for _, r := range reads() {
			mark := " "
			if ruleset.Load("t.yaml", []byte(placed(p[1], r[1]))).Book != nil {
				mark = " √ "
			}
			want += mark + "|"
		}
		want += "\n"
	}
	if !strings.Contains(string(src), want) {
		t.Errorf("the guide has not the table that the loader keeps to:\n%s", want)
	}
}

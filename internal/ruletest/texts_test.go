package ruletest_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"jifen/internal/ruletest"
	"jifen/internal/ruleversions"
)

const firstText = `办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
属性: {流动: 是否}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 80}}
项目:
  表彰: {分值: 10, 有效: 5年}
  迟到: {分值: -1}
  老项目: {分值: 3, 有效: 2年}
授权: {支部: {板块: 基础, 加分: 2项, 单笔: 2分, 审批: [社区党委]}}
`

// trialOf runs cases under files.
func trialOf(t *testing.T, files map[string]string, names []string, cases string) string {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, broken, err := ruleversions.Open(names, func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) })
	if err != nil || s == nil {
		t.Fatal(err, broken)
	}
	l := ruletest.Read("c.yaml", []byte(cases))
	if l.Book == nil {
		t.Fatal(l.Format())
	}
	var says []string
	for _, o := range l.Book.RunUnder(s) {
		if o.OK != (len(o.Differences) == 0) || o.OK && o.Statements != nil {
			t.Errorf("%+v", o)
		}
		for _, d := range o.Differences {
			what, _, _ := strings.Cut(d, "。改法：")
			says = append(says, o.Name+"："+what)
		}
	}
	return strings.Join(says, "\n")
}

// TestATransferTakesNoPointAway: +1 under the old branch's supplement stays
// after the move, and each branch's items are for those who are in it that day.
func TestATransferTakesNoPointAway(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"t.yaml": firstText,
		"a.yaml": "补充: t\n支部: 东支部\n施行: 2026-03-01\n项目: {清理楼道: 1}\n",
		"b.yaml": "补充: t\n支部: 西支部\n施行: 2026-03-01\n项目: {护河: 2}\n",
	}
	says := trialOf(t, files, []string{"t.yaml", "a.yaml", "b.yaml"}, `办法: t.yaml
补充: [a.yaml, b.yaml]
用例:
  - 名称: 转走
    考核期: 2026
    党员: {支部: 东支部}
    变动: [{自: 2026-07-01, 支部: 西支部, 流动: 是}]
    记录: [{项目: 清理楼道, 日期: 2026-06-05}, {项目: 护河, 日期: 2026-07-01}, {项目: 迟到, 日期: 2026-02-01}]
    应得: {总分: 82, 项目得分: {清理楼道: 1, 护河: 2, 迟到: -1}}
  - 名称: 转走又转回来
    考核期: 2026
    党员: {支部: 东支部}
    变动: [{自: 2026-09-01, 支部: 东支部}, {自: 2026-07-01, 支部: 西支部}]
    记录: [{项目: 清理楼道, 日期: 2026-06-05}, {项目: 护河, 日期: 2026-08-31}, {项目: 清理楼道, 日期: 2026-09-01}]
    应得: {总分: 84, 项目得分: {清理楼道: 2, 护河: 2}}
  - 名称: 不在东支部的时候
    考核期: 2026
    党员: {支部: 东支部}
    变动: [{自: 2026-07-01, 支部: 西支部}]
    记录: [{项目: 清理楼道, 日期: 2026-07-01}, {项目: 护河, 日期: 2026-06-30}]
    应得: {总分: 80}
  - 名称: 没有说在哪个支部
    考核期: 2026
    记录: [{项目: 清理楼道, 日期: 2026-06-05}]
    应得: {总分: 80}
  - 名称: 写错了支部类型
    考核期: 2026
    变动: [{自: 2026-07-01, 支部类型: 天上}]
    应得: {总分: 80}
`)
	want := `不在东支部的时候：第 20 行：“清理楼道”是东支部补充的项目，2026-07-01 这个人不在那里
不在东支部的时候：第 20 行：“护河”是西支部补充的项目，2026-06-30 这个人不在那里
没有说在哪个支部：第 24 行：“清理楼道”是东支部补充的项目，2026-06-05 这个人不在那里
写错了支部类型：第 28 行：没有“天上”这种支部`
	if says != want {
		t.Errorf("got\n%s\nwant\n%s", says, want)
	}
}

// TestANewTextKeepsWhatStillHolds: an award of five years counts in the year of
// the next text, beside what that text gives.
func TestANewTextKeepsWhatStillHolds(t *testing.T) {
	t.Parallel()
	second := strings.NewReplacer("2026-01-01", "2027-01-01", "起点: 80", "起点: 70", "分值: -1", "分值: -4",
		"  老项目: {分值: 3, 有效: 2年}\n", "", "属性: {流动: 是否}", "属性: {职务: [无, 书记]}").Replace(firstText) + "停用: [老项目]\n"
	says := trialOf(t, map[string]string{"2026.yaml": firstText, "2027.yaml": second}, []string{"2027.yaml", "2026.yaml"},
		`办法: [2026.yaml, 2027.yaml]
用例:
  - 名称: 五年的表彰
    依据: 70 + 10；当年迟到照当年的办法扣 4
    考核期: 2027
    党员: {职务: 书记, 流动: 否}
    记录: [{项目: 表彰, 日期: 2026-03-01}, {项目: 迟到, 日期: 2026-05-01}, {项目: 迟到, 日期: 2027-05-01}]
    应得: {总分: 76, 项目得分: {表彰: 10, 迟到: -4}}
  - 名称: 上一版的年度
    依据: 80 + 10 - 1
    考核期: 2026
    记录: [{项目: 表彰, 日期: 2026-03-01}, {项目: 迟到, 日期: 2026-05-01}]
    应得: {总分: 89}
  - 名称: 停用的项目照它那天的办法记
    考核期: 2026
    记录: [{项目: 老项目, 日期: 2026-03-01}]
    应得: {总分: 83}
  - 名称: 停用以后不能再记
    考核期: 2027
    记录: [{项目: 老项目, 日期: 2027-03-01}]
    应得: {总分: 70}
`)
	if !strings.HasPrefix(says, "停用以后不能再记：第 ") || strings.Count(says, "\n") != 0 {
		t.Error(says)
	}
}

// TestACaseOfALoneSupplementIsInItsBranch, as nobody says otherwise.
func TestACaseOfALoneSupplementIsInItsBranch(t *testing.T) {
	t.Parallel()
	says := trialOf(t, map[string]string{"t.yaml": firstText,
		"a.yaml": "补充: t\n支部: 东支部\n施行: 2026-03-01\n项目: {清理楼道: 1}\n"}, []string{"a.yaml"}, `办法: a.yaml
用例:
  - {名称: 甲, 考核期: 2026, 记录: [{项目: 清理楼道, 日期: 2026-06-05}], 应得: {总分: 81}}
`)
	if says != "" {
		t.Error(says)
	}
}

package ruleset

import (
	"fmt"
	"strings"
	"testing"
)

// problems loads a text and returns what is told, a line each: line:col, kind,
// message, advice.
func problems(src string) string {
	r := Load("t.yaml", []byte("# 第一行\n"+src))
	var out []string
	for _, p := range r.Problems {
		kind := "错误"
		if p.Warning {
			kind = "提醒"
		}
		out = append(out, fmt.Sprintf("%d:%d %s %s｜%s", p.Line, p.Col, kind, p.Message, p.Advice))
	}
	return strings.Join(out, "\n")
}

// Each text is what smallest becomes with old replaced by by; wants are the
// sentences, in order, that have to be told, and no other.
func TestWhatClerksType(t *testing.T) {
	t.Parallel()
	const item = "  好人好事: {板块: 基础, 分值: 2}\n"
	for _, c := range []struct {
		old, by string
		wants   []string
	}{
		// full-width signs, each named and the line written anew
		{item, "  好人好事：{板块: 基础, 分值: 2}\n", []string{"11:7 错误 “：”是全角冒号，要用半角，后面空一格｜写成：好人好事: {板块: 基础, 分值: 2}"}},
		{item, "  好人好事: {板块：基础, 分值: 2}\n", []string{"11:12 错误 “：”是全角冒号｜写成：好人好事: {板块: 基础, 分值: 2}"}},
		{item, "  好人好事: {板块: 基础，分值: 2}\n", []string{"11:16 错误 “，”要写成半角逗号｜写成：好人好事: {板块: 基础, 分值: 2}"}},
		{item, "  好人好事: {板块: 基础；分值: 2}\n", []string{"11:16 错误 “；”要写成半角逗号｜写成：好人好事: {板块: 基础, 分值: 2}"}},
		{item, "  好人好事: ｛板块: 基础, 分值: 2｝\n",
			[]string{"11:9 错误 “｛”是全角括号｜写成：好人好事: {板块: 基础, 分值: 2}", "11:23 错误 “｝”是全角括号｜写成：好人好事: {板块"}},
		{item, "  好人好事：｛板块：基础，分值：2｝\n", []string{"11:7 错误 “：”是全角冒号", "11:8 错误 “｛”是全角括号", "11:11 错误 “：”是全角冒号",
			"11:14 错误 “，”要写成半角逗号", "11:17 错误 “：”是全角冒号｜写成：好人好事: {板块: 基础, 分值: 2}", "11:19 错误 “｝”是全角括号"}},
		{item, "  好人好事:　{板块: 基础, 分值: 2}\n", []string{"11:8 错误 这里是全角空格｜写成：好人好事: {板块: 基础, 分值: 2}"}},
		{item, "　好人好事: {板块: 基础, 分值: 2}\n", []string{"11:1 错误 这里是全角空格｜写成：好人好事: {板块"}},
		{item, "  好人好事:{板块: 基础, 分值: 2}\n", []string{"11:7 错误 冒号后面要空一格｜写成：好人好事: {板块: 基础, 分值: 2}"}},
		{"  基础: {起点: 80}\n", "  基础:80\n", []string{"9:5 错误 冒号后面要空一格｜写成：基础: 80", "9:6 错误 板块要写成一组“名称: 值”"}},
		{"编号: moumou", "编号：moumou", []string{"3:3 错误 “：”是全角冒号｜写成：编号: moumou"}},
		{item, item + "活动:\n  会: [党课，主题党日]\n", []string{"13:9 错误 “，”要写成半角逗号｜写成：会: [党课, 主题党日]"}},
		{item, item + "活动:\n  会: ［党课, 主题党日］\n", []string{"13:6 错误 “［”是全角括号｜写成：会: [党课, 主题党日]", "13:15 错误 “］”是全角括号"}},
		{item, item + "活动:\n  会: [党课 主题党日]\n", []string{"13:7 错误 活动“党课 主题党日”中间有空格，像是少了逗号｜写成：党课, 主题党日"}},
		{item, "  好人好事: {板块: “基础”, 分值: 2}\n", []string{"11:14 错误 “ ”是全角引号，不用写｜写成：基础"}},
		{item, "  好人好事: {板块: 基础, 分值: ２}\n", []string{"11:22 错误 “２”要用半角写法｜写成：2"}},
		{"起点: 80", "起点: ８０", []string{"9:12 错误 起点要写一个数｜写成 80"}},
		{"起点: 80", "起点: 80分", []string{"9:12 错误 起点要写一个数｜不用写“分”，写成 80"}},
		// what was forgotten
		{item, "  好人好事 {板块: 基础, 分值: 2}\n", []string{"11:3 错误 这里要写“名称: 值”，中间少了冒号｜写成：好人好事: {板块: 基础, 分值: 2}"}},
		{"项目:\n", "项目\n", []string{"10:1 错误 这里要写“名称: 值”，后面少了冒号｜写成：项目:"}},
		{"编号: moumou", "编号 moumou", []string{"3:1 错误 这里要写“名称: 值”，中间少了冒号｜写成：编号: moumou"}},
		{item, "  好人好事: {板块: 基础 分值: 2}\n", []string{"11:14 错误 “分值”前面少了逗号｜写成：基础, 分值: 2"}},
		{item, "  好人好事: {板块 基础, 分值: 2}\n", []string{"11:10 错误 “板块 基础”这里缺一个值｜写成：板块: 基础"}},
		{item, "  好人好事: {板块: 基础, 分值: 2\n", []string{"11:9 错误 花括号没有成对"}},
		{item, "  好人好事: {板块: 基础, 分值: 2}}\n", []string{"11:24 错误 多了一个 }"}},
		{"起点: 80}", "起点: 80}}", []string{"9:15 错误 多了一个 }"}},
		{item, item + "等次: {优: >= 90, 差: 其余}\n", []string{"12:9 错误 “>”不能放在开头"}},
		{item, item + "等次:\n  优: >= 90\n  差: 其余\n", []string{"13:6 错误 条件前面缺了拿什么来比｜写全，例如 总分 >= 90"}},
		{item, item + "依据: 第三条: 第二款\n", []string{"12:5 错误 一行里有两个冒号"}},
		{item, "  @好人好事: {板块: 基础, 分值: 2}\n", []string{"11:3 错误 “@”不能放在一行的开头"}},
		// what an expression has not
		{"分值: 2", "分值: 10%", []string{"11:24 错误 “10%”要写成小数｜写清是什么的百分之几，例如 得分 * 0.1"}},
		{"分值: 2", "记录: {得分: 0至100}, 分值: 得分 * 12.5%", []string{"错误 “12.5%”要写成小数｜写成：得分 * 0.125"}},
		{"分值: 2", "记录: {得分: 0至100}, 分值: '最小(得分, 10)'", []string{"错误 没有“最小( )”这种写法｜封顶写在 上限 或 限额 里"}},
		{"分值: 2", "记录: {得分: 0至100}, 分值: 'MAX(得分, 10)'", []string{"错误 没有“MAX( )”这种写法｜保底写在 下限 里"}},
		{"分值: 2", "记录: {得分: 0至100}, 分值: 'round(得分)'", []string{"错误 没有“round( )”这种写法｜取整数部分写 取整(x)"}},
		{"当: 其余", "当: 出生日期 < 1950-01-01", []string{"7:27 错误 条件和算式里不能写日期｜随日子变的值写成"}},
		{"当: 其余", "当: 出生日期 < 1950年1月1日", []string{"7:27 错误 条件和算式里不能写日期"}},
		{"分值: 2", "记录: {结业: 日期}, 分值: {结业 > 3: 1, 其余: 2}", []string{"错误 “结业”是日期，只备查，不能用来判断和算分"}},
		{"分值: 2", "分值: -2, 重复: {在: {甲: 12个月, 其余: 6个月}, 倍数: [1, 2]}", []string{"错误 在 要写一段时间，不能按情形分"}},
		// hints by meaning
		{item, "  缺课: {板块: 基础, 分值: -2, 来自: 党课, 出勤: [出席]}\n活动: {会: [党课]}\n", []string{"错误 出勤没有“出席”这种写法｜是不是“到会”？"}},
		{item, "  缺课: {板块: 基础, 分值: -2, 来自: 党课, 出勤: [缺勤]}\n活动: {会: [党课]}\n", []string{"错误 出勤没有“缺勤”这种写法｜是不是“缺席”？"}},
		{"分值: 2", "分值: 2, 审批: [领导小组]", []string{"错误 审批里的“领导小组”没有说是哪一级的机构｜加一行 机构"}},
		{"{起点: 80}", "{起点: 80, 封顶: 100}", []string{"错误 板块里没有“封顶”这一项｜是不是“上限”？"}},
		// several at once, of every kind, with the warnings
		{"编号: moumou\n", "编号：Moumou\n依据：“某文件”\n",
			[]string{"3:3 错误 “：”是全角冒号", "3:4 错误 编号“Moumou”写法不对", "4:3 错误 “：”是全角冒号｜写成：依据: “某文件”"}},
		{item, "  打卡：{板块: 基楚, 分值: 1}\n  帮扶: {板块: 基础, 分值: 1\n  读书笔记: {板块: 基础, 分值: 1分}\n等次: {好: 总份 >= 80, 差: 其余}\n",
			[]string{"11:3 提醒 项目“打卡”", "11:5 错误 “：”是全角冒号", "11:11 错误 板块没有“基楚”", "12:7 错误 花括号没有成对", "13:3 提醒 项目“读书笔记”",
				"13:22 错误 分值要写一个数", "14:9 错误 没有“总份”这个名称"}},
		{"  甲: {名称: 全体党员, 当: 其余}\n", "  甲: {名称: 老党员, 当: '处分 == \"警告\"}\n  乙: {名称: 其他, 当: 其余}\n", []string{"7:19 错误 引号没有成对"}},
	} {
		src := strings.Replace(smallest, c.old, c.by, 1)
		got := problems(src)
		lines := strings.Split(got, "\n")
		if got == "" {
			lines = nil
		}
		if len(lines) != len(c.wants) {
			t.Errorf("%s\ngot\n%s\nwant\n%s", c.by, got, strings.Join(c.wants, "\n"))
			continue
		}
		for i, w := range c.wants {
			message, advice, _ := strings.Cut(w, "｜")
			if !strings.Contains(lines[i], message) || !strings.Contains(lines[i], advice) {
				t.Errorf("%s\ngot  %s\nwant %s", c.by, lines[i], w)
			}
		}
	}
}

// Twenty-two slips in one file get twenty-two sentences, each at its place.
func TestManySlipsAreAllTold(t *testing.T) {
	t.Parallel()
	r := Load("many.yaml", []byte(`办法：某某街道党员积分制管理办法
编号: dozen
施行：2026-01-01
周期: ｛考核: 年｝
类别:
　甲: {名称: 全体党员，当: 其余}
板块：
  基础:{起点：80}
项目:
  好人好事: {板块: “基础”，分值：2；限额: {年: 10分}}
  缺课:　{板块: 基础, 来自: ［党课，主题党日］, 出勤: [出席], 分值: -2}
活动: {会: [党课, 主题党日】}
等次: {好: 总分 ≥ 90，中: 总分 >= 60 且 加分次数 > 1, 差: 其余}
`))
	var at []string
	for _, p := range r.Problems {
		at = append(at, fmt.Sprintf("%d:%d", p.Line, p.Col))
		if p.Advice == "" {
			t.Errorf("no advice: %s", r.File.Format(p))
		}
	}
	want := "1:3 3:3 4:5 4:11 6:1 6:14 7:3 8:5 8:9 10:14 10:18 10:21 10:23 11:6 11:20 11:23 11:28 11:36 12:18 13:12 " +
		"13:16 13:29"
	if got := strings.Join(at, " "); got != want {
		t.Errorf("got  %s\nwant %s\n%s", got, want, r.Format())
	}
}

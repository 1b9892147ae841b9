package ruleset

import (
	"strings"
	"testing"
)

// What looks like something the checker warns of, and is not, is taken without
// a word.
func TestLintsRaiseNoFalseAlarm(t *testing.T) {
	t.Parallel()
	alert := func(name, advice string) string {
		return smallest + "预警:\n  " + name + ": {每: 季, 当: 总分 < 60, 级别: 红, 建议: " + advice + ", 负责: 支部书记, 限期: 15天}\n"
	}
	red := func(lines string) string { return smallest + "红线:\n" + lines }
	moving := func(item string) string {
		return strings.Replace(smallest, "  甲: {名称: 全体党员, 当: 其余}", "  丁: {名称: 流动党员, 当: 流动, 计分: 否}\n  甲: {名称: 全体党员, 当: 其余}",
			1) +
			item + "属性: {流动: 是否}\n"
	}
	for what, src := range map[string]string{
		"what an organisation may consider": alert("低分", "由社区党委按程序研究是否劝其退党"),
		"a start at the cap":                strings.Replace(smallest, "{起点: 80}", "{起点: 80, 上限: 80}", 1),
		"a cap by category, above each start": strings.Replace(moving(""), "{起点: 80}",
			"{起点: {丁: 60, 其余: 80}, 上限: {丁: 60, 其余: 90}}", 1),
		"windows that grow":                 smallest + "  扶贫: {板块: 基础, 分值: 2, 限额: {日: 2分, 周: 4分, 月: 10分, 年: 10分}}\n",
		"times and points are not compared": smallest + "  扶贫: {板块: 基础, 分值: 2, 限额: {月: 20分, 年: 3次}}\n",
		"a limit that some are without":     smallest + "  扶贫: {板块: 基础, 分值: 2, 限额: {月: 20分, 年: {自 2026-07-01: 30分}}}\n",
		"a value that fits":                 smallest + "  扶贫: {板块: 基础, 分值: 10, 限额: {年: 10分}}\n",
		"what is counted, and weighed": smallest +
			"  扶贫: {板块: 基础, 记录: {重大: 是否}, 分值: 12, 倍数: {重大: 1, 其余: 0.5}, 限额: {年: 10分}}\n",
		"an item of scored and unscored":       moving("  联系: {板块: 基础, 分值: 1, 适用: [丁, 甲]}\n"),
		"a record of those who are not scored": moving("  联系: {适用: [丁]}\n"),
		"the gravest have the gravest effect": red("  警告: {当: '处分 in [\"警告\", \"严重警告\", \"撤销党内职务\"]', 则: {基础: 60}, " +
			"直到: 期末}\n  察看: {当: '处分 in [\"留党察看\", \"开除党籍\"]', 则: {总分: 0}, 直到: 期末}\n"),
		"any discipline": red("  处分: {当: 处分 != \"无\", 则: {总分: 0}, 直到: 期末}\n"),
		"two lines for one option": red("  处分: {当: 处分 != \"无\", 则: {基础: 0}, " +
			"直到: 期末}\n  缺席: {当: 处分 == \"警告\" and 本年次数(\"好人好事\") > 9, 则: {基础: 0}, 直到: 期末}\n"),
		"a list that begins with the worst": red("  信用: {当: 信用 == \"严重失信\", 则: {总分: 0}, 直到: 期末}\n") +
			"属性: {信用: [严重失信, 一般失信, 正常]}\n",
		"two counts together are whole": smallest +
			"  坏事: {板块: 基础, 分值: -1}\n  评: {板块: 基础, 分值: {本年次数(\"好人好事\") + 本年次数(\"坏事\") >= 4: 2, " +
			"1 <= 本年次数(\"好人好事\") + 本年次数(\"坏事\") <= 3: 1, 其余: 0}}\n",
		"tens, one by one": smallest +
			"  评: {板块: 基础, 记录: {得分: 0至100}, 分值: {取整(得分 / 10) == 9: 2, 取整(得分 / 10) == 7: 1, 其余: 0}}\n",
		"whole numbers that meet": smallest +
			"  评: {板块: 基础, 记录: {得分: 0至100}, 分值: {取整(得分 / 10) >= 9: 2, 7 <= 取整(得分 / 10) <= 8: 1, 其余: 0}}\n",
		"a share outside of a band": smallest +
			"  评: {板块: 基础, 记录: {得分: 1至100}, 分值: {1 / 得分 < 0.2: 2, 1 / 得分 > 2: 1, 其余: 0}}\n",
		"minutes of work":                       smallest + "  调解: {板块: 基础, 记录: {时间: 数 分钟}, 分值: 1}\n",
		"papers written":                        smallest + "  撰写信息: {板块: 基础, 记录: {数目: 数 篇}, 分值: 1}\n",
		"caring for people":                     smallest + "  关注困难群众: {板块: 基础, 分值: 1}\n",
		"meetings as they are called":           smallest + "  学习教育: {板块: 基础, 分值: 1}\n  参加投票选举: {板块: 基础, 分值: 1}\n",
		"one who is old and frail, not of what": smallest + "豁免: {照顾: {效果: 不计分}}\n",
		"a condition that only a few can fulfil": smallest +
			"  逾期: {板块: 基础, 自动: {每: 月, 于: 25日, 当: 本月次数(\"好人好事\") > 900}, 分值: -5}\n",
	} {
		if r := Load("x.yaml", []byte(src)); r.Book == nil || len(r.Problems) > 0 {
			t.Errorf("%s:\n%s", what, r.Format())
		}
	}
}

package formula

import (
	"slices"
	"strings"
)

// misspelledCall answers for functions that people know from elsewhere and a rule file
// has not.
func misspelledCall(function string) (p Problem, odd bool) {
	p.Message = "没有“" + function + "( )”这种写法"
	for _, f := range [...]struct {
		names  []string
		advice string
	}{
		{[]string{"最小", "最小值", "取小", "最低", "min", "较小"}, "封顶写在 上限 或 限额 里；分情形的写 {得分 >= 10: 10, 其余: 得分} 这样"},
		{[]string{"最大", "最大值", "取大", "最高", "max", "较大"}, "保底写在 下限 里；分情形的写 {得分 <= 0: 0, 其余: 得分} 这样"},
		{[]string{"平均", "平均值", "avg", "average", "mean"}, "平均写在板块里，例如 {每: 月, 取: 平均}"},
		{[]string{"求和", "合计", "总和", "sum"}, "把一个项目记的数加起来写 本年合计(\"志愿服务.时长\")；几个板块相加写 甲 + 乙"},
		{[]string{"如果", "if", "when", "iif", "case"}, "分情形写 {条件: 值, 其余: 值}，自上而下"},
		{[]string{"四舍五入", "round", "舍去", "进一", "ceil", "floor", "int", "trunc"}, "取整数部分写 取整(x)；小数怎样舍入写在 小数 里"},
		{[]string{"绝对值", "abs"}, "分情形写 {得分 >= 0: 得分, 其余: 0 - 得分} 这样"},
		{[]string{"次数", "count", "计数"}, "写 本月次数(\"项目\")、本年次数(\"项目\")、累计次数(\"项目\")"},
	} {
		if slices.Contains(f.names, strings.ToLower(function)) {
			p.Advice = f.advice
			return p, true
		}
	}
	return p, false
}

package scoring_test

import (
	"strings"
	"testing"
)

// TestAnUnknownFactIsListedWhereverItIsAsked: a condition that cannot be
// settled for want of a fact does not hold, and the member is told which fact.
func TestAnUnknownFactIsListedWhereverItIsAsked(t *testing.T) {
	t.Parallel()
	plain := map[string]string{"豁免": "", "属性": "{流动: 是否, 工种: [一线, 二线]}", "项目": "{好事: {板块: 贡献, 分值: 2}}"}
	const asks = `'工种 == "一线"'`
	for where, replace := range map[string]map[string]string{
		"类别":    {"类别": "{A: {当: " + asks + "}, B: {当: 其余}}", "板块": "{基础: {起点: 80}, 贡献: {}}"},
		"自动":    {"项目": "{津贴: {板块: 贡献, 自动: {每: 年, 于: 首日, 当: " + asks + "}, 分值: 2}}"},
		"自动的适用": {"项目": "{津贴: {板块: 贡献, 自动: {每: 年, 于: 首日}, 适用: " + asks + ", 分值: 2}}"},
		"适用":    {"项目": "{好事: {板块: 贡献, 适用: " + asks + ", 分值: 2}}"},
		"分值":    {"项目": "{好事: {板块: 贡献, 分值: {一线: 2, 二线: 1}}}"},
		"倍数":    {"项目": "{好事: {板块: 贡献, 分值: 2, 倍数: {一线: 2, 二线: 1}}}"},
		"起点":    {"板块": "{基础: {起点: {一线: 85, 二线: 80}}, 贡献: {上限: 20}}"},
		"上限":    {"板块": "{基础: {起点: 80}, 贡献: {上限: {一线: 20, 二线: 10}}}"},
		"限额":    {"项目": "{好事: {板块: 贡献, 分值: 2, 限额: {年: {一线: 4分, 二线: 2分}}}}"},
		"红线解除":  {"红线": "{甲: {当: " + asks + ", 则: {最高等次: 中}, 直到: 解除}}"},
		"红线期末":  {"红线": "{甲: {当: " + asks + ", 则: {最高等次: 中}, 直到: 期末}}"},
		"等次":    {"等次": "{好: " + asks + ", 差: 其余}"},
		"预警每月":  {"预警": "{甲: {每: 月, 当: " + asks + ", 级别: 红, 建议: 谈, 负责: 支部书记, 限期: 7天}}"},
		"预警实时":  {"预警": "{甲: {每: 实时, 当: " + asks + ", 级别: 红, 建议: 谈, 负责: 支部书记, 限期: 7天}}"},
		"标杆":    {"标杆": "{先锋: {范围: 支部, 前: 3人, 当: " + asks + "}}"},
		"人群":    {"排名": "{范围: [支部], 人群: {甲: " + asks + ", 乙: 其余}}"},
	} {
		sections := map[string]string{}
		for k, v := range plain {
			sections[k] = v
		}
		for k, v := range replace {
			sections[k] = v
		}
		rb := frame(t, sections)
		lines := []string{"流动=否 2026-01-01"}
		if rb.Item("好事") >= 0 {
			lines = append(lines, "好事 2026-03-01")
		}
		if got := strings.Join(scored(rb, someone(t, rb, lines...), "2026-12-31").Standing.Missing, " "); got != "工种" {
			t.Errorf("%s: 缺 %q", where, got)
		}
		known := someone(t, rb, append(lines, "工种=二线 2025-01-01")...)
		if got := scored(rb, known, "2026-12-31").Standing.Missing; len(got) != 0 {
			t.Errorf("%s: 缺 %v, though it is known", where, got)
		}
	}
}

package mutation

import (
	"strings"
	"testing"
)

const small = `办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
活动: {会: [党课, 党日], 干: [劳动]}
属性: {流动: 是否, 职务: [无, 书记]}
类别:
  D: {名称: 流动, 当: 流动}
  B: {名称: 其余, 当: 其余}
板块: {基础: {起点: 80, 下限: 0}, 贡献: {上限: 5}}
项目:
  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -2.5, 重复: {在: 有效期, 倍数: [1, 2]}}
  好事: {板块: 贡献, 分值: 1至3, 限额: {月: 2次}}
  党费: {}
  欠费: {板块: 基础, 自动: {每: 月, 于: 25日, 当: 本月次数("党费") == 0}, 分值: -5}   # 注：不算
等次:
  好: 总分 >= 80 and 基础 > 70
  差: 其余
`

// TestOperators proves that each operator makes the mistakes it is there for,
// and that a mutant has one mistake.
func TestOperators(t *testing.T) {
	t.Parallel()
	made := map[string]string{}
	for _, m := range mutants("t.yaml", small) {
		made[m.path+" | "+m.operator+" | "+strings.TrimSpace(m.was+" → "+m.now)] = m.text
	}
	for want, line := range map[string]string{
		"施行 | 数 | 2026-01-01 → 2025-12-31": "施行: 2025-12-31",
		"周期.考核 | 窗口 | 年 → 半年":              "周期: {考核: 半年}",
		"活动.会 | 删 | 党日 →":                  "活动: {会: [党课], 干: [劳动]}",
		"板块.基础 | 换值 | 起点: 80 → 下限: 0":      "板块: {基础: {起点: 0, 下限: 80}, 贡献: {上限: 5}}",
		"板块.贡献.上限 | 换词 | 上限 → 下限":          "板块: {基础: {起点: 80, 下限: 0}, 贡献: {下限: 5}}",
		"项目.缺席.分值 | 号 | -2.5 → 2.5": "  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: 2.5, 重复: {在: 有效期, " +
			"倍数: [1, 2]}}",
		"项目.缺席.分值 | 数 | -2.5 → -2.4": "  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -2.4, " +
			"重复: {在: 有效期, 倍数: [1, 2]}}",
		"项目.缺席.出勤 | 换名 | 缺席 → 到会": "  缺席: {板块: 基础, 来自: 会, 出勤: [到会], 分值: -2.5, " +
			"重复: {在: 有效期, 倍数: [1, 2]}}",
		"项目.缺席.来自 | 换名 | 会 → 干": "  缺席: {板块: 基础, 来自: 干, 出勤: [缺席], 分值: -2.5, " +
			"重复: {在: 有效期, 倍数: [1, 2]}}",
		"项目.缺席.重复 | 删 | 重复 →": "  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -2.5}",
		"项目.缺席.重复.倍数 | 换行 | 1 → 2": "  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -2.5, " +
			"重复: {在: 有效期, 倍数: [2, 1]}}",
		"项目.缺席.重复.在 | 换词 | 有效期 → 本期": "  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -2.5, 重复: {在: 本期, " +
			"倍数: [1, 2]}}",
		"项目.好事.限额.月 | 换词 | 月 → 季":   "  好事: {板块: 贡献, 分值: 1至3, 限额: {季: 2次}}",
		"项目.好事.限额.月 | 换词 | 2次 → 2分": "  好事: {板块: 贡献, 分值: 1至3, 限额: {月: 2分}}",
		"项目.好事.板块 | 换名 | 贡献 → 基础":   "  好事: {板块: 基础, 分值: 1至3, 限额: {月: 2次}}",
		"项目.欠费.自动.于 | 数 | 25日 → 26日": "  欠费: {板块: 基础, 自动: {每: 月, 于: 26日, " +
			"当: 本月次数(\"党费\") == 0}, 分值: -5}   # 注：不算",
		"项目.欠费.自动.当 | 换名 | 本月次数(\"党费\") == 0 → 本月次数(\"欠费\") == 0": "  欠费: {板块: 基础, 自动: {每: 月, 于: 25日, " +
			"当: 本月次数(\"欠费\") == 0}, 分值: -5}   # 注：不算",
		"项目.欠费.自动.当 | 窗口 | 本月次数(\"党费\") == 0 → 本季次数(\"党费\") == 0": "  欠费: {板块: 基础, 自动: {每: 月, 于: 25日, " +
			"当: 本季次数(\"党费\") == 0}, 分值: -5}   # 注：不算",
		"等次.好 | 比较 | 总分 >= 80 and 基础 > 70 → 总分 >= 80 or 基础 > 70": "  好: 总分 >= 80 or 基础 > 70",
		"等次.好 | 比较 | 总分 >= 80 and 基础 > 70 → 总分 > 80 and 基础 > 70": "  好: 总分 > 80 and 基础 > 70",
		"等次 | 换行 | 好 → 差":                     "  差: 其余\n  好: 总分 >= 80 and 基础 > 70",
		"类别 | 换行 | D → B":                     "  B: {名称: 其余, 当: 其余}\n  D: {名称: 流动, 当: 流动}",
		"行.好事: {板块: 贡献, 分值: 1至3 | 标点 | : → ：": "  好事： {板块: 贡献, 分值: 1至3, 限额: {月: 2次}}",
	} {
		if !strings.Contains(made[want], "\n"+line+"\n") {
			t.Errorf("%s: want\n%s\nin\n%s", want, line, made[want])
		}
	}
	for what, text := range made {
		before, after := strings.Split(small, "\n"), strings.Split(text, "\n")
		for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
			before, after = before[1:], after[1:]
		}
		for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
			before, after = before[:len(before)-1], after[:len(after)-1]
		}
		if rows := strings.Contains(what, "换行") || strings.Contains(what, "换值"); !rows && len(before) > 1 &&
			len(after) > 0 || rows && len(before) > 2 {
			t.Errorf("%s is more than one mistake:\n%s\n→\n%s", what, strings.Join(before, "\n"), strings.Join(after, "\n"))
		}
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"*", "a", true}, {"a", "a", true}, {"a", "ab", false}, {"a*", "ab", true}, {"*b", "ab", true}, {"a*c", "abc", true},
		{"a*c", "ab", false}, {"a*b*c", "a1b2c", true}, {"a*b*c", "a1c2b", false}, {"ab*b", "ab", false},
	} {
		if like(c.pattern, c.s) != c.want {
			t.Errorf("like(%q, %q) is %v", c.pattern, c.s, !c.want)
		}
	}
}

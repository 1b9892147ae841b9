package ruleset

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/yamldoc"
)

// thousandLines writes a rule file of exactly 1,000 lines: a head, some red
// lines and alerts, and items of all sorts.
func thousandLines(tb testing.TB) []byte {
	tb.Helper()
	head := `办法: 一千行的办法
编号: qian
施行: 2026-01-01
周期: {考核: 年}
小数: {位数: 1, 舍入: 四舍五入}
活动:
  组织生活: [党课, 主题党日]
属性:
  年龄: {推算: 周岁}
  流动: 是否
  职务: [无, 支部委员, 支部书记]
  就业: [在职, 两新, 离退休, 无业]
类别:
  E: {名称: 年老党员, 当: 年龄 >= 75}
  D: {名称: 流动党员, 当: 流动}
  A: {名称: 班子成员, 当: 职务 != "无"}
  B: {名称: 其他党员, 当: 其余}
板块:
  基础: {起点: {E: 85, 其余: 80}, 下限: 0}
  贡献: {上限: {A: 15, 其余: 20}}
  公益: {属于: 贡献, 限额: {年: 10分}}
总分: {公式: 基础 + 贡献, 下限: 0}
等次:
  优秀: 总分 >= 100
  良好: {E: 总分 >= 75, 其余: 总分 >= 80}
  一般: 其余
排名: {范围: [支部, 社区, 街道], 再比: [贡献]}
项目:
`
	groups := []string{
		`  缴费N: {}
`,
		`  逾期N: {板块: 基础, 自动: {每: 月, 于: 25日, 当: 本月次数("缴费N") == 0}, 分值: -5, 依据: 第七条}
`,
		`  缺席N: {板块: 基础, 来自: 组织生活, 出勤: [缺席], 分值: -5, 适用: [A, B], 重复: {在: 12个月, 倍数: [1, 2]}}
`,
		`  评议N: {板块: 贡献, 记录: {得分: 0至100}, 分值: 得分 * 0.2, 限额: {年: 1次}}
`,
		`  服务N:
    板块: 公益
    记录: {时长: 数 小时}
    分值: {数量: 时长, 每: 年, 达到: {10: 2, 20: 5, 50: 10}}
`,
		`  捐赠N:
    板块: 公益
    记录: {金额: 数 元}
    分值: {数量: 金额, 每: 年, 分段: [{至: 1000, 每: 100}, {至: 5000, 每: 400}, {每: 1000}]}
    限额: {年: 40分, 月: [3次, 10分]}
`,
		`  表彰N:
    板块: 贡献
    记录: {级别: [国家, 省, 市], 首次: 是否}
    分值: {国家: 100, 省: 60, 其余: {自 2026-01-01: 5, 自 2026-07-01: {值: 6, 依据: 修订第三条}}}
    倍数: {首次: 2, 其余: 1}
    有效: {国家: 5年, 其余: 1年}
    审批: {国家: [支部委员会, 社区党委], 其余: [支部委员会]}
`,
		`  酌情N: {板块: 贡献, 记录: {事由: 文字}, 分值: -5至5, 适用: 职务 == "无" and 年龄 < 60, 限额: {单笔: [3分, -3分], 年: [10分, -10分]}}
`,
	}
	tail := "红线:\n"
	for i := range 20 {
		tail += fmt.Sprintf("  红线%d: {当: 处分 != \"无\" and 本年次数(\"缴费%d\") < 3, 则: {最高等次: 良好}, 直到: 期末}\n", i, i)
	}
	tail += "预警:\n"
	for i := range 20 {
		tail += fmt.Sprintf("  预警%d: {每: 月, 当: 本月次数(\"缴费%d\") == 0 or 总分 < 60, 连续: {3: 提醒, 6: 红}, 建议: 上门了解, 负责: 支部书记, "+
			"限期: 7天}\n", i, i)
	}
	var b strings.Builder
	b.WriteString(head)
	lines := strings.Count(head+tail, "\n")
	for n := 0; lines < 1000; n++ {
		for _, g := range groups {
			if k := strings.Count(g, "\n"); lines+k <= 1000 {
				b.WriteString(strings.ReplaceAll(g, "N", fmt.Sprint(n)))
				lines += k
			}
		}
	}
	b.WriteString(tail)
	src := b.String()
	if k := strings.Count(src, "\n"); k != 1000 {
		tb.Fatalf("%d lines", k)
	}
	return []byte(src)
}

func TestAThousandLinesLoad(t *testing.T) {
	t.Parallel()
	r := Load("qian.yaml", thousandLines(t))
	if r.Book == nil || len(r.Problems) > 0 {
		t.Fatal(r.Format())
	}
	if len(r.Book.Items) < 300 {
		t.Errorf("only %d items", len(r.Book.Items))
	}
}

// BenchmarkLoadThousandLines reports what a file costs and how many times that
// is what reading its YAML alone costs, the one after the other in turns. The goals are
// 20 ms and one and a half times.
func BenchmarkLoadThousandLines(b *testing.B) {
	src := thousandLines(b)
	var loads, parses []time.Duration
	for b.Loop() {
		from := time.Now()
		if _, problems := yamldoc.Parse("qian.yaml", src); len(problems) > 0 {
			b.Fatal(problems)
		}
		between := time.Now()
		if r := Load("qian.yaml", src); r.Book == nil {
			b.Fatal(r.Format())
		}
		parses, loads = append(parses, between.Sub(from)), append(loads, time.Since(between))
	}
	b.ReportMetric(float64(slices.Min(loads))/1e6, "ms/file")
	b.ReportMetric(float64(slices.Min(loads))/float64(slices.Min(parses)), "x-parse")
}

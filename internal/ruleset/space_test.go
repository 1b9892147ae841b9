package ruleset

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/domain"
	"jifen/internal/formula"
)

// tabled is a file whose attributes and 总分 have few enough values to try them
// all: tested tables stand behind it.
const tabled = `办法: 某某街道党员积分制管理办法
编号: moumou
施行: 2026-01-01
周期: {考核: 年}
小数: {位数: 1, 舍入: 四舍五入}
属性:
  流动: 是否
  就业: [在职, 两新, 无业]
  得分: 0至1
类别: {甲: {名称: 全体党员, 当: 其余}}
板块: {基础: {起点: 1}}
总分: {下限: 0, 上限: 3}
项目: {好人好事: {板块: 基础, 分值: 2}}
等次:
`

// someone is one member and his points, every fact as the tests know it:
// −1 is unknown.
type someone struct {
	total  int64 // in hundredths
	moving bool
	work   int
	score  int64 // in hundredths
}

// everyone calls f with every member that the file tabled allows.
func everyone(f func(someone)) {
	for total := int64(0); total <= 300; total += 10 {
		for score := int64(-1); score <= 100; score++ {
			for work := -1; work < 3; work++ {
				f(someone{total, false, work, score})
				f(someone{total, true, work, score})
			}
		}
	}
}

// tested is a condition as text and, apart from package formula, as a truth.
type tested struct {
	text  string
	holds func(m someone) formula.Tri
}

func compared3(op string, a, b int64) formula.Tri {
	return formula.TriOf(map[string]bool{"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b,
		"!=": a != b}[op])
}

func drawCondition(t *rapid.T, depth int) tested {
	op := func() string { return rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!="}).Draw(t, "op") }
	words := []string{"在职", "两新", "无业"}
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	if depth == 0 {
		kind %= 6
	}
	switch kind {
	case 0, 1:
		// Constants between two points of the grid, and beyond it, too.
		k, o := rapid.SampledFrom([]int64{-10, 0, 5, 50, 100, 105, 195, 200, 300, 310}).Draw(t, "k"), op()
		return tested{"总分 " + o + " " + domain.Points(k).String(),
			func(m someone) formula.Tri { return compared3(o, m.total, k) }}
	case 2:
		lo := rapid.Int64Range(0, 20).Draw(t, "lo") * 10
		hi := lo + rapid.Int64Range(0, 15).Draw(t, "wide")*10
		return tested{fmt.Sprintf("%s <= 总分 < %s", domain.Points(lo), domain.Points(hi)),
			func(m someone) formula.Tri { return formula.TriOf(lo <= m.total && m.total < hi) }}
	case 3:
		return tested{"流动", func(m someone) formula.Tri { return formula.TriOf(m.moving) }}
	case 4:
		k, o := rapid.IntRange(0, 2).Draw(t, "word"), rapid.SampledFrom([]string{"==", "!="}).Draw(t, "op")
		return tested{fmt.Sprintf("就业 %s %q", o, words[k]), func(m someone) formula.Tri {
			if m.work < 0 {
				return formula.Unknown
			}
			return formula.TriOf((m.work == k) == (o == "=="))
		}}
	case 5:
		k, o := rapid.Int64Range(0, 100).Draw(t, "k"), op()
		return tested{"得分 " + o + " " + domain.Points(k).String(), func(m someone) formula.Tri {
			if m.score < 0 {
				return formula.Unknown
			}
			return compared3(o, m.score, k)
		}}
	case 6:
		x := drawCondition(t, depth-1)
		return tested{"not (" + x.text + ")", func(m someone) formula.Tri { return formula.True - x.holds(m) }}
	case 7:
		x, y := drawCondition(t, depth-1), drawCondition(t, depth-1)
		return tested{"(" + x.text + ") or (" + y.text + ")",
			func(m someone) formula.Tri { return max(x.holds(m), y.holds(m)) }}
	default:
		x, y := drawCondition(t, depth-1), drawCondition(t, depth-1)
		return tested{"(" + x.text + ") and (" + y.text + ")",
			func(m someone) formula.Tri { return min(x.holds(m), y.holds(m)) }}
	}
}

// What the checker says of a table, that it leaves somebody out and which rows
// nobody comes to, is what trying every member one by one shows.
func TestTablesAgreeWithTryingEverybody(t *testing.T) {
	t.Parallel()
	gaps, totals, dead := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "rows")
		conditions := make([]tested, n)
		src := tabled
		for i := range conditions {
			conditions[i] = drawCondition(t, 2)
			if i > 0 && rapid.IntRange(0, 3).Draw(t, "complement") == 0 { // else hardly any table is total
				x := conditions[i-1]
				conditions[i] = tested{"not (" + x.text + ")", func(m someone) formula.Tri { return formula.True - x.holds(m) }}
			}
			src += fmt.Sprintf("  等%d: '%s'\n", i, conditions[i].text)
		}
		reached, gap := make([]bool, n), false
		everyone(func(m someone) {
			for i := range conditions {
				if conditions[i].holds(m) == formula.True {
					reached[i] = true
					return
				}
			}
			gap = true
		})
		r := Load("x.yaml", []byte(src))
		shown := r.Format()
		if refused := r.Book == nil; refused != gap || strings.Contains(shown, "等次不全") != gap {
			t.Fatalf("somebody is left out: %v\n%s\n%s", gap, src, shown)
		}
		if gap {
			gaps++
			return // rows are told about once the table is right
		}
		totals++
		for i := range reached {
			if told := strings.Contains(shown, fmt.Sprintf("“等%d”永远轮不到", i)); told == reached[i] {
				t.Fatalf("row %d is reached: %v\n%s\n%s", i, reached[i], src, shown)
			}
			if !reached[i] {
				dead++
			}
		}
	})
	if gaps == 0 || totals == 0 || dead == 0 {
		t.Errorf("%d tables with a gap, %d total, %d dead rows: not much of a test", gaps, totals, dead)
	}
}

// With 其余 at the end no table is refused, and the rows nobody comes to are
// those that trying everybody shows.
func TestDeadRowsAgreeWithTryingEverybody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "rows")
		conditions := make([]tested, n)
		src := tabled
		for i := range conditions {
			conditions[i] = drawCondition(t, 2)
			src += fmt.Sprintf("  等%d: '%s'\n", i, conditions[i].text)
		}
		reached := make([]bool, n+1)
		everyone(func(m someone) {
			i := slices.IndexFunc(conditions, func(c tested) bool { return c.holds(m) == formula.True })
			if i < 0 {
				i = n
			}
			reached[i] = true
		})
		r := Load("x.yaml", []byte(src+fmt.Sprintf("  等%d: 其余\n", n)))
		if r.Book == nil {
			t.Fatal(r.Format())
		}
		for i := range reached {
			if told := strings.Contains(r.Format(), fmt.Sprintf("“等%d”永远轮不到", i)); told == reached[i] {
				t.Fatalf("row %d is reached: %v\n%s\n%s", i, reached[i], src, r.Format())
			}
		}
	})
}

// Tables that are right as they stand are taken without a word.
func TestProvenTablesAreTaken(t *testing.T) {
	t.Parallel()
	with := func(old, by string) string { return strings.Replace(smallest, old, by, 1) }
	for what, src := range map[string]string{
		"grades that meet":     smallest + "等次:\n  好: 总分 >= 60\n  差: 总分 < 60\n",
		"grades above a floor": smallest + "总分: {下限: 0}\n等次:\n  好: 总分 >= 60\n  差: 0 <= 总分 < 60\n",
		"grades of whole points": strings.Replace(smallest, "周期", "小数: {位数: 0, 舍入: 四舍五入}\n周期", 1) +
			"等次:\n  好: 总分 >= 60\n  差: 总分 <= 59\n",
		"a grade only a red line sets": smallest + "总分: {下限: 0}\n红线:\n  处分: {当: 处分 != \"无\", 则: {等次: 差}, 直到: 解除}\n" +
			"等次:\n  好: 总分 >= 0\n  差: 其余\n",
		"a total that only a red line sets": smallest + "总分: {下限: 0}\n红线:\n  处分: {当: 处分 != \"无\", 则: {总分: -10}, 直到: 解除}\n" +
			"等次:\n  好: 总分 >= 0\n  差: 其余\n",
		"shares fill in order":    smallest + "排名: {范围: [支部]}\n等次:\n  好: {占: 30%}\n  中: {占: 30%, 当: 总分 >= 60}\n  差: 其余\n",
		"what is not decidable":   smallest + "等次:\n  好: 总分 >= 60\n  中: 总分 - 上期.总分 >= 60\n  差: 其余\n",
		"the same row tangled":    smallest + "等次:\n  好: 总分 >= 上期.总分\n  中: 总分 >= 上期.总分\n  差: 其余\n",
		"categories by yes or no": with("  甲: {名称: 全体党员, 当: 其余}", "  甲: 流动\n  乙: not 流动") + "属性: {流动: 是否}\n",
		"categories by membership": with("  甲: {名称: 全体党员, 当: 其余}",
			"  甲: 人员类别 == \"正式党员\"\n  乙: 人员类别 == \"预备党员\""),
		"an amount by its own field": smallest + "  值守: {板块: 基础, 记录: {天数: 1至366}, 分值: {天数 >= 60: 3, 天数 < 60: 2}}\n",
		"a limit that begins later":  smallest + "  值守: {板块: 基础, 分值: 1, 限额: {年: {自 2026-07-01: 10分}}}\n",
		"sums and shares": with("  基础: {起点: 80}", "  基础: {起点: 80}\n  评议: {}") +
			"总分: {公式: 取整(基础 * 0.7) + 评议 / 2}\n",
		"a product of what is not negative": with("  基础: {起点: 80}", "  基础: {起点: 80}\n  评议: {上限: 20}") +
			"总分: {公式: 基础 * (评议 + 1)}\n",
		"a live alert of those who start with points": smallest +
			"预警:\n  低分: {每: 实时, 当: 总分 < 60, 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 15天}\n",
		"a live alert above zero": with("  基础: {起点: 80}", "  基础: {}") +
			"预警:\n  低分: {每: 实时, 当: 总分 < 0, 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 15天}\n",
		"a start for everybody": with("  基础: {起点: 80}", "  基础: {起点: {在职: 80, 其余: 70}}") + "属性: {就业: [在职, 两新]}\n",
	} {
		if r := Load("x.yaml", []byte(src)); r.Book == nil || len(r.Problems) > 0 {
			t.Errorf("%s:\n%s", what, r.Format())
		}
	}
}

// Where the space is too large to go through, what one row alone covers is
// still told, what only several cover is not, and totality is not claimed.
func TestLargeSpaces(t *testing.T) {
	t.Parallel()
	src := strings.Replace(smallest, "  甲: {名称: 全体党员, 当: 其余}\n", `  甲: 数1 >= 60 or 数2 >= 60
  乙: 数1 >= 70
  丙: 数3 >= 60 and 数3 < 50
  丁: 数1 < 60 and 数3 >= 1 and 数4 >= 1 and 数5 >= 1 and 数6 >= 1 and 数7 >= 1 and 数8 >= 1
  戊: 数1 < 60
  己: 其余
`, 1) + numbered("属性:\n", "  数N: 0至100\n", "", 9)
	r := Load("x.yaml", []byte(src))
	var got []string
	for _, p := range r.Problems {
		got = append(got, p.Message)
	}
	want := []string{"类别“乙”永远轮不到：符合它的都先归了“甲”", "类别“丙”永远轮不到：没有人能符合它的条件"}
	if !slices.Equal(got, want) {
		t.Errorf("%s", r.Format())
	}
	r = Load("x.yaml", []byte(strings.Replace(src, "  己: 其余\n", "", 1)))
	if r.Book != nil || !strings.Contains(r.Format(), "类别的末行必须是“其余”") {
		t.Errorf("%s", r.Format())
	}
}

// The whole file has one purse: as many tables as a file may have, each nearly
// as large as a space may be and each judged to its last row, take no longer
// than the promise for a megabyte.
func hostile(tb testing.TB) []byte {
	tb.Helper()
	var b strings.Builder
	b.WriteString(smallest)
	never := strings.Repeat("数0 < 0 or 数1 < 0 or 数2 < 0 or ", 7)
	for i := range maxNames - 1 {
		fmt.Fprintf(&b, "  项%d: {板块: 基础, 记录: {数0: 0至100, 数1: 0至100, 数2: 0至100, 末: 是否}, 分值: {", i)
		for k := range 6 {
			fmt.Fprintf(&b, "\n    '%s 数%d == %d.5 and 末 and not 末': 1,", never, k%3, 2*k+1)
		}
		b.WriteString("\n    末: 2, not 末: 3}}\n")
	}
	if b.Len() > 1<<20 {
		tb.Fatalf("%d bytes", b.Len())
	}
	return []byte(b.String())
}

func TestHostileTablesEmptyThePurse(t *testing.T) {
	t.Parallel()
	if n := Load("x.yaml", hostile(t)).Errors(); n == 0 || n == maxNames-1 {
		t.Errorf("%d errors: the purse holds for none or for all", n) // what is beyond it is not proven
	}
}

// BenchmarkHostileTables is the longest a megabyte may take; the bound is a
// second on a quiet machine.
func BenchmarkHostileTables(b *testing.B) {
	src := hostile(b)
	for b.Loop() {
		Load("x.yaml", src)
	}
}

// No shipped file has a word said of it.
func TestShippedFilesLoadWithoutWarnings(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../rules/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if r := Load(name, src); len(r.Problems) > 0 {
			t.Error(r.Format())
		}
	}
}

// What is written by habit gets its right form, and that form is taken.
func TestNearMissesAreRewritten(t *testing.T) {
	t.Parallel()
	file := func(condition string) string {
		return strings.Replace(smallest, "  甲: {名称: 全体党员, 当: 其余}", "  甲: "+condition+"\n  乙: 其余", 1) +
			"属性: {流动: 是否, 照顾: 是否, 就业: [在职, 两新], 年龄: {推算: 周岁}}\n"
	}
	for _, c := range [][2]string{
		{"年龄 ＞＝ 75", "年龄 >= 75"}, {"年龄 ＝ 75", "年龄 == 75"}, {"年龄 = 75", "年龄 == 75"}, {"年龄 => 75", "年龄 >= 75"},
		{"年龄 =< 75", "年龄 <= 75"}, {"年龄 <> 75", "年龄 != 75"}, {"年龄 > = 75", "年龄 >= 75"}, {"年龄 ≥ 75", "年龄 >= 75"},
		{"年龄 ≦ 75", "年龄 <= 75"}, {"年龄 ≠ 75", "年龄 != 75"}, {"年龄 ！＝ 75", "年龄 != 75"}, {"60 ≤ 年龄 ＜ ７５", "60 <= 年龄 < 75"},
		{"年龄：75", "年龄 == 75"}, {"年龄 大于等于 75岁且流动", "年龄 >= 75 and 流动"}, {"年龄 不超过 75", "年龄 <= 75"}, {"年龄大于75", "年龄 > 75"},
		{"年龄 >= 75 且 流动", "年龄 >= 75 and 流动"}, {"年龄 >= 75或流动", "年龄 >= 75 or 流动"}, {"年龄 >= 75 ， 流动", "年龄 >= 75 and 流动"},
		{"年龄 >= 75 AND NOT 流动", "年龄 >= 75 and not 流动"}, {"流动 && 照顾", "流动 and 照顾"}, {"流动 | 照顾", "流动 or 照顾"}, {"！流动", "not 流动"},
		{"流动 and !照顾", "流动 and not 照顾"}, {"流动或照顾", "流动 or 照顾"}, {"流动且非照顾", "流动 and not 照顾"}, {"非流动", "not 流动"},
		{"不 流动", "not 流动"},
		{"（流动 and 照顾）", "(流动 and 照顾)"}, {"(流动 and 照顾", "(流动 and 照顾)"}, {"流动)", "流动"}, {"流动。", "流动"},
		{"流动 == 是", "流动"}, {"流动 != \"是\"", "not 流动"}, {"就业 == 在职", "就业 == \"在职\""}, {"就业 == “在职”", "就业 == \"在职\""},
		{"就业 == ‘在职’", "就业 == \"在职\""}, {"就业 == “在职", "就业 == \"在职\""}, {"就业 不是 \"在职\"", "就业 != \"在职\""},
		{"就业 in [在职, 两新]", "就业 in [\"在职\", \"两新\"]"}, {"就业 in (\"在职\", \"两新\")", "就业 in [\"在职\", \"两新\"]"},
		{"就业 in [“在职”，“两新”]", "就业 in [\"在职\", \"两新\"]"}, {"就业 in \"在职\"", "就业 in [\"在职\"]"}, {"其他", "其余"},
		{"{当: 就业 in [在职，两新]}", "当: '就业 in [\"在职\", \"两新\"]'"}, {"{当: \"在职\" == 就业, 计分: 是}", "当: '\"在职\" == 就业'"},
		{"'在职' == 就业 or 流动", "甲: '\"在职\" == 就业 or 流动'"},
	} {
		r := Load("x.yaml", []byte(file(c[0])))
		if len(r.Problems) != 1 || r.Problems[0].Advice != "写成："+c[1] &&
			!strings.HasSuffix(r.Problems[0].Advice, "写成："+c[1]) {
			t.Errorf("%s should become %s:\n%s", c[0], c[1], r.Format())
		}
		right := c[1]
		if _, value, ok := strings.Cut(right, ": "); ok {
			right = value
		}
		if right == "其余" {
			continue // would stand twice
		}
		if r := Load("x.yaml", []byte(file(right))); r.Errors() > 0 {
			t.Errorf("%s is no better:\n%s", right, r.Format())
		}
	}
}

package ruleset

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jifen/internal/yamldoc"
)

// smallest is the least that loads; tests replace or append what they are about.
const smallest = `办法: 某某街道党员积分制管理办法
编号: moumou
施行: 2026-01-01
周期: {考核: 年}
类别:
  甲: {名称: 全体党员, 当: 其余}
板块:
  基础: {起点: 80}
项目:
  好人好事: {板块: 基础, 分值: 2}
`

// expectation is the first line of a bad file: # 应报: 11:22 消息的一部分.
type expectation struct {
	warning   bool
	line, col int
	message   string
}

func expected(t *testing.T, src string) expectation {
	t.Helper()
	head, _, _ := strings.Cut(src, "\n")
	kind, rest, ok1 := strings.Cut(head, ": ")
	place, message, ok2 := strings.Cut(rest, " ")
	line, col, ok3 := strings.Cut(place, ":")
	e := expectation{warning: kind == "# 提醒", message: message}
	var err1, err2 error
	e.line, err1 = strconv.Atoi(line)
	e.col, err2 = strconv.Atoi(col)
	if !ok1 || !ok2 || !ok3 || err1 != nil || err2 != nil || message == "" || (kind != "# 应报" && !e.warning) {
		t.Fatalf("the first line is %q, not # 应报: LINE:COL message", head)
	}
	return e
}

func TestEveryMistakeIsReportedOnceAndInPlace(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 400 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".yaml"), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := expected(t, string(src))
			r := Load(name, src)
			if len(r.Problems) != 1 {
				t.Fatalf("%d problems, want 1:\n%s", len(r.Problems), r.Format())
			}
			p := r.Problems[0]
			if p.Line != want.line || p.Col != want.col || p.Warning != want.warning ||
				!strings.Contains(p.Message, want.message) {
				t.Errorf("want %d:%d %s, got:\n%s", want.line, want.col, want.message, r.Format())
			}
			if (r.Book != nil) != want.warning {
				t.Errorf("Book is there: %v", r.Book != nil)
			}
			checkCaret(t, name, string(src), r.Format(), p)
		})
	}
}

// checkCaret holds a formatted problem to its place and its caret to the
// character meant, counted in terminal cells.
func checkCaret(t *testing.T, name, src, shown string, p yamldoc.Problem) {
	t.Helper()
	if place := fmt.Sprintf("%s:%d:%d: ", name, p.Line, p.Col); !strings.HasPrefix(shown, place) {
		t.Errorf("does not begin with %s:\n%s", place, shown)
	}
	out := strings.Split(shown, "\n")
	if len(out) < 3 || strings.TrimSpace(out[2]) != "^" {
		t.Fatalf("no caret line:\n%s", shown)
	}
	caret := strings.Index(out[2], "^")
	line := []rune(strings.Split(src, "\n")[p.Line-1])
	meant := string(line[p.Col-1:]) // the column is within the line or right behind it
	seen := []rune(out[1])
	k := 0
	for k < len(seen) && yamldoc.Width(string(seen[:k])) < caret {
		k++
	}
	if yamldoc.Width(string(seen[:k])) != caret {
		t.Fatalf("the caret stands within a character:\n%s", shown)
	}
	if got := strings.TrimSuffix(string(seen[k:]), "…"); !strings.HasPrefix(meant, got) || (got == "" && meant != "") {
		t.Errorf("the caret stands under %q, not %q:\n%s", got, meant, shown)
	}
}

func TestSixMistakesInOneFile(t *testing.T) {
	t.Parallel()
	src := `办法: 六处错误的办法
编号: Liu
施行: 2026-01-01
周期: {考核: 周}
类别:
  甲: {名称: 全体党员, 当: 其余}
板块:
  基础: {起点: 80分}
项目:
  好人好事: {板块: 基础, 分值: 2, 编号: 一}
  无故缺席: {板块: 基楚, 分值: -5}
等次:
  好: 总份 >= 90
  差: 其余
`
	r := Load("six.yaml", []byte(src))
	var got []string
	for _, p := range r.Problems {
		got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Col, p.Message))
	}
	want := []string{
		"2:5 编号“Liu”写法不对",
		"4:10 考核没有“周”这种写法",
		"8:12 起点要写一个数",
		"10:25 项目“好人好事”里没有“编号”这一项",
		"11:14 板块没有“基楚”这种写法",
		"13:6 没有“总份”这个名称",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") || r.Book != nil || r.Errors() != 6 {
		t.Fatalf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if n := strings.Count(r.Format(), ": 错误："); n != 6 {
		t.Errorf("Format shows %d", n)
	}
}

// numbered writes n pieces, each with its number, between a head and an end.
func numbered(head, piece, end string, n int) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		b.WriteString(strings.ReplaceAll(piece, "N", strconv.Itoa(i)))
	}
	return b.String() + end
}

func TestLimits(t *testing.T) {
	t.Parallel()
	replace := func(old, by string) string { return strings.Replace(smallest, old, by, 1) }
	for _, c := range []struct {
		what    string
		make    func(n int) string // a file with n of the thing
		most    int
		message string
	}{
		{"attributes", func(n int) string { return smallest + numbered("属性:\n", "  属N: 是否\n", "", n) }, maxNames, "属性太多"},
		{"options", func(n int) string { return smallest + numbered("属性:\n  就业: [", "业N, ", "]\n", n) }, maxOptions, "选项太多"},
		{"exemptions", func(n int) string { return smallest + numbered("豁免:\n", "  免N: {效果: 不计分}\n", "", n) },
			maxOptions - 1, "豁免太多"},
		{"categories", func(n int) string {
			return replace("  甲:", numbered("", "  类N: 处分 == \"警告\"\n", "  甲:", n-1))
		}, maxOptions, "类别太多"},
		{"blocks", func(n int) string { return replace("项目:", numbered("", "  块N: {}\n", "项目:", n-1)) }, maxNames, "板块太多"},
		{"items", func(n int) string { return smallest + numbered("", "  项N: {板块: 基础, 分值: 1}\n", "", n-1) }, maxNames,
			"项目太多"},
		{"fields", func(n int) string {
			return smallest + numbered("  志愿: {板块: 基础, 分值: 1, 记录: {", "记N: 是否, ", "}}\n", n)
		}, maxOptions, "一个项目的记录太多"},
		{"words of a list", func(n int) string { return smallest + numbered("活动:\n  会: [", "会N, ", "]\n", n) }, 200, ""},
		{"red lines", func(n int) string {
			return smallest + numbered("红线:\n", "  线N: {当: 处分 == \"警告\", 则: {总分: 0}, 直到: 期末}\n", "", n)
		}, MaxRedLines, "红线太多"},
		{"grades", func(n int) string {
			return smallest + numbered("等次:\n", "  等N: 总分 >= 1\n", "  末: 其余\n", n-1)
		}, maxOptions, "等次太多"},
		{"factors of 重复", func(n int) string {
			return smallest + numbered("  缺席: {板块: 基础, 分值: -1, 重复: {在: 1年, 倍数: [", "1.N, ", "2]}}\n", n-1)
		}, 20, "重复的倍数"},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			if r := Load("most.yaml", []byte(c.make(c.most))); r.Book == nil {
				t.Errorf("%d are refused:\n%s", c.most, r.Format())
			}
			if c.message == "" {
				return
			}
			r := Load("more.yaml", []byte(c.make(c.most+1)))
			if r.Book != nil || !strings.Contains(r.Format(), c.message) {
				t.Errorf("%d are taken, or without %q:\n%s", c.most+1, c.message, r.Format())
			}
		})
	}
}

// What speaks of things that could not be read must neither fail nor add
// mistakes of its own making.
func TestBrokenSectionsAreSpokenOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what, src string
	}{
		{"too many items, one of them counted", smallest + numbered("", "  项N: {板块: 基础, 分值: 1}\n", "", maxNames) +
			"红线:\n  线: {当: 有(\"项1\") or 本年合计(\"项2\") > 3, 则: {总分: 0}, 直到: 期末}\n"},
		{"blocks as a list, one of them named", strings.Replace(smallest, "  基础: {起点: 80}", "  [基础]", 1) + "总分: {公式: 基础}\n"},
		{"categories as a list, one of them named", strings.Replace(smallest, "  甲: {名称: 全体党员, 当: 其余}", "  [甲]", 1) +
			"等次:\n  好: {甲: 总分 >= 90, 其余: 总分 >= 80}\n  差: 其余\n"},
		{"everything a word", "办法: 一\n编号: 一\n施行: 一\n依据: 一\n适用: 一\n周期: 一\n公示: 一\n小数: 一\n默认: 一\n活动: 一\n属性: 一\n豁免: 一\n类别: 一\n" +
			"板块: 一\n总分: 一\n项目: 一\n红线: 一\n等次: 一\n排名: 一\n预警: 一\n标杆: 一\n"},
		{"everything empty", "办法: {}\n编号: {}\n施行: {}\n依据: {}\n适用: {}\n周期: {}\n公示: {}\n小数: {}\n默认: {}\n活动: {}\n属性: {}\n" +
			"豁免: {}\n类别: {}\n板块: {}\n总分: {}\n项目: {}\n红线: {}\n等次: {}\n排名: {}\n预警: {}\n标杆: {}\n"},
		{"everything a list", "办法: []\n编号: []\n施行: []\n依据: []\n适用: []\n周期: []\n公示: []\n小数: []\n默认: []\n活动: []\n属性: []\n" +
			"豁免: []\n类别: []\n板块: []\n总分: []\n项目: []\n红线: []\n等次: []\n排名: []\n预警: []\n标杆: []\n"},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			if r := Load("x.yaml", []byte(c.src)); r.Book != nil || r.Errors() == 0 {
				t.Fatal("loaded")
			}
		})
	}
}

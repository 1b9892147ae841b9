package ruleset

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// follow does what the advice of every problem says: writes a line anew, moves
// a shadowed line above those that take what is its own, or adds 其余.
func follow(t *testing.T, src string, r *Result) string {
	t.Helper()
	lines := strings.Split(src, "\n")
	list := slices.Clone(r.Problems)
	// from the end, so that columns stay
	slices.SortFunc(list, func(a, b yamldoc.Problem) int { return b.Line*1000 + b.Col - a.Line*1000 - a.Col })
	for _, p := range list {
		line := []rune(lines[p.Line-1])
		head, rest := string(line[:p.Col-1]), string(line[p.Col-1:])
		switch {
		case strings.HasPrefix(p.Advice, "把“"):
			old, text, _ := strings.Cut(strings.TrimPrefix(p.Advice, "把“"), "”写成：")
			rest = strings.Replace(rest, old, text, 1)
		case strings.HasPrefix(p.Advice, "写成："):
			text := strings.TrimPrefix(p.Advice, "写成：")
			end := len(rest) // a whole line, or the key of a case
			if !strings.Contains(text, ": ") {
				end = strings.Index(rest, ":")
			} else if i := strings.IndexAny(rest, ",}"); i >= 0 {
				end = i
			}
			rest = text + rest[end:]
		case strings.HasPrefix(p.Advice, "把它移到前面"):
			before, _, _ := strings.Cut(rest, ",")
			rest = strings.Replace(rest, before+", ", "", 1)
			at := strings.LastIndex(head, "{")
			head = head[:at+1] + before + ", " + head[at+1:]
		case strings.Contains(p.Advice, "最后另加一行 其余"):
			rest += "\n  末等: 其余"
		case strings.Contains(p.Advice, "最后加一行 其余"):
			at := strings.LastIndex(rest, "}}")
			rest = rest[:at] + ", 其余: 0" + rest[at:]
		default:
			t.Fatalf("no advice that can be followed: %s", p.Advice)
		}
		lines[p.Line-1] = head + rest
	}
	return strings.Join(lines, "\n")
}

// Whoever does what the checker says has a file of which nothing more is said.
func TestAdviceOnLaddersLeadsToACleanFile(t *testing.T) {
	t.Parallel()
	sources := map[string]string{
		"all bands as papers write them": smallest +
			"  评议: {板块: 基础, 分值: 0至20}\n等次:\n  优秀: 90 <= 总分 <= 100\n  良好: 80 <= 总分 <= 89\n  合格: 60 <= 总分 <= 79\n  不合格: 其余\n",
		"the same without 其余": smallest +
			"等次:\n  优秀: 90 <= 总分 <= 100\n  良好: 80 <= 总分 <= 89\n  合格: 60 <= 总分 <= 79\n  不合格: 总分 <= 59\n",
		"the last band missing": smallest + "等次:\n  优秀: 总分 >= 90\n  良好: 80 <= 总分 <= 89\n",
		"bounds turned round": smallest +
			"  评议: {板块: 基础, 分值: 0至20}\n等次:\n  优秀: 90 <= 总分\n  良好: 89 >= 总分 and 80 <= 总分\n  合格: 79 >= 总分 and 总分 > 60\n" +
			"  不合格: 其余\n",
		"by category": strings.Replace(smallest, "  甲: {名称: 全体党员, 当: 其余}", "  甲: 处分 != \"无\"\n  乙: 其余", 1) +
			"  评议: {板块: 基础, 分值: 0至20}\n等次:\n  优秀: 总分 >= 90\n  良好: {甲: 80 <= 总分 <= 89, 其余: 75 <= 总分 <= 89}\n  合格: 其余\n",
		"cases without 其余": smallest + "  值守: {板块: 基础, 记录: {天数: 1至366}, 分值: {天数 >= 60: 3, 7 <= 天数 <= 31: 2, " +
			"2 <= 天数 <= 6: 1}}\n",
	}
	files, err := filepath.Glob("testdata/bad/ladder-*.yaml")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "-turned.yaml") { // which of two numbers is wrong nobody knows
			sources[filepath.Base(name)] = string(src)
		}
	}
	for what, src := range sources {
		r := Load("x.yaml", []byte(src))
		if len(r.Problems) == 0 {
			t.Errorf("%s: nothing is said", what)
			continue
		}
		mended := follow(t, src, r)
		if again := Load("x.yaml", []byte(mended)); len(again.Problems) > 0 {
			t.Errorf("%s: the advice is no good:\n%s\n%s\n%s", what, r.Format(), mended, again.Format())
		}
	}
}

// All holes are told at once.
func TestAllHolesAreToldAtOnce(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]string{
		"不合格: 其余":       "中间有缺口：总分 89.01 至 89.99（例如 89.5）|中间有缺口：总分 79.01 至 79.99（例如 79.5）",
		"不合格: 总分 <= 59": "总分＝89.01 至 89.99（例如 89.5）时没有一行符合|总分＝79.01 至 79.99（例如 79.5）时没有一行符合|总分＝59.01 至 59.99（例如 59.5）时没有一行符合",
	} {
		r := Load("x.yaml", []byte(smallest+"  评议: {板块: 基础, 分值: 0至20}\n等次:\n  优秀: 总分 >= 90\n  良好: 80 <= 总分 <= 89\n"+
			"  合格: 60 <= 总分 <= 79\n  "+rest+"\n"))
		parts := strings.Split(want, "|")
		if len(r.Problems) != len(parts) {
			t.Errorf("%d problems, want %d:\n%s", len(r.Problems), len(parts), r.Format())
			continue
		}
		for i := range parts {
			if !strings.Contains(r.Problems[i].Message, parts[i]) {
				t.Errorf("%q does not say %q", r.Problems[i].Message, parts[i])
			}
		}
	}
}

// Ladders that are as they should be, or that nobody can fall through, are taken
// without a word.
func TestLaddersThatAreMeant(t *testing.T) {
	t.Parallel()
	whole := "等次:\n  优秀: 总分 >= 90\n  良好: 80 <= 总分 <= 89\n  合格: 其余\n"
	item := func(s string) string { return smallest + "  事: {板块: 基础, " + s + "}\n" }
	for what, src := range map[string]string{
		"bands of whole points, and all points are whole": smallest + whole,
		"whole points by places": strings.Replace(smallest, "周期", "小数: {位数: 0, 舍入: 四舍五入}\n周期", 1) +
			"  酌情: {板块: 基础, 分值: 1至5}\n" + whole,
		"whole points by tiers and caps": item("记录: {时长: 数 小时}, 分值: {数量: 时长, 每: 年, 达到: {10.5: 2, "+
			"20: 5}}, 限额: {年: 4分}") + whole,
		"the middle is what is usual": item("分值: -50至50, 审批: {分值 >= 10: [社区党委], 分值 <= -10: [社区党委], " +
			"其余: [支部委员会]}"),
		"more for what is large either way": item("分值: -50至50, 有效: {分值 <= -40: 3年, -40 < 分值 <= -10: 2年, " +
			"分值 >= 40: 4年, 其余: 1年}"),
		"one band in the middle": item("记录: {率: 0至200}, 分值: {90 <= 率 <= 110: 2, 其余: 0}"),
		"places by number": item("记录: {第几: 1至100}, 分值: {第几 == 1: 10, 第几 == 2: 8, " +
			"第几 == 4: 6, 其余: 0}"),
		"years are whole": strings.Replace(smallest, "{起点: 80}",
			"{起点: {年龄 >= 75: 90, 60 <= 年龄 <= 74: 85, 其余: 80}}", 1) + "属性: {年龄: {推算: 周岁}}\n",
		"the young and the old": strings.Replace(smallest, "{起点: 80}",
			"{起点: {年龄 >= 75: 90, 年龄 <= 30: 85, 其余: 80}}", 1) + "属性: {年龄: {推算: 周岁}}\n",
		"a gate beside the points": smallest +
			"等次:\n  优秀: 总分 >= 90 and 本年次数(\"好人好事\") >= 3\n  良好: 总分 >= 80\n  合格: 其余\n",
		"a share and what is left over": smallest +
			"等次:\n  五星: {当: 总分 >= 95, 占: 10%}\n  四星: 总分 >= 80\n  三星: 其余\n排名: {范围: [支部]}\n",
	} {
		if r := Load("x.yaml", []byte(src)); r.Book == nil || len(r.Problems) > 0 {
			t.Errorf("%s:\n%s", what, r.Format())
		}
	}
}

// What is said of ladders of grades is what trying every number shows: with all
// else the same, more points never make a lower grade, unless it is told.
func TestLaddersAgreeWithTryingEverybody(t *testing.T) {
	t.Parallel()
	told, clean := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "rows")
		conditions := make([]tested, n)
		src := tabled
		for i := range conditions {
			conditions[i] = drawCondition(t, 1)
			src += fmt.Sprintf("  等%d: '%s'\n", i, conditions[i].text)
		}
		row := func(m someone) int {
			if i := slices.IndexFunc(conditions, func(c tested) bool { return c.holds(m) == formula.True }); i >= 0 {
				return i
			}
			return n
		}
		falls := false
		best := map[someone]int{} // by all but the points
		everyone(func(m someone) {
			if m.total%100 != 0 { // nothing in this file makes a part of a point
				return
			}
			here, other := row(m), m
			other.total = -1
			if was, ok := best[other]; ok && here > was {
				falls = true
			} else {
				best[other] = here
			}
		})
		r := Load("x.yaml", []byte(src+fmt.Sprintf("  等%d: 其余\n", n)))
		if r.Book == nil {
			t.Fatal(r.Format())
		}
		shown := r.Format()
		says := strings.Contains(shown, "中间有缺口") || strings.Contains(shown, "漏了上面一段") || strings.Contains(shown, "分越高反而越低")
		if says != falls {
			t.Fatalf("more points make a lower grade: %v\n%s\n%s", falls, src, shown)
		}
		if falls {
			told++
		} else {
			clean++
		}
	})
	if told == 0 || clean == 0 {
		t.Errorf("%d told, %d clean: not much of a test", told, clean)
	}
}

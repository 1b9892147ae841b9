package ruledoc_test

import (
	"bytes"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"jifen/internal/ruledoc"
	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
	shipped "jifen/rules"
)

func load(t *testing.T, name, src string) (*ruleset.RuleSet, *yamldoc.Node) {
	t.Helper()
	r := ruleset.Load(name, []byte(src))
	if r.Book == nil {
		t.Fatal(r.Format())
	}
	return r.Book, r.File.Root
}

// TestEveryClauseHasAPlace proves of every file that ships that what an account
// may cite is in the typeset regulation, where a link to it goes.
func TestEveryClauseHasAPlace(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(shipped.Files, "*.yaml")
	if err != nil || len(names) < 14 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		src, err := shipped.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		book, root := load(t, name, string(src))
		var b bytes.Buffer
		if err := ruledoc.Typeset(book, root).Write(&b); err != nil {
			t.Fatal(err)
		}
		html := b.String()
		for i := range book.Clauses {
			path := book.Clauses[i].Path
			section, name, _ := strings.Cut(path, ".")
			if section == "排名" || section == "默认" || section == "记录" {
				continue // cited by no line
			}
			if section == "等次" && !slices.Contains(book.GradeNames, name) {
				continue // the table of one kind of member: the rows in it are cited
			}
			if id := `id="` + ruledoc.Anchor(path) + `"`; !strings.Contains(html, id) {
				t.Errorf("%s: %s has no place (%s)", name, path, id)
			}
		}
		if strings.Contains(html, "<no value>") || strings.Contains(html, "ZgotmplZ") {
			t.Errorf("%s: the page has a hole", name)
		}
	}
}

const small = `办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
属性: {流动: 是否}
类别: {甲: {名称: 甲类, 当: 流动}, 乙: {名称: 乙类, 当: 其余}}
板块: {基础: {起点: {甲: 80, 其余: 85}, 下限: 0}}
项目:
  好事: {板块: 基础, 分值: 2, 限额: {月: 3次}}
  坏事: {板块: 基础, 分值: {自 2026-01-01: -2}, 审批: [支部委员会, 社区党委]}
  捐赠: {板块: 基础, 记录: {金额: 数 元}, 分值: {数量: 金额, 每: 年, 分段: [{至: 1000, 每: 100}, {每: 400}]}, 限额: {年: 40分}}
  诫勉: {板块: 基础, 分值: -30}
等次: {好: 总分 >= 80, 差: 其余}
`

func TestTypesetSaysWhatTheFileSays(t *testing.T) {
	t.Parallel()
	book, root := load(t, "t.yaml", strings.Replace(small, "好事: {", "'<b>好事</b>': {", 1))
	var b bytes.Buffer
	if err := ruledoc.Typeset(book, root).Write(&b); err != nil {
		t.Fatal(err)
	}
	html := b.String()
	for _, want := range []string{
		"第一章　总则", "第一条", "<td>甲 80，其余 85</td>", "月 3次", "2026-01-01 起 -2", "支部委员会 → 社区党委", "总分 ≥ 80",
		"按金额（每年累计）：1000 以内每满 100 记 1，1000 以上每满 400 记 1，各段相加", book.Hash, "&lt;b&gt;好事&lt;/b&gt;",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("nothing says %q", want)
		}
	}
	if strings.Contains(html, "<b>好事") {
		t.Error("a name is taken for markup")
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	_, before := load(t, "old.yaml", small)
	for name, c := range map[string]struct{ old, text, want string }{
		"nothing":         {"", "", ""},
		"a comment":       {"周期:", "# 说明\n周期:", ""},
		"quotes":          {"名称: 甲类", `名称: "甲类"`, ""},
		"blanks":          {"总分 >= 80", "总分>=80", ""},
		"zeros":           {"分值: 2,", "分值: 2.00,", ""},
		"keys exchanged":  {"{板块: 基础, 分值: 2, 限额: {月: 3次}}", "{限额: {月: 3次}, 分值: 2, 板块: 基础}", ""},
		"items exchanged": {"  诫勉: {板块: 基础, 分值: -30}\n等次", "等次", "第 12 行 项目.诫勉：删去 板块 基础，分值 -30"},
		"short form":      {"诫勉: {板块: 基础, 分值: -30}", "诫勉: -30", ""},
		"written default": {"周期: {考核: 年}", "周期: {考核: 年, 类别按: 当日}", ""},
		"a number":        {"分值: 2,", "分值: 3,", "第 9 行 项目.好事.分值：2 改为 3"},
		"a dated value": {"{自 2026-01-01: -2}", "{自 2026-01-01: -2, 自 2026-07-01: {值: -3, 依据: 修订第三条}}",
			"第 10 行 项目.坏事.分值：2026-07-01 起 -2 改为 -3（修订第三条）"},
		"plain made dated": {"分值: 2,", "分值: {自 2026-01-01: 2, 自 2026-07-01: 4},", "第 9 行 项目.好事.分值：2026-07-01 起 2 改为 4"},
		"one case":         {"甲: 80, 其余: 85", "甲: 80, 其余: 90", "第 7 行 板块.基础.起点.其余：85 改为 90"},
		"a condition":      {"总分 >= 80", "总分 > 80", "第 13 行 等次.好.当：总分 ≥ 80 改为 总分 > 80"},
		"order that means": {"甲: {名称: 甲类, 当: 流动}, 乙: {名称: 乙类, 当: 其余}",
			"丙: {名称: 丙类, 当: not 流动}, 甲: {名称: 甲类, 当: 流动}, 乙: {名称: 乙类, 当: 其余}", "第 6 行 类别.丙：增加 名称 丙类，当 非 流动"},
		"a new limit": {"分值: -30", "分值: -30, 限额: {年: 1次}", "第 12 行 项目.诫勉.限额：增加 年 1次"},
		"a rename":    {"好事: {板块", "好人好事: {原名: [好事], 板块", "第 9 行 项目.好人好事：改名，原来叫 好事"},
		"a band": {"{至: 1000, 每: 100}", "{至: 2000, 每: 100}",
			"第 11 行 项目.捐赠.分值：按金额（每年累计）：1000 以内每满 100 记 1，1000 以上每满 400 记 1，各段相加 改为 按金额（每年累计）：2000 以内每满 100 记 1，" +
				"2000 以上每满 400 记 1，各段相加"},
		"approval in turn": {"[支部委员会, 社区党委]", "[社区党委, 支部委员会]", "第 10 行 项目.坏事.审批：支部委员会、社区党委 改为 社区党委、支部委员会"},
	} {
		if c.old != "" && !strings.Contains(small, c.old) {
			t.Fatalf("%s: %q is not in the text", name, c.old)
		}
		_, after := load(t, "new.yaml", strings.Replace(small, c.old, c.text, 1))
		var got []string
		for _, change := range ruledoc.Diff(before, after) {
			got = append(got, change.String())
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s:\n got  %s\n want %s", name, strings.Join(got, "\n      "), c.want)
		}
	}
}

// TestDiffOfGradesInAnotherOrder: the order of rows is meaning.
func TestDiffOfGradesInAnotherOrder(t *testing.T) {
	t.Parallel()
	three := strings.Replace(small, "好: 总分 >= 80", "好: 总分 >= 80, 中: 总分 >= 60", 1)
	_, before := load(t, "old.yaml", three)
	_, after := load(t, "new.yaml", strings.Replace(three, "好: 总分 >= 80, 中: 总分 >= 60", "中: 总分 >= 60, 好: 总分 >= 80", 1))
	changes := ruledoc.Diff(before, after)
	if len(changes) != 1 || changes[0].Kind != ruledoc.Reordered || changes[0].String() != "第 13 行 等次：次序由 好、中、差 改为 中、好、差" {
		t.Errorf("got %v", changes)
	}
}

// TestTypesetReadsWell proves the sentences of what is told otherwise than it
// is written.
func TestTypesetReadsWell(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	book, root := load(t, "full.yaml", string(src))
	var b bytes.Buffer
	if err := ruledoc.Typeset(book, root).Write(&b); err != nil {
		t.Fatal(err)
	}
	html := b.String()
	for _, want := range []string{
		"起点和上下限按在各类别的天数折算。", "一笔记录按期末的类别", "<td>人员类别为预备党员</td><td>差</td><td>其余</td>", "<td>其他党员</td><td>差</td><td>其余</td>",
		"审批 市 支部委员会 → 镇党委 → 县委组织部，其余 支部委员会；录入 支部书记；不要证明材料；补录在 67天 以内", "一笔记录管：分值 &lt; -40：2年，其余 11个月。",
		"<td>职务 ≠ “无”</td>", "按住地：城 80，其余（2024-01-01 起 85；2026-07-01 起 86（修订第二条））", "管 3年；原名 旧备查",
		"总分定为 3，基础定为 4，等次定为 差，期间的加分作废", "最高评中，期间的加分暂停，解除后恢复", "<td>连续 3 期 提醒，连续 4 期 警示</td>",
		"贡献</td><td>总分</td><td></td><td>公益 × 0.5 &#43; 其他</td>", "单笔限额：日 5次", "编号 full。",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("nothing says %q", want)
		}
	}
}

// TestTypesetOfASupplement: it is a document of its own.
func TestTypesetOfASupplement(t *testing.T) {
	t.Parallel()
	loaded, err := ruleset.Open("testdata/add.yaml", os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Book == nil {
		t.Fatal(loaded.Format())
	}
	var b bytes.Buffer
	if err := ruledoc.Typeset(loaded.Book, loaded.File.Root).Write(&b); err != nil {
		t.Fatal(err)
	}
	html := b.String()
	for _, want := range []string{
		"<h1>全键试验办法（幸福街第一党支部补充）</h1>", "补充《全键试验办法》（编号 full）。", "支部：“幸福街第一党支部”。自 2026-03-01 起，对这里的党员记。",
		`<section id="积分.公益">`, `<tr id="项目.清理楼道"><td>清理楼道</td><td>人记；填 时长 数 小时</td><td>1</td><td>月 1次</td>`,
		loaded.Book.Supplements[0].Hash,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("nothing says %q in %s", want, html)
		}
	}
}

// TestDiffOfWhatBeginsLater: a limit that begins on another day, and another
// article behind the same value, are changes.
func TestDiffOfWhatBeginsLater(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, text, want string }{
		"begins later": {"{自 2026-03-01: 3次}", "{自 2026-05-01: 3次}", "第 9 行 项目.好事.限额.月：2026-03-01 起 3次 改为 2026-05-01 起 3次"},
		"from then on": {"{自 2026-03-01: 3次}", "3次", "第 9 行 项目.好事.限额.月：2026-03-01 起 3次 改为 3次"},
		"an article":   {"依据: 甲文}", "依据: 乙文}", "第 9 行 项目.好事.分值：2（甲文） 改为 2（乙文）"},
	} {
		base := strings.Replace(small, "分值: 2, 限额: {月: 3次}", "分值: {值: 2, 依据: 甲文}, 限额: {月: {自 2026-03-01: 3次}}", 1)
		_, before := load(t, "old.yaml", base)
		_, after := load(t, "new.yaml", strings.Replace(base, c.old, c.text, 1))
		var got []string
		for _, change := range ruledoc.Diff(before, after) {
			got = append(got, change.String())
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("%s:\n got  %s\n want %s", name, strings.Join(got, "\n      "), c.want)
		}
	}
}

package ruleset

import (
	"reflect"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

func TestNoticesAreWholeAndTyped(t *testing.T) {
	t.Parallel()
	src := strings.Replace(smallest, "类别:\n", `公示:
  季度公示: {每: 季, 天数: 5个工作日, 提出: 7天, 答复: 7个工作日, 范围: 社区, 列: [姓名, 支部, 总分, 板块]}
  年度公示: {每: 年, 天数: 5天}
默认: {补录: 1个月}
类别:
`, 1) + "等次: {好: 总分 >= 80, 差: 其余}\n"
	r := Load("x.yaml", []byte(src))
	if r.Book == nil || len(r.Problems) != 0 {
		t.Fatal(r.Format())
	}
	got := r.Book.Notices
	want := []Notice{
		{"季度公示", calendar.Quarter, Term{5, true}, Term{7, false}, Term{7, true}, domain.Community,
			[]Column{ColumnName, ColumnBranch, ColumnTotal, ColumnBlocks}, got[0].Clause},
		{"年度公示", calendar.Year, Term{5, false}, Term{}, Term{}, domain.Branch,
			[]Column{ColumnName, ColumnTotal, ColumnGrade}, got[1].Clause},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if c := r.Book.Clauses[got[1].Clause]; c.Path != "公示.年度公示" || c.Line != 7 {
		t.Errorf("%+v", c)
	}
	if late := r.Book.Workflow.Late; late != (calendar.Span{Months: 1}) {
		t.Errorf("late: %v", late)
	}
}

// Both rewrites of a bare 异议 load, and each says what it said.
func TestBareObjectionIsAskedAboutWithTwoRewritesThatLoad(t *testing.T) {
	t.Parallel()
	bare := strings.Replace(smallest, "类别:\n", "公示: {每: 季, 天数: 5天, 异议: 7个工作日}\n类别:\n", 1)
	r := Load("x.yaml", []byte(bare))
	if r.Book != nil || len(r.Problems) != 1 {
		t.Fatal(r.Format())
	}
	for key, of := range map[string]func(*Notice) Term{
		"提出": func(n *Notice) Term { return n.Object },
		"答复": func(n *Notice) Term { return n.Answer },
	} {
		line := "公示: {季度公示: {每: 季, 天数: 5天, " + key + ": 7个工作日}}"
		if !strings.Contains(r.Problems[0].Advice, line) {
			t.Fatalf("no %q in %q", line, r.Problems[0].Advice)
		}
		again := Load("x.yaml", []byte(strings.Replace(smallest, "类别:\n", line+"\n类别:\n", 1)))
		if again.Book == nil || len(again.Problems) != 0 || of(&again.Book.Notices[0]) != (Term{7, true}) {
			t.Errorf("%s: %s", key, again.Format())
		}
	}
}

// What is said about a notice that is nearly right is a text that loads.
func TestAdviceOnNoticesLoads(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"公示: {每: 季}":                           "公示: {季度公示: {天数: 5天, 每: 季}}",
		"公示: {异议: 7个工作日}":                      "公示: {季度公示: {每: 季, 天数: 5天, 提出: 7个工作日}}",
		"公示: {每: 年, 天数: 3天, 列: [姓名, 总分]}":      "公示: {年度公示: {每: 年, 天数: 3天, 列: [姓名, 总分]}}",
		"公示: {季度: {每: 季, 天数: 5天, 答复: 7 个工作日}}": "7个工作日",
		"公示: {季度: {每: 季, 天数: 5天, 答复: ７工作日}}":   "7个工作日",
		"公示: {季度: {每: 季, 天数: 5 日}}":            "5天",
	} {
		r := Load("x.yaml", []byte(strings.Replace(smallest, "类别:\n", line+"\n类别:\n", 1)))
		if r.Book != nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Advice, want) {
			t.Errorf("%s: %s", line, r.Format())
		}
		if !strings.HasPrefix(want, "公示") {
			continue
		}
		if again := Load("x.yaml", []byte(strings.Replace(smallest, "类别:\n", want+"\n类别:\n", 1))); again.Book == nil ||
			len(again.Problems) != 0 {
			t.Errorf("%s: %s", want, again.Format())
		}
	}
}

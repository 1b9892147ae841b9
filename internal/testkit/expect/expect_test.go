package expect_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"jifen/internal/fault"
	"jifen/internal/testkit/expect"
)

// recorder is a test whose failures are kept instead of reported.
type recorder struct {
	testing.TB
	failures []string
}

func (t *recorder) Helper() {}

func (t *recorder) Errorf(format string, args ...any) {
	t.failures = append(t.failures, fmt.Sprintf(format, args...))
}

func (t *recorder) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	panic(t)
}

// of returns the failures of a check.
func of(t *testing.T, check func(tb testing.TB)) (failures []string) {
	t.Helper()
	tb := &recorder{TB: t}
	defer func() {
		failures = tb.failures
		if r := recover(); r != nil && r != any(tb) {
			panic(r)
		}
	}()
	check(tb)
	return tb.failures
}

const page = `<!doctype html><html><head><title>不读</title></head><body><h1>党员</h1>
<form action="/x"><input name="day" value="2026-01-01"></form><table>
<tr id="a"><td>示例甲</td><td><strong>75</strong> 分</td></tr>
<tr id="b"><td>示例乙</td><td>80 分</td></tr></table><script>隐藏</script></body></html>`

// What is so passes, and what is not fails with its condition and the part it
// looked at.
func TestPage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		check func(p *expect.Page)
		fails string
	}{
		"text over markup":       {func(p *expect.Page) { p.Shows("75 分", "示例甲 75 分") }, ""},
		"text that is not there": {func(p *expect.Page) { p.Shows("76 分") }, `no body holds "76 分"`},
		"a script is no text":    {func(p *expect.Page) { p.Shows("隐藏") }, "隐藏"},
		"a title is no text":     {func(p *expect.Page) { p.Shows("不读") }, "不读"},
		"an element":             {func(p *expect.Page) { p.Has(`[name="day"][value="2026-01-01"]`) }, ""},
		"no element":             {func(p *expect.Page) { p.Has("h2") }, "there is no h2; it reads: 党员"},
		"an element with a text": {func(p *expect.Page) { p.Has("tr", "示例甲", "示例乙") }, ""},
		"another text":           {func(p *expect.Page) { p.Has("tr", "示例丙") }, "they read: 示例甲 75 分 | 示例乙 80 分"},
		"no such element":        {func(p *expect.Page) { p.HasNo("h2").HasNo("tr", "示例丙") }, ""},
		"one that should not be": {func(p *expect.Page) { p.HasNo("strong") }, "<strong>75</strong>"},
		"one with a text":        {func(p *expect.Page) { p.HasNo("tr", "示例乙") }, `<tr id="b">`},
		"nowhere":                {func(p *expect.Page) { p.Lacks("示例丙") }, ""},
		"in an attribute":        {func(p *expect.Page) { p.Lacks("2026-01-01") }, "2026-01-01"},
		"how many":               {func(p *expect.Page) { p.Count("tr", 2) }, ""},
		"another number":         {func(p *expect.Page) { p.Count("tr", 3) }, "2 of tr, want 3"},
		"within a row":           {func(p *expect.Page) { p.In("tr", "示例乙").Shows("80 分").Lacks("75") }, ""},
		"within a row, another": {
			func(p *expect.Page) { p.In("tr", "示例乙").Shows("75") }, `一页 tr: no body holds "75"; they read: 示例乙 80 分`,
		},
		"within no row":             {func(p *expect.Page) { p.In("tr", "示例丙") }, `no tr holds "示例丙"`},
		"an attribute":              {func(p *expect.Page) { p.Has(`form[action="` + p.Attr("form", "action") + `"]`) }, ""},
		"an attribute that is none": {func(p *expect.Page) { p.Attr("form", "method") }, "no form has a method"},
		"what is no selector":       {func(p *expect.Page) { p.Has("[") }, "[ is no selector"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := of(t, func(tb testing.TB) { c.check(expect.NewPage(tb, "一页", page)) })
			if (len(got) > 0) != (c.fails != "") || len(got) > 1 || len(got) == 1 && !strings.Contains(got[0], c.fails) {
				t.Errorf("failures %q, want %q", got, c.fails)
			}
		})
	}
}

// Of an answer with another status nothing else is recorder.
func TestAnswer(t *testing.T) {
	t.Parallel()
	got := of(t, func(tb testing.TB) {
		expect.NewAnswer(tb, "GET /", http.StatusNotFound, page, "").OK().Shows("没有").HasNo("strong").Count("tr", 9)
	})
	if len(got) != 1 || !strings.HasPrefix(got[0], "GET /: status 404, want 200; it reads: 党员") {
		t.Errorf("%q", got)
	}
	got = of(t, func(tb testing.TB) {
		a := expect.NewAnswer(tb, "POST /x", http.StatusSeeOther, "", "/y")
		expect.Equal(tb, "the address", a.To(), "/y")
		a.LeadsTo("/y").LeadsTo("/z")
	})
	if len(got) != 1 || got[0] != "POST /x: leads to /y, want /z" {
		t.Errorf("%q", got)
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	got := of(t, func(tb testing.TB) {
		expect.Equal(tb, "the sum", 2, 2)
		expect.Equal(tb, "the sum", 2, 3)
		expect.True(tb, false, "the list is sorted", []int{2, 1})
		expect.Fault(tb, nil, fault.Invalid)
		expect.Fault(tb, fault.New(fault.Conflict, "已有"), fault.Invalid, "已")
		expect.Fault(tb, expect.Err(1, fault.New(fault.Invalid, "已有")), fault.Invalid, "已", "没有")
		expect.Contains(tb, "甲乙", "甲", "丙")
		expect.InOrder(tb, "甲乙", "甲", "乙")
		expect.InOrder(tb, "甲乙", "乙", "甲")
	})
	want := []string{
		"the sum is 2, want 3", "not so: the list is sorted; it is [2 1]", `the error is "", want "invalid": <nil>`,
		`the error is "conflict", want "invalid": 已有`,
		"there is no \"没有\" in:\n已有", "there is no \"丙\" in:\n甲乙",
		"there is no \"甲\" after the 1 before it; what follows them is:\n",
	}
	if len(got) != 7 || strings.Join(got, ";") != strings.Join(want, ";") {
		t.Fatalf("%q", got)
	}
	got = of(t, func(tb testing.TB) {
		expect.Empty(tb, "the list", []int{})
		expect.Empty(tb, "the list", []int{1})
		expect.NoError(tb, "the call", nil)
		expect.Len(tb, "the list", []int{1}, 2)
	})
	if strings.Join(got, ";") != "the list should be empty: [1];the list has 1, want 2: [1]" {
		t.Errorf("%q", got)
	}
}

func TestAnErrorEndsTheTest(t *testing.T) {
	t.Parallel()
	got := of(t, func(tb testing.TB) {
		expect.NoError(tb, "the call", fault.New(fault.Conflict, "已有"))
		expect.Equal(tb, "what follows", 1, 2)
	})
	if strings.Join(got, ";") != "the call failed: 已有" {
		t.Errorf("%q", got)
	}
}

func TestALongTextIsCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 1000)
	got := of(t, func(tb testing.TB) { expect.Lacks(tb, long+"甲"+long, "甲", "乙") })
	if len(got) != 1 {
		t.Fatalf("%q", got)
	}
	if n := len([]rune(got[0])); n > 300 || !strings.Contains(got[0], "长甲长") {
		t.Errorf("%d characters: %s", n, got[0])
	}
}

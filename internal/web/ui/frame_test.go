package ui

import (
	"os"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

func TestFrame(t *testing.T) {
	t.Parallel()
	p := pages(t)
	f := secretary("/me")
	light := rendered(t, p, Problem{Frame: f})
	f.Dark, f.Large = true, true
	dark := rendered(t, p, Problem{Frame: f})
	for _, c := range []struct{ text, want string }{
		{light, `data-bs-theme="light">`}, {light, `name="large" value="1"`}, {light, `name="dark" value="1"`},
		{light, `name="back" value="/me"`},
		{dark, `data-bs-theme="dark" class="large"`}, {dark, `name="large" value="0"`}, {dark, `name="dark" value="0"`},
	} {
		if !strings.Contains(c.text, c.want) {
			t.Errorf("the page lacks %s", c.want)
		}
	}
	_, bottom, _ := strings.Cut(light, `<nav class="bottom`)
	if n := strings.Count(bottom, "<li>"); n != 3 {
		t.Errorf("%d words at the bottom of a phone", n)
	}
	alarmed := Problem{Frame: Frame{Alarm: Alarm{Words: "数据库备份没有做成。请告诉系统管理员。"}}}
	if text := rendered(t, p, alarmed); strings.Count(text, "数据库备份没有做成") != 1 || strings.Contains(text, "看原因和办法") {
		t.Errorf("an alarm for who cannot go there: %s", text)
	}
	if strings.Contains(light, "看原因和办法") {
		t.Error("there is an alarm where nothing is wrong")
	}
	if strings.Contains(rendered(t, p, SignIn{}), "/logout") {
		t.Error("who is not signed in is offered to sign out")
	}
}

func TestAddressesKeepStrangeIdsInOnePiece(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		MemberPath("a/b?c"): "/members/a%2Fb%3Fc", BranchPath("3"): "/branches/3",
		NewActivityPath("3"): "/branches/3/activity",
		LinksPath("a/b"):     "/members/a%2Fb/links", RecordPath("a/b", "entry.1/2"): "/members/a%2Fb/records/entry.1%2F2",
		OwnRecordPath("entry.1"): "/me/records/entry.1",
		EntryPath("3", "张"):      "/entries/new?branch=3&member=%E5%BC%A0", EntryPath("", ""): "/entries/new",
		ReversePath("../x"): "/entries/..%2Fx/reverse",
		UndoPath("9"):       "/activities/9/undo", WithdrawPath("4"): "/me/claims/4/withdraw",
		DropPath("4"):  "/me/drafts/4/drop",
		AgainPath("4"): "/me/claims/new?follows=4", ClaimDraftPath("4"): "/me/claims/new?draft=4",
		AccountPath("2"): "/accounts/2",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestRefuseShowsOnlyWhatMayBeShown(t *testing.T) {
	t.Parallel()
	r := Refuse(fault.Wrap(os.ErrPermission, fault.Invalid, "日期不对").WithHint("写 2026-03-05"))
	if r.Message != "日期不对" || r.Hint != "写 2026-03-05" || !r.Any() {
		t.Errorf("%+v", r)
	}
	if r := Refuse(os.ErrPermission); strings.Contains(r.Message+r.Hint, "permission") || !r.Any() {
		t.Errorf("%+v", r)
	}
	if Refuse(nil).Any() {
		t.Error("no error is a refusal")
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		signed(0): "0", signed(200): "+2", signed(-550): "-5.5",
		fixed(200, 0): "2", fixed(200, 1): "2.0", fixed(-250, 2): "-2.50", fixed(225, 1): "2.25",
		change(0): "不加不减", change(250): "加 2.5 分", change(-250): "减 2.5 分",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, c := range [][3]int{{50, 100, 50}, {100, 100, 100}, {200, 100, 100}, {-1, 100, 0}, {1, 0, 0}, {0, 100, 0}} {
		if got := bar(domain.Points(c[0]), domain.Points(c[1])); got != c[2] {
			t.Errorf("bar(%d, %d) = %d", c[0], c[1], got)
		}
	}
}

func TestRowsOfAnAccount(t *testing.T) {
	t.Parallel()
	s := Score{
		Member:  "P1",
		Clauses: []Clause{{Basis: "第一条", Path: "项目.甲"}, {Path: "板块.乙"}},
		Undo:    map[string]string{"7": "/entries/7/reverse"},
		Account: domain.Statement{Total: domain.Line{Kind: domain.LineTotal, Name: "总分", Clause: 9, Children: []domain.Line{
			{Kind: domain.LineEntry, Name: "甲", Value: 200, Entry: "7", Until: calendar.Of(2026, 10, 1), Note: "说明"},
			{Kind: domain.LineClamp, Name: "上限", Value: -50, Clause: 1, Until: calendar.Of(2026, 10, 1)},
		}}},
	}
	total := s.Total()
	a, b := total.Children[0], total.Children[1]
	if a.Value != "+2" || a.Why != "说明；有效到 2026-09-30" || a.Basis != "第一条" || a.Undo != "/entries/7/reverse" {
		t.Errorf("%+v", a)
	}
	if b.Value != "-0.5" || b.Why != "有效到 2026-09-30" || b.Basis != "办法：板块 乙" || b.Undo != "" {
		t.Errorf("%+v", b)
	}
	if a.Record != "/members/P1/records/entry.7" || b.Record != "" ||
		(Score{Own: true}).History("activity.9") != "/me/records/activity.9" {
		t.Errorf("%s, %s", a.Record, b.Record)
	}
	if total.Basis != "" || !total.Open || a.Open || s.Sum() != "甲 2 - 上限 0.5" {
		t.Errorf("%+v, %s", total, s.Sum())
	}
}

// TestLinesOfARecord finds what one record gave, in parts and among the idle, and
// no other's.
func TestLinesOfARecord(t *testing.T) {
	t.Parallel()
	entry := func(id string, value domain.Points) domain.Line {
		return domain.Line{Kind: domain.LineEntry, Name: "甲", Value: value, Entry: id, Clause: -1}
	}
	s := Score{Account: domain.Statement{
		Total: domain.Line{Kind: domain.LineTotal, Children: []domain.Line{{Kind: domain.LineBlock, Children: []domain.Line{
			{Kind: domain.LinePart, Name: "第1季度", Children: []domain.Line{entry("7", 200), entry("8", 100)}},
			{Kind: domain.LinePart, Name: "第2季度",
				Children: []domain.Line{entry("7", 150), {Kind: domain.LineEntry, Name: "丙", Activity: "7"}}},
		}}}},
		Idle: []domain.Line{entry("7", 0)},
	}}
	var got []string
	for _, r := range s.Of("entry.7") {
		got = append(got, r.Label+" "+r.Value)
	}
	if strings.Join(got, ", ") != "第1季度：甲 +2, 第2季度：甲 +1.5, 甲 0" || len(s.Of("entry.9")) != 0 ||
		len(s.Of("activity.7")) != 1 {
		t.Errorf("%q", got)
	}
}

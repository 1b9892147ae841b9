package web_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jifen/internal/domain"
)

// lines returns the newest lines of the trail, the oldest first: who, what, how it ended,
// whom it concerned and by which route.
func (w *town) lines(t *testing.T, n int) (out []string) {
	t.Helper()
	w.later.Flush(t.Context())
	list, err := w.Trail(domain.AuditFilter{}, n)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		l := &list[i]
		out = append(out, strings.Join(strings.Fields(fmt.Sprint(l.Name, " ", l.Role, " ", l.Action, " ", l.Result, " ",
			l.Member, " ", l.Count, " ", l.Route)), " "))
	}
	slices.Reverse(out)
	return out
}

// TestEveryLookAndRefusalHasALine: lists that were opened, what was refused or hidden, what
// was tried, and the end of a session, each with the role, the route and whom it concerned.
func TestEveryLookAndRefusalHasALine(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	v.opens("/branches/" + string(w.East.ID)).OK()
	v.opens("/ranking").OK()
	v.opens("/members/E2").OK()
	v.opens("/members/W1")
	v.opens("/members/P9999")
	v.opens("/trail")
	w.visit(t, "member").opens("/me").OK() // one's own leaves no line
	v.sends("/logout", url.Values{}).LeadsTo("/login")
	got, name := w.lines(t, 9), w.Secretary.Name
	who := name + " secretary"
	for _, want := range []string{
		who + " 登录 0 POST /login", w.Member.Name + " member 登录 0 POST /login", who + " 查看个人明细 E2 1 GET /members/:id",
		who + " 退出 0 POST /logout",
		who + " 查看 2 GET /branches/:id", who + " 查看 2 GET /ranking", who + " 被拒绝 not_found W1 1 GET /members/:id",
		who + " 被拒绝 not_found 1 GET /members/:id", who + " 被拒绝 forbidden 0 GET /trail",
	} {
		n := slices.IndexFunc(got, func(line string) bool { return line == want })
		if n < 0 {
			t.Errorf("no line %q in\n%s", want, strings.Join(got, "\n"))
			continue
		}
		got = slices.Delete(got, n, n+1)
	}
	if len(got) > 0 {
		t.Errorf("more lines than that:\n%s", strings.Join(got, "\n"))
	}
}

// TestTheTrailIsSearchedByPersonAndResultAndExported: though it has keyed hashes of numbers only.
func TestTheTrailIsSearchedByPersonAndResultAndExported(t *testing.T) {
	t.Parallel()
	w := open(t)
	v := w.visit(t, "secretary")
	v.opens("/members/E2").OK()
	w.later.Flush(t.Context())
	auditor := w.visit(t, "auditor")
	auditor.opens("/trail?about=e2").OK().Shows("查看个人明细").Has("td", "E2")
	auditor.opens("/trail?about=W1").OK().Shows("没有符合的")
	auditor.opens("/trail?about=E2&place=127.0.0.1").OK().Has("td", "E2")
	auditor.opens("/trail?about=E2&place=10.9.9.9").OK().Shows("没有符合的")
	auditor.opens("/trail?result=refused").OK().HasNo("td.day")
	if status, body, _ := auditor.get("/trail/export?about=E2"); status != 200 || !strings.HasPrefix(body, "PK") {
		t.Errorf("the trail is exported as %d, %.40q", status, body)
	}
	auditor.opens("/trail?action="+url.QueryEscape("导出审计")).OK().Has("td", "导出审计")
}

// TestAMemberSeesWhoLookedAtHim: the day, the office and what was done, no names and nobody
// else's; that he asked is one line a day.
func TestAMemberSeesWhoLookedAtHim(t *testing.T) {
	t.Parallel()
	w := open(t)
	member := w.visit(t, "member")
	member.opens("/me").OK().Has(`[href="/me/looks"]`)
	member.opens("/me/looks").OK().Shows("还没有别人看过")
	secretary := w.visit(t, "secretary")
	secretary.opens("/members/E2").OK()
	secretary.opens("/members/E2").OK()
	w.visit(t, "clerk").opens("/members/W1").OK()
	member.opens("/me/looks").OK().Has("td", "支部书记").Has("td", "查看个人明细").Has("td.num", "2").
		Lacks(w.Secretary.Name).Lacks("街道党工委 ")
	list, err := w.Trail(domain.AuditFilter{Action: "查看谁看过我"}, 9)
	if err != nil || len(list) != 1 {
		t.Errorf("asking three times a day leaves %d lines, %v", len(list), err)
	}
}

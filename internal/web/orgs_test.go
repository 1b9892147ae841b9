package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/testkit"
)

// TestAClerkMovesAMember transfers somebody and follows who sees him.
func TestAClerkMovesAMember(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk, secretary := w.visit(t, "clerk"), w.visit(t, "secretary")
	secretary.opens("/members/E2").OK().Has(`[href="/members/E2/changes"]`)
	secretary.sends("/members/E2/changes", url.Values{"do": {"leave"}, "from": {"2026-05-01"}}).Refused().
		Shows("没有这个权限")
	secretary.sends("/members/E2/changes", url.Values{"do": {"fact"}, "attribute": {"人员类别"}, "value": {"预备党员"},
		"from": {"2026-05-01"}, "key": {"f"}}).LeadsTo("/members/E2/changes")
	secretary.opens("/members/E2/changes").OK().Shows("登记了", "现在：预备党员")
	// Expelled, and still here: what is to be done next is said.
	clerk.sends("/members/E2/changes", url.Values{"do": {"fact"}, "attribute": {"处分"}, "value": {"开除党籍"},
		"from": {"2026-04-01"}, "key": {"g"}}).Status(http.StatusSeeOther)
	clerk.opens("/members/E2/changes").OK().Shows("登记了，总分不变。开除党籍的，还要登记转出")
	secretary.opens("/members/W1/changes").Status(http.StatusNotFound)
	const slip = "/members/E2/handover?from=2026-05-01"
	clerk.sends("/members/E2/changes", url.Values{"do": {"move"}, "org": {string(w.West.ID)},
		"from": {"2026-05-01"}}).LeadsTo(slip)
	secretary.opens("/members/E2").Status(http.StatusNotFound)
	clerk.opens("/members/E2").OK().Shows("西支部")
	clerk.sends("/members/E2/changes", url.Values{"do": {"leave"}, "from": {"某天"}}).Refused().Has(".refusal")
}

// TestTheClerkKeepsOrganisations: renames a branch, is told why it cannot be closed,
// and sets one up; a community's committee sees its own and changes nothing.
func TestTheClerkKeepsOrganisations(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk, community := w.visit(t, "clerk"), w.visit(t, "community")
	at := "/orgs/" + string(w.East.ID)
	clerk.sends(at, url.Values{"do": {"rename"}, "name": {"东一支部"}, "from": {"2026-05-01"}}).LeadsTo(at).Must()
	clerk.opens(at).OK().Shows("“东一支部”更名登记了", "东支部 → 东一支部", "2 人")
	for do, want := range map[string]string{"close": "还有 2 名党员", "rename": "现在就叫“东一支部”", "reopen": "没有撤销"} {
		clerk.sends(at, url.Values{"do": {do}, "name": {"东一支部"}, "from": {"2026-05-02"}}).Refused().Shows(want)
	}
	clerk.sends(at, url.Values{"do": {"rename"}, "name": {"别的"}, "from": {"某天"}}).Refused().Has(`[value="某天"]`)
	below := "/orgs/" + string(w.East.Parent)
	clerk.sends(below, url.Values{"do": {"found"}, "founded": {"东二支部"}, "kind": {"两新"}}).Status(http.StatusSeeOther)
	_, body, _ := community.get("/orgs")
	for _, want := range []string{"东一支部", "东二支部", "secretary", "还没有人管"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if strings.Contains(body, "西支部") {
		t.Errorf("another community's branches: %s", body)
	}
	if _, body, _ := community.get(below); strings.Contains(body, "data-once") &&
		strings.Contains(body, `value="rename"`) {
		t.Errorf("who may not change it is asked to: %s", body)
	}
	community.opens("/orgs/" + string(w.West.ID)).Status(http.StatusNotFound)
	clerk.opens("/members/E2/changes").OK().Has("option", "东二支部").HasNo("option", "东一支部")
}

// TestWhatGoesWithAMemberWhoMoves: the slip says from where, to where and how he
// stood the day before, to whoever may see him and of a day on which he moved.
func TestWhatGoesWithAMemberWhoMoves(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, day := range []string{"2026-04-10", "2026-05-20"} { // 80, 82 and at last 84
		if _, err := w.Entries.Post(t.Context(), w.Clerk,
			entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, day)}, ""); err != nil {
			t.Fatal(err)
		}
	}
	clerk, secretary := w.visit(t, "clerk"), w.visit(t, "secretary")
	const slip = "/members/E2/handover?from="
	clerk.opens(slip + "2026-05-01").Status(http.StatusNotFound).Shows("没有转接组织关系")
	for _, mv := range []members.Move{{Member: "E2", To: w.West.ID, From: testkit.Day(t, "2026-05-01")},
		{Member: "E2", From: testkit.Day(t, "2026-05-25")}} {
		if _, err := w.Ledger.Move(t.Context(), w.Clerk, mv, ""); err != nil {
			t.Fatal(err)
		}
	}
	for day, want := range map[string][]string{
		"2026-05-01": {"<dd>东支部</dd>", "<dd>西支部</dd>", "总分 <strong>82</strong>"},
		"2026-05-25": {"<dd>西支部</dd>", "转出本街道", "总分 <strong>84</strong>"},
	} {
		status, body, _ := clerk.get(slip + day)
		for _, s := range want {
			if status != http.StatusOK || !strings.Contains(body, s) {
				t.Errorf("%s: %d, no %s in %s", day, status, s, body)
			}
		}
	}
	clerk.opens(slip + "2026-05-02").Status(http.StatusNotFound)
	secretary.opens(slip + "2026-05-01").Status(http.StatusNotFound)
	if _, body, _ := clerk.get("/members/E2/changes"); !strings.Contains(body, `href="`+slip+`2026-05-25"`) {
		t.Errorf("what was recorded does not lead to the slip: %s", body)
	} else if n := strings.Count(body, "转接单"); n != 2 {
		t.Errorf("%d slips of two moves: that he was taken in is none", n)
	}
}

// Orgs is the part of the matrix of orgs.go.
func (matrix) Orgs() string {
	return `
GET /orgs: community clerk auditor
GET /orgs/:id: community clerk auditor
POST /orgs/:id: clerk
`
}

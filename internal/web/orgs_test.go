package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jifen/internal/app/ledger"
	"jifen/internal/testkit"
)

// TestAClerkMovesAMember transfers somebody and follows who sees him.
func TestAClerkMovesAMember(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk, secretary := w.visit(t, "clerk"), w.visit(t, "secretary")
	if _, body, _ := secretary.get("/members/E2"); !strings.Contains(body, "/members/E2/changes") {
		t.Errorf("the secretary is not led to the changes: %s", body)
	}
	if status, body, _ := secretary.post("/members/E2/changes", url.Values{"do": {"move"}, "org": {string(w.West.ID)}, "from": {"2026-05-01"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "没有这个权限") {
		t.Errorf("a secretary moves a member: %d %s", status, body)
	}
	if status, _, to := secretary.post("/members/E2/changes", url.Values{"do": {"fact"}, "attribute": {"人员类别"}, "value": {"预备党员"}, "from": {"2026-05-01"}, "key": {"f"}}); status != http.StatusSeeOther || to != "/members/E2/changes" {
		t.Errorf("%d %s", status, to)
	}
	if _, body, _ := secretary.get("/members/E2/changes"); !strings.Contains(body, "登记了") || !strings.Contains(body, "现在：预备党员") {
		t.Errorf("%s", body)
	}
	// Expelled, and still here: what is to be done next is said.
	if status, _, _ := clerk.post("/members/E2/changes", url.Values{"do": {"fact"}, "attribute": {"处分"}, "value": {"开除党籍"}, "from": {"2026-04-01"}, "key": {"g"}}); status != http.StatusSeeOther {
		t.Errorf("%d", status)
	}
	if _, body, _ := clerk.get("/members/E2/changes"); !strings.Contains(body, "登记了。开除党籍的，还要登记转出") {
		t.Errorf("%s", body)
	}
	if status, body, _ := secretary.get("/members/W1/changes"); status != http.StatusNotFound {
		t.Errorf("another branch's member: %d %s", status, body)
	}
	const sheet = "/members/E2/handover?from=2026-05-01"
	if status, _, to := clerk.post("/members/E2/changes", url.Values{"do": {"move"}, "org": {string(w.West.ID)}, "from": {"2026-05-01"}}); status != http.StatusSeeOther || to != sheet {
		t.Errorf("%d %s", status, to)
	}
	if status, _, _ := secretary.get("/members/E2"); status != http.StatusNotFound {
		t.Errorf("he has gone to the west, and yet %d", status)
	}
	if _, body, _ := clerk.get("/members/E2"); !strings.Contains(body, "西支部") {
		t.Errorf("%s", body)
	}
	if status, body, _ := clerk.post("/members/E2/changes", url.Values{"do": {"leave"}, "from": {"某天"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "refusal") {
		t.Errorf("%d %s", status, body)
	}
}

// TestTheClerkKeepsOrganisations: renames a branch, is told why it cannot be closed,
// and sets one up; a community's committee sees its own and changes nothing.
func TestTheClerkKeepsOrganisations(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk, community := w.visit(t, "clerk"), w.visit(t, "community")
	at := "/orgs/" + string(w.East.ID)
	if status, _, to := clerk.post(at, url.Values{"do": {"rename"}, "name": {"东一支部"}, "from": {"2026-05-01"}}); status != http.StatusSeeOther || to != at {
		t.Fatalf("%d %s", status, to)
	}
	if _, body, _ := clerk.get(at); !strings.Contains(body, "“东一支部”更名登记了") || !strings.Contains(body, "东支部 → 东一支部") || !strings.Contains(body, "2 人") {
		t.Errorf("%s", body)
	}
	for do, want := range map[string]string{"close": "还有 2 名党员", "rename": "现在就叫“东一支部”", "reopen": "没有撤销"} {
		if status, body, _ := clerk.post(at, url.Values{"do": {do}, "name": {"东一支部"}, "from": {"2026-05-02"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", do, status, body)
		}
	}
	if status, body, _ := clerk.post(at, url.Values{"do": {"rename"}, "name": {"别的"}, "from": {"某天"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, `value="某天"`) {
		t.Errorf("what was typed is gone: %d %s", status, body)
	}
	below := "/orgs/" + string(w.East.Parent)
	if status, _, _ := clerk.post(below, url.Values{"do": {"found"}, "founded": {"东二支部"}, "kind": {"两新"}}); status != http.StatusSeeOther {
		t.Errorf("%d", status)
	}
	_, body, _ := community.get("/orgs")
	for _, want := range []string{"东一支部", "东二支部", "secretary", "还没有人管"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if strings.Contains(body, "西支部") {
		t.Errorf("another community's branches: %s", body)
	}
	if _, body, _ := community.get(below); strings.Contains(body, "data-once") && strings.Contains(body, `value="rename"`) {
		t.Errorf("who may not change it is asked to: %s", body)
	}
	if status, _, _ := community.get("/orgs/" + string(w.West.ID)); status != http.StatusNotFound {
		t.Errorf("another community's branch: %d", status)
	}
	if _, body, _ := clerk.get("/members/E2/changes"); strings.Contains(body, "东一支部</option>") || !strings.Contains(body, "东二支部</option>") {
		t.Errorf("where he may move to: %s", body)
	}
}

// TestWhatGoesWithAMemberWhoMoves: the sheet says from where, to where and how he
// stood the day before, to whoever may see him and of a day on which he moved.
func TestWhatGoesWithAMemberWhoMoves(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, day := range []string{"2026-04-10", "2026-05-20"} { // 80, 82 and at last 84
		if _, err := w.Ledger.Post(t.Context(), w.Clerk, ledger.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, day)}, ""); err != nil {
			t.Fatal(err)
		}
	}
	clerk, secretary := w.visit(t, "clerk"), w.visit(t, "secretary")
	const sheet = "/members/E2/handover?from="
	if status, body, _ := clerk.get(sheet + "2026-05-01"); status != http.StatusNotFound || !strings.Contains(body, "没有转接组织关系") {
		t.Errorf("before he moved: %d %s", status, body)
	}
	for _, mv := range []ledger.Move{{Member: "E2", To: w.West.ID, From: testkit.Day(t, "2026-05-01")}, {Member: "E2", From: testkit.Day(t, "2026-05-25")}} {
		if _, err := w.Ledger.Move(t.Context(), w.Clerk, mv, ""); err != nil {
			t.Fatal(err)
		}
	}
	for day, want := range map[string][]string{
		"2026-05-01": {"<dd>东支部</dd>", "<dd>西支部</dd>", "总分 <strong>82</strong>"},
		"2026-05-25": {"<dd>西支部</dd>", "转出本街道", "总分 <strong>84</strong>"},
	} {
		status, body, _ := clerk.get(sheet + day)
		for _, s := range want {
			if status != http.StatusOK || !strings.Contains(body, s) {
				t.Errorf("%s: %d, no %s in %s", day, status, s, body)
			}
		}
	}
	if status, _, _ := clerk.get(sheet + "2026-05-02"); status != http.StatusNotFound {
		t.Errorf("a day on which he did not move: %d", status)
	}
	if status, _, _ := secretary.get(sheet + "2026-05-01"); status != http.StatusNotFound {
		t.Errorf("he is no member of the east any more: %d", status)
	}
	if _, body, _ := clerk.get("/members/E2/changes"); !strings.Contains(body, `href="`+sheet+`2026-05-25"`) {
		t.Errorf("what was recorded does not lead to the sheet: %s", body)
	} else if n := strings.Count(body, "转接单"); n != 2 {
		t.Errorf("%d sheets of two moves: that he was taken in is none", n)
	}
}

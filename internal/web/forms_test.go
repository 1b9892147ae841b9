package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jifen/internal/app/activities"
	"jifen/internal/testkit"
)

// What a form lacks is told in a sentence, and what was typed stands in it again.
func TestARefusedFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := open(t)
	r, err := w.Activities.Record(t.Context(), w.Secretary, activities.ActivityInput{
		Org: w.East.ID, Kind: "党课", On: testkit.Day(t, "2026-05-06"),
		Lines: []activities.Line{{Member: "E2", Status: "到会"}},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	east, long := string(w.East.ID), strings.Repeat("长", 501)
	for _, x := range []struct {
		login, path string
		form        url.Values
		want        string
		kept        string
	}{
		{"clerk", "/branches/periods", url.Values{"do": {"open"}, "period": {"2026"}, "branch": {east}},
			"要写重开的理由", `input[name="branch"][value="` + east + `"][checked]`},
		{"clerk", "/branches/periods", url.Values{"do": {"lock"}, "period": {"2026"}, "branch": {east}, "reason": {long}},
			"重开的理由太长", `input[name="reason"][value="` + long + `"][aria-invalid]`},
		{"secretary", fmt.Sprintf("/activities/%d/correct", r.Activity),
			url.Values{"member": {"E2"}, "status": {"补课"}, "day": {"后天"}, "reason": {"漏看了"}},
			"“后天”不是日期", `input[name="reason"][value="漏看了"]`},
		{"clerk", "/members/E2/changes", url.Values{"do": {"move"}, "from": {"2026-05-03"}},
			"要写转到哪个支部", `input[name="from"][value="2026-05-03"]`},
		{"secretary", "/entries",
			url.Values{"do": {"save"}, "member": {"E2"}, "item": {"酌情"}, "day": {"2026-05-01"}, "points": {"1e2"}},
			"分值写了“1e2”", `input[name="points"][value="1e2"][aria-invalid]`},
		{"clerk", "/orgs/" + east, url.Values{"do": {"rename"}, "name": {""}, "from": {"2026-05-04"}},
			"要写组织的名称", `input[name="from"][value="2026-05-04"]`},
	} {
		w.visit(t, x.login).sends(x.path, x.form).Refused().Shows(x.want).Has(x.kept)
	}
	if _, body, _ := w.visit(t, "clerk").get("/members/E2"); strings.Contains(body, "已转出") {
		t.Error("a move without a branch was taken as leaving")
	}
}

// A form that comes without one of its buttons does nothing.
func TestAFormWithoutItsButtonDoesNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	for path, x := range map[string]struct {
		login string
		form  url.Values
	}{
		"/branches/periods": {"clerk", url.Values{"period": {"2026"}}}, "/claims": {"clerk", url.Values{}},
		"/members/E2/changes":        {"clerk", url.Values{"from": {"2026-05-01"}}},
		"/orgs/" + string(w.East.ID): {"clerk", url.Values{"from": {"2026-05-01"}, "name": {"东一支部"}}},
		"/accounts/3/roles":          {"security", url.Values{"role": {"支部书记"}}},
		"/accounts/3/close":          {"security", url.Values{}},
	} {
		w.visit(t, x.login).sends(path, x.form).Status(http.StatusUnprocessableEntity).Shows("不知道按的是哪个按钮")
		x.form.Set("gibtsnicht", "1")
		w.visit(t, x.login).sends(path, x.form).Status(http.StatusUnprocessableEntity).Shows("gibtsnicht")
	}
}

// Entry is the part of the matrix of entry.go.
func (matrix) Entry() string {
	return `
GET /branches/:id/entries: secretary recorder community clerk
POST /branches/:id/entries: secretary recorder community clerk
GET /branches/:id/facts: secretary community clerk
POST /branches/:id/facts: secretary community clerk
GET /branches/:id/incoming: secretary community clerk
POST /branches/:id/incoming: secretary community clerk
GET /members/roster: clerk
POST /members/roster: clerk
POST /entries/undo: secretary recorder community clerk
GET /entries/new: secretary recorder community clerk
POST /entries: secretary recorder community clerk
GET /entries/:id/reverse: secretary recorder community clerk
POST /entries/:id/reverse: secretary recorder community clerk
`
}

package main

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"jifen/internal/api"
	"jifen/internal/app/activities"
	"jifen/internal/domain"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// recorders returns the answer to each role that reverses an entry of each member.
func recorders() map[string]map[domain.MemberID]int {
	const all, none, denied = http.StatusOK, http.StatusNotFound, http.StatusForbidden
	return map[string]map[domain.MemberID]int{
		"member":    {"E1": denied, "E2": denied, "N1": denied, "W1": denied, "X9": denied},
		"secretary": {"E1": denied, "E2": all, "N1": none, "W1": none, "X9": none}, // is E1, of the east
		"community": {"E1": all, "E2": all, "N1": all, "W1": none, "X9": none},
		"clerk":     {"E1": all, "E2": all, "N1": all, "W1": all, "X9": none},
		"auditor":   {"E1": denied, "E2": denied, "N1": denied, "W1": denied, "X9": denied},
		"admin":     {"E1": denied, "E2": denied, "N1": denied, "W1": denied, "X9": denied},
	}
}

// send posts a body to the API.
func (p *person) send(path, body string) seen {
	p.t.Helper()
	return p.look(func() (int, string) {
		url := p.doors.site.URL + api.Prefix + path
		req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, url, strings.NewReader(body))
		if err != nil {
			p.t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+p.token)
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			p.t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			p.t.Fatal(err)
		}
		return resp.StatusCode, ""
	})
}

// TestAnEntryIsReversedAlike: the page that asks for the reason is shown to whom the
// API lets reverse, and to nobody else; who sees it leaves a line in the trail.
func TestAnEntryIsReversedAlike(t *testing.T) {
	t.Parallel()
	for login, meets := range recorders() {
		d, records := someTown(t)
		records["X9"] = domain.SourceID{Entry: 99}
		p := d.person(t, login)
		for id, want := range meets {
			what, path := login+" reverses "+string(id), "/entries/"+strconv.Itoa(int(records[id].Entry))
			page := p.page(path + "/reverse")
			expect.Equal(t, what+" on the page", page.status, want)
			expect.Equal(t, what+" on the page, in the trail", page.trail, p.looked(want, id, "撤销前：酌情 2026-05-01"))
			answer := p.send(path+"/reversal", `{"reason":"记错了"}`)
			if want == http.StatusOK {
				want = http.StatusCreated
			} else {
				expect.Lacks(t, page.body, "示例东")
				expect.Lacks(t, page.body, "示例西")
			}
			expect.Equal(t, what+" over the API", answer.status, want)
		}
	}
}

// TestFormsAreForWhoRecords: the forms of a branch list its people to who records
// there; they tell no points, and the trail has nothing of them.
func TestFormsAreForWhoRecords(t *testing.T) {
	t.Parallel()
	d, _ := someTown(t)
	const all, none, denied = http.StatusOK, http.StatusNotFound, http.StatusForbidden
	for login, want := range map[string][2]int{ // of the east, of the west
		"member": {denied, denied}, "secretary": {all, none}, "community": {all, none}, "clerk": {all, all},
		"auditor": {denied, denied}, "admin": {denied, denied},
	} {
		p := d.person(t, login)
		for i, org := range []domain.Org{d.East, d.West} {
			for _, path := range []string{
				"/branches/" + string(org.ID) + "/activity", "/branches/" + string(org.ID) + "/entries?item=好事",
				"/entries/new?item=好事&branch=" + string(org.ID),
			} {
				page := p.page(path)
				expect.Equal(t, login+" opens "+path, page.status, want[i])
				expect.Equal(t, login+" opens "+path+", in the trail", len(page.trail), 0)
				name := "示例" + []string{"东2", "西2"}[i]
				expect.Equal(t, login+" opens "+path+", and reads a name", strings.Contains(page.body, name), want[i] == all)
			}
		}
	}
}

// TestAnActivityLeavesItsLine: whoever is shown an activity is in the trail.
func TestAnActivityLeavesItsLine(t *testing.T) {
	t.Parallel()
	d, _ := someTown(t)
	r, err := d.Activities.Record(t.Context(), d.Clerk, activities.ActivityInput{
		Org: d.West.ID, Kind: "党课", On: testkit.Day(t, "2026-05-20"),
		Lines: []activities.Line{{Member: "E2", Status: domain.Present}, {Member: "W1", Status: domain.Present}},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	path := "/activities/" + strconv.Itoa(int(r.Activity))
	const all, none, denied = http.StatusOK, http.StatusNotFound, http.StatusForbidden
	for login, want := range map[string]int{
		"member": denied, "secretary": none, "community": none, "clerk": all, "auditor": all, "admin": denied,
	} {
		p := d.person(t, login)
		page := p.page(path)
		expect.Equal(t, login+" opens an activity of the west", page.status, want)
		expect.Equal(t, login+" reads a total", strings.Contains(page.body, "84.5"), want == all)
		var lines []string
		if want == all {
			lines = []string{login + " 查看活动  " + string(d.West.ID) + " 党课 2026-05-20"}
		}
		expect.Equal(t, login+", in the trail", page.trail, lines)
	}
}

package main

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jifen/internal/api"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/app/rules"
	"jifen/internal/domain"
	"jifen/internal/testkit"
	"jifen/internal/web"
)

// populations lists the routes that may read up to four snapshots: what a population
// comes to is computed before, once for all who ask the same, and what is shown is
// then read on the last (standings.LookAt).
func populations() []string {
	return []string{
		"/branches", "/branches/:id", "/ranking", "/ranking/export", "/exports/file", "/group", "/me", "/members/:id",
		"/api/v1/rankings", "/api/v1/group", "/api/v1/exports/:table", "/api/v1/alerts", "/api/v1/members/:id/standing",
	}
}

// visited is a town in which every address leads to something.
type visited struct {
	*doors
	entry    domain.EntryID // of E2
	draft    int64          // of E2
	returned domain.RequestID
	change   domain.ChangeID // of E2
}

// visit fills a town.
func visit(t *testing.T) *visited {
	t.Helper()
	d, records := someTown(t)
	out := &visited{doors: d, entry: records["E2"].Entry}
	ctx, day := t.Context(), testkit.Day(t, "2026-05-10")
	d.HandIn(t, domain.AttendanceRequest) // of activity 1
	claim, err := d.Entries.Post(ctx, d.Member, entries.EntryInput{Member: "E2", Item: "好事", On: day}, "")
	if err == nil {
		_, err = d.Ledger.Requests.Decide(ctx, d.Secretary, []requests.Ruling{{Request: claim.Request}},
			requests.Answer{Reason: "写清楚"}, "")
	}
	if err == nil {
		out.draft, err = d.Ledger.Requests.SaveDraft(ctx, d.Member, 0, map[string]string{"item": "好事"})
	}
	if err == nil {
		_, err = d.Ledger.Move(ctx, d.Clerk, members.Move{Member: "W1", To: d.East.ID, From: day}, "")
	}
	if err == nil {
		text := strings.Replace(testkit.Rules, "施行: 2026-01-01", "施行: 2026-07-01", 1)
		_, err = d.Enactment.Propose(ctx, d.Clerk, rules.Proposal{Org: d.Street.ID, Source: []byte(text)})
	}
	if err == nil {
		_, err = d.Ledger.ChangeFact(ctx, d.Secretary, members.FactChange{Member: "E2", Attribute: "人员类别", Value: "预备党员",
			From: day}, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	history, err := d.Members.History(ctx, d.Secretary, "E2")
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range history.Items {
		if item.What == "人员类别" {
			out.change = item.ID
		}
	}
	out.returned = claim.Request
	return out
}

// addresses returns addresses of a route: the route itself, with what is there in the
// place of its parameters, and some that ask for more.
func (d *visited) addresses(route string) []string {
	east := string(d.East.ID)
	record := domain.SourceID{Entry: d.entry}.String()
	plain := strings.NewReplacer(
		"/branches/:id", "/branches/"+east, "/orgs/:id", "/orgs/"+east, "/members/:id", "/members/E2",
		"/entries/:id", "/entries/"+strconv.Itoa(int(d.entry)), ":record", record, ":change", d.change.String(), ":id", "1",
		":table", "people", "/exports/file", "/exports/file?table=people",
		"*file", "none.css",
	).Replace(route)
	more := map[string][]string{
		"/me": {"?period=2026", "?asof=2026-05-20"}, "/members/:id": {"?asof=2026-05-20"},
		"/me/claims/new": {
			"?item=服务", "?draft=" + strconv.FormatInt(d.draft, 10), "?follows=" + d.returned.String(),
		},
		"/branches":     {"?asof=2026-05-20", "?community=" + string(d.East.Parent)},
		"/branches/:id": {"?asof=2026-05-20"}, "/branches/:id/entries": {"?item=好事"},
		"/ranking": {"?category=党员"}, "/entries/new": {"?item=服务&member=E2"},
		"/rules": {"?on=2026-05-20"}, "/trail": {"?who=clerk"},
		"/accounts": {"?role=支部书记"}, "/accounts/:id": {"?role=支部书记"},
	}
	out := []string{plain}
	if strings.HasSuffix(route, "/handover") {
		out = []string{"/members/W1/handover?from=2026-05-10"}
	}
	for _, query := range more[route] {
		out = append(out, plain+query)
	}
	return out
}

// TestAnAnswerIsOfOneInstant: whatever is read over HTTP comes from one snapshot,
// beside those by which it is known who asks.
func TestAnAnswerIsOfOneInstant(t *testing.T) {
	t.Parallel()
	d := visit(t)
	// A fresh clone has no assets, the town no district,
	// and there is no provider of identities.
	shown := map[string]bool{"/assets/none.css": true, "/streets": true, "/login/provider": true,
		"/login/provider/callback": true}
	for _, login := range []string{"member", "secretary", "leader", "community", "clerk", "auditor", "admin", "security"} {
		p := d.person(t, login)
		for _, r := range routes(&web.Site{}, &api.API{}) {
			if r.Method != http.MethodGet {
				continue
			}
			most := int64(1)
			if slices.Contains(populations(), r.Path) {
				most = 4
			}
			for _, path := range d.addresses(r.Path) {
				status, n := p.snapshots(path)
				shown[path] = shown[path] || status == http.StatusOK || r.Path == "/" && status == http.StatusSeeOther
				if n > most {
					t.Errorf("%s as %s (%d) reads %d snapshots, at most %d: let one use case compose them",
						path, login, status, n, most)
				}
			}
		}
	}
	for path, ok := range shown {
		if !ok {
			t.Errorf("%s was shown to nobody: give the route an address of something that is there", path)
		}
	}
}

// snapshots asks an address and counts the snapshots of the answer, beside those by
// which it is known who asks: as many as an answer takes that reads nothing.
func (p *person) snapshots(path string) (status int, n int64) {
	p.t.Helper()
	token, nothing := "", "/healthz"
	if strings.HasPrefix(path, api.Prefix) {
		token, nothing = p.token, api.Prefix+"/openapi.yaml"
	}
	before := p.doors.Reads()
	p.get(nothing, token)
	between := p.doors.Reads()
	status, _ = p.get(path, token)
	return status, p.doors.Reads() - between - (between - before)
}

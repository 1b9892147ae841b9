package main

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// lists returns the answer to each role that asks for a list of its own branch, of
// another branch of the same community, of another community's branch, of its own
// community, of the street, and of an organisation that is not there.
func lists() map[string]map[string]int {
	const all, none, denied = http.StatusOK, http.StatusNotFound, http.StatusForbidden
	row := func(east, north, west, community, street, nowhere int) map[string]int {
		return map[string]int{
			"东支部": east, "北支部": north, "西支部": west, "东社区": community, "示例街道": street, "无此支部": nowhere,
		}
	}
	return map[string]map[string]int{
		"member":    row(denied, denied, denied, denied, denied, denied),
		"secretary": row(all, none, none, none, none, none),
		"community": row(all, all, none, all, none, none),
		"clerk":     row(all, all, all, all, all, none),
		"auditor":   row(all, all, all, all, all, none),
		"admin":     row(denied, denied, denied, denied, denied, denied),
	}
}

// warnedTown is someTown with an open alert of a member of each of the three branches.
func warnedTown(t *testing.T) (*doors, map[string]domain.OrgID) {
	t.Helper()
	d, _ := someTown(t)
	for _, id := range []domain.MemberID{"E2", "N1", "W1"} {
		for _, on := range []string{"2026-04-05", "2026-04-06", "2026-04-07"} {
			e := entries.EntryInput{
				Member: id, Item: "处理", On: testkit.Day(t, on), Points: "-12", Fields: map[string]string{"程度": "重"},
			}
			if _, err := d.Entries.Post(t.Context(), d.Clerk, e, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	ids := map[string]domain.OrgID{"无此支部": "999"}
	err := d.DB.Read(t.Context(), func(v *store.Snapshot) error {
		orgs, err := v.Orgs(access.System("the test looks at all"), "")
		for _, o := range orgs {
			ids[o.Name] = o.ID
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d, ids
}

// exported asks for the table of jifen export ranking.
func (p *person) exported(org string) (seen, standings.RankingTable) {
	p.t.Helper()
	var table standings.RankingTable
	out := p.look(func() (int, string) {
		command := &rankingCommand{Org: org, acting: acting{As: p.login}}
		var err error
		table, err = command.table(p.t.Context(), p.doors.house, p.actor)
		switch code := fault.CodeOf(err); {
		case err == nil:
			return http.StatusOK, ""
		case code == fault.NotFound:
			return http.StatusNotFound, ""
		case code == fault.Forbidden:
			return http.StatusForbidden, ""
		default:
			p.t.Fatal(err)
			return 0, ""
		}
	})
	return out, table
}

// TestARankingIsReadAlike: by page, over the API and in the file that a page or a
// command hands out everybody is told the same of every organisation, in the same
// order. Only a file leaves a line in the trail, the same from a page as from a command.
func TestARankingIsReadAlike(t *testing.T) {
	t.Parallel()
	d, ids := warnedTown(t)
	for login, asks := range lists() {
		p := d.person(t, login)
		for org, want := range asks {
			what, query := login+" reads the ranking of "+org, "?org="+string(ids[org])
			page, answer := p.page("/ranking"+query), p.api("/rankings"+query)
			expect.Equal(t, what+" on the page", page.status, want)
			expect.Equal(t, what+" over the API", answer.status, want)
			expect.Empty(t, what+" on the page, in the trail", page.trail)
			expect.Empty(t, what+" over the API, in the trail", answer.trail)
			handed := want
			if !p.actor.May(access.Export) {
				handed = http.StatusForbidden
			}
			file := p.page("/ranking/export" + query)
			printed, table := p.exported(org)
			expect.Equal(t, what+" in the page's file", file.status, handed)
			if want == http.StatusNotFound { // a name is looked for before anything is asked for
				handed = want
			}
			expect.Equal(t, what+" in the command's file", printed.status, handed)
			expect.Equal(t, what+" in a file, in the trail", printed.trail, file.trail)
			expect.Equal(t, what+" in a file: lines in the trail", len(file.trail) == 1, handed == http.StatusOK)
			if want != http.StatusOK {
				expect.Lacks(t, page.body, "示例东", "示例北", "示例西")
				expect.Lacks(t, answer.body, "示例东", "示例北", "示例西")
				continue
			}
			sameRanking(t, what, page.body, answer.body, table)
		}
	}
}

// sameRanking compares the rows of a page, an answer and a file; the table of who may
// have no file is empty.
func sameRanking(t *testing.T, what, page, answer string, table standings.RankingTable) {
	t.Helper()
	var ranking struct {
		Members []struct {
			Member struct{ Name string }
			Total  string
			Place  struct{ Place int }
		}
	}
	if err := json.Unmarshal([]byte(answer), &ranking); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	expect.True(t, len(ranking.Members) > 0, what+": somebody is ranked", ranking)
	shown := expect.NewPage(t, what, page).Count(".members tbody tr", len(ranking.Members))
	if len(table.Rows) > 0 {
		expect.Len(t, what+": the file", table.Rows, len(ranking.Members))
	}
	var names []string
	for i := range ranking.Members {
		m := &ranking.Members[i]
		names = append(names, m.Member.Name)
		shown.In(".members tbody tr", m.Member.Name).Has("strong", m.Total).Has("td", strconv.Itoa(m.Place.Place))
		if len(table.Rows) > 0 {
			row := strings.Join(table.Rows[i], " ")
			expect.Contains(t, row, m.Member.Name, m.Total, strconv.Itoa(m.Place.Place))
		}
	}
	expect.InOrder(t, shown.Text(".members"), names...)
}

// TestAlertsAreReadAlike: the page of a branch and the API tell the same alerts to the
// same people, and neither leaves a line.
func TestAlertsAreReadAlike(t *testing.T) {
	t.Parallel()
	d, ids := warnedTown(t)
	for login, asks := range lists() {
		p := d.person(t, login)
		for org, want := range asks {
			what := login + " reads the alerts of " + org
			answer := p.api("/alerts?org=" + string(ids[org]))
			expect.Equal(t, what+" over the API", answer.status, want)
			expect.Empty(t, what+" over the API, in the trail", answer.trail)
			if strings.HasSuffix(org, "支部") {
				page := p.page("/branches/" + string(ids[org]))
				expect.Equal(t, what+" on the page", page.status, want)
				expect.Empty(t, what+" on the page, in the trail", page.trail)
				sameAlerts(t, what, want, page.body, answer.body)
			}
		}
	}
}

// sameAlerts compares the alerts of a page and of an answer.
func sameAlerts(t *testing.T, what string, status int, page, answer string) {
	t.Helper()
	if status != http.StatusOK {
		expect.Lacks(t, page, "示例东", "示例北", "示例西")
		expect.Lacks(t, answer, "示例东", "示例北", "示例西")
		return
	}
	var told struct {
		Alerts []struct {
			Member       struct{ Name string }
			Name, Level  string
			Suggest, Due string
		}
	}
	if err := json.Unmarshal([]byte(answer), &told); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	expect.True(t, len(told.Alerts) > 0, what+": something is open", told)
	shown := expect.NewPage(t, what, page).Count(".alerts li", len(told.Alerts))
	for _, a := range told.Alerts {
		shown.In(".alerts li", a.Member.Name).Shows(a.Name, a.Level, a.Suggest)
	}
}

// TestTheOverviewListsWhatOneSees: the branches of the scope, each with the alerts that
// the API tells of it; it leaves no line.
func TestTheOverviewListsWhatOneSees(t *testing.T) {
	t.Parallel()
	d, ids := warnedTown(t)
	branches := []string{"东支部", "北支部", "西支部"}
	for login, asks := range lists() {
		p := d.person(t, login)
		page := p.page("/branches")
		want := http.StatusForbidden
		if p.actor.May(access.SeeBranches) {
			want = http.StatusOK
		}
		expect.Equal(t, login+" reads the overview", page.status, want)
		expect.Empty(t, login+" reads the overview, in the trail", page.trail)
		if want != http.StatusOK {
			continue
		}
		for _, branch := range branches {
			shown := expect.NewPage(t, login, page.body)
			if asks[branch] != http.StatusOK {
				shown.HasNo(".branches tbody tr", branch)
				continue
			}
			var told struct{ Alerts []any }
			if err := json.Unmarshal([]byte(p.api("/alerts?org="+string(ids[branch])).body), &told); err != nil {
				t.Fatal(err)
			}
			shown.In(".branches tbody tr", branch).Has(".num", strconv.Itoa(len(told.Alerts)))
		}
	}
}

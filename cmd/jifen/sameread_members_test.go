package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// relations returns the answer to each role that reads of himself, of one of his own
// branch, of another branch of the same community, of another community, and of a
// number that nobody has.
func relations() map[string]map[domain.MemberID]int {
	const all, none, denied = http.StatusOK, http.StatusNotFound, http.StatusForbidden
	return map[string]map[domain.MemberID]int{
		"member":    {"E2": all, "E1": denied, "N1": denied, "W1": denied, "X9": denied}, // is E2
		"secretary": {"E1": all, "E2": all, "N1": none, "W1": none, "X9": none},          // is E1, of the east
		"community": {"E1": all, "E2": all, "N1": all, "W1": none, "X9": none},
		"clerk":     {"E1": all, "E2": all, "N1": all, "W1": all, "X9": none},
		"auditor":   {"E1": all, "E2": all, "N1": all, "W1": all, "X9": none},
		"admin":     {"E1": denied, "E2": denied, "N1": denied, "W1": denied, "X9": denied},
	}
}

// someTown is the town with a second branch in the eastern community, in which N1
// is at home, and something recorded of everybody. It returns an entry of each.
func someTown(t *testing.T) (*doors, map[domain.MemberID]domain.SourceID) {
	t.Helper()
	town := testkit.New(t)
	err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		north, err := tx.InsertOrg(domain.Org{Parent: town.East.Parent, Level: domain.Branch, Kind: "社区", Name: "北支部"})
		if err != nil {
			return err
		}
		return errors.Join(tx.InsertMember("N1", "示例北1", "slb"), tx.InsertAffiliation(
			domain.Affiliation{Member: "N1", Kind: domain.Home, Org: north.ID, From: calendar.Of(2020, 1, 1)}, 0))
	})
	if err != nil {
		t.Fatal(err)
	}
	records := map[domain.MemberID]domain.SourceID{}
	for i, id := range []domain.MemberID{"E1", "E2", "N1", "W1"} {
		points := strconv.Itoa(i + 1) // everybody has another total
		e := entries.EntryInput{Member: id, Item: "酌情", On: testkit.Day(t, "2026-05-01"), Points: points}
		done, err := town.Entries.Post(t.Context(), town.Clerk, e, "")
		if err != nil {
			t.Fatal(err)
		}
		records[id] = domain.SourceID{Entry: done.Entry}
	}
	return openDoors(t, town), records
}

// TestAMembersPointsAreReadAlike: by page and by API everybody is told the same of
// everybody, and the trail has the same of it: a line of who looks at another, none
// of who looks at himself or is told nothing.
func TestAMembersPointsAreReadAlike(t *testing.T) {
	t.Parallel()
	d, _ := someTown(t)
	for login, meets := range relations() {
		p := d.person(t, login)
		for id, want := range meets {
			what := login + " reads " + string(id)
			path := "/members/" + string(id)
			if p.actor.Member == id && p.actor.May(access.SeeOwn) {
				path = "/me"
			}
			page, answer := p.page(path), p.api("/members/"+string(id)+"/standing")
			expect.Equal(t, what+" on the page", page.status, want)
			expect.Equal(t, what+" over the API", answer.status, want)
			lines := p.looked(want, id, "")
			expect.Equal(t, what+" on the page, in the trail", page.trail, lines)
			expect.Equal(t, what+" over the API, in the trail", answer.trail, lines)
			if want != http.StatusOK {
				for _, name := range []string{"示例东", "示例西"} { // the head names the street
					expect.Lacks(t, page.body, name)
					expect.Lacks(t, answer.body, name)
				}
				continue
			}
			var standing struct {
				Member struct{ Name string }
				Total  string
			}
			if err := json.Unmarshal([]byte(answer.body), &standing); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			shown := expect.NewPage(t, what, page.body)
			expect.Equal(t, what+": the total", shown.Text(".total-number"), standing.Total)
			expect.Equal(t, what+": the total", standing.Total, total(id))
			expect.Contains(t, shown.Text("main"), standing.Member.Name)
		}
	}
}

// total returns the points that everybody of someTown comes to.
func total(id domain.MemberID) string {
	return map[domain.MemberID]string{"E1": "81", "E2": "82", "N1": "83", "W1": "84"}[id]
}

// looked returns what the trail has of a look that was answered with a status.
func (p *person) looked(status int, id domain.MemberID, detail string) []string {
	p.t.Helper()
	if status != http.StatusOK || p.actor.Member == id {
		return nil
	}
	var m domain.Member
	err := p.doors.DB.Read(p.t.Context(), func(v *store.Snapshot) (err error) {
		m, err = v.Member(access.System("the test looks at all"), id)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	line := strings.Join([]string{p.actor.Name, "查看个人明细", string(id), string(m.Home.ID), detail}, " ")
	return []string{strings.TrimSpace(line)}
}

// TestWhatWasRecordedOfAMemberIsReadAlike: the page on which it is changed and the
// command that prints it tell the same lines, to who may do both.
func TestWhatWasRecordedOfAMemberIsReadAlike(t *testing.T) {
	t.Parallel()
	d, _ := someTown(t)
	for _, id := range []domain.MemberID{"E1", "E2", "N1", "W1"} {
		f := members.FactChange{Member: id, Attribute: "处分", Value: "警告", From: testkit.Day(t, "2026-03-01")}
		if _, err := d.Ledger.ChangeFact(t.Context(), d.Clerk, f, ""); err != nil {
			t.Fatal(err)
		}
	}
	for login, meets := range relations() {
		p := d.person(t, login)
		for id, want := range meets {
			what := login + " reads what was recorded of " + string(id)
			if p.login == "member" {
				want = http.StatusForbidden // of himself too: he is told by those who look after him
			}
			printed := p.printed(id)
			expect.Equal(t, what+" by command", printed.status, want)
			expect.Equal(t, what+" by command, in the trail", printed.trail, p.looked(want, id, "登记过的"))
			if p.login == "auditor" {
				want = http.StatusForbidden // the page is for who changes something
			}
			page := p.page("/members/" + string(id) + "/changes")
			expect.Equal(t, what+" on the page", page.status, want)
			expect.Equal(t, what+" on the page, in the trail", page.trail, p.looked(want, id, "登记过的"))
			if want != http.StatusOK {
				expect.Lacks(t, page.body, "警告")
				continue
			}
			rows := expect.NewPage(t, what, page.body).In("section", "登记过的")
			for _, row := range strings.Split(strings.TrimSpace(printed.body), "\n")[2:] { // after the name and the heading
				for _, cell := range strings.Fields(row)[:3] {
					rows.Has("tr", cell)
				}
			}
			rows.Count("tbody tr", strings.Count(printed.body, "\n")-2)
			expect.Contains(t, printed.body, "警告")
		}
	}
}

// printed returns the output of jifen member show.
func (p *person) printed(id domain.MemberID) seen {
	p.t.Helper()
	return p.look(func() (int, string) {
		command := &showCommand{aboutMember{Member: string(id), acting: acting{As: p.login}}}
		text, err := command.show(p.t.Context(), p.doors.house, p.actor)
		switch code := fault.CodeOf(err); {
		case err == nil:
			return http.StatusOK, text
		case code == fault.NotFound:
			return http.StatusNotFound, ""
		case code == fault.Forbidden:
			return http.StatusForbidden, ""
		default:
			p.t.Fatal(err)
			return 0, ""
		}
	})
}

// TestEveryPageOfAMemberIsForWhoLooksAfterHim: how a record came about, what stands
// in the chains and the transfer slip are told to the same people as the points, and
// each leaves its own line, as does who he is.
func TestEveryPageOfAMemberIsForWhoLooksAfterHim(t *testing.T) {
	t.Parallel()
	d, records := someTown(t)
	for login, meets := range relations() {
		p := d.person(t, login)
		for id, want := range meets {
			what, path := login+" reads "+string(id), "/members/"+string(id)
			name := p.api(path)
			expect.Equal(t, what+": who he is", name.status, want)
			expect.Equal(t, what+": who he is, in the trail", name.trail, p.looked(want, id, "姓名和支部"))
			source := records[id]
			if id == "X9" {
				source = records["E2"] // another's
			}
			own := p.actor.Member == id && p.actor.May(access.SeeOwn)
			record := p.page(path + "/records/" + source.String())
			if own {
				record = p.page("/me/records/" + source.String())
			}
			expect.Equal(t, what+": how a record came about", record.status, want)
			expect.Equal(t, what+": how a record came about, in the trail", record.trail,
				p.looked(want, id, "来龙去脉：酌情 2026-05-01"))
			chain := p.page(path + "/links")
			if own {
				want = http.StatusForbidden // it is no page of one's own
			}
			expect.Equal(t, what+": the chain", chain.status, want)
			expect.Equal(t, what+": the chain, in the trail", chain.trail, p.looked(want, id, "封存记录"))
			slip := p.page(path + "/handover?from=2026-05-01")
			if want == http.StatusOK {
				want = http.StatusNotFound // nobody moved
			}
			expect.Equal(t, what+": the transfer slip", slip.status, want)
			expect.Empty(t, what+": the transfer slip, in the trail", slip.trail)
		}
	}
}

// TestATransferSlipLeavesItsLine: of who moved, to who looks after him now, and to
// nobody else.
func TestATransferSlipLeavesItsLine(t *testing.T) {
	t.Parallel()
	d, _ := someTown(t)
	move := members.Move{Member: "E2", To: d.West.ID, From: testkit.Day(t, "2026-05-10")}
	if _, err := d.Ledger.Move(t.Context(), d.Clerk, move, ""); err != nil {
		t.Fatal(err)
	}
	for login, want := range map[string]int{
		"clerk": http.StatusOK, "auditor": http.StatusOK, "community": http.StatusNotFound, "secretary": http.StatusNotFound,
		"admin": http.StatusForbidden, "member": http.StatusForbidden,
	} {
		p := d.person(t, login)
		slip := p.page("/members/E2/handover?from=2026-05-10")
		expect.Equal(t, login+" reads a transfer slip", slip.status, want)
		var lines []string
		if want == http.StatusOK {
			lines = []string{login + " 查看个人明细 E2 " + string(d.East.ID) + " 转接单"} // of the branch that he left
		}
		expect.Equal(t, login+" reads a transfer slip, in the trail", slip.trail, lines)
		if want == http.StatusOK {
			expect.Contains(t, expect.NewPage(t, login, slip.body).Text("main"), "示例东2", "总分 82")
		}
	}
}

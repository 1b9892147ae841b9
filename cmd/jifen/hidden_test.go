package main

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// walked is one kind of thing that an address names by an id.
type walked struct {
	address string // with %s for the id
	absent  string // an id that nothing has
	ids     []string
	may     func(a *access.Actor, id string) bool // by access alone
}

// everything returns every kind, with all ids that the town has and some that it has not.
func everything(t *testing.T, d *doors) []walked {
	t.Helper()
	homes, branches, orgs := map[string]string{}, map[string]string{}, map[string]string{}
	held := map[string]string{} // paths by activity
	for i, at := range []*domain.Org{&d.East, &d.West} {
		r, err := d.Activities.Record(t.Context(), d.Clerk, activities.ActivityInput{
			Org: at.ID, Kind: "党课", On: testkit.Day(t, "2026-05-20"),
			Lines: []activities.Line{{Member: domain.MemberID([]string{"E2", "W1"}[i]), Status: domain.Present}},
		}, "")
		if err != nil {
			t.Fatal(err)
		}
		held[fmt.Sprint(int64(r.Activity))] = at.Path
	}
	if err := d.DB.Write(t.Context(), func(tx *store.Tx) error { // E1 is in none, and W1 in one of another branch
		f := domain.Fact{Attribute: domain.Group, From: testkit.Day(t, "2026-02-01"),
			Value: domain.Value{Text: testkit.LedGroup}}
		return errors.Join(tx.InsertFact("E2", f, 0), tx.InsertFact("W1", f, 0))
	}); err != nil {
		t.Fatal(err)
	}
	all := access.System("the test looks at all")
	if err := d.DB.Read(t.Context(), func(v *store.Snapshot) error {
		people, err := v.Members(all, "")
		if err != nil {
			return err
		}
		for i := range people {
			homes[string(people[i].ID)] = people[i].Home.Path
		}
		list, err := v.Orgs(all, "")
		for i := range list {
			orgs[string(list[i].ID)] = list[i].Path
			if list[i].Level == domain.Branch {
				branches[string(list[i].ID)] = list[i].Path
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var numbers, ranked []string
	for n := range 30 {
		numbers = append(numbers, fmt.Sprint(n))
	}
	numbers = append(numbers, "-1", "999999")
	odd := append(slices.Clone(numbers), "99999999999999999999", "x", "1.5")
	for _, n := range numbers { // 0 is not said; of a district each street has its own ranking
		if n != "0" && n != string(d.District.ID) {
			ranked = append(ranked, n)
		}
	}
	names := []string{"W9", "E", "999", "E1x", "E-1"}
	for id := range homes {
		names = append(names, id)
	}
	below := func(p access.Permission, paths map[string]string) func(*access.Actor, string) bool {
		return func(a *access.Actor, id string) bool { return paths[id] != "" && a.Scope(p).Covers(paths[id]) }
	}
	member := func(a *access.Actor, id string) bool {
		return homes[id] != "" && a.Scope(access.SeeMembers).Sees(domain.MemberID(id), homes[id])
	}
	return []walked{
		{"/members/%s", "X9", names, member},
		{"/members/%s/links", "X9", names, member},
		{"/branches/%s", "888", odd, below(access.SeeMembers, branches)},
		{"/branches/%s/groups", "888", odd, below(access.SeeMembers, branches)},
		{"API /branches/%s/groups", "888", odd, below(access.SeeMembers, branches)},
		{"/orgs/%s", "888", odd, below(access.SeeBranches, orgs)},
		{"/activities/%s", "888", numbers, below(access.SeeMembers, held)},
		{"API /members/%s", "X9", names, func(a *access.Actor, id string) bool {
			return member(a, id) || homes[id] != "" && a.Scope(access.SeeOwn).Sees(domain.MemberID(id), homes[id])
		}},
		{"API /rankings?org=%s", "888", ranked, below(access.SeeMembers, orgs)},
	}
}

// TestWhatComesIsWhatAccessAllows walks every id of every kind as every role: what access
// allows is answered, everything else with the bytes of what there is not.
func TestWhatComesIsWhatAccessAllows(t *testing.T) {
	t.Parallel()
	testkit.InBothTrees(t, testWhatComes)
}

func testWhatComes(t *testing.T, town *testkit.Town) {
	d := openDoors(t, town)
	kinds, shown := everything(t, d), map[string]int{}
	logins := []string{"member", "leader", "secretary", "community", "clerk", "auditor", "admin"}
	if town.Neighbours != nil {
		logins = append(logins, "neighbour") // the clerk of the street beside
	}
	for _, login := range logins {
		p := d.person(t, login)
		for _, k := range kinds {
			ask := p.page
			address, api := strings.CutPrefix(k.address, "API ")
			if api {
				ask = p.api
			}
			absent := ask(fmt.Sprintf(address, k.absent))
			if absent.status == http.StatusOK || absent.status >= 500 {
				t.Errorf("%s %s, which is absent: %d", login, k.address, absent.status)
			}
			for _, id := range k.ids {
				what, got := login+" "+fmt.Sprintf(k.address, id), ask(fmt.Sprintf(address, id))
				if k.may(p.actor, id) {
					expect.Equal(t, what, got.status, http.StatusOK)
					shown[k.address]++
					continue
				}
				expect.Equal(t, what, got.status, absent.status)
				if same := bare(got.body, fmt.Sprintf(address, id)) == bare(absent.body, fmt.Sprintf(address, k.absent)); !same {
					t.Errorf("%s is told apart from what is absent", what)
				}
			}
		}
	}
	for _, k := range kinds {
		if shown[k.address] == 0 {
			t.Errorf("%s was never answered: nothing is proved", k.address)
		}
	}
}

// bare returns an answer without the address that was asked for and the request's id, which
// no two requests share.
func bare(body, address string) string {
	id := regexp.MustCompile(`请求编号 [0-9a-f]{16}`)
	return id.ReplaceAllString(strings.ReplaceAll(body, address, ""), "")
}

package entries_test

import (
	"fmt"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestWhatAStreetDoesMakesNothingStaleInAnother: what is held of a member is used after
// whatever changed in the other street, and is read anew after the same in his own, above
// it, or in a street where he was at home before.
func TestWhatAStreetDoesMakesNothingStaleInAnother(t *testing.T) {
	t.Parallel()
	town := testkit.NewInDistrict(t)
	n, posted := town.Neighbours, 0
	post := func(by *access.Actor, member domain.MemberID) (kept bool) {
		t.Helper()
		posted++
		in := entries.EntryInput{Member: member, Item: "好事", On: testkit.Day(t, "2026-05-20"), Note: fmt.Sprint(posted)}
		_, kept, err := town.Entries.PostKept(t.Context(), by, in, "")
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	stays := func(what string, member domain.MemberID, by *access.Actor, want bool, change func(tx *store.Tx) error) {
		t.Helper()
		for range 2 { // then what is held is of now
			post(by, member)
		}
		if !post(by, member) {
			t.Errorf("%s: nothing changed, and what is held is not used", what)
		}
		if err := town.DB.Write(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		if kept := post(by, member); kept != want {
			t.Errorf("%s: what is held of %s is used: %v, want %v", what, member, kept, want)
		}
	}
	changes := func(street, branch domain.Org, i int) map[string]func(tx *store.Tx) error {
		id := domain.MemberID(fmt.Sprint("X", i))
		return map[string]func(tx *store.Tx) error{
			"a period locked": func(tx *store.Tx) error { return tx.InsertPeriodStep(branch.ID, "2025", true, 0) },
			"a text in force": func(tx *store.Tx) error {
				return tx.InsertEnactment(domain.RuleVersion{Org: street.ID, Code: "另一份", From: testkit.Day(t, "2027-01-01"),
					Hash: fmt.Sprint("hash ", i), Source: "x"}, 0)
			},
			"a branch renamed": func(tx *store.Tx) error {
				_, err := tx.ChangeOrg(branch, domain.OrgChange{Kind: domain.OrgRenamed, Name: fmt.Sprint("支部", i),
					From: testkit.Day(t, "2026-05-01")}, 0)
				return err
			},
			"a member taken in": func(tx *store.Tx) error {
				return members.EnrolTx(tx, &members.Enrolment{ID: id, Name: "示例新", Home: branch.ID,
					From: testkit.Day(t, "2026-05-01")}, 0)
			},
		}
	}
	for what, change := range changes(town.Street, town.West, 1) {
		stays(what+" in the other street", "N1", n.Clerk, true, change)
	}
	for what, change := range changes(n.Street, n.Branch, 2) {
		stays(what, "N1", n.Clerk, false, change)
	}
	stays("an account opened above", "N1", n.Clerk, true, func(tx *store.Tx) error {
		_, err := tx.InsertAccount(domain.Account{Login: "above", Name: "above"}, 0)
		return err
	})
	stays("a text in force above", "N1", n.Clerk, false, func(tx *store.Tx) error {
		return tx.InsertEnactment(domain.RuleVersion{Org: town.District.ID, Code: "区里的", From: testkit.Day(t, "2027-01-01"),
			Hash: "above", Source: "x"}, 0)
	})
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertAffiliation(domain.Affiliation{Member: "N1", Kind: domain.Home, Org: town.West.ID,
			From: testkit.Day(t, "2026-05-10")}, 0)
	}); err != nil {
		t.Fatal(err)
	}
	for what, change := range changes(n.Street, n.Branch, 3) {
		if what != "a period locked" { // it is
			stays(what+" where he was before", "N1", town.Clerk, false, change)
		}
	}
	for what, change := range changes(town.Street, town.West, 4) {
		stays(what+" where he is now", "N1", town.Clerk, false, change)
	}
}

package accounts_test

import (
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestWhatIsHeldOfATokenIsNeverStale: a token that was used a moment ago opens nothing
// once it is revoked or its account is closed, and has the rights of now.
func TestWhatIsHeldOfATokenIsNeverStale(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	write := func(work func(tx *store.Tx) error) {
		t.Helper()
		if err := town.DB.Write(t.Context(), work); err != nil {
			t.Fatal(err)
		}
	}
	bearer := func(token string) *access.Actor {
		t.Helper()
		actor, err := town.Accounts.Bearer(t.Context(), token, town.Later(0))
		if err != nil {
			t.Fatal(err)
		}
		return actor
	}
	first, second := token(t, town, "secretary", time.Hour), token(t, town, "secretary", time.Hour)
	if held := bearer(first); held != bearer(first) {
		t.Error("who a token speaks for is read again though nothing changed")
	}
	if bearer(first).Has(domain.RoleStreet) || !bearer(second).Has(domain.RoleSecretary) {
		t.Error("the secretary has another role to begin with")
	}
	write(func(tx *store.Tx) error {
		return tx.InsertAssignment(town.Secretary.Account, domain.RoleStreet, town.Street.ID, false, 0)
	})
	if !bearer(first).Has(domain.RoleStreet) {
		t.Error("a role that was given is not there")
	}
	write(func(tx *store.Tx) error {
		return tx.InsertAssignment(town.Secretary.Account, domain.RoleSecretary, town.East.ID, true, 0)
	})
	if bearer(first).Has(domain.RoleSecretary) {
		t.Error("a role that was ended is there")
	}
	list := own(t, town, town.Secretary)
	if err := town.Accounts.RevokeOwnToken(t.Context(), town.Secretary, list[len(list)-1].ID); err != nil {
		t.Fatal(err)
	}
	if opens(t, town, first) == opens(t, town, second) {
		t.Error("of two tokens one was revoked, and both open or none does")
	}
	write(func(tx *store.Tx) error {
		a, err := tx.Account(town.Secretary.Account)
		a.Closed = true
		if err != nil {
			return err
		}
		return tx.CloseAccount(a, 0)
	})
	if opens(t, town, first) || opens(t, town, second) {
		t.Error("a token of a closed account opens")
	}
}

// TestWhatAnEntryIsNotJudgedByLeavesTokensHeld: recording does not make everybody's
// rights be read again.
func TestWhatAnEntryIsNotJudgedByLeavesTokensHeld(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	key := token(t, town, "secretary", time.Hour)
	before, err := town.Accounts.Bearer(t.Context(), key, town.Later(0))
	if err != nil {
		t.Fatal(err)
	}
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		m, err := tx.Member(access.System("test"), "E2")
		if err != nil {
			return err
		}
		e := domain.Entry{Item: "好事", On: calendar.Of(2026, 5, 1)}
		_, err = tx.InsertEntry(&m, domain.NewEntry{Entry: e}, town.Secretary.Account)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if after, err := town.Accounts.Bearer(t.Context(), key, town.Later(0)); err != nil || after != before {
		t.Errorf("read again: %v", err)
	}
}

// TestRightsInAStreetMakeNoTokenStaleInAnother: who a token speaks for is held whatever
// accounts do in the other street, and read anew wherever his own rights may have changed,
// also once he has come from another street.
func TestRightsInAStreetMakeNoTokenStaleInAnother(t *testing.T) {
	t.Parallel()
	town := testkit.NewInDistrict(t)
	write := func(work func(tx *store.Tx) error) {
		t.Helper()
		if err := town.DB.Write(t.Context(), work); err != nil {
			t.Fatal(err)
		}
	}
	mine := token(t, town, "member", time.Hour)
	reads := func() int64 {
		t.Helper()
		was := town.Reads()
		opens(t, town, mine)
		return town.Reads() - was
	}
	reads()
	give := func(id domain.AccountID, role domain.Role, org domain.OrgID) {
		t.Helper()
		write(func(tx *store.Tx) error { return tx.InsertAssignment(id, role, org, false, 0) })
	}
	move := func(to domain.OrgID, on string) {
		t.Helper()
		day, err := calendar.Parse(on)
		if err != nil {
			t.Fatal(err)
		}
		write(func(tx *store.Tx) error {
			return tx.InsertAffiliation(domain.Affiliation{Member: town.Member.Member, Kind: domain.Home, Org: to,
				From: day}, 0)
		})
	}
	for _, step := range []struct {
		what string
		do   func()
		want bool
	}{
		{"a role in the other street", func() {
			give(town.Neighbours.Clerk.Account, domain.RoleSecretary, town.Neighbours.Branch.ID)
		}, false},
		{"a role in his street", func() { give(town.Clerk.Account, domain.RoleSecretary, town.West.ID) }, true},
		{"a role of his in the other street", func() {
			give(town.Member.Account, domain.RoleSecretary, town.Neighbours.Branch.ID)
		}, true},
		{"that role ended", func() {
			write(func(tx *store.Tx) error {
				return tx.InsertAssignment(town.Member.Account, domain.RoleSecretary, town.Neighbours.Branch.ID, true, 0)
			})
		}, true},
		{"he moves into the other street", func() { move(town.Neighbours.Branch.ID, "2026-05-01") }, true},
		{"a role in the street where he was", func() {
			give(town.Second.Account, domain.RoleSecretary, town.West.ID)
		}, false},
		{"his account closed there", func() {
			write(func(tx *store.Tx) error {
				a, err := tx.Account(town.Member.Account)
				if err != nil {
					return err
				}
				a.Closed = true
				return tx.CloseAccount(a, 0)
			})
		}, true},
	} {
		step.do()
		if read := reads() > 0; read != step.want {
			t.Errorf("%s: who the token speaks for is read anew: %v, want %v", step.what, read, step.want)
		}
	}
	if opens(t, town, mine) {
		t.Error("the token of a closed account opens")
	}
}

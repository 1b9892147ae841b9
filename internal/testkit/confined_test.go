package testkit_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/periods"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// neighbourly records in the other street what the requests of the street may not need.
func neighbourly(t *testing.T, town *testkit.Town) {
	t.Helper()
	n := town.Neighbours
	for i := range 3 {
		if _, err := town.Entries.Post(t.Context(), n.Clerk, entries.EntryInput{Member: "N1", Item: "好事",
			On: testkit.Day(t, "2026-05-20"), Note: "邻居的事"}, fmt.Sprint("key ", i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := town.Entries.Import(t.Context(), n.Clerk, entries.Paper{Name: "台账", Entries: []entries.EntryInput{
		{Member: "N2", Item: "好事", On: testkit.Day(t, "2026-02-03"), Note: "抄录"}}}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Reverse(t.Context(), n.Clerk, 1, "重复录入", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Activities.Record(t.Context(), n.Clerk, activities.ActivityInput{Org: n.Branch.ID, Kind: "党课",
		On: testkit.Day(t, "2026-05-10"), Title: "邻课", Lines: []activities.Line{{Member: "N1", Status: "到会"},
			{Member: "N2", Status: "缺席"}}}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Ledger.ChangeFact(t.Context(), n.Clerk, members.FactChange{Member: "N2", Attribute: "豁免",
		Value: "不计", From: testkit.Day(t, "2026-05-25"), Approved: []string{"支部委员会"}}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Locks.Take(t.Context(), n.Clerk,
		periods.Step{Below: n.Street.ID, Period: "2026", Lock: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Standings.Ranking(t.Context(), n.Clerk, standings.ListQuery{Org: n.Street.ID}); err != nil {
		t.Fatal(err)
	}
}

// answer writes what a request came to in words that can be compared.
func answer(t *testing.T, a *asked, town *testkit.Town) string {
	t.Helper()
	value, err := a.of(t, town)
	if err != nil {
		t.Errorf("%s: %v", a.what, err)
	}
	words, err := json.Marshal(value)
	if err != nil {
		t.Errorf("%s: %v", a.what, err)
	}
	return string(words)
}

// TestARequestOfAStreetNeedsNoRowOfAnother asks the same of two databases alike, by a program
// that may see all, and by one that has the rights to the rows of one street alone.
func TestARequestOfAStreetNeedsNoRowOfAnother(t *testing.T) {
	t.Parallel()
	whole, other := testkit.OwnedOnServer(t), testkit.OwnedOnServer(t)
	neighbourly(t, whole)
	neighbourly(t, other)
	confined, tables := other.Confined(t, other.Street)
	for _, list := range [][]asked{recorded(), looked()} {
		for i := range list {
			by := confined
			if list[i].beyond != "" {
				by = other
			}
			if want, got := answer(t, &list[i], whole), answer(t, &list[i], by); got != want {
				n := 0
				for n < min(len(got), len(want)) && got[n] == want[n] {
					n++
				}
				t.Errorf("%s: with the rows of the street alone the answer goes on\n%.300s\nand with all\n%.300s", list[i].what,
					got[n:], want[n:])
			}
		}
	}
	if t.Failed() {
		return
	}
	sealed := store.Root // the heads are alike too
	heads := func(town *testkit.Town) (out []domain.ChainHead) {
		if err := town.DB.Read(t.Context(), func(v *store.Snapshot) (err error) {
			out, err = v.Heads()
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if a, b := sealed(heads(whole)), sealed(heads(other)); !slices.Equal(a, b) {
		t.Errorf("the chains end with %x and %x", a, b)
	}
	inStreet, beyond := 0, 0
	for _, table := range tables {
		n, m := other.Rows(t, table, other.Street), other.Rows(t, table, other.Neighbours.Street)
		if seen := confined.Rows(t, table, other.Street); seen != n {
			t.Errorf("%s: %d rows of the street are seen of %d", table, seen, n)
		}
		if seen := confined.Rows(t, table, other.Neighbours.Street); seen != 0 {
			t.Errorf("%s: %d rows of the other street are seen", table, seen)
		}
		if n > 0 {
			inStreet++
		}
		if m > 0 {
			beyond++
		}
	}
	if len(tables) < 25 || inStreet < 15 || beyond < 12 {
		t.Errorf("%d tables, %d with rows of the street, %d with rows of the other: nothing is shown", len(tables), inStreet,
			beyond)
	}
	if _, err := confined.Members.Detail(t.Context(), access.Program("the test looks at all"), "N1",
		standings.When{}); err == nil {
		t.Error("a member of the other street is seen")
	}
	holds(t, other)
}

// TestWhatWasRecordedStaysInItsStreet moves a member into another street: what was recorded
// of him before is read in the street where that was, and nowhere else.
func TestWhatWasRecordedStaysInItsStreet(t *testing.T) {
	t.Parallel()
	town := testkit.OwnedOnServer(t)
	neighbourly(t, town)
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutSealed("N1", "手机号", []byte("box"), []byte("seek")); err != nil {
			return err
		}
		return tx.InsertAffiliation(domain.Affiliation{Member: "N1", Kind: domain.Home, Org: town.East.ID,
			From: testkit.Day(t, "2026-06-01")}, 0)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Post(t.Context(), town.Clerk, entries.EntryInput{Member: "N1", Item: "好事",
		On: testkit.Day(t, "2026-06-01"), Note: "新来的"}, ""); err != nil {
		t.Fatal(err)
	}
	here, _ := town.Confined(t, town.Street)
	both, _ := town.Confined(t, town.Street, town.Neighbours.Street)
	for what, c := range map[string]struct {
		by         *testkit.Town
		rows, mine int // of his chain, and of them those that were recorded here
	}{"all": {town, 8, 2}, "both streets": {both, 8, 2}, "his street": {here, 2, 2}} {
		chain, err := c.by.Members.Chain(t.Context(), town.Clerk, "N1")
		if err != nil {
			t.Fatal(err)
		}
		mine := 0
		for i := range chain.Entries {
			if chain.Entries[i].Chain == town.East.ID {
				mine++
			}
		}
		if len(chain.Entries) != c.rows || mine != c.mine {
			t.Errorf("by who sees %s: %d rows of his, %d of them recorded here; want %d and %d", what, len(chain.Entries), mine,
				c.rows, c.mine)
		}
	}
	holds(t, town)
}

package members_test

import (
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/standings"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestWhoHasLeft proves that who has left stays with the last branch: what was
// before the day may still be put right there, what is after it may not be.
func TestWhoHasLeft(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	deed := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-04-01")}
	e, err := town.Entries.Post(ctx, town.Secretary, deed, "")
	if err != nil {
		t.Fatal(err)
	}
	leave := func(tx *store.Tx) error { return members.LeaveTx(tx, "E2", testkit.Day(t, "2026-05-01"), 0) }
	if err := town.DB.Write(ctx, leave); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Reverse(ctx, town.Secretary, e.Entry, "记错了人", ""); err != nil {
		t.Errorf("the last branch may not put right what was before the day: %v", err)
	}
	if _, err := town.Entries.Post(ctx, town.Secretary, deed, ""); err != nil {
		t.Errorf("what was before the day: %v", err)
	}
	deed.On = testkit.Day(t, "2026-05-01")
	if _, err := town.Entries.Post(ctx, town.Secretary, deed, ""); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "已经转出") {
		t.Errorf("what is after the day: %v", err)
	}
	if _, err := town.Activities.Record(ctx, town.Secretary, town.ActivityInput(t),
		""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a meeting after the day: %v", err)
	}
	in := func(day string) bool {
		p, err := town.Standings.Current(ctx, standings.Question{Scope: town.Secretary.Scope(access.SeeMembers),
			AsOf: testkit.Day(t, day)})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(p.Rows, func(r standings.Row) bool { return r.Member.ID == "E2" })
	}
	if !in("2026-06-01") || in("2027-06-01") {
		t.Error("who left is on the lists of the year of leaving, and of no later one")
	}
	// He comes back: what was while he was gone is still not recorded here.
	if _, err := town.Ledger.Move(ctx, town.Clerk,
		members.Move{Member: "E2", To: town.East.ID, From: testkit.Day(t, "2026-05-25")}, ""); err != nil {
		t.Fatal(err)
	}
	for day, refused := range map[string]bool{"2026-04-30": false, "2026-05-01": true, "2026-05-24": true,
		"2026-05-25": false} {
		deed.On = testkit.Day(t, day)
		if _, err := town.Entries.Post(ctx, town.Secretary, deed, ""); (fault.CodeOf(err) == fault.Invalid) != refused {
			t.Errorf("%s: %v", day, err)
		}
		m := town.ActivityInput(t)
		m.On = deed.On
		if _, err := town.Activities.Record(ctx, town.Secretary, m, ""); (fault.CodeOf(err) == fault.Invalid) != refused {
			t.Errorf("a meeting of %s: %v", day, err)
		}
	}
	got := town.Totals(t)
	if got["E2"] != "75" { // 80, good deeds of 3 in April (the month's limit) and 2 in May, two meetings missed at −5
		t.Errorf("his total is %s", got["E2"])
	}
}

package entries_test

import (
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestPaperComesThroughItsOwnDoor: late and without anybody's agreement, marked,
// all or nothing, and only from who may import.
func TestPaperComesThroughItsOwnDoor(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	entry := testkit.Commendation(t, "E2")
	entry.On, entry.Note = testkit.Day(t, "2026-01-05"), ""
	bad := entry
	bad.Fields = map[string]string{"级别": "区"}
	paper := entries.Paper{Name: "2026年初台账", Entries: []entries.EntryInput{entry, bad}}
	if _, err := town.Entries.Import(t.Context(), town.Community, paper, false); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("from below: %v", err)
	}
	r, err := town.Entries.Import(t.Context(), town.Clerk, paper, false)
	expect.NoError(t, "an import with a bad line", err)
	expect.Equal(t, "how many lines are good", r.Posted, 1)
	expect.Contains(t, r.Refused[1], "区")
	town.WantTotals(t, "80", "80", "80")
	paper.Entries = paper.Entries[:1]
	r, err = town.Entries.Import(t.Context(), town.Clerk, paper, true)
	expect.NoError(t, "a try", err)
	expect.Equal(t, "how many a try would post", r.Posted, 1)
	town.WantTotals(t, "80", "80", "80")
	r, err = town.Entries.Import(t.Context(), town.Clerk, paper, false)
	expect.NoError(t, "the import", err)
	expect.Equal(t, "how many the import posts", r.Posted, 1)
	town.WantTotals(t, "80", "83", "80")
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		list, err := v.Entries(access.System("the test looks at all"), "E2", 10)
		expect.Len(t, "list", list, 1)
		expect.Equal(t, "list[0].Paper", list[0].Paper, "2026年初台账")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	// Handed in again, it is known; under another name it is another record.
	r, err = town.Entries.Import(t.Context(), town.Clerk, paper, false)
	expect.NoError(t, "the same once more", err)
	expect.Equal(t, "how many the same posts once more", r.Posted, 0)
	expect.Contains(t, r.Refused[0], "导入过")
	town.WantTotals(t, "80", "83", "80")
	forged := entry
	forged.Paper = "假台账"
	if _, err := town.Entries.Post(t.Context(), town.Secretary, forged, ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a secretary says that it is from paper: %v", err)
	}
}

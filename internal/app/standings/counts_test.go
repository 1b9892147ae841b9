package standings_test

import (
	"testing"

	"jifen/internal/app/entries"
	"jifen/internal/app/standings"
	"jifen/internal/testkit"
)

// TestWhatIsComputedIsCounted: what is held is not, what is cached counts for the
// population alone.
func TestWhatIsComputedIsCounted(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	before := town.Standings.Counts()
	says := func(when string, want standings.Counts) {
		t.Helper()
		q := standings.Question{Scope: all(), AsOf: testkit.Day(t, "2026-06-01")}
		if _, err := town.Standings.Current(ctx, q); err != nil {
			t.Fatal(err)
		}
		got := town.Standings.Counts()
		got.Populations, got.Members = got.Populations-before.Populations, got.Members-before.Members
		before = town.Standings.Counts()
		if got != want {
			t.Errorf("%s: counted %+v, want %+v", when, got, want)
		}
	}
	says("the first time", standings.Counts{Populations: 1, Members: 4})
	says("again", standings.Counts{})
	if _, err := town.Entries.Post(ctx, town.Clerk,
		entries.EntryInput{Member: "W2", Item: "好事", On: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	before = town.Standings.Counts()
	says("one has an entry more", standings.Counts{Populations: 1, Members: 1})
}

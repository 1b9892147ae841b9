package standings_test

import (
	"fmt"
	"strings"
	"testing"

	"jifen/internal/app/entries"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// review compares what is cached as of a day, with a service that has seen nothing
// before, and returns what was found in a line.
func review(t *testing.T, town *testkit.Town, today string) string {
	t.Helper()
	var out *standings.Review
	if err := town.DB.Read(ctx, func(v *store.Snapshot) (err error) {
		out, err = standings.New(nil, testkit.Zone()).Review(v, testkit.Day(t, today))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	said := []string{fmt.Sprintf("%d compared, %d stale", out.Compared, out.Stale)}
	for _, d := range out.Wrong {
		said = append(said, fmt.Sprintf("%s %s %s: %s, not %s", d.Member, d.Scheme, d.Period, d.Stored, d.Total))
	}
	return strings.Join(said, "; ")
}

// TestHonestStandingsAreTheSameAnew: whatever is recorded and asked, in whatever
// order, nothing that is cached differs from what the records come to, on any day.
func TestHonestStandingsAreTheSameAnew(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	post := func(member domain.MemberID, item, on, points string) {
		t.Helper()
		if _, err := town.Entries.Post(ctx, town.Clerk,
			entries.EntryInput{Member: member, Item: item, On: testkit.Day(t, on), Points: points}, ""); err != nil {
			t.Fatal(err)
		}
	}
	home := func(member domain.MemberID, org domain.OrgID, from string) {
		t.Helper()
		if err := town.DB.Write(ctx, func(tx *store.Tx) error {
			return tx.InsertAffiliation(domain.Affiliation{Member: member, Kind: "home", Org: org, From: testkit.Day(t, from)},
				0)
		}); err != nil {
			t.Fatal(err)
		}
	}
	asked := false
	for n, step := range []func(){
		func() {},
		func() { post("E1", "好事", "2026-05-01", "") },
		func() { post("W1", "酌情", "2026-02-01", "-5") },
		func() { home("E2", town.West.ID, "2026-04-01") },
		func() { home("W2", "", "2026-05-01") },
		func() { post("E2", "好事", "2026-05-02", "") },
		func() { home("W2", town.East.ID, "2026-05-20") },
		func() { town.Follow(t, strings.Replace(testkit.Rules, "起点: 80", "起点: 70", 1)) },
	} {
		step()
		for _, asOf := range []string{"2026-06-01", "2026-05-01", "2026-03-01", "2026-12-31", "2026-06-02"} {
			for _, below := range []string{"", town.East.Path} {
				q := standings.Question{Scope: all(), Below: below, AsOf: testkit.Day(t, asOf)}
				if _, err := town.Standings.Current(ctx, q); err != nil {
					t.Fatal(err)
				}
			}
			for _, today := range []string{"2026-06-01", "2026-04-15"} {
				got := review(t, town, today)
				if strings.Contains(got, ";") {
					t.Fatalf("after step %d, asked as of %s, on %s: %s", n, asOf, today, got)
				}
				asked = asked || got == "4 compared, 0 stale"
			}
		}
	}
	if !asked {
		t.Error("never was everybody compared")
	}
	post("E1", "好事", "2026-05-03", "")
	if got := review(t, town, "2026-06-01"); got != "3 compared, 1 stale" {
		t.Errorf("after one more deed: %s", got)
	}
}

// TestStandingsThatWereTamperedWithAreFound: every column that decides what is
// shown.
func TestStandingsThatWereTamperedWithAreFound(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if _, err := town.Entries.Post(ctx, town.Clerk,
		entries.EntryInput{Member: "W1", Item: "好事", On: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	stored := func() map[domain.MemberID]domain.CachedStanding {
		town.Standings = standings.New(town.DB, testkit.Zone()) // that holds nothing in memory
		current(t, town, "2026-06-01")
		out := map[domain.MemberID]domain.CachedStanding{}
		if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
			rows, err := v.StoredStandings(all(), nil, 10)
			for i := range rows {
				out[rows[i].Member] = rows[i].CachedStanding
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	honest := stored()
	for name, c := range map[string]struct {
		change func(r *domain.CachedStanding)
		want   string // what is found of E1
	}{
		"another's body":      {func(r *domain.CachedStanding) { r.Body = honest["W1"].Body }, "; E1 t 2026: 82, not 80"},
		"good for ever":       {func(r *domain.CachedStanding) { r.Until += 400 }, "; E1 t 2026: 80, not 80"},
		"good for a day less": {func(r *domain.CachedStanding) { r.Until-- }, "; E1 t 2026: 80, not 80"},
		"cut off": {func(r *domain.CachedStanding) { r.Body = r.Body[:len(r.Body)-1] },
			"; E1 t 2026: 读不出来, not 80"},
		"of an earlier day": {func(r *domain.CachedStanding) {
			r.Body, r.AsOf = honest["W1"].Body,
				testkit.Day(t, "2026-05-20")
		}, "; E1 t 2026: 82, not 80"},
		"before the rules": {func(r *domain.CachedStanding) {
			r.Body, r.AsOf = honest["W1"].Body,
				testkit.Day(t, "2025-05-20")
		}, "; E1 t 2026: 82, not 80"},
		"of an earlier version": {func(r *domain.CachedStanding) { r.Rules = "x" }, "stale"},
		"of another form":       {func(r *domain.CachedStanding) { r.Body[0]++ }, "stale"},
	} {
		r := honest["E1"]
		r.Body = append([]byte{}, r.Body...)
		c.change(&r)
		if err := town.DB.Write(ctx, func(tx *store.Tx) error { return tx.Remember("t", "2026", r) }); err != nil {
			t.Fatal(err)
		}
		want := "4 compared, 0 stale" + c.want
		if c.want == "stale" {
			want = "3 compared, 1 stale"
		}
		if got := review(t, town, "2026-06-01"); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if err := town.DB.Write(ctx, func(tx *store.Tx) error { return tx.Remember("t", "2026", honest["E1"]) }); err != nil {
			t.Fatal(err)
		}
	}
	if got := review(t, town, "2026-06-01"); got != "4 compared, 0 stale" {
		t.Errorf("as it was: %s", got)
	}
	// Where nobody is shown it today, what is cached of an earlier day still holds.
	if got := review(t, town, "2026-07-01"); got != "4 compared, 0 stale" {
		t.Errorf("a month later: %s", got)
	}
}

// TestReviewInParts: more rows than are held at once, in whatever parts they come.
func TestReviewInParts(t *testing.T) {
	t.Parallel()
	town := testkit.NewSized(t, 130)
	for _, asOf := range []string{"2026-06-01", "2025-06-01"} { // of two periods
		current(t, town, asOf)
	}
	if got := review(t, town, "2026-06-01"); got != "520 compared, 0 stale" {
		t.Error(got)
	}
}

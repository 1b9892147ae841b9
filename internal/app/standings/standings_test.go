package standings_test

import (
	"context"
	"reflect"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/scoring"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

var ctx = context.Background() //nolint:gochecknoglobals // a constant of the tests

func all() access.Scope { return access.System("the test looks at all") }

// scratch computes everybody from the rows alone.
func scratch(t *testing.T, town *testkit.Town, asOf string) map[domain.MemberID]domain.Standing {
	t.Helper()
	out := map[domain.MemberID]domain.Standing{}
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		book, err := town.Standings.Book(v, town.Street.Path, testkit.Day(t, asOf))
		if err != nil {
			return err
		}
		members, err := v.Members(all(), "")
		if err != nil {
			return err
		}
		records, err := v.Records(members)
		for i := range records {
			day := testkit.Day(t, asOf)
			out[members[i].ID] = scoring.Member(scoring.Under(book), &records[i], book.Cycle.Unit.Of(day), day).Standing
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func current(t *testing.T, town *testkit.Town, asOf string) map[domain.MemberID]domain.Standing {
	t.Helper()
	p, err := town.Standings.Current(ctx, standings.Question{Scope: all(), AsOf: testkit.Day(t, asOf)})
	if err != nil {
		t.Fatal(err)
	}
	out := map[domain.MemberID]domain.Standing{}
	for _, r := range p.Rows {
		out[r.Member.ID] = r.Standing
	}
	return out
}

func TestCurrentIsWhatTheRowsSay(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	deed := func(member domain.MemberID, item, on, points string) {
		t.Helper()
		if _, err := town.Entries.Post(ctx, town.Clerk,
			entries.EntryInput{Member: member, Item: item, On: testkit.Day(t, on), Points: points}, ""); err != nil {
			t.Fatal(err)
		}
	}
	// Whatever is asked in whatever order, the answer is that of the rows.
	for _, step := range []func(){
		func() {}, func() { deed("E1", "好事", "2026-05-01", "") }, func() { deed("W1", "酌情", "2026-02-01", "-5") },
		func() { deed("E1", "好事", "2026-05-02", "") }, func() { deed("E2", "酌情", "2026-01-01", "5") },
	} {
		step()
		for _, asOf := range []string{"2026-06-01", "2026-05-01", "2026-06-01", "2026-12-31", "2026-02-01", "2026-06-02"} {
			if got, want := current(t, town, asOf), scratch(t, town, asOf); !reflect.DeepEqual(got, want) {
				t.Fatalf("as of %s\ngot  %+v\nwant %+v", asOf, got, want)
			}
		}
	}
}

func TestScopeOfAPopulation(t *testing.T) {
	t.Parallel()
	testkit.InBothTrees(t, testScopeOfAPopulation)
}

func testScopeOfAPopulation(t *testing.T, town *testkit.Town) {
	p, err := town.Standings.Current(ctx, standings.Question{Scope: town.Secretary.Scope(access.SeeMembers),
		AsOf: testkit.Day(t, "2026-06-01")})
	if err != nil || len(p.Rows) != 2 || p.Rows[0].Member.ID != "E1" {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := town.Standings.Current(ctx, standings.Question{AsOf: testkit.Day(t, "2026-06-01")}); err != nil ||
		len(p.Rows) != 0 {
		t.Errorf("no scope sees %+v, %v", p, err)
	}
	if _, err := town.Standings.Explain(ctx, standings.Question{Scope: town.Member.Scope(access.SeeOwn),
		AsOf: testkit.Day(t, "2026-06-01")}, "E1"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("somebody else's account: %v", err)
	}
	e, err := town.Standings.Explain(ctx, standings.Question{Scope: town.Member.Scope(access.SeeOwn), Period: "2026",
		AsOf: testkit.Day(t, "2026-06-01")}, "E2")
	if err != nil || e.Account.Standing.Total != 8000 || e.Account.Total.Leaves() != 8000 {
		t.Errorf("%+v, %v", e, err)
	}
	// Before the first day of the first rules nobody has points, and is told from when.
	p, err = town.Standings.Current(ctx, standings.Question{Scope: all(), AsOf: testkit.Day(t, "2025-06-01")})
	if err != nil || len(p.Rows) != 4 || p.Rows[0].Standing.Scored || p.Rows[0].Standing.Why != "办法自 2026-01-01 起施行" {
		t.Errorf("before any rules: %+v, %v", p, err)
	}
}

func TestPlacesInARemeberedPopulation(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if _, err := town.Entries.Post(ctx, town.Clerk,
		entries.EntryInput{Member: "W2", Item: "好事", On: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	for range 2 { // computed, then remembered
		p, err := town.Standings.Current(ctx, standings.Question{Scope: all(), AsOf: testkit.Day(t, "2026-06-01")})
		if err != nil {
			t.Fatal(err)
		}
		p.Place()
		for _, r := range p.Rows {
			want := map[domain.MemberID][2]int{"E1": {1, 2}, "E2": {1, 2}, "W1": {2, 2}, "W2": {1, 1}}[r.Member.ID]
			if len(r.Places) != 3 || r.Places[0].Place != want[0] || r.Places[2].Place != want[1] || r.Places[2].Of != 4 {
				t.Errorf("%s: %+v", r.Member.ID, r.Places)
			}
		}
	}
}

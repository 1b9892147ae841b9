package testkit

import (
	"context"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit/expect"
)

// everything returns a scope of all of the town.
func everything() access.Scope { return access.System("the test looks at all") }

// read runs a read of the town's database; the test ends where it fails.
func (t *Town) read(tb testing.TB, f func(v *store.Snapshot) error) {
	tb.Helper()
	if err := t.DB.Read(context.Background(), f); err != nil {
		tb.Fatal(err)
	}
}

// Totals returns everybody's total as of 1 June 2026.
func (t *Town) Totals(tb testing.TB) map[domain.MemberID]string {
	tb.Helper()
	p, err := t.Standings.Current(context.Background(), standings.Question{
		Scope: everything(), AsOf: Day(tb, "2026-06-01"),
	})
	if err != nil {
		tb.Fatal(err)
	}
	out := map[domain.MemberID]string{}
	for i := range p.Rows {
		out[p.Rows[i].Member.ID] = p.Rows[i].Standing.Total.String()
	}
	return out
}

// WantTotals checks the totals of E1, E2 and W1 as of 1 June 2026.
func (t *Town) WantTotals(tb testing.TB, e1, e2, w1 string) {
	tb.Helper()
	got := t.Totals(tb)
	expect.Equal(tb, "the total of E1", got["E1"], e1)
	expect.Equal(tb, "the total of E2", got["E2"], e2)
	expect.Equal(tb, "the total of W1", got["W1"], w1)
}

// RequestStates returns the states of a member's requests, the latest first.
func (t *Town) RequestStates(tb testing.TB, member domain.MemberID) (out []domain.RequestState) {
	tb.Helper()
	t.read(tb, func(v *store.Snapshot) error {
		list, err := v.RequestsOf(everything(), member, 10)
		for i := range list {
			out = append(out, list[i].State)
		}
		return err
	})
	return out
}

// ActivitiesBelow returns the activities below an organisation, the newest first.
func (t *Town) ActivitiesBelow(tb testing.TB, org *domain.Org) (out []domain.Activity) {
	tb.Helper()
	t.read(tb, func(v *store.Snapshot) (err error) {
		out, err = v.Activities(everything(), org.Path, 10)
		return err
	})
	return out
}

// TrailDetails returns the details of at most ten lines of the trail of an action.
func (t *Town) TrailDetails(tb testing.TB, action string) (out []string) {
	tb.Helper()
	t.read(tb, func(v *store.Snapshot) error {
		list, err := v.Traces(everything(), domain.AuditFilter{Action: action}, 10)
		for i := range list {
			out = append(out, list[i].Detail)
		}
		return err
	})
	return out
}

// WantChains checks that every chain of the town holds, and that who recorded held the office.
func (t *Town) WantChains(tb testing.TB) {
	tb.Helper()
	t.read(tb, func(v *store.Snapshot) error {
		broken, err := v.Verify()
		expect.Empty(tb, "the links that do not hold", broken)
		if err != nil {
			return err
		}
		acts, err := v.VerifyActs()
		expect.Empty(tb, "what nobody may have recorded then", acts)
		return err
	})
}

// LockYear locks the year 2026 of a branch.
func (t *Town) LockYear(tb testing.TB, org domain.OrgID) {
	tb.Helper()
	if err := t.DB.Write(context.Background(), func(tx *store.Tx) error {
		return tx.InsertPeriodStep(org, "2026", true, t.Clerk.Account)
	}); err != nil {
		tb.Fatal(err)
	}
}

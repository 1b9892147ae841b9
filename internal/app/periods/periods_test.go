package periods_test

import (
	"context"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/periods"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
)

// TestPeriodsAreLockedByWhoMay: whoever may not changes nothing, and a step with
// one branch out of reach changes none of the others.
func TestPeriodsAreLockedByWhoMay(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ctx := context.Background()
	both := []domain.OrgID{town.East.ID, town.West.ID}
	for name, c := range map[string]struct {
		by   *access.Actor
		step periods.Step
		want fault.Code
	}{
		"nobody":      {nil, periods.Step{Branches: both, Period: "2026", Lock: true}, fault.Forbidden},
		"a secretary": {town.Secretary, periods.Step{Branches: both[:1], Period: "2026", Lock: true}, fault.Forbidden},
		"a community": {town.Community, periods.Step{Branches: both[:1], Period: "2026", Lock: true}, fault.Forbidden},
		"no branch":   {town.Clerk, periods.Step{Period: "2026", Lock: true}, fault.Invalid},
		"a branch unknown": {town.Clerk, periods.Step{Branches: []domain.OrgID{town.East.ID, "99"}, Period: "2026",
			Lock: true}, fault.NotFound},
		"no period":         {town.Clerk, periods.Step{Branches: both, Period: "x", Lock: true}, fault.Invalid},
		"of another cycle":  {town.Clerk, periods.Step{Below: town.Street.ID, Period: "2026Q1", Lock: true}, fault.Invalid},
		"without a reason":  {town.Clerk, periods.Step{Branches: both, Period: "2026"}, fault.Invalid},
		"below what is not": {town.Clerk, periods.Step{Below: "99", Period: "2026", Lock: true}, fault.NotFound},
	} {
		if _, err := town.Locks.Take(ctx, c.by, c.step); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for n, c := range []struct {
		step periods.Step
		want periods.Done
	}{
		{periods.Step{Branches: both[:1], Period: "2026", Lock: true}, periods.Done{Changed: 1, Of: 1}},
		{periods.Step{Below: town.Street.ID, Period: "2026", Lock: true}, periods.Done{Changed: 1, Of: 2}},
		{periods.Step{Below: town.Street.ID, Period: "2026", Reason: "补记漏报的出勤"}, periods.Done{Changed: 2, Of: 2}},
	} {
		if done, err := town.Locks.Take(ctx, town.Clerk, c.step); err != nil || done != c.want {
			t.Errorf("step %d: %+v, %v, want %+v", n, done, err, c.want)
		}
	}
}

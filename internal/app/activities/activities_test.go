package activities_test

import (
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// held logs an activity of the west: W1 was there, and E2 as who belongs elsewhere.
func held(t *testing.T, town *testkit.Town) domain.ActivityID {
	t.Helper()
	r, err := town.Activities.Record(t.Context(), town.Clerk, activities.ActivityInput{
		Org: town.West.ID, Kind: "党课", On: testkit.Day(t, "2026-05-20"),
		Lines: []activities.Line{{Member: "E2", Status: domain.Present}, {Member: "W1", Status: domain.Absent}},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	return r.Activity
}

// looks counts the lines in the trail of looks at activities.
func looks(t *testing.T, town *testkit.Town) (n int) {
	t.Helper()
	err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		all, err := v.Traces(access.System("the test counts"), domain.AuditFilter{Action: "查看活动"}, 500)
		n = len(all)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhoLooksAtAnActivityIsInTheTrail(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	id := held(t, town)
	for name, c := range map[string]struct {
		actor *access.Actor
		code  fault.Code
		lines int // in the trail
	}{
		"the street's clerk":        {town.Clerk, "", 1},
		"an auditor":                {town.Auditor, "", 1},
		"the east's community":      {town.Community, fault.NotFound, 0},
		"the east's secretary":      {town.Secretary, fault.NotFound, 0},
		"a member who was there":    {town.Member, fault.Forbidden, 0},
		"the keeper of the machine": {town.Admin, fault.Forbidden, 0},
		"nobody":                    {nil, fault.Forbidden, 0},
	} {
		before := looks(t, town)
		_, err := town.Activities.Detail(t.Context(), c.actor, id)
		expect.Equal(t, name+": how it is answered", fault.CodeOf(err), c.code)
		expect.Equal(t, name+": lines in the trail", looks(t, town)-before, c.lines)
	}
}

func TestPointsOfOthersAreNotToldOfAnActivity(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	id := held(t, town)
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertAssignment(town.Second.Account, domain.RoleStreet, town.Street.ID, true, 0)
	}); err != nil {
		t.Fatal(err)
	}
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertAssignment(town.Second.Account, domain.RoleSecretary, town.West.ID, false, 0)
	}); err != nil {
		t.Fatal(err)
	}
	var secretary *access.Actor // of the west
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) (err error) {
		secretary, err = v.Actor(town.Second.Account)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	a, err := town.Activities.Detail(t.Context(), secretary, id)
	if err != nil {
		t.Fatal(err)
	}
	expect.Equal(t, "lines", len(a.Lines), 2)
	guest, own := a.Lines[0], a.Lines[1]
	expect.Equal(t, "the stranger's name", guest.Name, "编号 E2")
	expect.Equal(t, "the stranger's total", guest.Total, domain.Points(0))
	expect.Equal(t, "the stranger is a guest", guest.Guest, true)
	expect.Equal(t, "the total of the branch's own", own.Total.String(), "75")
	expect.Equal(t, "what it did to that", own.Change.String(), "-5")
	expect.Equal(t, "what it did altogether", a.Effect.String(), "-5")
}

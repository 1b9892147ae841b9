package orgs_test

import (
	"context"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestOrganisationsChange: the street's clerk sets one up, renames it, closes it
// when nobody is left there and opens it again; nothing that happened is lost, and
// nobody else may.
func TestOrganisationsChange(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ctx := context.Background()
	change := func(by *access.Actor, id domain.OrgID, kind domain.OrgChangeKind, name, from string) (domain.Org, error) {
		return town.Orgs.Change(ctx, by, domain.OrgChange{Org: id, Kind: kind, Name: name, From: testkit.Day(t, from)})
	}
	for name, c := range map[string]struct {
		by   *access.Actor
		kind domain.OrgChangeKind
		name string
		from string
		want string
	}{
		"a secretary":              {town.Secretary, domain.OrgRenamed, "新东支部", "2026-05-01", "没有这个权限"},
		"a community":              {town.Community, domain.OrgRenamed, "新东支部", "2026-05-01", "没有这个权限"},
		"an administrator":         {town.Admin, domain.OrgRenamed, "新东支部", "2026-05-01", "没有这个权限"},
		"tomorrow":                 {town.Clerk, domain.OrgRenamed, "新东支部", "2026-06-02", "还没有到"},
		"no name":                  {town.Clerk, domain.OrgRenamed, " ", "2026-05-01", "名称是空的"},
		"as it is":                 {town.Clerk, domain.OrgRenamed, "东支部", "2026-05-01", "现在就叫"},
		"with members":             {town.Clerk, domain.OrgClosed, "", "2026-05-01", "还有 2 名党员"},
		"there, to be there again": {town.Clerk, domain.OrgReopened, "", "2026-05-01", "没有撤销"},
	} {
		if _, err := change(c.by, town.East.ID, c.kind, c.name, c.from); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if o, err := change(town.Clerk, town.East.ID, domain.OrgRenamed, " 新东支部 ", "2026-05-01"); err != nil ||
		o.Name != "新东支部" {
		t.Fatalf("%+v, %v", o, err)
	}
	// A meeting of May, and then both members move.
	m := activities.ActivityInput{Org: town.East.ID, Kind: "党课", On: testkit.Day(t, "2026-05-20"),
		Lines: []activities.Line{{Member: "E1", Status: "到会"}, {Member: "E2", Status: "到会"}}}
	if _, err := town.Activities.Record(ctx, town.Clerk, m, ""); err != nil {
		t.Fatal(err)
	}
	for _, id := range []domain.MemberID{"E1", "E2"} {
		if _, err := town.Ledger.Move(ctx, town.Clerk,
			members.Move{Member: id, To: town.West.ID, From: testkit.Day(t, "2026-05-25")}, ""); err != nil {
			t.Fatal(err)
		}
	}
	for from, want := range map[string]string{"2026-05-24": "还有 2 名党员", "2026-05-10": "还有 2 名党员"} {
		if _, err := change(town.Clerk, town.East.ID, domain.OrgClosed, "", from); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("closed from %s: %v", from, err)
		}
	}
	closed, err := change(town.Clerk, town.East.ID, domain.OrgClosed, "", "2026-05-25")
	if err != nil || closed.Closed != testkit.Day(t, "2026-05-25") {
		t.Fatalf("%+v, %v", closed, err)
	}
	if _, err := town.Ledger.Move(ctx, town.Clerk,
		members.Move{Member: "E1", To: town.East.ID, From: testkit.Day(t, "2026-05-26")}, ""); err == nil ||
		!strings.Contains(err.Error(), "已经撤销") {
		t.Errorf("moves to a closed branch: %v", err)
	}
	m.On = testkit.Day(t, "2026-05-26")
	if _, err := town.Activities.Record(ctx, town.Clerk, m, ""); err == nil || !strings.Contains(err.Error(), "已经撤销") {
		t.Errorf("a meeting of a closed branch: %v", err)
	}
	if _, err := change(town.Clerk, town.Street.ID, domain.OrgClosed, "",
		"2026-05-25"); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("the street is closed: %v", err)
	}
	if o, err := change(town.Clerk, town.East.ID, domain.OrgReopened, "", "2026-05-28"); err != nil || o.Closed != 0 {
		t.Errorf("%+v, %v", o, err)
	}
	// What is kept beside the changes is what they come to.
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		o, err := v.Org(town.Clerk.Scope(access.SeeBranches), town.East.ID)
		if err != nil || o.Name != "新东支部" || o.Closed != 0 {
			t.Errorf("%+v, %v", o, err)
		}
		steps, err := v.OrgChanges(town.Clerk.Scope(access.SeeBranches), town.East.ID)
		if len(steps) != 3 || steps[0].Kind != domain.OrgReopened || steps[1].Kind != domain.OrgClosed ||
			steps[2].Was != "东支部" || steps[2].Name != "新东支部" || steps[2].ByName != "clerk" {
			t.Errorf("%+v", steps)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := change(town.Clerk, town.West.ID, domain.OrgRenamed, "新东支部", "2026-05-01"); err != nil {
		t.Errorf("two communities may each have one of a name: %v", err)
	}
}

// TestCreate: a branch stands below a community, a community below the street.
func TestCreate(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	for name, c := range map[string]struct {
		by   *access.Actor
		n    orgs.Creation
		want string
	}{
		"a branch":            {town.Clerk, orgs.Creation{Parent: town.East.Parent, Name: "东二支部", Kind: "两新"}, ""},
		"a community":         {town.Clerk, orgs.Creation{Parent: town.Street.ID, Name: "南社区"}, ""},
		"below a branch":      {town.Clerk, orgs.Creation{Parent: town.East.ID, Name: "东一组"}, "之下不再设组织"},
		"of no kind":          {town.Clerk, orgs.Creation{Parent: town.East.Parent, Name: "东三支部", Kind: "好"}, "没有“好”这一类支部"},
		"a community of kind": {town.Clerk, orgs.Creation{Parent: town.Street.ID, Name: "北社区", Kind: "两新"}, "没有类型"},
		"there already":       {town.Clerk, orgs.Creation{Parent: town.East.Parent, Name: "东支部"}, "已经有“东支部”"},
		"by a community":      {town.Community, orgs.Creation{Parent: town.East.Parent, Name: "东四支部"}, "没有这个权限"},
		"nowhere":             {town.Clerk, orgs.Creation{Parent: "99", Name: "东五支部"}, "没有这个组织"},
	} {
		_, err := town.Orgs.Create(context.Background(), c.by, c.n)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStreetsStandBelowADistrict: who keeps the accounts sets streets up below the
// district and renames it, and changes nothing below a street; where a street stands at
// the top there is nothing of the kind.
func TestStreetsStandBelowADistrict(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	town := testkit.NewInDistrict(t)
	for name, c := range map[string]struct {
		by   *access.Actor
		n    orgs.Creation
		want string
	}{
		"a street":            {town.Admin, orgs.Creation{Parent: town.District.ID, Name: "新街道"}, ""},
		"there already":       {town.Admin, orgs.Creation{Parent: town.District.ID, Name: "邻街道"}, "已经有“邻街道”"},
		"of a kind":           {town.Admin, orgs.Creation{Parent: town.District.ID, Name: "南街道", Kind: "两新"}, "没有类型"},
		"by a clerk":          {town.Clerk, orgs.Creation{Parent: town.District.ID, Name: "南街道"}, "没有这个组织"},
		"by an auditor":       {town.Auditor, orgs.Creation{Parent: town.District.ID, Name: "南街道"}, "没有这个权限"},
		"a community":         {town.Admin, orgs.Creation{Parent: town.Street.ID, Name: "南社区"}, "没有这个权限"},
		"in the other street": {town.Clerk, orgs.Creation{Parent: town.Neighbours.Street.ID, Name: "南社区"}, "没有这个组织"},
	} {
		_, err := town.Orgs.Create(ctx, c.by, c.n)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	change := func(by *access.Actor, id domain.OrgID, kind domain.OrgChangeKind) error {
		_, err := town.Orgs.Change(ctx, by, domain.OrgChange{Org: id, Kind: kind, Name: "大区",
			From: testkit.Day(t, "2026-05-01")})
		return err
	}
	expect.Fault(t, change(town.Admin, town.Street.ID, domain.OrgRenamed), fault.Forbidden)
	expect.Fault(t, change(town.Clerk, town.District.ID, domain.OrgRenamed), fault.NotFound)
	expect.Fault(t, change(town.Admin, town.District.ID, domain.OrgClosed), fault.Invalid)
	if err := change(town.Admin, town.District.ID, domain.OrgRenamed); err != nil {
		t.Error(err)
	}
	is, err := town.Orgs.Streets(ctx, town.Admin)
	if err != nil || is.District.Name != "大区" || len(is.Streets) != 3 || is.Streets[2].Name != "新街道" {
		t.Errorf("%+v, %v", is, err)
	}
	expect.Fault(t, expect.Err(town.Orgs.Streets(ctx, town.Clerk)), fault.Forbidden)
	alone := testkit.New(t)
	expect.Fault(t, expect.Err(alone.Orgs.Streets(ctx, alone.Admin)), fault.NotFound)
	if list, err := alone.Orgs.Managed(ctx, alone.Admin); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

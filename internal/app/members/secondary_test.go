package members_test

import (
	"errors"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/audit"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// west gives the west a secretary: the second clerk of the street, who is clerk no
// longer.
func west(t *testing.T, town *testkit.Town) (actor *access.Actor) {
	t.Helper()
	if err := town.DB.Write(ctx, func(tx *store.Tx) (err error) {
		id := town.Second.Account
		if err := errors.Join(tx.InsertAssignment(id, domain.RoleStreet, town.Street.ID, true, 0),
			tx.InsertAssignment(id, domain.RoleSecretary, town.West.ID, false, 0)); err != nil {
			return err
		}
		actor, err = tx.Actor(id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return actor
}

// branch adds a branch to the west's community.
func branch(t *testing.T, town *testkit.Town, kind domain.BranchKind, name string) (made domain.Org) {
	t.Helper()
	if err := town.DB.Write(ctx, func(tx *store.Tx) (err error) {
		made, err = tx.InsertOrg(domain.Org{Parent: town.West.Parent, Level: domain.Branch, Kind: kind, Name: name})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return made
}

// ties lists the branches at which a member attends on a day.
func secondary(t *testing.T, town *testkit.Town, member domain.MemberID, day string) string {
	t.Helper()
	var out []string
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		list, err := v.SecondaryMemberships(access.System("the test looks at all"), member, testkit.Day(t, day))
		for _, k := range list {
			out = append(out, string(k.Kind)+" "+k.Org.Name+" "+k.From.String())
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, ",")
}

func TestTiesThatCannotBe(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	closed := branch(t, town, "社区", "旧支部")
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ChangeOrg(closed, domain.OrgChange{Org: closed.ID, Kind: domain.OrgClosed,
			From: testkit.Day(t, "2026-02-01")}, 0)
		return errors.Join(err, tx.InsertAffiliation(domain.Affiliation{Member: "W2", Kind: "home",
			From: testkit.Day(t, "2026-05-01")}, 0))
	}); err != nil {
		t.Fatal(err)
	}
	tie := func(member domain.MemberID, org domain.OrgID, day string) members.SecondaryInput {
		k := members.SecondaryInput{Member: member, Org: org}
		if day != "" {
			k.From = testkit.Day(t, day)
		}
		return k
	}
	ended := tie("E2", town.West.ID, "2026-05-01")
	ended.Ended = true
	for name, c := range map[string]struct {
		by   *access.Actor
		tie  members.SecondaryInput
		code fault.Code
		want string
	}{
		"a member":                {town.Member, tie("E2", town.West.ID, "2026-05-01"), fault.Forbidden, "没有这个权限"},
		"an auditor":              {town.Auditor, tie("E2", town.West.ID, "2026-05-01"), fault.Forbidden, "没有这个权限"},
		"the branch he would go":  {town.Secretary, tie("W1", town.East.ID, "2026-05-01"), fault.NotFound, "没有这名党员"},
		"oneself":                 {town.Secretary, tie("E1", town.West.ID, "2026-05-01"), fault.Forbidden, "由别人登记"},
		"without a day":           {town.Secretary, tie("E2", town.West.ID, ""), fault.Invalid, "要写从哪一天起"},
		"tomorrow":                {town.Secretary, tie("E2", town.West.ID, "2026-06-02"), fault.Invalid, "到那一天再登记"},
		"before he was here":      {town.Secretary, tie("E2", town.West.ID, "2019-12-31"), fault.Invalid, "才在这里"},
		"after he left":           {town.Clerk, tie("W2", town.East.ID, "2026-05-01"), fault.Invalid, "已经转出"},
		"at home":                 {town.Secretary, tie("E2", town.East.ID, "2026-05-01"), fault.Invalid, "组织关系就在“东支部”"},
		"at what is no branch":    {town.Secretary, tie("E2", town.West.Parent, "2026-05-01"), fault.Invalid, "“西社区”不是支部"},
		"at a closed branch":      {town.Secretary, tie("E2", closed.ID, "2026-05-01"), fault.Invalid, "已经撤销"},
		"at no branch at all":     {town.Secretary, tie("E2", "99", "2026-05-01"), fault.Invalid, "没有这个支部"},
		"an end of what is not":   {town.Secretary, ended, fault.Conflict, "没有登记参加“西支部”的活动"},
		"a member who is not one": {town.Clerk, tie("E9", town.West.ID, "2026-05-01"), fault.NotFound, "没有这名党员"},
	} {
		if _, err := town.Ledger.RecordSecondary(ctx, c.by, c.tie, ""); fault.CodeOf(err) != c.code ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := secondary(t, town, "E2", "2026-06-01") + secondary(t, town, "E1", "2026-06-01") +
		secondary(t, town, "W1", "2026-06-01"); got != "" {
		t.Errorf("refused, and yet there is %s", got)
	}
}

// TestATieBeginsAndEnds: its kind follows from the branch, it is there once and
// ends once, in a locked period too, and the trail tells of every step.
func TestATieBeginsAndEnds(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	online := branch(t, town, "网络", "网络支部")
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertPeriodStep(town.East.ID, "2026", true,
			0)
	}); err != nil {
		t.Fatal(err)
	}
	tie := func(org domain.Org, day string, ended bool, key string) (bool, error) {
		return town.Ledger.RecordSecondary(ctx, town.Secretary,
			members.SecondaryInput{Member: "E2", Org: org.ID, From: testkit.Day(t, day), Ended: ended}, key)
	}
	for i := range 2 {
		if replay, err := tie(town.West, "2026-03-01", false, "k"); err != nil || replay != (i == 1) {
			t.Errorf("%v, %v", replay, err)
		}
	}
	if _, err := tie(town.West, "2026-03-15", false, ""); fault.CodeOf(err) != fault.Conflict ||
		!strings.Contains(err.Error(), "自 2026-03-01 起已经") {
		t.Errorf("there already: %v", err)
	}
	for _, step := range []struct {
		org   domain.Org
		day   string
		ended bool
	}{{online, "2026-04-01", false}, {town.West, "2026-05-01", true}, {online, "2026-05-20", true},
		{online, "2026-06-01", false}} {
		if _, err := tie(step.org, step.day, step.ended, ""); err != nil {
			t.Errorf("%+v: %v", step, err)
		}
	}
	if _, err := tie(town.West, "2026-05-02", true, ""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("ended twice: %v", err)
	}
	for day, want := range map[string]string{
		"2026-02-28": "", "2026-03-31": "host 西支部 2026-03-01",
		"2026-04-30": "host 西支部 2026-03-01,participant 网络支部 2026-04-01",
		"2026-05-19": "participant 网络支部 2026-04-01", "2026-05-31": "", "2026-06-01": "participant 网络支部 2026-06-01",
	} {
		if got := secondary(t, town, "E2", day); got != want {
			t.Errorf("on %s %q, want %q", day, got, want)
		}
	}
	trail, err := town.Trail(domain.AuditFilter{Action: string(audit.TiedMember)}, 10)
	var told []string
	for _, line := range trail {
		told = append(told, string(line.Member)+" "+line.Explained)
	}
	if got, want := strings.Join(told, ","), "E2 参加 网络支部 自 2026-06-01,E2 不再参加 网络支部 自 2026-05-20,E2 不再流入 西支部 自 "+
		"2026-05-01,E2 参加 网络支部 自 2026-04-01,E2 流入 西支部 自 2026-03-01"; err != nil || got != want {
		t.Errorf("%s\n%v", got, err)
	}
	town.WantTotals(t, "80", "80", "80") // it scores nothing
	// What turns out to have been otherwise is said by its own day, whatever holds now.
	for _, step := range []struct {
		day   string
		ended bool
	}{{"2026-04-15", true}, {"2026-02-01", false}} {
		if _, err := tie(town.West, step.day, step.ended, ""); err != nil {
			t.Errorf("%+v: %v", step, err)
		}
	}
	for day, want := range map[string]string{"2026-02-01": "host 西支部 2026-02-01",
		"2026-04-14": "host 西支部 2026-02-01,participant 网络支部 2026-04-01", "2026-04-15": "participant 网络支部 2026-04-01"} {
		if got := secondary(t, town, "E2", day); got != want {
			t.Errorf("put right, on %s %q, want %q", day, got, want)
		}
	}
}

// TestAGuestsAttendanceCountsAtHome: the branch where he is logs it, the one at
// home decides, and it counts there from then on.
func TestAGuestsAttendanceCountsAtHome(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	home := west(t, town)
	if _, err := town.Ledger.RecordSecondary(ctx, home, members.SecondaryInput{Member: "W1", Org: town.East.ID,
		From: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	r, err := town.Activities.Record(ctx, town.Secretary,
		activities.ActivityInput{Org: town.East.ID, Kind: "党课", On: testkit.Day(t, "2026-05-20"),
			Lines: []activities.Line{{Member: "E2", Status: "到会"}, {Member: "W1", Status: "到会"}}}, "")
	if err != nil || r.Posted != 1 || r.Waiting != 1 || r.Points != 50 {
		t.Fatalf("%+v, %v", r, err)
	}
	town.WantTotals(t, "80", "80.5", "80")
	if mine := town.Queue(t, town.Secretary); len(mine) != 0 {
		t.Errorf("the host decides %+v", mine)
	}
	mine := town.Queue(t, home)
	expect.Len(t, "mine", mine, 1)
	expect.Equal(t, "mine[0].Member.ID", mine[0].Member.ID, "W1")
	expect.Equal(t, "mine[0].Kind", mine[0].Kind, domain.AttendanceRequest)
	if err := town.Decide(town.Secretary, &mine[0], true, ""); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the host agrees for the home branch: %v", err)
	}
	if err := town.Decide(home, &mine[0], true, ""); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "80", "80.5", "80.5")
}

package members_test

import (
	"fmt"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// dues puts the town's rules in force with five points taken every month from who floats, and
// 30 days for what is recorded late.
func dues(t *testing.T, town *testkit.Town) {
	t.Helper()
	town.Follow(t, strings.NewReplacer("类别:", "默认: {补录: 30天}\n属性: {流动: 是否}\n类别:",
		"  到会:", "  流动在外: {板块: 基础, 自动: {每: 月, 于: 25日, 当: 流动}, 分值: -5}\n  到会:").Replace(testkit.Rules))
}

// foreseen plans a register as the program does, by the rules in force.
func foreseen(t *testing.T, town *testkit.Town, by *access.Actor, src string, set func(*members.RosterTerms)) (
	*members.RosterTerms, *members.RosterPlan) {
	t.Helper()
	read := func(asked []ruleset.Attribute) (*importer.RosterPreview, error) {
		return importer.ReadRoster(rosterTable(t, src), nil, asked), nil
	}
	on, _, plan, err := town.Ledger.PlanRoster(ctx, by, read, func(*store.Snapshot) (*members.RosterTerms, error) {
		on := terms(t, town)
		on.Understand, on.Reason, on.Since = nil, "", on.Today
		set(on)
		return on, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return on, plan
}

// TestARegisterChangesNothingOfALockedPeriod: a move, a fact and a first day in a locked
// period are refused for their rows, before anything is written and when it is.
func TestARegisterChangesNothingOfALockedPeriod(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	dues(t, town)
	src := "姓名,支部,是否流动\n示例东1,东支部,是\n示例西1,西支部,是\n示例新,西支部,否\n示例西2,西支部,否\n"
	as := func(*members.RosterTerms) {}
	on, open := foreseen(t, town, town.Clerk, src, as)
	if len(open.Steps) != 4 || len(open.Problems) > 0 {
		t.Fatalf("before it is locked:\n%s", steps(open))
	}
	write(t, town, func(tx *store.Tx) error { return tx.InsertPeriodStep(town.West.ID, "2026", true, 0) })
	_, locked := foreseen(t, town, town.Clerk, src, as)
	want := "2 E1 流动@2026-06-01\n5 W2\n! 3 ：“西支部”的2026年已经锁定，不能再改\n! 4 ：“西支部”的2026年已经锁定，不能再改"
	if got := steps(locked); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if err := town.Ledger.ApplyRoster(ctx, town.Clerk, on, open); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a plan of before the lock: %v", err)
	}
}

// TestWhatARegisterDoesIsTold: what it does to standings comes before it is done; what began
// longer ago than one may record takes a reason, which is kept with who recorded it.
func TestWhatARegisterDoesIsTold(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	dues(t, town)
	src := "姓名,支部,是否流动\n示例东1,东支部,是\n示例东2,东支部,否\n"
	since := func(reason string) func(*members.RosterTerms) {
		return func(on *members.RosterTerms) { on.Changes, on.Reason = testkit.Day(t, "2026-02-01"), reason }
	}
	_, late := foreseen(t, town, town.Clerk, src, since(""))
	last := late.Problems[len(late.Problems)-1]
	if len(late.Steps) != 1 || late.WantReason != 1 || !strings.Contains(last.Message, "补录期限") ||
		late.Effect.Members != 0 {
		t.Errorf("without a reason: %s %+v", steps(late), late.Effect)
	}
	on, plan := foreseen(t, town, town.Clerk, src, since("名册核对出来的"))
	e := plan.Effect
	if e.Members != 1 || e.Totals != 1 || e.Grades != 1 || len(e.Examples) != 1 {
		t.Fatalf("%s\n%+v", steps(plan), e)
	}
	if c := e.Examples[0].Effect[0]; c.Before.Total.String() != "80" || c.After.Total.String() != "60" {
		t.Errorf("foreseen: %+v", c)
	}
	if got := items(t, town, "E1"); len(got) != 1 {
		t.Errorf("the preview left %d rows", len(got))
	}
	if err := town.Ledger.ApplyRoster(ctx, town.Clerk, on, plan); err != nil {
		t.Fatal(err)
	}
	got := items(t, town, "E1")
	if len(got) != 2 || got[1].Reason != "名册核对出来的" || got[1].By != town.Clerk.Account {
		t.Errorf("recorded: %+v", got)
	}
}

func items(t *testing.T, town *testkit.Town, id domain.MemberID) (out []domain.HistoryItem) {
	t.Helper()
	if err := town.DB.Read(ctx, func(v *store.Snapshot) (err error) {
		out, err = v.History(access.System("the test looks at all"), id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestWhoIsNotInARegisterIsListed: of the branches that it is about, and nothing happens to
// them; whom a row with a problem may mean is not among them.
func TestWhoIsNotInARegisterIsListed(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	dues(t, town)
	for name, c := range map[string]struct{ src, want string }{
		"one branch":         {"姓名,支部\n示例东1,东支部\n", "E2"},
		"both":               {"姓名,支部\n示例东1,东支部\n示例西2,西支部\n", "E2 W1"},
		"moved away":         {"姓名,支部\n示例东1,东支部\n示例新,西支部\n", "E2 W1 W2"},
		"a row that is odd":  {"姓名,支部,是否流动\n示例东1,东支部,否\n示例东2,东支部,大概\n", ""},
		"a row that is late": {"姓名,支部,入党日期\n示例东1,东支部,2026-07-01\n示例西1,西支部,-\n", "W2"},
	} {
		_, plan := foreseen(t, town, town.Clerk, c.src, func(*members.RosterTerms) {})
		var got []string
		for _, m := range plan.Absent {
			got = append(got, string(m.ID))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %s", name, got, c.want)
		}
	}
}

// TestTheFirstDayOfARegisterIsToldWhatItMeans: today counts nothing of before; an earlier
// day what arises by itself, and no alert of a window that had ended.
func TestTheFirstDayOfARegisterIsToldWhatItMeans(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	dues(t, town)
	src := "姓名,支部,是否流动\n示例新,东支部,是\n示例再,东支部,是\n"
	_, today := foreseen(t, town, town.Clerk, src, func(*members.RosterTerms) {})
	if e := today.Effect; len(e.Arising) != 0 || len(today.Steps) != 2 {
		t.Errorf("from today: %+v", e)
	}
	on, plan := foreseen(t, town, town.Clerk, src,
		func(on *members.RosterTerms) { on.Since = testkit.Day(t, "2026-01-01") })
	if got, want := fmt.Sprint(plan.Effect.Arising), "[{流动在外 2 10 -50}]"; got != want {
		t.Errorf("from New Year: %s, want %s", got, want)
	}
	if err := town.Ledger.ApplyRoster(ctx, town.Clerk, on, plan); err != nil {
		t.Fatal(err)
	}
	var record []domain.MemberHistory
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		m, err := v.Member(access.System("the test looks at all"), plan.Steps[0].Member)
		if err != nil {
			return err
		}
		record, err = v.Records([]domain.Member{m})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if m := record[0].Member; m.Joined != on.Since || m.Recorded != on.Today {
		t.Errorf("here from %s, recorded on %s", m.Joined, m.Recorded)
	}
}

// TestWhatIsDecidedOnARegisterIsDone: a row that is kept out is not taken in, who is not in the
// register and is said to have left has left, nothing happens to the others, and decisions on
// another preview are refused.
func TestWhatIsDecidedOnARegisterIsDone(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	dues(t, town)
	src := "姓名,支部,是否流动\n示例东1,东支部,是\n示例新,东支部,否\n示例西2,西支部,否\n"
	_, plan := foreseen(t, town, town.Clerk, src, func(*members.RosterTerms) {})
	expect.Equal(t, "who is not in the register", len(plan.Absent), 2)
	decide := func(seen string, d members.RosterDecisions) (*members.RosterTerms, *members.RosterPlan, error) {
		d.Seen = seen
		on, _, plan, err := town.Ledger.PlanRoster(ctx, town.Clerk,
			func(asked []ruleset.Attribute) (*importer.RosterPreview, error) {
				return importer.ReadRoster(rosterTable(t, src), nil, asked), nil
			}, func(*store.Snapshot) (*members.RosterTerms, error) {
				on := terms(t, town)
				on.Understand, on.Reason, on.Since, on.RosterDecisions = nil, "", on.Today, d
				return on, nil
			})
		return on, plan, err
	}
	d := members.RosterDecisions{Out: []int{3}, Left: []domain.MemberID{"E2"}}
	_, _, err := decide("another", d)
	expect.Fault(t, err, fault.Stale, "预览以后")
	_, _, err = decide(plan.Digest, members.RosterDecisions{Out: []int{9}})
	expect.Fault(t, err, fault.Invalid, "第 9 行")
	_, _, err = decide(plan.Digest, members.RosterDecisions{Left: []domain.MemberID{"E1"}})
	expect.Fault(t, err, fault.Invalid, "编号 E1")
	on, plan, err := decide(plan.Digest, d)
	if err != nil {
		t.Fatal(err)
	}
	expect.Equal(t, "what is planned", steps(plan), "2 E1 流动@2026-06-01\n4 W2")
	expect.Len(t, "who left", plan.Leaving, 1)
	expect.True(t, len(plan.Leaving[0].Does.Effect) > 0, "what that does to him is told", plan.Leaving[0])
	if err := town.Ledger.ApplyRoster(ctx, town.Clerk, on, plan); err != nil {
		t.Fatal(err)
	}
	_, _, err = decide(plan.Digest, d)
	expect.Fault(t, err, fault.Stale, "预览以后") // sent twice
	left := map[domain.MemberID]bool{}
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		all, err := v.Members(access.System("the test looks at all"), "")
		for i := range all {
			if all[i].Name == "示例新" {
				t.Error("who was kept out is taken in")
			}
			left[all[i].ID] = all[i].Left != 0
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	expect.True(t, left["E2"] && !left["E1"] && !left["W1"], "only who was said to have left has", left)
	town.WantChains(t)
}

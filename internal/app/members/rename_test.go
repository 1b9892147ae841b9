package members_test

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// calledOn returns what the lists of a day say that a member is called.
func calledOn(t *testing.T, town *testkit.Town, id domain.MemberID, w standings.When) string {
	t.Helper()
	b, err := town.Orgs.Branch(ctx, town.Clerk, town.East.ID, w)
	expect.NoError(t, "the branch", err)
	for i := range b.Rows {
		if b.Rows[i].Member.ID == id {
			return b.Rows[i].Member.Name
		}
	}
	return ""
}

// TestANameIsPutRight: with a reason, by whom it concerns to record; the old one stays readable,
// and lists say it that know only what was known before.
func TestANameIsPutRight(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	right := members.Renaming{Member: "E2", Name: " 示例 南", Reason: "名册上写错了"}
	with := func(change func(*members.Renaming)) members.Renaming {
		r := right
		change(&r)
		return r
	}
	for name, c := range map[string]struct {
		by   *access.Actor
		r    members.Renaming
		code fault.Code
		want string
	}{
		"without a reason": {town.Secretary, with(func(r *members.Renaming) { r.Reason = " " }), fault.Invalid,
			"要写改姓名的理由"},
		"no name":  {town.Secretary, with(func(r *members.Renaming) { r.Name = " " }), fault.Invalid, "姓名是空的"},
		"a number": {town.Secretary, with(func(r *members.Renaming) { r.Name = "138" }), fault.Invalid, "不像姓名"},
		"as it is": {town.Secretary, with(func(r *members.Renaming) { r.Name = "示例东2" }), fault.Conflict,
			"已经是这样"},
		"a day to come": {town.Secretary, with(func(r *members.Renaming) { r.From = testkit.Day(t, "2026-06-02") }),
			fault.Invalid, "还没有到"},
		"one's own": {town.Secretary, with(func(r *members.Renaming) { r.Member = "E1" }), fault.Forbidden,
			"自己的情况由别人登记"},
		"another branch's": {town.Secretary, with(func(r *members.Renaming) { r.Member = "W1" }), fault.NotFound,
			"没有这名党员"},
		"a member":    {town.Member, right, fault.Forbidden, "没有这个权限"},
		"the auditor": {town.Auditor, right, fault.Forbidden, "没有这个权限"},
		"nobody":      {nil, right, fault.Forbidden, "没有这个权限"},
	} {
		if _, err := town.Ledger.Rename(ctx, c.by, c.r, ""); fault.CodeOf(err) != c.code ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	before := town.Later(0)
	town.Later(time.Hour)
	for i := range 2 {
		replay, err := town.Ledger.Rename(ctx, town.Secretary, right, "k")
		expect.NoError(t, "the right name", err)
		expect.Equal(t, "it is a replay", replay, i == 1)
	}
	expect.Equal(t, "called now", calledOn(t, town, "E2", standings.When{}), "示例南")
	expect.Equal(t, "called on a day before", calledOn(t, town, "E2", standings.When{AsOf: testkit.Day(t, "2026-03-01")}),
		"示例南")
	expect.Equal(t, "called as was known before", calledOn(t, town, "E2", standings.When{AsKnownAt: before}), "示例东2")
	h, err := town.Members.History(ctx, town.Secretary, "E2")
	expect.NoError(t, "what was recorded", err)
	expect.Len(t, "the names", h.Names, 2)
	if n := h.Names[0]; n.Name != "示例南" || n.Reason != "名册上写错了" || n.ByName != "secretary" || n.From != 0 {
		t.Errorf("the name now: %+v", n)
	}
	expect.Equal(t, "the name before", h.Names[1].Name, "示例东2")
	sound(t, town)
}

// sound fails the test where a chain is broken, or what is kept beside the rows is not what
// they come to.
func sound(t *testing.T, town *testkit.Town) {
	t.Helper()
	expect.NoError(t, "the look at the chains", town.DB.Exclusive(ctx, func(tx *store.Tx) error {
		broken, err := tx.Verify()
		expect.Empty(t, "broken", broken)
		if err != nil {
			return err
		}
		wrong, err := tx.Recount()
		expect.Empty(t, "what is counted anew", wrong)
		return err
	}))
}

// TestWhoTookAnotherNameWasCalledOtherwiseBefore: lists of the days before say the old name, and
// what is put right afterwards is put right since that day only.
func TestWhoTookAnotherNameWasCalledOtherwiseBefore(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	day := testkit.Day(t, "2026-05-10")
	rename := func(name string, from string) error {
		r := members.Renaming{Member: "E2", Name: name, Reason: "本人改了名"}
		if from != "" {
			r.From = testkit.Day(t, from)
		}
		_, err := town.Ledger.Rename(ctx, town.Community, r, "")
		return err
	}
	expect.NoError(t, "another name", rename("示例新", "2026-05-10"))
	if err := rename("示例再", "2026-05-10"); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "自 2026-05-10 起才叫") {
		t.Errorf("another one from the same day: %v", err)
	}
	expect.NoError(t, "that name, put right", rename("示例心", ""))
	for on, want := range map[string]string{"2026-05-09": "示例东2", "2026-05-10": "示例心", "2026-06-01": "示例心"} {
		got := calledOn(t, town, "E2", standings.When{AsOf: testkit.Day(t, on)})
		expect.Equal(t, "called on "+on, got, want)
	}
	_, err := town.Ledger.Move(ctx, town.Clerk, members.Move{Member: "E2", To: town.West.ID, From: day - 5}, "")
	expect.NoError(t, "a move before that", err)
	slip, err := town.Members.Handover(ctx, town.Clerk, "E2", day-5)
	expect.NoError(t, "its slip", err)
	expect.Equal(t, "called on the slip", slip.Member.Name, "示例东2")
	sound(t, town)
}

// TestWhoIsErasedIsCalledByNoNameOfBefore: not in the old names, nor in lists of days past.
func TestWhoIsErasedIsCalledByNoNameOfBefore(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	_, err := town.Ledger.Rename(ctx, town.Clerk, members.Renaming{Member: "E2", Name: "示例新", Reason: "从前叫示例东2",
		From: testkit.Day(t, "2026-05-10")}, "")
	expect.NoError(t, "another name", err)
	_, err = town.Ledger.Move(ctx, town.Clerk, members.Move{Member: "E2", From: testkit.Day(t, "2026-05-20"),
		Seen: true}, "")
	expect.NoError(t, "the leaving", err)
	expect.NoError(t, "the erasure", town.Ledger.ErasePerson(ctx, town.Clerk, members.PersonErasure{Member: "E2",
		Typed: "E2", Reason: "本人要求"}))
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		names, err := v.MemberNames(access.System("the test looks at all"), "E2")
		for _, n := range names {
			if strings.Contains(n.Name+n.Reason, "示例") {
				t.Errorf("still there: %+v", n)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	got := calledOn(t, town, "E2", standings.When{AsOf: testkit.Day(t, "2026-05-01")})
	expect.Equal(t, "called on a day before", got, domain.ErasedName)
	_, err = town.Ledger.Rename(ctx, town.Clerk, members.Renaming{Member: "E2", Name: "示例旧", Reason: "恢复"}, "")
	if fault.CodeOf(err) != fault.Conflict {
		t.Errorf("named again: %v", err)
	}
	sound(t, town)
}

// TestARegisterPutsNamesRightWhereItIsTold: a row with another name is returned with what to
// write, and taken where who imports says so.
func TestARegisterPutsNamesRightWhereItIsTold(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	dues(t, town)
	src := "党员编号,姓名,支部\nE2,示例新,东支部\n"
	_, plan := foreseen(t, town, town.Clerk, src, func(*members.RosterTerms) {})
	if len(plan.Steps) != 0 || len(plan.Problems) != 1 || !strings.Contains(plan.Problems[0].Advice, "--rename E2") {
		t.Fatalf("without being told: %s", steps(plan))
	}
	on, plan := foreseen(t, town, town.Clerk, src, func(on *members.RosterTerms) {
		on.Renames = []domain.MemberID{"E2"}
	})
	if len(plan.Problems) != 0 || len(plan.Steps) != 1 || !plan.Steps[0].Renamed || plan.Steps[0].New {
		t.Fatalf("told: %s", steps(plan))
	}
	expect.NoError(t, "the import", town.Ledger.ApplyRoster(ctx, town.Clerk, on, plan))
	expect.Equal(t, "called now", calledOn(t, town, "E2", standings.When{}), "示例新")
	h, err := town.Members.History(ctx, town.Clerk, "E2")
	expect.NoError(t, "what was recorded", err)
	expect.Equal(t, "the reason", h.Names[0].Reason, "照名册更正")
}

package activities_test

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestAnActivityIsTakenBack: who logged it undoes it with a word, until somebody
// decides on a line of it or the day is over; then it takes a reason, and those
// above where they have agreed to something.
func TestAnActivityIsTakenBack(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	log := func(title string) domain.ActivityID {
		m := town.ActivityInput(t)
		m.Title = title
		r, err := town.Activities.Record(t.Context(), town.Secretary, m, "")
		if err != nil {
			t.Fatal(err)
		}
		return r.Activity
	}
	back := func(actor *access.Actor, id domain.ActivityID, reason string) error {
		_, err := town.Activities.Reverse(t.Context(), actor, id, reason, "")
		return err
	}
	// At once, with the lines that wait for others, which nobody has looked at.
	first := log("一")
	if err := back(town.Community, first, ""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("somebody else's, without a reason: %v", err)
	}
	for i := range 2 {
		r, err := town.Activities.Reverse(t.Context(), town.Secretary, first, "", "k")
		expect.NoError(t, "the reversal", err)
		expect.Equal(t, "the lines that are taken back", r.Posted, 3)
		expect.Equal(t, "the reversal is a replay", r.Replay, i == 1)
	}
	if n := len(town.Queue(t, town.Community)) + len(town.Queue(t, town.Clerk)); n != 0 {
		t.Errorf("%d lines still wait", n)
	}
	if err := back(town.Secretary, first, "再来"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("twice: %v", err)
	}
	// His own line was agreed to above: it is not his to take back with the rest.
	second := log("二")
	if err := town.Decide(town.Community, &town.Queue(t, town.Community)[0], true, ""); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "75", "75", "80")
	if err := back(town.Secretary, second, "记错了"); fault.CodeOf(err) != fault.Forbidden ||
		!strings.Contains(err.Error(), "您本人") {
		t.Errorf("what the community agreed to: %v", err)
	}
	if err := back(town.Community, second, "那天没有开会"); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "80", "80", "80")
	// What those above recorded of him counts, whatever he has put in its place that
	// waits: he takes it back neither with a word nor with a reason.
	own := log("二之二")
	for _, c := range []struct {
		by     *access.Actor
		status domain.AttendanceStatus
	}{{town.Community, "请假"}, {town.Secretary, "到会"}} {
		if _, err := town.Activities.Correct(t.Context(), c.by,
			activities.Correction{Activity: own, Member: "E1", Status: c.status, Reason: "看错了"}, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, reason := range []string{"", "那天没有开会"} {
		if err := back(town.Secretary, own, reason); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("with the reason %q: %v", reason, err)
		}
	}
	if err := back(town.Community, own, "那天没有开会"); err != nil {
		t.Fatal(err)
	}
	// The day after it takes a reason, which stays with it.
	third := log("三")
	town.Later(24 * time.Hour)
	if err := back(town.Secretary, third, ""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("the day after, without a reason: %v", err)
	}
	if err := back(town.Secretary, third, "重复记了"); err != nil {
		t.Fatal(err)
	}
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		undone, err := v.Undone(third)
		expect.Equal(t, "undone.Reason", undone.Reason, "重复记了")
		expect.Equal(t, "undone.ByName", undone.ByName, "secretary")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	// Nothing of a locked period.
	fourth := log("四")
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertPeriodStep(town.East.ID, "2026", true, town.Clerk.Account)
	}); err != nil {
		t.Fatal(err)
	}
	if err := back(town.Secretary, fourth, "记错了"); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a locked period: %v", err)
	}
}

// TestALineOfWhoseBranchHasLockedStays: whoever has moved on to a branch that has locked the year
// is not recorded, corrected or taken back in it through the branch that held the activity.
func TestALineOfWhoseBranchHasLockedStays(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	in := activities.ActivityInput{Org: town.East.ID, Kind: "党课", On: testkit.Day(t, "2026-04-01"),
		Lines: []activities.Line{{Member: "E1", Status: "到会"}, {Member: "E2", Status: "缺席"}}}
	held, err := town.Activities.Record(t.Context(), town.Clerk, in, "")
	expect.NoError(t, "an activity", err)
	_, err = town.Ledger.Move(t.Context(), town.Clerk,
		members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-01")}, "")
	expect.NoError(t, "a move", err)
	town.LockYear(t, town.West.ID)
	const locked = "他所在的“西支部”的2026年已经锁定"
	in.Title = "另一场"
	_, err = town.Activities.Record(t.Context(), town.Clerk, in, "")
	expect.Fault(t, err, fault.Forbidden, locked)
	_, err = town.Activities.Correct(t.Context(), town.Clerk, activities.Correction{Activity: held.Activity,
		Member: "E2", Status: "到会", Reason: "看漏了"}, "")
	expect.Fault(t, err, fault.Forbidden, locked)
	_, err = town.Activities.Reverse(t.Context(), town.Clerk, held.Activity, "没有开", "")
	expect.Fault(t, err, fault.Forbidden, locked)
	_, err = town.Activities.Correct(t.Context(), town.Clerk, activities.Correction{Activity: held.Activity,
		Member: "E1", Status: "缺席", Reason: "看漏了"}, "")
	expect.NoError(t, "the line of who is in the branch still", err)
}

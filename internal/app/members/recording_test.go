package members_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

var ctx = context.Background() //nolint:gochecknoglobals // a constant of the tests

// totals are everybody's totals as of 1 June.
func totals(t *testing.T, town *testkit.Town) map[domain.MemberID]string {
	t.Helper()
	p, err := town.Standings.Current(ctx, standings.Question{Scope: access.System("the test looks at all"),
		AsOf: testkit.Day(t, "2026-06-01")})
	if err != nil {
		t.Fatal(err)
	}
	out := map[domain.MemberID]string{}
	for _, r := range p.Rows {
		out[r.Member.ID] = r.Standing.Total.String()
	}
	return out
}

func want(t *testing.T, town *testkit.Town, e1, e2, w1 string) {
	t.Helper()
	if got := totals(t, town); got["E1"] != e1 || got["E2"] != e2 || got["W1"] != w1 {
		t.Errorf("got %v, want E1 %s, E2 %s, W1 %s", got, e1, e2, w1)
	}
}

// queue returns the requests that an actor has to decide.
func queue(t *testing.T, town *testkit.Town, actor *access.Actor) (mine []requests.Queued) {
	t.Helper()
	if err := town.DB.Read(ctx, func(v *store.Snapshot) (err error) {
		mine, _, err = town.Ledger.Requests.Queue(v, actor)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return mine
}

// decide takes one step of one claim, as it was queued.
func decide(town *testkit.Town, actor *access.Actor, q requests.Queued, accept bool, reason string) error {
	_, err := town.Ledger.Requests.Decide(ctx, actor, []requests.Ruling{{Request: q.ID, Step: len(q.Steps) + 1}},
		requests.Answer{Accept: accept, Reason: reason}, "")
	return err
}

func activityInput(t *testing.T, town *testkit.Town) activities.ActivityInput {
	t.Helper()
	return activities.ActivityInput{Org: town.East.ID, Kind: "党课", On: testkit.Day(t, "2026-05-20"),
		Lines: []activities.Line{
			{Member: "E1", Status: "缺席"}, {Member: "E2", Status: "缺席"}, {Member: "W1", Status: "到会"},
		}}
}

func TestMeetingPostsTheBranchAndClaimsTheRest(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	r, err := town.Activities.Record(ctx, town.Secretary, activityInput(t, town), "k1")
	if err != nil {
		t.Fatal(err)
	}
	expect.Equal(t, "r.Posted", r.Posted, 1)
	expect.Equal(t, "r.Waiting", r.Waiting, 2)
	expect.Equal(t, "r.Points", r.Points, -500)
	expect.Equal(t, "r.Replay", r.Replay, false)
	want(t, town, "80", "75", "80")
	// The same form again does nothing and says so; another under its key is refused.
	again, err := town.Activities.Record(ctx, town.Secretary, activityInput(t, town), "k1")
	if err != nil || !again.Replay || again.Activity != r.Activity {
		t.Errorf("%+v, %v", again, err)
	}
	other := activityInput(t, town)
	other.Kind = "主题党日"
	if _, err := town.Activities.Record(ctx, town.Secretary, other, "k1"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("another form under the key: %v", err)
	}
	want(t, town, "80", "75", "80")
	// His own line is the community's to decide, the guest's the street's, because
	// nobody serves his branch and community.
	own, guest := queue(t, town, town.Community), queue(t, town, town.Clerk)
	if len(own) != 1 || own[0].Member.ID != "E1" || len(guest) != 1 || guest[0].Member.ID != "W1" ||
		len(queue(t, town, town.Secretary)) != 0 {
		t.Fatalf("%+v, %+v", own, guest)
	}
	if err := decide(town, town.Secretary, own[0], true, ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("his own: %v", err)
	}
	if err := decide(town, town.Clerk, guest[0], false, ""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("refused without a reason: %v", err)
	}
	if err := errors.Join(decide(town, town.Community, own[0], true, ""),
		decide(town, town.Clerk, guest[0], false, "没有参加")); err != nil {
		t.Fatal(err)
	}
	want(t, town, "75", "75", "80")
	if len(queue(t, town, town.Community))+len(queue(t, town, town.Clerk)) != 0 {
		t.Error("decided, and still waiting")
	}
	want(t, town, "75", "75", "80")
}

// TestAnActivityIsTakenBack: who logged it undoes it with a word, until somebody
// decides on a line of it or the day is over; then it takes a reason, and those
// above where they have agreed to something.
func TestAnActivityIsTakenBack(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	log := func(title string) domain.ActivityID {
		m := activityInput(t, town)
		m.Title = title
		r, err := town.Activities.Record(ctx, town.Secretary, m, "")
		if err != nil {
			t.Fatal(err)
		}
		return r.Activity
	}
	back := func(actor *access.Actor, id domain.ActivityID, reason string) error {
		_, err := town.Activities.Reverse(ctx, actor, id, reason, "")
		return err
	}
	// At once, with the lines that wait for others, which nobody has looked at.
	first := log("一")
	if err := back(town.Community, first, ""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("somebody else's, without a reason: %v", err)
	}
	for i := range 2 {
		if r, err := town.Activities.Reverse(ctx, town.Secretary, first, "", "k"); err != nil || r.Posted != 3 ||
			r.Replay != (i == 1) {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if n := len(queue(t, town, town.Community)) + len(queue(t, town, town.Clerk)); n != 0 {
		t.Errorf("%d lines still wait", n)
	}
	if err := back(town.Secretary, first, "再来"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("twice: %v", err)
	}
	// His own line was agreed to above: it is not his to take back with the rest.
	second := log("二")
	if err := decide(town, town.Community, queue(t, town, town.Community)[0], true, ""); err != nil {
		t.Fatal(err)
	}
	want(t, town, "75", "75", "80")
	if err := back(town.Secretary, second, "记错了"); fault.CodeOf(err) != fault.Forbidden ||
		!strings.Contains(err.Error(), "您本人") {
		t.Errorf("what the community agreed to: %v", err)
	}
	if err := back(town.Community, second, "那天没有开会"); err != nil {
		t.Fatal(err)
	}
	want(t, town, "80", "80", "80")
	// What those above recorded of him counts, whatever he has put in its place that
	// waits: he takes it back neither with a word nor with a reason.
	own := log("二之二")
	for _, c := range []struct {
		by     *access.Actor
		status domain.AttendanceStatus
	}{{town.Community, "请假"}, {town.Secretary, "到会"}} {
		if _, err := town.Activities.Correct(ctx, c.by,
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
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		undone, err := v.Undone(third)
		expect.Equal(t, "undone.Reason", undone.Reason, "重复记了")
		expect.Equal(t, "undone.ByName", undone.ByName, "secretary")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	// Nothing of a locked period.
	fourth := log("四")
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertPeriodStep(town.East.ID, "2026", true, town.Clerk.Account)
	}); err != nil {
		t.Fatal(err)
	}
	if err := back(town.Secretary, fourth, "记错了"); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a locked period: %v", err)
	}
}

func TestMeetingsThatTheRulesDoNotAllow(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	for name, c := range map[string]struct {
		change func(m *activities.ActivityInput)
		by     *access.Actor
		code   fault.Code
	}{
		"a day to come": {func(m *activities.ActivityInput) { m.On = testkit.Day(t, "2026-06-02") }, town.Secretary,
			fault.Invalid},
		"before the rules": {func(m *activities.ActivityInput) { m.On = testkit.Day(t, "2025-12-31") }, town.Secretary,
			fault.Invalid},
		"an unknown kind": {func(m *activities.ActivityInput) { m.Kind = "庙会" }, town.Secretary, fault.Invalid},
		"an unknown member": {func(m *activities.ActivityInput) { m.Lines[0].Member = "X" }, town.Secretary,
			fault.NotFound},
		"an unknown status": {func(m *activities.ActivityInput) { m.Lines[0].Status = "睡觉" }, town.Secretary,
			fault.Invalid},
		"a member twice": {func(m *activities.ActivityInput) { m.Lines[1].Member = "E1" }, town.Secretary,
			fault.Invalid},
		"nobody":              {func(m *activities.ActivityInput) { m.Lines = nil }, town.Secretary, fault.Invalid},
		"another's branch":    {func(m *activities.ActivityInput) { m.Org = town.West.ID }, town.Secretary, fault.NotFound},
		"not a branch":        {func(m *activities.ActivityInput) { m.Org = town.Street.ID }, town.Clerk, fault.Invalid},
		"who may not record":  {func(*activities.ActivityInput) {}, town.Member, fault.Forbidden},
		"an auditor":          {func(*activities.ActivityInput) {}, town.Auditor, fault.Forbidden},
		"a branch of nowhere": {func(m *activities.ActivityInput) { m.Org = "x" }, town.Clerk, fault.NotFound},
	} {
		m := activityInput(t, town)
		c.change(&m)
		if _, err := town.Activities.Record(ctx, c.by, m, ""); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	want(t, town, "80", "80", "80")
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertPeriodStep(town.East.ID, "2026", true, town.Clerk.Account)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Activities.Record(ctx, town.Secretary, activityInput(t, town),
		""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a locked period: %v", err)
	}
}

func TestADeedShowsItsEffectBeforeItIsSaved(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	d := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-01")}
	for same, step := range []entries.Effect{
		{ShowsTotals: true, Before: 8000, After: 8200, Granted: 200, Wanted: 200, GradeBefore: "好", GradeAfter: "好"},
		{ShowsTotals: true, Before: 8200, After: 8300, Granted: 100, Wanted: 200, GradeBefore: "好", GradeAfter: "好",
			Note: "限额每月 3分 只余 +1，原应 +2"},
		{ShowsTotals: true, Before: 8300, After: 8300, Granted: 0, Wanted: 200, GradeBefore: "好", GradeAfter: "好",
			Note: "限额每月 3分 已用完，原应 +2"},
	} {
		seen, err := town.Entries.Preview(ctx, town.Secretary, d)
		step.Same, step.Name = same, "示例东2"
		if err != nil || !reflect.DeepEqual(seen.Effect, step) {
			t.Errorf("preview %+v, %v; want %+v", seen, err, step)
		}
		saved, err := town.Entries.Post(ctx, town.Secretary, d, "")
		if err != nil || saved.Entry == 0 {
			t.Fatalf("%+v, %v", saved, err)
		}
		if saved.Entry = 0; !reflect.DeepEqual(saved, step) {
			t.Errorf("saved %+v, want %+v", saved, step)
		}
	}
	want(t, town, "80", "83", "80")
}

func TestDeedsForOneselfAndOutsidersWait(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	own, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E1", Item: "好事", On: testkit.Day(t, "2026-05-01")}, "")
	if err != nil || !own.Waiting || own.Before != 8000 {
		t.Errorf("%+v, %v", own, err)
	}
	// A stranger is hidden; who is a guest here is known, and his points are not.
	deed := entries.EntryInput{Member: "W1", Item: "好事", On: testkit.Day(t, "2026-05-01")}
	_, stranger := town.Entries.Post(ctx, town.Secretary, deed, "")
	deed.Member = "W9"
	_, absent := town.Entries.Post(ctx, town.Secretary, deed, "")
	if fault.CodeOf(stranger) != fault.NotFound || stranger.Error() != absent.Error() {
		t.Errorf("a stranger: %v; nobody: %v", stranger, absent)
	}
	town.Host(t, "W1")
	deed.Member = "W1"
	guest, err := town.Entries.Post(ctx, town.Secretary, deed, "")
	if err != nil || !guest.Waiting || guest.ShowsTotals || guest.Before != 0 || guest.After != 0 {
		t.Errorf("another branch's totals were shown: %+v, %v", guest, err)
	}
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertAffiliation(domain.Affiliation{Member: "W1", Kind: "host", Org: town.East.ID, From: deed.On,
			Ended: true}, town.Clerk.Account)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Post(ctx, town.Secretary, deed, ""); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("who is a guest no more: %v", err)
	}
	want(t, town, "80", "80", "80")
	claim := queue(t, town, town.Community)[0]
	if err := decide(town, town.Community, claim, true, ""); err != nil {
		t.Fatal(err)
	}
	want(t, town, "82", "80", "80")
	if err := decide(town, town.Community, claim, false, "又想了想"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("decided twice: %v", err)
	}
	if _, err := town.Entries.Reverse(ctx, town.Secretary, own.Entry, "不该记", ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("his own reversal: %v", err)
	}
	if _, err := town.Entries.Reverse(ctx, town.Clerk, own.Entry, "不该记", ""); err != nil {
		t.Fatal(err)
	}
	want(t, town, "80", "80", "80")
}

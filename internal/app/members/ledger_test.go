package members_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/app/roster"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
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
	p, err := town.Standings.Current(ctx, standings.Question{Scope: access.System("the test looks at all"), AsOf: testkit.Day(t, "2026-06-01")})
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

// queue is what an actor has to decide.
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
	_, err := town.Ledger.Requests.Decide(ctx, actor, []requests.Ruling{{Request: q.ID, Step: len(q.Steps) + 1}}, requests.Answer{Accept: accept, Reason: reason}, "")
	return err
}

func meeting(t *testing.T, town *testkit.Town) activities.ActivityInput {
	t.Helper()
	return activities.ActivityInput{Org: town.East.ID, Kind: "党课", On: testkit.Day(t, "2026-05-20"), Lines: []activities.Line{
		{Member: "E1", Status: "缺席"}, {Member: "E2", Status: "缺席"}, {Member: "W1", Status: "到会"},
	}}
}

func TestMeetingPostsTheBranchAndClaimsTheRest(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	r, err := town.Activities.Record(ctx, town.Secretary, meeting(t, town), "k1")
	if err != nil {
		t.Fatal(err)
	}
	expect.Equal(t, "r.Posted", r.Posted, 1)
	expect.Equal(t, "r.Waiting", r.Waiting, 2)
	expect.Equal(t, "r.Points", r.Points, -500)
	expect.Equal(t, "r.Replay", r.Replay, false)
	want(t, town, "80", "75", "80")
	// The same form again does nothing and says so; another under its key is refused.
	again, err := town.Activities.Record(ctx, town.Secretary, meeting(t, town), "k1")
	if err != nil || !again.Replay || again.Activity != r.Activity {
		t.Errorf("%+v, %v", again, err)
	}
	other := meeting(t, town)
	other.Kind = "主题党日"
	if _, err := town.Activities.Record(ctx, town.Secretary, other, "k1"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("another form under the key: %v", err)
	}
	want(t, town, "80", "75", "80")
	// His own line is the community's to decide, the guest's the street's, because
	// nobody serves his branch and community.
	own, guest := queue(t, town, town.Community), queue(t, town, town.Clerk)
	if len(own) != 1 || own[0].Member.ID != "E1" || len(guest) != 1 || guest[0].Member.ID != "W1" || len(queue(t, town, town.Secretary)) != 0 {
		t.Fatalf("%+v, %+v", own, guest)
	}
	if err := decide(town, town.Secretary, own[0], true, ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("his own: %v", err)
	}
	if err := decide(town, town.Clerk, guest[0], false, ""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("refused without a reason: %v", err)
	}
	if err := errors.Join(decide(town, town.Community, own[0], true, ""), decide(town, town.Clerk, guest[0], false, "没有参加")); err != nil {
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
		m := meeting(t, town)
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
		if r, err := town.Activities.Reverse(ctx, town.Secretary, first, "", "k"); err != nil || r.Posted != 3 || r.Replay != (i == 1) {
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
	if err := back(town.Secretary, second, "记错了"); fault.CodeOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "您本人") {
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
		if _, err := town.Activities.Correct(ctx, c.by, activities.Correction{Activity: own, Member: "E1", Status: c.status, Reason: "看错了"}, ""); err != nil {
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
		"a day to come":       {func(m *activities.ActivityInput) { m.On = testkit.Day(t, "2026-06-02") }, town.Secretary, fault.Invalid},
		"before the rules":    {func(m *activities.ActivityInput) { m.On = testkit.Day(t, "2025-12-31") }, town.Secretary, fault.Invalid},
		"an unknown kind":     {func(m *activities.ActivityInput) { m.Kind = "庙会" }, town.Secretary, fault.Invalid},
		"an unknown member":   {func(m *activities.ActivityInput) { m.Lines[0].Member = "X" }, town.Secretary, fault.NotFound},
		"an unknown status":   {func(m *activities.ActivityInput) { m.Lines[0].Status = "睡觉" }, town.Secretary, fault.Invalid},
		"a member twice":      {func(m *activities.ActivityInput) { m.Lines[1].Member = "E1" }, town.Secretary, fault.Invalid},
		"nobody":              {func(m *activities.ActivityInput) { m.Lines = nil }, town.Secretary, fault.Invalid},
		"another's branch":    {func(m *activities.ActivityInput) { m.Org = town.West.ID }, town.Secretary, fault.NotFound},
		"not a branch":        {func(m *activities.ActivityInput) { m.Org = town.Street.ID }, town.Clerk, fault.Invalid},
		"who may not record":  {func(*activities.ActivityInput) {}, town.Member, fault.Forbidden},
		"an auditor":          {func(*activities.ActivityInput) {}, town.Auditor, fault.Forbidden},
		"a branch of nowhere": {func(m *activities.ActivityInput) { m.Org = "x" }, town.Clerk, fault.NotFound},
	} {
		m := meeting(t, town)
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
	if _, err := town.Activities.Record(ctx, town.Secretary, meeting(t, town), ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a locked period: %v", err)
	}
}

func TestADeedShowsItsEffectBeforeItIsSaved(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	d := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-01")}
	for same, step := range []entries.Effect{
		{Told: true, Before: 8000, After: 8200, Granted: 200, Wanted: 200, GradeBefore: "好", GradeAfter: "好"},
		{Told: true, Before: 8200, After: 8300, Granted: 100, Wanted: 200, GradeBefore: "好", GradeAfter: "好", Note: "限额每月 3分 只余 +1，原应 +2"},
		{Told: true, Before: 8300, After: 8300, Granted: 0, Wanted: 200, GradeBefore: "好", GradeAfter: "好", Note: "限额每月 3分 已用完，原应 +2"},
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
	own, err := town.Entries.Post(ctx, town.Secretary, entries.EntryInput{Member: "E1", Item: "好事", On: testkit.Day(t, "2026-05-01")}, "")
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
	if err != nil || !guest.Waiting || guest.Told || guest.Before != 0 || guest.After != 0 {
		t.Errorf("another branch's totals were shown: %+v, %v", guest, err)
	}
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertAffiliation(domain.Affiliation{Member: "W1", Kind: "host", Org: town.East.ID, From: deed.On, Ended: true}, town.Clerk.Account)
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

func TestReversal(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	e, err := town.Entries.Post(ctx, town.Secretary, entries.EntryInput{Member: "E2", Item: "酌情", On: testkit.Day(t, "2026-05-01"), Points: "-5"}, "")
	if err != nil {
		t.Fatal(err)
	}
	want(t, town, "80", "75", "80")
	for name, c := range map[string]struct {
		by     *access.Actor
		id     domain.EntryID
		reason string
		code   fault.Code
	}{
		"no reason":      {town.Secretary, e.Entry, " ", fault.Invalid},
		"no such entry":  {town.Secretary, 99, "错", fault.NotFound},
		"may not record": {town.Member, e.Entry, "错", fault.Forbidden},
	} {
		if _, err := town.Entries.Reverse(ctx, c.by, c.id, c.reason, ""); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range 2 {
		done, err := town.Entries.Reverse(ctx, town.Secretary, e.Entry, "重复录入", "k")
		if err != nil || done.Replay != (i == 1) {
			t.Errorf("%v, %v", done.Replay, err)
		}
	}
	want(t, town, "80", "80", "80")
}

// TestWhatOthersAgreedToIsTakenBackByThem: who records alone takes back alone; what
// counts only by the agreement of those above is for them to take back, and what
// does not count yet for nobody but its author.
func TestWhatOthersAgreedToIsTakenBackByThem(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	e, err := town.Entries.Post(ctx, town.Member, honour(t, "E2"), "")
	if err != nil {
		t.Fatal(err)
	}
	reverse := func(actor *access.Actor) error {
		_, err := town.Entries.Reverse(ctx, actor, e.Entry, "证书是别人的", "")
		return err
	}
	for _, actor := range []*access.Actor{town.Secretary, town.Community, town.Clerk} {
		if err := reverse(actor); fault.CodeOf(err) != fault.Conflict || !strings.Contains(err.Error(), "还在等人同意") {
			t.Errorf("while it waits: %v", err)
		}
		if err := decide(town, actor, queue(t, town, actor)[0], true, ""); err != nil {
			t.Fatal(err)
		}
	}
	want(t, town, "80", "83", "80")
	for _, actor := range []*access.Actor{town.Secretary, town.Community} {
		if err := reverse(actor); fault.CodeOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "街道党工委") {
			t.Errorf("%s takes back what the street agreed to: %v", actor.Name, err)
		}
		if _, err := town.Entries.Reversible(ctx, actor, e.Entry); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("and is not told so before he writes the reason: %v", err)
		}
	}
	if err := reverse(town.Clerk); err != nil {
		t.Fatal(err)
	}
	want(t, town, "80", "80", "80")
}

// TestWhoHasLeft proves that who has left stays with the last branch: what was
// before the day may still be put right there, what is after it may not be.
func TestWhoHasLeft(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	deed := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-04-01")}
	e, err := town.Entries.Post(ctx, town.Secretary, deed, "")
	if err != nil {
		t.Fatal(err)
	}
	leave := func(tx *store.Tx) error { return roster.LeaveTx(tx, "E2", testkit.Day(t, "2026-05-01"), 0) }
	if err := town.DB.Write(ctx, leave); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Reverse(ctx, town.Secretary, e.Entry, "记错了人", ""); err != nil {
		t.Errorf("the last branch may not put right what was before the day: %v", err)
	}
	if _, err := town.Entries.Post(ctx, town.Secretary, deed, ""); err != nil {
		t.Errorf("what was before the day: %v", err)
	}
	deed.On = testkit.Day(t, "2026-05-01")
	if _, err := town.Entries.Post(ctx, town.Secretary, deed, ""); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "已经转出") {
		t.Errorf("what is after the day: %v", err)
	}
	if _, err := town.Activities.Record(ctx, town.Secretary, meeting(t, town), ""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a meeting after the day: %v", err)
	}
	in := func(day string) bool {
		p, err := town.Standings.Current(ctx, standings.Question{Scope: town.Secretary.Scope(access.SeeMembers), AsOf: testkit.Day(t, day)})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(p.Rows, func(r standings.Row) bool { return r.Member.ID == "E2" })
	}
	if !in("2026-06-01") || in("2027-06-01") {
		t.Error("who left is on the lists of the year of leaving, and of no later one")
	}
	// He comes back: what was while he was gone is still not recorded here.
	if _, err := town.Ledger.Move(ctx, town.Clerk, members.Move{Member: "E2", To: town.East.ID, From: testkit.Day(t, "2026-05-25")}, ""); err != nil {
		t.Fatal(err)
	}
	for day, refused := range map[string]bool{"2026-04-30": false, "2026-05-01": true, "2026-05-24": true, "2026-05-25": false} {
		deed.On = testkit.Day(t, day)
		if _, err := town.Entries.Post(ctx, town.Secretary, deed, ""); (fault.CodeOf(err) == fault.Invalid) != refused {
			t.Errorf("%s: %v", day, err)
		}
		m := meeting(t, town)
		m.On = deed.On
		if _, err := town.Activities.Record(ctx, town.Secretary, m, ""); (fault.CodeOf(err) == fault.Invalid) != refused {
			t.Errorf("a meeting of %s: %v", day, err)
		}
	}
	got := totals(t, town)
	if got["E2"] != "75" { // 80, good deeds of 3 in April (the month's limit) and 2 in May, two meetings missed at −5
		t.Errorf("his total is %s", got["E2"])
	}
}

func TestDeedsThatTheRulesDoNotAllowAreToldByField(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	for field, d := range map[string]entries.EntryInput{
		"项目": {Member: "E2", Item: "坏事"}, "分值": {Member: "E2", Item: "酌情", Points: "9"}, "时长": {Member: "E2", Item: "服务"},
		"级别": {Member: "E2", Item: "好事", Fields: map[string]string{"级别": "省"}},
	} {
		d.On = testkit.Day(t, "2026-05-01")
		_, err := town.Entries.Post(ctx, town.Secretary, d, "")
		f, ok := err.(*fault.Error) //nolint:errorlint // not wrapped: that is part of what is tested
		if !ok || f.Code != fault.Invalid || f.Fields[field] == "" {
			t.Errorf("%s: %+v", field, err)
		}
	}
	want(t, town, "80", "80", "80")
}

// What a person chooses is held to the range of its option wherever it comes
// in: shown, recorded, claimed, or taken from paper.
func TestChosenPointsAreHeldToTheRangeOfTheirOption(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	d := entries.EntryInput{Member: "E2", Item: "处理", On: testkit.Day(t, "2026-05-01"), Points: "-3", Fields: map[string]string{"程度": "重"}}
	paper := d
	paper.Paper = "卷一"
	_, err1 := town.Entries.Preview(ctx, town.Secretary, d)
	_, err2 := town.Entries.Post(ctx, town.Secretary, d, "")
	_, err3 := town.Entries.Post(ctx, town.Member, d, "")
	_, err4 := town.Entries.Post(ctx, town.Clerk, paper, "")
	for i, err := range []error{err1, err2, err3, err4} {
		if err == nil || !strings.Contains(err.Error(), "“处理”填了 -3 分，超出范围（“重”在 -12 至 -9 之间填一个数）") {
			t.Errorf("door %d: %v", i+1, err)
		}
	}
	d.Points = "-12"
	if _, err := town.Entries.Post(ctx, town.Secretary, d, ""); err != nil {
		t.Error(err)
	}
	want(t, town, "80", "68", "80") // 80 − 12
}

// madeUp is the day on which the tests make up for what was missed.
func madeUp(t *testing.T, status domain.AttendanceStatus) calendar.Day {
	t.Helper()
	if status != "补课" {
		return 0
	}
	return testkit.Day(t, "2026-05-30")
}

// TestAttendanceIsCorrectedVisibly follows a line from missed to made up, and a
// correction of one's own that is refused.
func TestAttendanceIsCorrectedVisibly(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	r, err := town.Activities.Record(ctx, town.Clerk, meeting(t, town), "")
	if err != nil {
		t.Fatal(err)
	}
	want(t, town, "75", "75", "80.5")
	fix := func(by *access.Actor, member domain.MemberID, status domain.AttendanceStatus, reason, key string) (activities.Corrected, error) {
		return town.Activities.Correct(ctx, by, activities.Correction{Activity: r.Activity, Member: member, Status: status, MadeUpOn: madeUp(t, status), Reason: reason}, key)
	}
	for name, c := range map[string]struct {
		by     *access.Actor
		member domain.MemberID
		status domain.AttendanceStatus
		reason string
		code   fault.Code
	}{
		"without a reason": {town.Secretary, "E2", "到会", " ", fault.Invalid},
		"to the same":      {town.Secretary, "E2", "缺席", "看错了", fault.Conflict},
		"to another word":  {town.Secretary, "E2", "来了", "看错了", fault.Invalid},
		"by a member":      {town.Member, "E2", "到会", "看错了", fault.Forbidden},
		"of nobody":        {town.Secretary, "X9", "到会", "看错了", fault.NotFound},
	} {
		if _, err := fix(c.by, c.member, c.status, c.reason, ""); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range 2 {
		e, err := fix(town.Secretary, "E2", "补课", "5 月 30 日补的课", "k")
		if err != nil || e.Replay != (i == 1) || e.Before.String() != "75" || e.After.String() != "80" {
			t.Errorf("%+v, %v", e, err)
		}
	}
	want(t, town, "75", "80", "80.5")
	// His own line waits, and what holds meanwhile is what was recorded.
	if e, err := fix(town.Secretary, "E1", "到会", "漏看了我", ""); err != nil || !e.Waiting {
		t.Errorf("%+v, %v", e, err)
	}
	want(t, town, "75", "80", "80.5")
	status := func(state string) (now domain.AttendanceStatus) {
		t.Helper()
		if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
			list, err := v.Corrections(access.System("the test looks at all"), r.Activity)
			if err != nil || len(list) != 2 || string(list[0].State) != state || list[0].Was != "缺席" || list[1].Reason != "5 月 30 日补的课" || list[1].Is != "补课" {
				t.Errorf("%+v, %v", list, err)
			}
			lines, err := v.Attendance(access.System("the test looks at all"), r.Activity)
			for _, l := range lines {
				if l.Member == "E1" {
					now = l.Status
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return now
	}
	status("待确认")
	if err := decide(town, town.Community, queue(t, town, town.Community)[0], false, "没有来"); err != nil {
		t.Fatal(err)
	}
	if now := status("退回"); now != "缺席" {
		t.Errorf("after it was refused he is %s", now)
	}
	want(t, town, "75", "80", "80.5")
	if err := town.DB.Exclusive(ctx, func(tx *store.Tx) error {
		broken, err := tx.Verify()
		expect.Empty(t, "broken", broken)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestASheetIsWrittenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	town.Host(t, "W1", "W2")
	sheet := entries.BulkEntry{Item: "服务", On: testkit.Day(t, "2026-05-01"), Rows: []entries.BulkRow{
		{Member: "E1", Fields: map[string]string{"时长": "10"}}, {Member: "E2", Fields: map[string]string{"时长": "20"}},
		{Member: "W1", Fields: map[string]string{"时长": "5"}}, {Member: "W2", Fields: map[string]string{"时长": "很久"}}, {Member: "X9", Fields: map[string]string{"时长": "5"}},
	}}
	_, err := town.Entries.PostBulk(ctx, town.Secretary, sheet, "k")
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Invalid || len(f.Fields) != 2 || !strings.Contains(f.Fields["W2"], "时长") || f.Fields["X9"] == "" {
		t.Fatalf("%v", err)
	}
	want(t, town, "80", "80", "80")
	sheet.GoOn = true
	var r entries.BulkReceipt
	for i := range 2 {
		r, err = town.Entries.PostBulk(ctx, town.Secretary, sheet, "k2")
		if err != nil || r.Replay != (i == 1) || r.Posted != 1 || r.Waiting != 2 || len(r.Refused) != 2 {
			t.Errorf("%+v, %v", r, err)
		}
	}
	want(t, town, "80", "82", "80") // his own, and another branch's, wait
	if _, err := town.Entries.PostBulk(ctx, town.Secretary, entries.BulkEntry{Item: "服务", On: sheet.On}, ""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("an empty sheet: %v", err)
	}
	// Somebody else may not take it back; who wrote it may, today, until somebody
	// has decided on part of it.
	if _, _, err := town.Entries.Undo(ctx, town.Clerk, r.First, r.Last); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("%v", err)
	}
	if item, n, err := town.Entries.Undo(ctx, town.Secretary, r.First, r.Last); err != nil || n != 3 || item != "服务" {
		t.Errorf("%s %d, %v", item, n, err)
	}
	want(t, town, "80", "80", "80")
	if _, _, err := town.Entries.Undo(ctx, town.Secretary, r.First, r.Last); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("twice: %v", err)
	}
	// A range that is none, and what was not recorded together.
	town.Later(time.Minute)
	other, err := town.Entries.Post(ctx, town.Secretary, entries.EntryInput{Member: "E2", Item: "好事", On: sheet.On}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, ids := range [][2]domain.EntryID{{r.First, other.Entry}, {other.Entry, r.First}, {0, 0}, {-1 << 63, 1<<63 - 1}, {1, 1 << 40}} {
		if _, _, err := town.Entries.Undo(ctx, town.Secretary, ids[0], ids[1]); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%v: %v", ids, err)
		}
	}
	again, err := town.Entries.PostBulk(ctx, town.Secretary, entries.BulkEntry{Item: "好事", On: sheet.On, Rows: []entries.BulkRow{{Member: "E2"}}}, "")
	if err != nil {
		t.Fatal(err)
	}
	town.Later(24 * time.Hour)
	if _, _, err := town.Entries.Undo(ctx, town.Secretary, again.First, again.Last); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("on another day: %v", err)
	}
}

package members_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

func TestReversal(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	e, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E2", Item: "酌情", On: testkit.Day(t, "2026-05-01"), Points: "-5"}, "")
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
	leave := func(tx *store.Tx) error { return members.LeaveTx(tx, "E2", testkit.Day(t, "2026-05-01"), 0) }
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
	if _, err := town.Entries.Post(ctx, town.Secretary, deed, ""); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "已经转出") {
		t.Errorf("what is after the day: %v", err)
	}
	if _, err := town.Activities.Record(ctx, town.Secretary, activityInput(t, town),
		""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a meeting after the day: %v", err)
	}
	in := func(day string) bool {
		p, err := town.Standings.Current(ctx, standings.Question{Scope: town.Secretary.Scope(access.SeeMembers),
			AsOf: testkit.Day(t, day)})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(p.Rows, func(r standings.Row) bool { return r.Member.ID == "E2" })
	}
	if !in("2026-06-01") || in("2027-06-01") {
		t.Error("who left is on the lists of the year of leaving, and of no later one")
	}
	// He comes back: what was while he was gone is still not recorded here.
	if _, err := town.Ledger.Move(ctx, town.Clerk,
		members.Move{Member: "E2", To: town.East.ID, From: testkit.Day(t, "2026-05-25")}, ""); err != nil {
		t.Fatal(err)
	}
	for day, refused := range map[string]bool{"2026-04-30": false, "2026-05-01": true, "2026-05-24": true,
		"2026-05-25": false} {
		deed.On = testkit.Day(t, day)
		if _, err := town.Entries.Post(ctx, town.Secretary, deed, ""); (fault.CodeOf(err) == fault.Invalid) != refused {
			t.Errorf("%s: %v", day, err)
		}
		m := activityInput(t, town)
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
	d := entries.EntryInput{Member: "E2", Item: "处理", On: testkit.Day(t, "2026-05-01"), Points: "-3",
		Fields: map[string]string{"程度": "重"}}
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
	r, err := town.Activities.Record(ctx, town.Clerk, activityInput(t, town), "")
	if err != nil {
		t.Fatal(err)
	}
	want(t, town, "75", "75", "80.5")
	fix := func(by *access.Actor, member domain.MemberID, status domain.AttendanceStatus, reason,
		key string) (activities.Corrected, error) {
		return town.Activities.Correct(ctx, by, activities.Correction{Activity: r.Activity, Member: member, Status: status,
			MadeUpOn: madeUp(t, status), Reason: reason}, key)
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
			if err != nil || len(list) != 2 || string(list[0].State) != state || list[0].Was != "缺席" ||
				list[1].Reason != "5 月 30 日补的课" || list[1].Is != "补课" {
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
		{Member: "W1", Fields: map[string]string{"时长": "5"}}, {Member: "W2", Fields: map[string]string{"时长": "很久"}},
		{Member: "X9", Fields: map[string]string{"时长": "5"}},
	}}
	_, err := town.Entries.PostBulk(ctx, town.Secretary, sheet, "k")
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Invalid || len(f.Fields) != 2 || !strings.Contains(f.Fields["W2"], "时长") ||
		f.Fields["X9"] == "" {
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
	if _, err := town.Entries.PostBulk(ctx, town.Secretary, entries.BulkEntry{Item: "服务", On: sheet.On},
		""); fault.CodeOf(err) != fault.Invalid {
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
	for _, ids := range [][2]domain.EntryID{{r.First, other.Entry}, {other.Entry, r.First}, {0, 0}, {-1 << 63, 1<<63 - 1},
		{1, 1 << 40}} {
		if _, _, err := town.Entries.Undo(ctx, town.Secretary, ids[0], ids[1]); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%v: %v", ids, err)
		}
	}
	again, err := town.Entries.PostBulk(ctx, town.Secretary,
		entries.BulkEntry{Item: "好事", On: sheet.On, Rows: []entries.BulkRow{{Member: "E2"}}}, "")
	if err != nil {
		t.Fatal(err)
	}
	town.Later(24 * time.Hour)
	if _, _, err := town.Entries.Undo(ctx, town.Secretary, again.First, again.Last); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("on another day: %v", err)
	}
}

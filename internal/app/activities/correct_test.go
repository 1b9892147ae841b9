package activities_test

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

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
	r, err := town.Activities.Record(t.Context(), town.Clerk, town.ActivityInput(t), "")
	if err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "75", "75", "80.5")
	fix := func(by *access.Actor, member domain.MemberID, status domain.AttendanceStatus, reason,
		key string) (activities.Corrected, error) {
		return town.Activities.Correct(t.Context(), by,
			activities.Correction{Activity: r.Activity, Member: member, Status: status,
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
		expect.NoError(t, "the correction", err)
		expect.Equal(t, "the correction is a replay", e.Replay, i == 1)
		expect.Equal(t, "the total before it", e.Before.String(), "75")
		expect.Equal(t, "the total after it", e.After.String(), "80")
	}
	town.WantTotals(t, "75", "80", "80.5")
	// His own line waits, and what holds meanwhile is what was recorded.
	own, err := fix(town.Secretary, "E1", "到会", "漏看了我", "")
	expect.NoError(t, "the correction of one's own line", err)
	expect.Equal(t, "the correction of one's own line waits", own.Waiting, true)
	town.WantTotals(t, "75", "80", "80.5")
	status := func(state string) (now domain.AttendanceStatus) {
		t.Helper()
		if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
			list, err := v.Corrections(access.System("the test looks at all"), r.Activity)
			if err != nil {
				return err
			}
			expect.Len(t, "the corrections", list, 2)
			expect.Equal(t, "the state of the later one", string(list[0].State), state)
			expect.Equal(t, "what the later one corrects", list[0].Was, domain.Absent)
			expect.Equal(t, "the reason of the first one", list[1].Reason, "5 月 30 日补的课")
			expect.Equal(t, "what the first one says", list[1].Is, domain.MadeUp)
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
	if err := town.Decide(town.Community, &town.Queue(t, town.Community)[0], false, "没有来"); err != nil {
		t.Fatal(err)
	}
	if now := status("退回"); now != "缺席" {
		t.Errorf("after it was refused he is %s", now)
	}
	town.WantTotals(t, "75", "80", "80.5")
	if err := town.DB.Exclusive(t.Context(), func(tx *store.Tx) error {
		broken, err := tx.Verify()
		expect.Empty(t, "broken", broken)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestMakingUpNeedsADay that can be one, and the line says it.
func TestMakingUpNeedsADay(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	r, err := town.Activities.Record(t.Context(), town.Clerk, town.ActivityInput(t), "")
	if err != nil {
		t.Fatal(err)
	}
	fix := func(status domain.AttendanceStatus, day string) error {
		c := activities.Correction{Activity: r.Activity, Member: "E2", Status: status, Reason: "补了课"}
		if day != "" {
			c.MadeUpOn = testkit.Day(t, day)
		}
		_, err := town.Activities.Correct(t.Context(), town.Secretary, c, "")
		return err
	}
	for want, err := range map[string]error{
		"哪一天补的课": fix("补课", ""), "还早": fix("补课", "2026-05-19"), "还没有到": fix("补课", "2026-06-02"),
		"不写补课的日期": fix("到会", "2026-05-25"),
	} {
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if err := fix("补课", "2026-05-25"); err != nil {
		t.Fatal(err)
	}
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		lines, err := v.Attendance(access.System("the test looks at all"), r.Activity)
		for _, l := range lines {
			if l.Member == "E2" {
				expect.Equal(t, "his status", l.Status, domain.MadeUp)
				expect.Equal(t, "the day on which he made up", l.MadeUpOn, testkit.Day(t, "2026-05-25"))
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "75", "80", "80.5")
}

// TestTheDeadlineOfACorrectionRunsFromTheFirst: the secretary's own line, returned
// and corrected anew after the deadline.
func TestTheDeadlineOfACorrectionRunsFromTheFirst(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	town.Follow(t, strings.Replace(testkit.Rules, "类别:", "默认: {补录: 30天}\n类别:", 1))
	log := func(title string) domain.ActivityID {
		m := town.ActivityInput(t)
		m.On, m.Title = testkit.Day(t, "2026-05-02"), title
		r, err := town.Activities.Record(t.Context(), town.Clerk, m, "")
		if err != nil {
			t.Fatal(err)
		}
		return r.Activity
	}
	corrected, other := log("一"), log("二")
	correct := func(id domain.ActivityID) error {
		fix := activities.Correction{Activity: id, Member: "E1", Status: "请假", Reason: "当天请了假"}
		_, err := town.Activities.Correct(t.Context(), town.Secretary, fix, "")
		return err
	}
	if err := correct(corrected); err != nil {
		t.Fatalf("30 days after: %v", err)
	}
	mine := town.Queue(t, town.Community)
	expect.Len(t, "what waits", mine, 1)
	if err := town.Decide(town.Community, &mine[0], false, "没有假条"); err != nil {
		t.Fatal(err)
	}
	town.Later(24 * time.Hour)
	if err := correct(other); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("31 days after, the first time: %v", err)
	}
	if err := correct(corrected); err != nil {
		t.Errorf("31 days after, returned before: %v", err)
	}
	again := town.Queue(t, town.Community)
	expect.Len(t, "what waits after the second correction", again, 1)
	expect.Equal(t, "what the second correction follows", again[0].Follows, mine[0].ID)
}

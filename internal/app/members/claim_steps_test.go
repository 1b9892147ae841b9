package members_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestOfTwoWhoDecideOneWins: at the same second, on the same step.
func TestOfTwoWhoDecideOneWins(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	town.Host(t, "W1")
	if _, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "W1", Item: "好事", On: testkit.Day(t, "2026-05-20")}, ""); err != nil {
		t.Fatal(err)
	}
	q := queue(t, town, town.Clerk)[0]
	var wait sync.WaitGroup
	actors, got := []*access.Actor{town.Clerk, town.Second}, [2]error{}
	for i := range actors {
		wait.Add(1)
		go func() {
			defer wait.Done()
			got[i] = decide(town, actors[i], q, i == 0, "看过")
		}()
	}
	wait.Wait()
	loser := 0
	if got[0] == nil {
		loser = 1
	}
	if got[1-loser] != nil || fault.CodeOf(got[loser]) != fault.Conflict ||
		!strings.Contains(got[loser].Error(), actors[1-loser].Name) {
		t.Errorf("%v", got)
	}
	if n := len(states(t, town, "W1")); n != 1 {
		t.Errorf("%d claims", n)
	}
}

// TestDeedsThatComeTooLateOrOfTheExempt are refused in the rule's own words.
func TestDeedsThatComeTooLateOrOfTheExempt(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertMember("E9", "示例新", "slx"); err != nil {
			return err
		}
		return errors.Join(tx.InsertAffiliation(domain.Affiliation{Member: "E9", Kind: "home", Org: town.East.ID,
			From: testkit.Day(t, "2026-05-01")}, 0),
			tx.InsertFact("E9", domain.Fact{Attribute: "豁免", From: testkit.Day(t, "2026-05-10"),
				Value: domain.Value{Text: "不计"}}, 0),
			tx.InsertFact("E9", domain.Fact{Attribute: "豁免", From: testkit.Day(t, "2026-05-20"),
				Value: domain.Value{Text: "无"}}, 0))
	}); err != nil {
		t.Fatal(err)
	}
	late := honour(t, "E2")
	late.On = testkit.Day(t, "2026-04-01")
	unsaid := late
	unsaid.Note = ""
	of := func(member domain.MemberID, day string) entries.EntryInput {
		return entries.EntryInput{Member: member, Item: "好事", On: testkit.Day(t, day)}
	}
	for name, c := range map[string]struct {
		by   *access.Actor
		deed entries.EntryInput
		code fault.Code
		want string
	}{
		"late, from the branch":            {town.Secretary, late, fault.Forbidden, "“表彰”只许在 30天以内补录"},
		"late, from the member":            {town.Member, late, fault.Forbidden, "61 天以前"},
		"late, from above, without a word": {town.Community, unsaid, fault.Invalid, "为什么晚了"},
		"late, from above":                 {town.Community, late, "", ""},
		"a day to come":                    {town.Clerk, of("E2", "2026-06-02"), fault.Invalid, "还没有到"},
		"before joining":                   {town.Secretary, of("E9", "2026-04-30"), fault.Invalid, "2026-05-01 起才在这里"},
		"while exempt":                     {town.Secretary, of("E9", "2026-05-15"), fault.Invalid, "豁免“不计”"},
		"after the exemption":              {town.Secretary, of("E9", "2026-05-20"), "", ""},
		"without the proof that is asked": {town.Secretary,
			entries.EntryInput{Member: "E2", Item: "凭证", On: testkit.Day(t, "2026-05-20")}, fault.Invalid, "证明材料"},
		"what follows from attendance only": {town.Secretary,
			entries.EntryInput{Member: "E2", Item: "到会", On: testkit.Day(t, "2026-05-20")}, fault.Invalid, "不单独记"},
	} {
		_, err := town.Entries.Post(ctx, c.by, c.deed, "")
		if (err == nil) != (c.code == "") || err != nil && fault.CodeOf(err) != c.code || err != nil &&
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAMeetingIsNotRecordedTwice, but two groups of a branch may meet on a day.
func TestAMeetingIsNotRecordedTwice(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	m := activityInput(t, town)
	first, err := town.Activities.Record(ctx, town.Clerk, m, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Activities.Record(ctx, town.Secretary, m, ""); fault.CodeOf(err) != fault.Conflict ||
		!strings.Contains(err.Error(), "已经记过") {
		t.Errorf("again: %v", err)
	}
	group := m
	group.Lines = []activities.Line{{Member: "W2", Status: "到会"}}
	if _, err := town.Activities.Record(ctx, town.Clerk, group, ""); err != nil {
		t.Errorf("others on the same day: %v", err)
	}
	m.Title = "第二场"
	if _, err := town.Activities.Record(ctx, town.Clerk, m, ""); err != nil {
		t.Errorf("another one: %v", err)
	}
	if _, err := town.Activities.Reverse(ctx, town.Clerk, first.Activity, "记错了", ""); err != nil {
		t.Fatal(err)
	}
	m.Title = ""
	if _, err := town.Activities.Record(ctx, town.Clerk, m, ""); err != nil {
		t.Errorf("after the first was taken back: %v", err)
	}
}

// TestMakingUpNeedsADay that can be one, and the line says it.
func TestMakingUpNeedsADay(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	r, err := town.Activities.Record(ctx, town.Clerk, activityInput(t, town), "")
	if err != nil {
		t.Fatal(err)
	}
	fix := func(status domain.AttendanceStatus, day string) error {
		c := activities.Correction{Activity: r.Activity, Member: "E2", Status: status, Reason: "补了课"}
		if day != "" {
			c.MadeUpOn = testkit.Day(t, day)
		}
		_, err := town.Activities.Correct(ctx, town.Secretary, c, "")
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
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		lines, err := v.Attendance(access.System("the test looks at all"), r.Activity)
		for _, l := range lines {
			if l.Member == "E2" && (l.Status != "补课" || l.MadeUpOn != testkit.Day(t, "2026-05-25")) {
				t.Errorf("%+v", l)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	want(t, town, "75", "80", "80.5")
}

// TestPaperComesThroughItsOwnDoor: late and without anybody's agreement, marked,
// all or nothing, and only from who may import.
func TestPaperComesThroughItsOwnDoor(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	deed := honour(t, "E2")
	deed.On, deed.Note = testkit.Day(t, "2026-01-05"), ""
	bad := deed
	bad.Fields = map[string]string{"级别": "区"}
	paper := entries.Paper{Name: "2026年初台账", Entries: []entries.EntryInput{deed, bad}}
	if _, err := town.Entries.Import(ctx, town.Community, paper, false); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("from below: %v", err)
	}
	r, err := town.Entries.Import(ctx, town.Clerk, paper, false)
	if err != nil || r.Posted != 1 || !strings.Contains(r.Refused[1], "区") {
		t.Errorf("%+v, %v", r, err)
	}
	want(t, town, "80", "80", "80")
	paper.Entries = paper.Entries[:1]
	if r, err = town.Entries.Import(ctx, town.Clerk, paper, true); err != nil || r.Posted != 1 {
		t.Errorf("a try: %+v, %v", r, err)
	}
	want(t, town, "80", "80", "80")
	if r, err = town.Entries.Import(ctx, town.Clerk, paper, false); err != nil || r.Posted != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	want(t, town, "80", "83", "80")
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		list, err := v.Entries(access.System("the test looks at all"), "E2", 10)
		expect.Len(t, "list", list, 1)
		expect.Equal(t, "list[0].Paper", list[0].Paper, "2026年初台账")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	// Handed in again, it is known; under another name it is another record.
	if r, err = town.Entries.Import(ctx, town.Clerk, paper, false); err != nil || r.Posted != 0 ||
		!strings.Contains(r.Refused[0], "导入过") {
		t.Errorf("the same once more: %+v, %v", r, err)
	}
	want(t, town, "80", "83", "80")
	forged := deed
	forged.Paper = "假台账"
	if _, err := town.Entries.Post(ctx, town.Secretary, forged, ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a secretary says that it is from paper: %v", err)
	}
}

// TestAReplayAfterARestart: the same key gives the first answer also from a
// program that was started again; with another body it is refused.
func TestAReplayAfterARestart(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	deed := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20")}
	first, err := town.Entries.Post(ctx, town.Secretary, deed, "k")
	if err != nil {
		t.Fatal(err)
	}
	town.Reopen(t)
	again, err := town.Entries.Post(ctx, town.Secretary, deed, "k")
	if err != nil || !again.Replay || again.Entry != first.Entry || again.After != first.After {
		t.Errorf("%+v, %v; first %+v", again, err, first)
	}
	deed.Member = "W1"
	if _, err := town.Entries.Post(ctx, town.Secretary, deed, "k"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("another body under the key: %v", err)
	}
	want(t, town, "80", "82", "80")
}

package orgs_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// othersDid returns what others did as an actor is told of it, one a line.
func othersDid(t *testing.T, town *testkit.Town, by *access.Actor, branch domain.OrgID) (orgs.ByOthers, string) {
	t.Helper()
	o, err := town.Orgs.ByOthers(t.Context(), by, branch)
	expect.NoError(t, "what others did", err)
	var lines []string
	for i := range o.Acts {
		act := &o.Acts[i]
		line := []string{string(act.Member), act.Words(), act.ByName, strings.Join(act.Offices, "、"), act.Reason}
		if act.Seen {
			line = append(line, "seen")
		}
		if !act.Open {
			line = append(line, "not to be looked at")
		}
		lines = append(lines, strings.Join(line, " "))
	}
	return o, strings.Join(lines, "\n")
}

// othersChange records one of everything in the east, and lets the street change all of it, each
// an hour later.
func othersChange(t *testing.T, town *testkit.Town) {
	t.Helper()
	ctx, day := t.Context(), testkit.Day(t, "2026-05-20")
	post := func(by *access.Actor) domain.EntryID {
		e, err := town.Entries.Post(ctx, by, entries.EntryInput{Member: "E2", Item: "好事", On: day}, "")
		expect.NoError(t, "an entry", err)
		return e.Entry
	}
	fact := func(by *access.Actor, value string) {
		_, err := town.Ledger.ChangeFact(ctx, by, members.FactChange{Member: "E2", Attribute: "人员类别", Value: value,
			From: day}, "")
		expect.NoError(t, "a fact", err)
	}
	meeting := town.ActivityInput(t)
	meeting.Lines = meeting.Lines[1:] // without the secretary
	done, err := town.Activities.Record(ctx, town.Secretary, meeting, "")
	expect.NoError(t, "a meeting", err)
	back := func(by *access.Actor, id domain.EntryID, reason string) {
		_, err := town.Entries.Reverse(ctx, by, id, reason, "")
		expect.NoError(t, "an entry, taken back", err)
	}
	wrong, own := post(town.Secretary), post(town.Secretary)
	above := post(town.Clerk)
	fact(town.Secretary, "预备党员")
	town.Later(time.Hour)
	back(town.Clerk, wrong, "不是他做的")
	back(town.Secretary, own, "记重了")    // by the branch itself
	back(town.Second, above, "街道自己记错了") // what the branch had not recorded
	town.Later(time.Hour)
	fact(town.Community, "正式党员")
	town.Later(time.Hour)
	_, err = town.Activities.Correct(ctx, town.Community, activities.Correction{Activity: done.Activity, Member: "E2",
		Status: "请假", Reason: "有假条"}, "")
	expect.NoError(t, "attendance, corrected", err)
	town.Later(time.Hour)
	_, err = town.Activities.Reverse(ctx, town.Clerk, done.Activity, "没有开", "")
	expect.NoError(t, "a meeting, taken back", err)
}

// TestABranchIsToldWhatOthersChanged: of what its people recorded, by whom, as what, and why; not
// of what it changed itself nor of what was never its own. One of the branch marks it as seen.
func TestABranchIsToldWhatOthersChanged(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	othersChange(t, town)
	const want = ` 撤销了 2026-05-20 的活动“党课” clerk 街道党工委（示例街道） 没有开
E2 更正了 2026-05-20 的出勤“党课” community 社区党委（东社区） 有假条
E2 更正了 2026-05-20 的情况“人员类别” community 社区党委（东社区） 
E2 撤销了 2026-05-20 的记录“好事” clerk 街道党工委（示例街道） 不是他做的`
	o, got := othersDid(t, town, town.Secretary, town.East.ID)
	expect.Equal(t, "what the secretary is told", got, want)
	expect.Equal(t, "what was not seen yet", o.Unseen, 4)
	mark := func(by *access.Actor, until string) error {
		return town.Orgs.MarkSeen(t.Context(), by, orgs.ActsSeen{Branch: town.East.ID, Until: until})
	}
	second := o.Acts[1].At
	for name, c := range map[string]struct {
		by    *access.Actor
		until string
		code  fault.Code
	}{
		"those above":     {town.Clerk, second, fault.Forbidden},
		"a member":        {town.Member, second, fault.Forbidden},
		"the auditor":     {town.Auditor, second, fault.Forbidden},
		"nobody":          {nil, second, fault.Forbidden},
		"another instant": {town.Secretary, "2026-06-01T00:00:00.000Z", fault.Invalid},
	} {
		if err := mark(c.by, c.until); fault.CodeOf(err) != c.code {
			t.Errorf("marked by %s: %v", name, err)
		}
	}
	expect.NoError(t, "marked by the recorder of the branch", mark(town.Recorder, second))
	o, got = othersDid(t, town, town.Secretary, town.East.ID)
	lines := strings.Split(want, "\n")
	for i := range lines[1:] {
		lines[i+1] += " seen"
	}
	expect.Equal(t, "what the secretary is told then", got, strings.Join(lines, "\n"))
	expect.Equal(t, "what was not seen then", o.Unseen, 1)
	expect.NoError(t, "marked again, which is nothing new", mark(town.Secretary, second))
	expect.NoError(t, "marked to the end", mark(town.Secretary, o.Acts[0].At))
	o, _ = othersDid(t, town, town.Secretary, town.East.ID)
	expect.Equal(t, "what was not seen in the end", o.Unseen, 0)
	if _, err := town.Orgs.ByOthers(t.Context(), town.Secretary, town.West.ID); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("of another branch: %v", err)
	}
	_, got = othersDid(t, town, town.Clerk, town.West.ID)
	expect.Equal(t, "what the west is told", got, "")
}

// TestTheOldBranchIsToldWhatTheNewOneTakesBack: the case of a member who has moved; the old branch
// may not look at him any more, and is told all the same. Who held which office when is judged
// by that time: the secretary of the east goes to the west, and what he does there is another's.
func TestTheOldBranchIsToldWhatTheNewOneTakesBack(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ctx, day := t.Context(), testkit.Day(t, "2026-05-20")
	post := func() domain.EntryID {
		e, err := town.Entries.Post(ctx, town.Secretary, entries.EntryInput{Member: "E2", Item: "好事", On: day}, "")
		expect.NoError(t, "an entry", err)
		return e.Entry
	}
	first, other := post(), post()
	_, err := town.Ledger.Move(ctx, town.Clerk, members.Move{Member: "E2", To: town.West.ID,
		From: testkit.Day(t, "2026-06-01")}, "")
	expect.NoError(t, "the move", err)
	town.Later(time.Hour)
	role := accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID}
	expect.NoError(t, "the secretary's office in the west", town.Give(ctx, town.Secretary.Account, role))
	expect.NoError(t, "the end of that in the east", town.Accounts.Assign(ctx, town.Security, town.Secretary.Account,
		accounts.Role{Role: domain.RoleSecretary, Org: town.East.ID}, true))
	town.Later(time.Hour)
	var moved *access.Actor
	expect.NoError(t, "the secretary now", town.DB.Read(ctx, func(v *store.Snapshot) (err error) {
		moved, err = v.Actor(town.Secretary.Account)
		return err
	}))
	for _, id := range []domain.EntryID{first, other} {
		_, err := town.Entries.Reverse(ctx, moved, id, "补了材料，不算", "")
		expect.NoError(t, "an entry, taken back in the west", err)
	}
	o, got := othersDid(t, town, town.Recorder, town.East.ID)
	line := "E2 撤销了 2026-05-20 的记录“好事” secretary 支部书记（西支部） 补了材料，不算 not to be looked at"
	expect.Equal(t, "what the recorder of the east is told", got, line+"\n"+line)
	if slices.ContainsFunc(o.Acts, func(a orgs.ActByOthers) bool { return a.Name != "示例东2" }) {
		t.Errorf("whom it is about: %+v", o.Acts)
	}
	_, got = othersDid(t, town, moved, town.West.ID)
	expect.Equal(t, "what the west is told", got, "")
}

// TestAClaimThatIsReturnedIsTold: to the branch that handed it in.
func TestAClaimThatIsReturnedIsTold(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	for range 2 {
		_, err := town.Entries.Post(t.Context(), town.Secretary, entries.EntryInput{Member: "E2", Item: "表彰",
			On: testkit.Day(t, "2026-05-20"), Fields: map[string]string{"级别": "国家"}}, "")
		expect.NoError(t, "a claim", err)
	}
	queue := town.Queue(t, town.Community)
	expect.Len(t, "what waits for the community", queue, 2)
	expect.NoError(t, "one is returned", town.Decide(town.Community, &queue[0], false, "没有证书"))
	expect.NoError(t, "the other goes on", town.Decide(town.Community, &queue[1], true, ""))
	_, got := othersDid(t, town, town.Secretary, town.East.ID)
	expect.Equal(t, "what the east is told", got, "E2 退回了 2026-05-20 的申报“表彰” community 社区党委（东社区） 没有证书")
}

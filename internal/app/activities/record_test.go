package activities_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

func TestAnActivityPostsTheBranchAndRequestsTheRest(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	r, err := town.Activities.Record(t.Context(), town.Secretary, town.ActivityInput(t), "k1")
	if err != nil {
		t.Fatal(err)
	}
	expect.Equal(t, "r.Posted", r.Posted, 1)
	expect.Equal(t, "r.Waiting", r.Waiting, 2)
	expect.Equal(t, "r.Points", r.Points, -500)
	expect.Equal(t, "r.Replay", r.Replay, false)
	town.WantTotals(t, "80", "75", "80")
	// The same form again does nothing and says so; another under its key is refused.
	again, err := town.Activities.Record(t.Context(), town.Secretary, town.ActivityInput(t), "k1")
	expect.NoError(t, "the same form again", err)
	expect.Equal(t, "the same form again is a replay", again.Replay, true)
	expect.Equal(t, "the activity of the replay", again.Activity, r.Activity)
	other := town.ActivityInput(t)
	other.Kind = "主题党日"
	if _, err := town.Activities.Record(t.Context(), town.Secretary, other, "k1"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("another form under the key: %v", err)
	}
	town.WantTotals(t, "80", "75", "80")
	// His own line is the community's to decide, the guest's the street's, because
	// nobody serves his branch and community.
	own, guest := town.Queue(t, town.Community), town.Queue(t, town.Clerk)
	expect.Len(t, "what waits for the community", own, 1)
	expect.Equal(t, "whose line waits for the community", own[0].Member.ID, "E1")
	expect.Len(t, "what waits for the street", guest, 1)
	expect.Equal(t, "whose line waits for the street", guest[0].Member.ID, "W1")
	expect.Empty(t, "what waits for the secretary", town.Queue(t, town.Secretary))
	if err := town.Decide(town.Secretary, &own[0], true, ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("his own: %v", err)
	}
	if err := town.Decide(town.Clerk, &guest[0], false, ""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("refused without a reason: %v", err)
	}
	if err := errors.Join(town.Decide(town.Community, &own[0], true, ""),
		town.Decide(town.Clerk, &guest[0], false, "没有参加")); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "75", "75", "80")
	if len(town.Queue(t, town.Community))+len(town.Queue(t, town.Clerk)) != 0 {
		t.Error("decided, and still waiting")
	}
	town.WantTotals(t, "75", "75", "80")
}

func TestActivitiesThatTheRulesDoNotAllow(t *testing.T) {
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
		m := town.ActivityInput(t)
		c.change(&m)
		if _, err := town.Activities.Record(t.Context(), c.by, m, ""); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	town.WantTotals(t, "80", "80", "80")
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertPeriodStep(town.East.ID, "2026", true, town.Clerk.Account)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Activities.Record(t.Context(), town.Secretary, town.ActivityInput(t),
		""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("a locked period: %v", err)
	}
}

// TestAnActivityIsNotRecordedTwice, but two groups of a branch may meet on a day.
func TestAnActivityIsNotRecordedTwice(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	m := town.ActivityInput(t)
	first, err := town.Activities.Record(t.Context(), town.Clerk, m, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Activities.Record(t.Context(), town.Secretary, m, ""); fault.CodeOf(err) != fault.Conflict ||
		!strings.Contains(err.Error(), "已经记过") {
		t.Errorf("again: %v", err)
	}
	group := m
	group.Lines = []activities.Line{{Member: "W2", Status: "到会"}}
	if _, err := town.Activities.Record(t.Context(), town.Clerk, group, ""); err != nil {
		t.Errorf("others on the same day: %v", err)
	}
	m.Title = "第二场"
	if _, err := town.Activities.Record(t.Context(), town.Clerk, m, ""); err != nil {
		t.Errorf("another one: %v", err)
	}
	if _, err := town.Activities.Reverse(t.Context(), town.Clerk, first.Activity, "记错了", ""); err != nil {
		t.Fatal(err)
	}
	m.Title = ""
	if _, err := town.Activities.Record(t.Context(), town.Clerk, m, ""); err != nil {
		t.Errorf("after the first was taken back: %v", err)
	}
}

// TestARefusalNamesNoStranger: who writes a number of another branch is not told whose it
// is, whatever he is refused for.
func TestARefusalNamesNoStranger(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	alone := func(id domain.MemberID) activities.ActivityInput {
		m := town.ActivityInput(t)
		m.Lines = []activities.Line{{Member: id, Status: domain.Present}}
		return m
	}
	r, err := town.Activities.Record(t.Context(), town.Secretary, alone("W1"), "")
	if err != nil {
		t.Fatal(err)
	}
	same := activities.Correction{Activity: r.Activity, Member: "W1", Status: domain.Present, Reason: "看看"}
	_, twice := town.Activities.Record(t.Context(), town.Secretary, alone("W1"), "")
	_, corrected := town.Activities.Correct(t.Context(), town.Secretary, same, "")
	for what, err := range map[string]error{"recorded twice": twice, "corrected to the same": corrected} {
		expect.Equal(t, what, fault.CodeOf(err), fault.Conflict)
		expect.Contains(t, err.Error(), "编号 W1")
		if strings.Contains(err.Error(), "示例西1") {
			t.Errorf("%s: the stranger is named: %v", what, err)
		}
	}
	// One's own are called by name.
	if _, err := town.Activities.Record(t.Context(), town.Secretary, alone("E2"), ""); err != nil {
		t.Fatal(err)
	}
	_, err = town.Activities.Record(t.Context(), town.Secretary, alone("E2"), "")
	expect.Contains(t, err.Error(), "示例东2")
}

// TestStrangersOfAnActivityAreBounded: guests of the branch are as many as there are, of
// all others twenty.
func TestStrangersOfAnActivityAreBounded(t *testing.T) {
	t.Parallel()
	town := testkit.NewSized(t, 24)
	with := func(n int) activities.ActivityInput {
		m := town.ActivityInput(t)
		m.Lines = nil
		for i := range n {
			m.Lines = append(m.Lines, activities.Line{Member: domain.MemberID("W" + strconv.Itoa(i+1)), Status: domain.Absent})
		}
		return m
	}
	_, err := town.Activities.Record(t.Context(), town.Secretary, with(21), "")
	expect.Equal(t, "21 strangers", fault.CodeOf(err), fault.TooMany)
	expect.Empty(t, "what waits for the street", town.Queue(t, town.Clerk))
	town.Host(t, "W1")
	r, err := town.Activities.Record(t.Context(), town.Secretary, with(21), "")
	expect.NoError(t, "20 strangers and a guest", err)
	expect.Equal(t, "how many wait", r.Waiting, 21)
	m := with(24)
	m.Title = "街道的"
	if _, err := town.Activities.Record(t.Context(), town.Clerk, m, ""); err != nil {
		t.Errorf("who looks after all of them: %v", err)
	}
}

package members_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// recordedOf returns what was recorded of a member that is of some kind, the latest first.
func recordedOf(t *testing.T, town *testkit.Town, id domain.MemberID, of func(*domain.HistoryItem) bool,
) (out []domain.HistoryItem) {
	t.Helper()
	err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		items, err := v.History(access.System("the test looks at all"), id)
		for i := range items {
			if of(&items[i]) {
				out = append(out, items[i])
			}
		}
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("nothing of the kind was recorded: %v", err)
	}
	return out
}

func ofAttribute(name string) func(*domain.HistoryItem) bool {
	return func(i *domain.HistoryItem) bool { return i.Fact.Attribute == name }
}

func homes(i *domain.HistoryItem) bool { return i.Kind == domain.Home }

// TestADisciplineOnTheWrongPersonIsTakenBack: the standing is what it was, and the row stays
// readable, struck out.
func TestADisciplineOnTheWrongPersonIsTakenBack(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	town.Follow(t, strings.Replace(testkit.Rules, "等次:", "红线: {处: {当: '处分 != \"无\"', 则: {总分: 0}, 直到: 期末}}\n等次:", 1))
	discipline := members.FactChange{Member: "E2", Attribute: "处分", Value: "警告", From: testkit.Day(t, "2026-05-01")}
	done, err := town.Ledger.ChangeFact(ctx, town.Community, discipline, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(done.Effect) != 1 || done.Effect[0].Before.Total != 8000 || done.Effect[0].After.Total != 0 {
		t.Errorf("the answer does not say what became of him: %+v", done.Effect)
	}
	item := recordedOf(t, town, "E2", ofAttribute("处分"))[0]
	back := members.ChangeReversal{Member: "E2", Change: item.ID, Reason: "登记错了人"}
	town.Later(24 * time.Hour)
	for name, c := range map[string]struct {
		by   *access.Actor
		back members.ChangeReversal
		code fault.Code
		want string
	}{
		"a secretary":      {town.Secretary, back, fault.Forbidden, "由社区党委以上登记"},
		"without a reason": {town.Community, members.ChangeReversal{Member: "E2", Change: item.ID}, fault.Invalid, "理由"},
		"another's": {town.Community, members.ChangeReversal{Member: "E1", Change: item.ID, Reason: "x"},
			fault.NotFound, "没有登记过"},
		"nothing": {town.Community, members.ChangeReversal{Member: "E2", Reason: "x"}, fault.NotFound, "没有登记过"},
		"out of the scope": {town.Community, members.ChangeReversal{Member: "W1", Change: item.ID, Reason: "x"},
			fault.NotFound, "没有这名党员"},
		"an auditor": {town.Auditor, back, fault.Forbidden, "没有这个权限"},
		"nobody":     {nil, back, fault.Forbidden, "没有这个权限"},
		"a reason too long": {town.Community, members.ChangeReversal{Member: "E2", Change: item.ID,
			Reason: strings.Repeat("长", 600)}, fault.Invalid, "理由"},
	} {
		if _, err := town.Ledger.ReverseChange(ctx, c.by, c.back, ""); fault.CodeOf(err) != c.code ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	done, err = town.Ledger.ReverseChange(ctx, town.Community, back, "")
	if err != nil || len(done.Effect) != 1 || done.Effect[0].After.Total != 8000 {
		t.Fatalf("%+v, %v", done.Effect, err)
	}
	if got := town.Totals(t)["E2"]; got != "80" {
		t.Errorf("taken back, his total is %s", got)
	}
	if item = recordedOf(t, town, "E2", ofAttribute("处分"))[0]; item.Reversal == nil || item.Reversal.Reason != "登记错了人" {
		t.Errorf("the history does not show it struck out: %+v", item)
	}
	if _, err := town.Ledger.ReverseChange(ctx, town.Community, back, ""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("twice: %v", err)
	}
	town.WantChains(t)
}

// TestAMoveIsTakenBack: the member belongs again to the branch that he had, with the entries
// that were recorded since.
func TestAMoveIsTakenBack(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	move := members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-01")}
	if _, err := town.Ledger.Move(ctx, town.Clerk, move, ""); err != nil {
		t.Fatal(err)
	}
	deed := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20")}
	if _, err := town.Entries.Post(ctx, town.Clerk, deed, ""); err != nil {
		t.Fatal(err)
	}
	steps := recordedOf(t, town, "E2", homes)
	first := members.ChangeReversal{Member: "E2", Change: steps[len(steps)-1].ID, Reason: "写错了"}
	back := members.ChangeReversal{Member: "E2", Change: steps[0].ID}
	if _, err := town.Ledger.ReverseChange(ctx, town.Community, back, ""); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("of who is elsewhere by now: %v", err)
	}
	town.LockYear(t, town.East.ID)
	if _, err := town.Ledger.ReverseChange(ctx, town.Clerk, back, ""); fault.CodeOf(err) != fault.Forbidden ||
		!strings.Contains(err.Error(), "锁定") {
		t.Errorf("into a locked period of the branch he goes back to: %v", err)
	}
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertPeriodStep(town.East.ID, "2026", false, 0)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Ledger.ReverseChange(ctx, town.Clerk, back, ""); err != nil { // on the day itself, by himself
		t.Fatal(err)
	}
	if _, err := town.Ledger.ReverseChange(ctx, town.Clerk, first, ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("the only home: %v", err)
	}
	p, err := town.Standings.Current(ctx, standings.Question{Scope: town.Secretary.Scope(access.SeeMembers),
		AsOf: testkit.Day(t, "2026-06-01")})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(p.Rows, func(r standings.Row) bool {
		return r.Member.ID == "E2" &&
			r.Standing.Total == 8200
	}) {
		t.Errorf("he is not back in the east with his points: %+v", p.Rows)
	}
	town.WantChains(t)
}

// TestWhatBeganLongAgoIsForACommittee: a branch may change points no further back than it may
// record deeds; what changes no points it may record from any day.
func TestWhatBeganLongAgoIsForACommittee(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	town.Follow(t, strings.NewReplacer("类别:", "默认: {补录: 30天}\n属性: {照顾: 是否, 特长: [书法, 无]}\n类别:",
		"基础: {起点: 80", "基础: {起点: {照顾: 85, 其余: 80}").Replace(testkit.Rules))
	care := members.FactChange{Member: "E2", Attribute: "照顾", Value: "是", From: testkit.Day(t, "2026-01-01")}
	if _, err := town.Ledger.ChangeFact(ctx, town.Secretary, care, ""); fault.CodeOf(err) != fault.Forbidden ||
		!strings.Contains(err.Error(), "30天以内补录") {
		t.Errorf("a secretary, five months late: %v", err)
	}
	if _, err := town.Ledger.ChangeFact(ctx, town.Community, care, ""); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "为什么晚了") {
		t.Errorf("a committee without a reason: %v", err)
	}
	if got := town.Totals(t)["E2"]; got != "80" {
		t.Errorf("refused, and yet his total is %s", got)
	}
	idle := members.FactChange{Member: "E2", Attribute: "特长", Value: "书法", From: testkit.Day(t, "2026-01-01")}
	if done, err := town.Ledger.ChangeFact(ctx, town.Secretary, idle, ""); err != nil || len(done.Effect) != 0 {
		t.Errorf("what changes no points: %+v, %v", done, err)
	}
	foreseen, err := town.Ledger.Foresee(ctx, town.Community, members.Change{Fact: &members.FactChange{Member: "E2",
		Attribute: "照顾", Value: "是", From: care.From, Reason: "民政部门 5 月才通知"}})
	if err != nil || len(foreseen.Effect) != 1 || foreseen.Effect[0].After.Total != 8500 {
		t.Errorf("foreseen: %+v, %v", foreseen, err)
	}
	if got := town.Totals(t)["E2"]; got != "80" {
		t.Errorf("only looked at, and yet his total is %s", got)
	}
	care.Reason = "民政部门 5 月才通知"
	if _, err := town.Ledger.ChangeFact(ctx, town.Community, care, ""); err != nil {
		t.Fatal(err)
	}
	item := recordedOf(t, town, "E2", ofAttribute("照顾"))[0]
	if got := town.Totals(t)["E2"]; got != "85" || item.Reason != care.Reason {
		t.Errorf("with a reason: %s, %+v", got, item)
	}
	back := members.ChangeReversal{Member: "E2", Change: item.ID, Reason: "记错了"}
	if _, err := town.Ledger.ReverseChange(ctx, town.Secretary, back, ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("taken back by who may not go so far back: %v", err)
	}
	town.WantChains(t)
}

// TestWhatEndedWithAMoveGoesOnWhenItIsTakenBack: who was a guest where he went is one again.
func TestWhatEndedWithAMoveGoesOnWhenItIsTakenBack(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	guest := members.SecondaryInput{Member: "E2", Org: town.West.ID, From: testkit.Day(t, "2026-05-01")}
	if _, err := town.Ledger.RecordSecondary(ctx, town.Secretary, guest, ""); err != nil {
		t.Fatal(err)
	}
	move := members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-20")}
	if _, err := town.Ledger.Move(ctx, town.Clerk, move, ""); err != nil {
		t.Fatal(err)
	}
	moved := recordedOf(t, town, "E2", homes)[0]
	town.Later(24 * time.Hour)
	back := members.ChangeReversal{Member: "E2", Change: moved.ID, Reason: "转错了人"}
	if _, err := town.Ledger.ReverseChange(ctx, town.Clerk, back, ""); err != nil {
		t.Fatal(err)
	}
	c, err := town.Members.Changes(ctx, town.Clerk, "E2")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Secondary) != 1 || c.Secondary[0].Org.ID != town.West.ID {
		t.Errorf("he is a guest at %+v", c.Secondary)
	}
	town.WantChains(t)
}

// TestWhoWasTakenInWronglyWasRecordedThen: when the first branch of a member is taken back for
// another one from the same day, he has been known here since the first was recorded.
func TestWhoWasTakenInWronglyWasRecordedThen(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	first := testkit.Day(t, "2026-05-01")
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return members.EnrolTx(tx, &members.Enrolment{ID: "N1", Name: "示例新", Home: town.East.ID, From: first},
			town.Clerk.Account)
	}); err != nil {
		t.Fatal(err)
	}
	enrolled := recordedOf(t, town, "N1", homes)[0]
	town.Later(60 * 24 * time.Hour)
	if _, err := town.Ledger.Move(ctx, town.Clerk, members.Move{Member: "N1", To: town.West.ID, From: first},
		""); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Ledger.ReverseChange(ctx, town.Clerk,
		members.ChangeReversal{Member: "N1", Change: enrolled.ID, Reason: "支部写错了"}, ""); err != nil {
		t.Fatal(err)
	}
	var record []domain.MemberHistory
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		m, err := v.Member(access.System("the test looks at all"), "N1")
		if err != nil {
			return err
		}
		record, err = v.Records([]domain.Member{m})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if m := record[0].Member; m.Recorded != testkit.Day(t, "2026-06-01") || m.Joined != first {
		t.Errorf("recorded on %s, here from %s", m.Recorded, m.Joined)
	}
}

// TestWhatWasInALockedPeriodThenStays: a fact about days in a branch that has locked them is
// refused, wherever the member is by now, and so are its reversal and that of the move.
func TestWhatWasInALockedPeriodThenStays(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	exempt := members.FactChange{Member: "E2", Attribute: "豁免", Value: "不计", From: testkit.Day(t, "2026-02-01"),
		Approved: []string{"支部委员会"}}
	if _, err := town.Ledger.ChangeFact(ctx, town.Clerk, exempt, ""); err != nil {
		t.Fatal(err)
	}
	fact := recordedOf(t, town, "E2", ofAttribute("豁免"))[0]
	move := members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-01")}
	if _, err := town.Ledger.Move(ctx, town.Clerk, move, ""); err != nil {
		t.Fatal(err)
	}
	town.LockYear(t, town.East.ID)
	refused := func(what string, err error, words string) {
		t.Helper()
		if fault.CodeOf(err) != fault.Forbidden || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", what, err)
		}
	}
	end := members.FactChange{Member: "E2", Attribute: "豁免", Value: "无", From: testkit.Day(t, "2026-03-01")}
	_, err := town.Ledger.ChangeFact(ctx, town.Clerk, end, "")
	refused("a fact", err, "那时所在的“东支部”的2026年已经锁定")
	_, err = town.Ledger.ReverseChange(ctx, town.Clerk,
		members.ChangeReversal{Member: "E2", Change: fact.ID, Reason: "记错了"}, "")
	refused("a reversal", err, "那时所在的“东支部”")
	_, err = town.Ledger.Move(ctx, town.Clerk, members.Move{Member: "E2", From: testkit.Day(t, "2026-03-01")}, "")
	refused("a leaving", err, "那时所在的“东支部”")
	moved := recordedOf(t, town, "E2", homes)[0]
	_, err = town.Ledger.ReverseChange(ctx, town.Clerk,
		members.ChangeReversal{Member: "E2", Change: moved.ID, Reason: "记错了"}, "")
	refused("the reversal of the move", err, "“东支部”的2026年已经锁定")
	end.From = testkit.Day(t, "2026-05-02")
	if _, err := town.Ledger.ChangeFact(ctx, town.Clerk, end, ""); err != nil {
		t.Errorf("of days in the branch that has locked nothing: %v", err)
	}
}

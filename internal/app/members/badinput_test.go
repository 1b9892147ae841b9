package members_test

import (
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// badInput builds a town in which each of the wrong inputs is wrong: 照顾 gives five points more,
// what begins more than 30 days ago is late, and the year 2025 is locked in the east.
func badInput(t *testing.T) (*testkit.Town, domain.Org) {
	t.Helper()
	town := testkit.New(t)
	for _, since := range []string{"2025-01-01", "2026-01-01"} {
		town.Follow(t, strings.NewReplacer("施行: 2026-01-01", "施行: "+since,
			"类别:", "默认: {补录: 30天}\n属性: {照顾: 是否, 职务: [无, 支部委员, 支部书记]}\n类别:",
			"基础: {起点: 80", "基础: {起点: {照顾: 85, 其余: 80}").Replace(testkit.Rules))
	}
	closed, err := town.Orgs.Create(ctx, town.Clerk, orgs.Creation{Parent: town.East.Parent, Name: "撤了的支部", Kind: "社区"})
	expect.NoError(t, "a branch", err)
	_, err = town.Orgs.Change(ctx, town.Clerk, domain.OrgChange{Org: closed.ID, Kind: domain.OrgClosed,
		From: testkit.Day(t, "2026-05-01")})
	expect.NoError(t, "its end", err)
	_, err = town.Orgs.Change(ctx, town.Clerk, domain.OrgChange{Org: town.West.ID, Kind: domain.OrgRenamed, Name: "向阳支部",
		From: testkit.Day(t, "2026-05-01")})
	expect.NoError(t, "another name", err)
	write(t, town, func(tx *store.Tx) error { return tx.InsertPeriodStep(town.East.ID, "2025", true, 0) })
	fact := func(attribute, value, from string, steps ...string) {
		_, err := town.Ledger.ChangeFact(ctx, town.Clerk, members.FactChange{Member: "E2", Attribute: attribute, Value: value,
			From: testkit.Day(t, from), Approved: steps, Reason: "补登记"}, "")
		expect.NoError(t, attribute+" "+value, err)
	}
	fact("豁免", "免会", "2026-05-10", "支部委员会")
	fact("职务", "支部委员", "2026-05-05")
	_, err = town.Ledger.Move(ctx, town.Clerk, members.Move{Member: "W2", To: town.East.ID,
		From: testkit.Day(t, "2026-05-20"), Seen: true}, "")
	expect.NoError(t, "a move", err)
	return town, closed
}

// TestEachWrongInputHasItsSentence with what to write instead, by the use case that pages, API
// and commands share; nothing of it is recorded.
func TestEachWrongInputHasItsSentence(t *testing.T) {
	t.Parallel()
	town, closed := badInput(t)
	fact := func(by *access.Actor, attribute, value, from, reason string, steps ...string) error {
		_, err := town.Ledger.ChangeFact(ctx, by, members.FactChange{Member: "E2", Attribute: attribute, Value: value,
			From: testkit.Day(t, from), Approved: steps, Reason: reason}, "")
		return err
	}
	move := func(id domain.MemberID, to domain.OrgID, from string) error {
		_, err := town.Ledger.Move(ctx, town.Clerk, members.Move{Member: id, To: to, From: testkit.Day(t, from), Seen: true,
			Reason: "补登记"}, "")
		return err
	}
	_, pastName := town.Orgs.Create(ctx, town.Clerk, orgs.Creation{Parent: town.West.Parent, Name: "西支部", Kind: "社区"})
	_, endTie := town.Ledger.RecordSecondary(ctx, town.Clerk, members.SecondaryInput{Member: "E2", Org: town.West.ID,
		From: testkit.Day(t, "2026-05-20"), Ended: true}, "")
	for name, c := range map[string]struct {
		err        error
		want, hint string
	}{
		"back-dated beyond the limit, by a branch": {fact(town.Secretary, "照顾", "是", "2026-02-01", "补"),
			"是 120 天以前的事，办法只许在 30天以内补录", "请社区党委或街道党工委补录"},
		"the same by a committee, without a reason": {fact(town.Clerk, "照顾", "是", "2026-02-01", ""),
			"过了办法的 30天补录期限", "写为什么晚了"},
		"into a locked period": {fact(town.Clerk, "照顾", "是", "2025-12-31", "补"),
			"“东支部”的2025年已经锁定，不能再改", "重开这一期"},
		"an exemption that is so": {fact(town.Clerk, "豁免", "免会", "2026-05-20", "", "支部委员会"),
			"已经是这样：示例东2 自 2026-05-10 起，豁免是免会", "不用再登记"},
		"overlapping exemptions": {fact(town.Clerk, "豁免", "不计", "2026-05-20", "", "支部委员会"),
			"自 2026-05-10 起已经有豁免“免会”", "先从 2026-05-20 起结束它"},
		"ending what is not there": {fact(town.Clerk, "处分", "无", "2026-05-20", ""),
			"在 2026-05-20 没有处分，不用结束", "登记过的是从哪一天起"},
		"ending an attendance that is not there": {endTie,
			"没有登记参加“向阳支部”的活动", "从哪一天起"},
		"a fact that is so": {fact(town.Clerk, "职务", "支部委员", "2026-05-20", ""),
			"已经是这样：示例东2 自 2026-05-05 起，职务是支部委员", "撤销那一条再登记"},
		"a transfer into a closed branch": {move("E1", closed.ID, "2026-05-20"),
			"“撤了的支部”自 2026-05-01 起已经撤销", "选一个还在的支部"},
		"two transfers of one day": {move("W2", town.West.ID, "2026-05-20"),
			"在 2026-05-20 已经登记了转到“东支部”，一天只转一次", "先撤销那一条"},
		"a leaving before joining": {move("E1", "", "2019-05-20"),
			"示例东1 自 2020-01-01 起才在这里", "这一天或以后"},
		"a name of another one's past": {pastName,
			"西支部", "另一个"},
		"a cell that is no option": {fact(town.Clerk, "职务", "支委", "2026-05-20", ""),
			"支委", "支部委员"},
	} {
		f := fault.From(c.err)
		if c.err == nil || !strings.Contains(f.Message+f.Hint, c.want) || !strings.Contains(f.Message+f.Hint, c.hint) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

// TestWhatIsSoAlreadyIsListedInAForm: it is no mistake, and is not recorded a second time.
func TestWhatIsSoAlreadyIsListedInAForm(t *testing.T) {
	t.Parallel()
	town, _ := badInput(t)
	b := members.BulkFact{Attribute: "职务", From: testkit.Day(t, "2026-05-20"), Rows: []members.FactRow{
		{Member: "E1", Value: "支部书记"}, {Member: "E2", Value: "支部委员"}}}
	f, err := town.Ledger.ForeseeFacts(ctx, town.Clerk, b)
	expect.NoError(t, "the preview", err)
	expect.Equal(t, "what is said of whom it changes", f.Rows[0].Same, "")
	expect.Contains(t, f.Rows[1].Same, "已经是这样：示例东2 自 2026-05-05 起，职务是支部委员")
	b.Shown = f.Shown
	n := len(items(t, town, "E2"))
	r, err := town.Ledger.RecordFacts(ctx, town.Clerk, b, "")
	expect.NoError(t, "the form", err)
	expect.Equal(t, "recorded", r.Recorded, 1)
	expect.Equal(t, "so already", r.Same, 1)
	expect.Len(t, "what is recorded of who was so already", items(t, town, "E2"), n)
}

// TestNothingIsRecordedWithAnotherEffectThanWasShown: what came in between makes it another one,
// and it is asked again.
func TestNothingIsRecordedWithAnotherEffectThanWasShown(t *testing.T) {
	t.Parallel()
	town, _ := badInput(t)
	care := members.FactChange{Member: "E2", Attribute: "照顾", Value: "是", From: testkit.Day(t, "2026-05-20")}
	shown, err := town.Ledger.Foresee(ctx, town.Clerk, members.Change{Fact: &care})
	expect.NoError(t, "the preview", err)
	_, err = town.Entries.Post(ctx, town.Clerk, entries.EntryInput{Member: "E2", Item: "好事",
		On: testkit.Day(t, "2026-05-20")}, "")
	expect.NoError(t, "an entry in between", err)
	care.Shown = shown.Shown
	_, err = town.Ledger.ChangeFact(ctx, town.Clerk, care, "")
	if fault.CodeOf(err) != fault.Conflict || !strings.Contains(err.Error(), "和刚才写的不一样了") {
		t.Fatalf("recorded with another effect: %v", err)
	}
	again, err := town.Ledger.Foresee(ctx, town.Clerk, members.Change{Fact: &care})
	expect.NoError(t, "the preview again", err)
	care.Shown = again.Shown
	_, err = town.Ledger.ChangeFact(ctx, town.Clerk, care, "")
	expect.NoError(t, "recorded as it is shown now", err)
	change := recordedOf(t, town, "E2", ofAttribute("照顾"))[0].ID
	back := members.ChangeReversal{Member: "E2", Change: change, Shown: noneShown}
	if _, err := town.Ledger.ReverseChange(ctx, town.Clerk, back, ""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("taken back with another effect: %v", err)
	}
}

// noneShown stands for what a change shows that does nothing.
const noneShown = "none"

// TestNoFactReachesIntoALockedPeriod: neither from a day of it, nor is one of before taken back;
// what begins in an open period leaves the locked one as it is.
func TestNoFactReachesIntoALockedPeriod(t *testing.T) {
	t.Parallel()
	town, _ := badInput(t)
	totals := func() string {
		e, err := town.Standings.Explain(ctx, standings.Question{Scope: access.System("the test looks at all"),
			AsOf: testkit.Day(t, "2025-12-31")}, "E2")
		expect.NoError(t, "the locked year", err)
		return e.Account.Standing.Total.String()
	}
	was := totals()
	care := func(from string) error {
		_, err := town.Ledger.ChangeFact(ctx, town.Clerk, members.FactChange{Member: "E2", Attribute: "照顾", Value: "是",
			From: testkit.Day(t, from), Reason: "补登记"}, "")
		return err
	}
	for _, from := range []string{"2025-01-01", "2025-07-01", "2025-12-31"} {
		if err := care(from); fault.CodeOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "已经锁定") {
			t.Errorf("from %s: %v", from, err)
		}
	}
	expect.NoError(t, "from the first day of the open one", care("2026-01-01"))
	expect.Equal(t, "the locked year", totals(), was)
}

// TestALastingFactLeavesALaterLockedPeriodAsItIs: a fact of an open year would make the locked one
// after it another, in the branch that was his home then or is it now; taking one back too.
func TestALastingFactLeavesALaterLockedPeriodAsItIs(t *testing.T) {
	t.Parallel()
	town, _ := badInput(t)
	care := members.FactChange{Member: "E2", Attribute: "照顾", Value: "是", From: testkit.Day(t, "2026-05-20")}
	lock := func(branch domain.OrgID, period string, locked bool) {
		write(t, town, func(tx *store.Tx) error { return tx.InsertPeriodStep(branch, period, locked, 0) })
	}
	_, err := town.Ledger.ChangeFact(ctx, town.Clerk, care, "")
	expect.NoError(t, "a fact of this year", err)
	lock(town.East.ID, "2025", false)
	lock(town.East.ID, "2026", true)
	refused := func(what string, err error) {
		t.Helper()
		if fault.CodeOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "锁定") {
			t.Errorf("%s: %v", what, err)
		}
	}
	early := members.FactChange{Member: "E1", Attribute: "照顾", Value: "是", From: testkit.Day(t, "2025-12-01"),
		Reason: "补登记"}
	_, err = town.Ledger.ChangeFact(ctx, town.Clerk, early, "")
	refused("a fact of the open year before", err)
	if !strings.Contains(err.Error(), "已经锁定的2026年的结果也会变") {
		t.Errorf("what is said of it: %v", err)
	}
	lock(town.East.ID, "2026", false)
	_, err = town.Ledger.ChangeFact(ctx, town.Clerk, early, "")
	expect.NoError(t, "the same, with the later year open", err)
	lock(town.East.ID, "2026", true)
	_, err = town.Ledger.ReverseChange(ctx, town.Clerk, members.ChangeReversal{Member: "E1",
		Change: recordedOf(t, town, "E1", ofAttribute("照顾"))[0].ID, Reason: "登记错了人"}, "")
	refused("that fact, taken back", err)
	early.Attribute, early.Value = "职务", "支部委员"
	_, err = town.Ledger.ChangeFact(ctx, town.Clerk, early, "")
	expect.NoError(t, "a fact that changes no result", err)
}

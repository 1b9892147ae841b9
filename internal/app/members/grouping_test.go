package members_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// groupOf returns in which group a member of the town is today.
func groupOf(t *testing.T, town *testkit.Town, id domain.MemberID) (g domain.Grouping) {
	t.Helper()
	expect.NoError(t, "groups", town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		all, err := v.Groups(town.Clerk.Scope("see members"), "")
		g = all[id]
		return err
	}))
	return g
}

// groups records a group of a member of the town.
func groups(t *testing.T, town *testkit.Town, id domain.MemberID, name, from string) error {
	t.Helper()
	_, err := town.Ledger.ChangeFact(t.Context(), town.Clerk, members.FactChange{Member: id, Attribute: domain.Group,
		Value: name, From: testkit.Day(t, from)}, "")
	return err
}

// TestAGroupIsAFactOfTheBranch: it holds from its day on, until another or none does, whatever
// the rules ask for; it is taken back as every fact is.
func TestAGroupIsAFactOfTheBranch(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	expect.NoError(t, "a group", groups(t, town, "E2", "第一小组", "2026-02-01"))
	expect.Equal(t, "the group", groupOf(t, town, "E2").Group, "第一小组")
	expect.NoError(t, "another from a day to come", groups(t, town, "E2", "第二小组", "2026-12-01"))
	expect.Equal(t, "the group before that day", groupOf(t, town, "E2").Group, "第一小组")
	expect.NoError(t, "none", groups(t, town, "E2", "无", "2026-03-01"))
	expect.Equal(t, "the group of who is in none", groupOf(t, town, "E2"), domain.Grouping{})

	h, err := town.Members.History(t.Context(), town.Secretary, "E2")
	expect.NoError(t, "what was recorded", err)
	at := slices.IndexFunc(h.Items, func(i members.HistoryItem) bool { return i.Value == "无" })
	expect.Equal(t, "what it is called there", h.Items[at].What, "党小组")
	_, err = town.Ledger.ReverseChange(t.Context(), town.Secretary,
		members.ChangeReversal{Member: "E2", Change: h.Items[at].ID, Reason: "登记错了人"}, "")
	expect.NoError(t, "taking it back", err)
	expect.Equal(t, "the group when leaving it was taken back", groupOf(t, town, "E2").Group, "第一小组")

	c, err := town.Members.Changes(t.Context(), town.Secretary, "E2")
	expect.NoError(t, "the page", err)
	at = slices.IndexFunc(c.Attributes, func(a members.Attribute) bool { return a.Name == domain.Group })
	expect.Equal(t, "what the page says", c.Attributes[at].Now, "第一小组")
	expect.Equal(t, "what it proposes", strings.Join(c.Attributes[at].Options, " "), "第一小组 无")
}

// TestAGroupEndsWithTheBranch: who moves, and who leaves, is in no group, and says so before; who
// comes back begins anew.
func TestAGroupEndsWithTheBranch(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	expect.NoError(t, "a group", groups(t, town, "E2", "第一小组", "2026-02-01"))
	move := members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-01"), Seen: true}
	f, err := town.Ledger.Foresee(t.Context(), town.Clerk, members.Change{Move: &move})
	expect.NoError(t, "foreseeing", err)
	expect.Equal(t, "what ends", strings.Join(f.Ends, "；"), "党小组“第一小组”")
	_, err = town.Ledger.Move(t.Context(), town.Clerk, move, "")
	expect.NoError(t, "moving", err)
	expect.Equal(t, "the group of who moved", groupOf(t, town, "E2").Group, "")
	err = groups(t, town, "E2", "第三小组", "2026-04-01")
	expect.Contains(t, fault.From(err).Message, "2026-05-01 起才在")
	expect.NoError(t, "one of the other branch", groups(t, town, "E2", "第三小组", "2026-05-01"))
	expect.Equal(t, "it", groupOf(t, town, "E2").Group, "第三小组")

	_, err = town.Ledger.Move(t.Context(), town.Clerk,
		members.Move{Member: "E2", From: testkit.Day(t, "2026-05-20")}, "")
	expect.NoError(t, "leaving", err)
	expect.Equal(t, "the group of who left", groupOf(t, town, "E2").Group, "")
	_, err = town.Ledger.Move(t.Context(), town.Clerk,
		members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-25"), Seen: true}, "")
	expect.NoError(t, "coming back", err)
	expect.Equal(t, "the group of who came back", groupOf(t, town, "E2").Group, "")
}

// TestANearNameOfAGroupIsAQuestion: who has seen it records it all the same; in another branch, or
// of hubs, it is none.
func TestANearNameOfAGroupIsAQuestion(t *testing.T) {
	t.Parallel()
	town := testkit.NewSized(t, 3)
	expect.NoError(t, "a group", groups(t, town, "E2", "第一小组", "2026-02-01"))
	near := members.FactChange{Member: "E3", Attribute: domain.Group, Value: "第1小组", From: testkit.Day(t, "2026-02-01")}
	_, err := town.Ledger.ChangeFact(t.Context(), town.Secretary, near, "")
	expect.Contains(t, fault.From(err).Fields["seen"], "已经有“第一小组”")
	expect.Equal(t, "what is recorded meanwhile", groupOf(t, town, "E3").Group, "")
	f, err := town.Ledger.Foresee(t.Context(), town.Secretary, members.Change{Fact: &near})
	expect.NoError(t, "foreseeing", err)
	expect.Equal(t, "what is asked", f.Near, "第一小组")
	near.Seen = true
	_, err = town.Ledger.ChangeFact(t.Context(), town.Secretary, near, "")
	expect.NoError(t, "recording it all the same", err)
	expect.NoError(t, "in the west", groups(t, town, "W1", "一组", "2026-02-01"))

	b := members.BulkFact{Attribute: domain.Group, From: testkit.Day(t, "2026-03-01"),
		Rows: rowsOf("E2", "一组", "E3", "第一小组")}
	_, err = town.Ledger.RecordFacts(t.Context(), town.Secretary, b, "")
	var refused *fault.Error
	if !errors.As(err, &refused) {
		t.Fatalf("a near name among many: %v", err)
	}
	expect.Contains(t, refused.Fields["E2"], "差不多")
	expect.Equal(t, "nothing is asked of an exact one", refused.Fields["E3"], "")
	seen, err := town.Ledger.ForeseeFacts(t.Context(), town.Secretary, b)
	expect.NoError(t, "foreseeing many", err)
	expect.Equal(t, "what is asked of many", seen.Rows[0].Near, "第1小组")
	b.Seen = true
	_, err = town.Ledger.RecordFacts(t.Context(), town.Secretary, b, "")
	expect.NoError(t, "recording many all the same", err)
	expect.Equal(t, "the form afterwards", people(t, town, domain.Group, false), "E1= E2=一组 E3=第一小组")
}

// TestNoGroupIsCalledByAMember: names of members can be erased, and what a group is called stays.
func TestNoGroupIsCalledByAMember(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	m, err := town.Members.Person(t.Context(), town.Clerk, "E1")
	expect.NoError(t, "the member", err)
	_, err = town.Ledger.ChangeFact(t.Context(), town.Clerk, members.FactChange{Member: "E2", Attribute: domain.Hub,
		Value: m.Name + "户", From: testkit.Day(t, "2026-02-01")}, "")
	expect.Contains(t, fault.From(err).Message, "里有党员的姓名")
	_, err = town.Ledger.ChangeFact(t.Context(), town.Secretary, members.FactChange{Member: "W1", Attribute: domain.Hub,
		Value: "1号楼", From: testkit.Day(t, "2026-02-01")}, "")
	expect.Equal(t, "somebody of another branch", fault.CodeOf(err), fault.NotFound)
}

// TestARegisterBringsGroups: with a move the one of the new branch, and a name that is near to
// another, or names a member, is not taken.
func TestARegisterBringsGroups(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	expect.NoError(t, "a group", groups(t, town, "E2", "第一小组", "2026-02-01"))
	expect.NoError(t, "of the same name in the west", groups(t, town, "W1", "第一小组", "2026-02-01"))
	name := func(id domain.MemberID) string {
		m, err := town.Members.Person(t.Context(), town.Clerk, id)
		expect.NoError(t, "the member", err)
		return m.Name
	}
	src := "姓名,所在党支部,党小组,党员中心户\n" +
		name("E2") + "," + town.East.Name + ",无,\n" +
		name("W2") + "," + town.West.Name + ",第1小组," + name("W1") + "户\n" +
		"示例甲," + town.West.Name + ",第一小组,2号楼\n"
	own := terms(t, town)
	own.Understand = nil
	_, preview, plan, err := town.Ledger.PlanRoster(t.Context(), town.Clerk,
		func(asked []ruleset.Attribute) (*importer.RosterPreview, error) {
			return importer.ReadRoster(rosterTable(t, src), nil, asked), nil
		}, func(*store.Snapshot) (*members.RosterTerms, error) { return own, nil })
	expect.NoError(t, "the plan", err)
	expect.Equal(t, "what the column is", preview.Columns[2].How, importer.OfBranch)
	var warned []string
	for _, p := range plan.Problems {
		warned = append(warned, p.Message)
	}
	expect.Contains(t, strings.Join(warned, "\n"), "已经有“第一小组”，“第1小组”和它差不多，这一格没有取")
	expect.Contains(t, strings.Join(warned, "\n"), "党员中心户的名称里有党员的姓名，这一格没有取")
	expect.NoError(t, "taking it in", town.Ledger.ApplyRoster(t.Context(), town.Clerk, own, plan))
	expect.Equal(t, "who is taken out of one", groupOf(t, town, "E2").Group, "")
	expect.Equal(t, "who keeps none", groupOf(t, town, "W2"), domain.Grouping{})
	for i := range plan.Steps {
		if s := &plan.Steps[i]; s.New {
			expect.Equal(t, "who is new", groupOf(t, town, s.Member), domain.Grouping{Group: "第一小组", Hub: "2号楼"})
		}
	}

	move := "党员编号,姓名,所在党支部,党小组\nW1," + name("W1") + "," + town.East.Name + ",第一小组\n"
	own = terms(t, town)
	own.Understand = nil
	_, _, plan, err = town.Ledger.PlanRoster(t.Context(), town.Clerk,
		func(asked []ruleset.Attribute) (*importer.RosterPreview, error) {
			return importer.ReadRoster(rosterTable(t, move), nil, asked), nil
		}, func(*store.Snapshot) (*members.RosterTerms, error) { return own, nil })
	expect.NoError(t, "the plan of a move", err)
	if len(plan.Steps) == 1 && plan.Steps[0].Moves {
		expect.NoError(t, "moving", town.Ledger.ApplyRoster(t.Context(), town.Clerk, own, plan))
		expect.Equal(t, "the group of the new branch, though it is called as the old one", groupOf(t, town, "W1").Group,
			"第一小组")
	} else {
		t.Errorf("a row that moves: %d steps, %v", len(plan.Steps), plan.Problems)
	}
}

package members_test

import (
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// officeOf makes an account with one office and returns who acts by it.
func officeOf(
	t *testing.T, town *testkit.Town, login string, role domain.Role, org domain.OrgID,
) (who *access.Actor) {
	t.Helper()
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		id, err := tx.InsertAccount(domain.Account{Login: login, Name: login}, 0)
		if err != nil {
			return err
		}
		if err := tx.InsertAssignment(id, role, org, false, 0); err != nil {
			return err
		}
		who, err = tx.Actor(id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return who
}

// homeOf returns the branch to which a member belongs now.
func homeOf(t *testing.T, town *testkit.Town, id domain.MemberID) (name string) {
	t.Helper()
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		m, err := v.Member(access.System("the test looks at all"), id)
		name = m.Home.Name
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestATransferBetweenCommunitiesIsAskedAndAgreed: by the secretary or the community of one
// side, and by the community of the other; nothing moves before, and nobody else sees it.
func TestATransferBetweenCommunitiesIsAskedAndAgreed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		asks   func(*testkit.Town, *access.Actor) *access.Actor
		agrees func(*testkit.Town, *access.Actor) *access.Actor
		named  string
		want   string
	}{
		"the secretary of the branch he leaves": {
			func(town *testkit.Town, _ *access.Actor) *access.Actor { return town.Secretary },
			func(_ *testkit.Town, west *access.Actor) *access.Actor { return west }, "", "转入方社区党委"},
		"the community that he leaves": {
			func(town *testkit.Town, _ *access.Actor) *access.Actor { return town.Community },
			func(_ *testkit.Town, west *access.Actor) *access.Actor { return west }, "", "转入方社区党委"},
		"the community to which he goes": {
			func(_ *testkit.Town, west *access.Actor) *access.Actor { return west },
			func(town *testkit.Town, _ *access.Actor) *access.Actor { return town.Community }, "示例东2", "转出方社区党委"},
		"one side, and the street agrees": {
			func(town *testkit.Town, _ *access.Actor) *access.Actor { return town.Community },
			func(town *testkit.Town, _ *access.Actor) *access.Actor { return town.Clerk }, "", "转入方社区党委"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := testkit.New(t)
			west := officeOf(t, town, "west", domain.RoleCommunity, town.West.Parent)
			asks, agrees := c.asks(town, west), c.agrees(town, west)
			ask := members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-20"), Name: c.named}
			done, err := town.Ledger.Move(ctx, asks, ask, "k")
			if err != nil {
				t.Fatal(err)
			}
			expect.Equal(t, "who is asked", strings.Join(done.Asked, " "), c.want)
			again, err := town.Ledger.Move(ctx, asks, ask, "k")
			expect.NoError(t, "sent twice", err)
			expect.True(t, again.Replay, "what is sent twice is a replay", again)
			_, err = town.Ledger.Move(ctx, town.Community, members.Move{Member: "E2", To: town.West.ID, From: ask.From}, "")
			expect.Fault(t, err, fault.Conflict, "已经在等人同意")
			expect.Equal(t, "the home while it waits", homeOf(t, town, "E2"), "东支部")
			if n := len(town.Queue(t, asks)); n != 0 {
				t.Errorf("who asked has it to decide")
			}
			mine := town.Queue(t, agrees)
			expect.Len(t, "the queue of who agrees", mine, 1)
			if err := town.Decide(asks, &mine[0], true, ""); fault.CodeOf(err) != fault.Forbidden {
				t.Errorf("who asked agrees: %v", err)
			}
			if err := town.Decide(agrees, &mine[0], true, ""); err != nil {
				t.Fatal(err)
			}
			expect.Equal(t, "the home", homeOf(t, town, "E2"), "西支部")
			if _, err := town.Members.Handover(ctx, town.Clerk, "E2", ask.From); err != nil {
				t.Errorf("the transfer slip: %v", err)
			}
		})
	}
}

// TestATransferThatIsReturnedMovesNobody, nor one that is taken back.
func TestATransferThatIsReturnedMovesNobody(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ask := members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-20")}
	for _, end := range []func(q *requests.Queued) error{
		func(q *requests.Queued) error { return town.Decide(town.Clerk, q, false, "人没有来报到") },
		func(q *requests.Queued) error {
			_, err := town.Ledger.Requests.Withdraw(ctx, town.Community, q.ID, "")
			return err
		},
	} {
		if _, err := town.Ledger.Move(ctx, town.Community, ask, ""); err != nil {
			t.Fatal(err)
		}
		if err := end(&town.Queue(t, town.Clerk)[0]); err != nil {
			t.Fatal(err)
		}
		expect.Equal(t, "the home", homeOf(t, town, "E2"), "东支部")
		expect.Len(t, "what waits", town.Queue(t, town.Clerk), 0)
	}
}

// TestWhoIsAskedForFromTheOtherSideIsNamed: whoever does not know his name learns nothing, not
// even whether there is such a number.
func TestWhoIsAskedForFromTheOtherSideIsNamed(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	west := officeOf(t, town, "west", domain.RoleCommunity, town.West.Parent)
	var said []string
	for _, m := range []members.Move{{Member: "E2"}, {Member: "E2", Name: "示例东1"}, {Member: "E9"},
		{Member: "E9", Name: "示例东1"}} {
		m.To, m.From = town.West.ID, testkit.Day(t, "2026-05-20")
		_, err := town.Ledger.Move(ctx, west, m, "")
		if fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%s, called %q: %v", m.Member, m.Name, err)
			continue
		}
		said = append(said, err.Error())
	}
	for _, s := range said[1:] {
		expect.Equal(t, "what is said", s, said[0])
	}
}

// TestWhatCannotBeAMoveSaysWhy: each its sentence.
func TestWhatCannotBeAMoveSaysWhy(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	closed, err := town.Orgs.Create(ctx, town.Clerk, orgs.Creation{Parent: town.West.Parent, Name: "旧支部"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Orgs.Change(ctx, town.Clerk, domain.OrgChange{Org: closed.ID, Kind: domain.OrgClosed,
		From: testkit.Day(t, "2026-05-01")}); err != nil {
		t.Fatal(err)
	}
	move := func(by *access.Actor, to domain.OrgID, from string) error {
		_, err := town.Ledger.Move(ctx, by, members.Move{Member: "E2", To: to, From: testkit.Day(t, from), Seen: true}, "")
		return err
	}
	expect.Fault(t, move(town.Community, closed.ID, "2026-05-20"), fault.Invalid, "已经撤销")
	expect.Fault(t, move(town.Clerk, "", "2019-12-31"), fault.Invalid, "才在这里")
	expect.Fault(t, move(town.Secretary, "", "2026-05-20"), fault.Forbidden, "没有这个权限")
	if err := move(town.Clerk, town.West.ID, "2026-05-20"); err != nil {
		t.Fatal(err)
	}
	expect.Fault(t, move(town.Clerk, town.East.ID, "2026-05-20"), fault.Conflict, "一天只转一次")
	expect.Fault(t, move(town.Clerk, "", "2026-05-20"), fault.Conflict, "一天只转一次")
	expect.Fault(t, move(town.Clerk, town.East.ID, "2026-05-10"), fault.Conflict, "在 2026-05-10 已经在“东支部”",
		"后来才转到“西支部”")
}

// TestNobodyLeavesTwiceInARow: neither recorded, nor because a return between is taken back; who
// left once is not here until he comes back.
func TestNobodyLeavesTwiceInARow(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	move := func(to domain.OrgID, from string) error {
		_, err := town.Ledger.Move(ctx, town.Clerk, members.Move{Member: "E2", To: to, From: testkit.Day(t, from)}, "")
		return err
	}
	expect.NoError(t, "leaving", move("", "2026-02-10"))
	expect.NoError(t, "coming back", move(town.West.ID, "2026-04-01"))
	expect.Fault(t, move("", "2026-03-01"), fault.Conflict, "自 2026-02-10 起转出")
	expect.Fault(t, move("", "2026-01-10"), fault.Conflict, "自 2026-02-10 起转出")
	expect.NoError(t, "leaving again", move("", "2026-05-10"))
	back := recordedOf(t, town, "E2", homes)[1]
	_, err := town.Ledger.ReverseChange(ctx, town.Clerk,
		members.ChangeReversal{Member: "E2", Change: back.ID, Reason: "没有回来"}, "")
	expect.Fault(t, err, fault.Conflict, "有两次转出，自 2026-02-10 和自 2026-05-10")
	_, err = town.Entries.Post(ctx, town.Clerk, entries.EntryInput{Member: "E2", Item: "好事",
		On: testkit.Day(t, "2026-03-15")}, "")
	expect.Fault(t, err, fault.Invalid, "不记")
}

// TestAMoveEndsWhatItEnds: who was a guest where he goes is one no more, and his office in the
// old branch is named for who keeps the accounts.
func TestAMoveEndsWhatItEnds(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertAssignment(town.Member.Account, domain.RoleRecorder, town.East.ID, false, 0)
	}); err != nil {
		t.Fatal(err)
	}
	guest := members.SecondaryInput{Member: "E2", Org: town.West.ID, From: testkit.Day(t, "2026-05-01")}
	if _, err := town.Ledger.RecordSecondary(ctx, town.Secretary, guest, ""); err != nil {
		t.Fatal(err)
	}
	mv := members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-20")}
	seen, err := town.Ledger.Foresee(ctx, town.Clerk, members.Change{Move: &mv})
	if err != nil {
		t.Fatal(err)
	}
	done, err := town.Ledger.Move(ctx, town.Clerk, mv, "")
	if err != nil {
		t.Fatal(err)
	}
	slip, err := town.Members.Handover(ctx, town.Clerk, "E2", mv.From)
	if err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string][2][]string{
		"foreseen": {seen.Ends, seen.Offices}, "recorded": {done.Ends, done.Offices},
		"on the slip": {slip.Ends, slip.Offices},
	} {
		expect.Equal(t, what+": what ends", strings.Join(got[0], " "), "在“西支部”流入")
		expect.Equal(t, what+": the offices", strings.Join(got[1], " "), "“东支部”的"+domain.RoleRecorder.String())
	}
	c, err := town.Members.Changes(ctx, town.Clerk, "E2")
	if err != nil {
		t.Fatal(err)
	}
	expect.Empty(t, "where he still is a guest", c.Secondary)
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		who, err := v.Actor(town.Member.Account)
		expect.True(t, err == nil && !who.May(access.Record), "he records no more in the branch that he left", who)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestATransferTakenBackBringsBackWhatItEnded: the secondary membership goes on as before, his
// one in the branch to which he is back ends, and the office is named for who gives it anew.
func TestATransferTakenBackBringsBackWhatItEnded(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertAssignment(town.Member.Account, domain.RoleRecorder, town.East.ID, false, 0)
	}); err != nil {
		t.Fatal(err)
	}
	guest := members.SecondaryInput{Member: "E2", Org: town.West.ID, From: testkit.Day(t, "2026-05-01")}
	if _, err := town.Ledger.RecordSecondary(ctx, town.Secretary, guest, ""); err != nil {
		t.Fatal(err)
	}
	mv := members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-20")}
	if _, err := town.Ledger.Move(ctx, town.Clerk, mv, ""); err != nil {
		t.Fatal(err)
	}
	back := members.SecondaryInput{Member: "E2", Org: town.East.ID, From: testkit.Day(t, "2026-05-25")}
	if _, err := town.Ledger.RecordSecondary(ctx, town.Clerk, back, ""); err != nil {
		t.Fatal(err)
	}
	c, err := town.Members.Changes(ctx, town.Clerk, "E2")
	if err != nil {
		t.Fatal(err)
	}
	r := members.ChangeReversal{Member: "E2", Reason: "登记错了人"}
	for i := range c.Items {
		if x := &c.Items[i]; x.Kind == domain.Home && x.From == mv.From {
			r.Change = x.ID
		}
	}
	seen, err := town.Ledger.Foresee(ctx, town.Clerk, members.Change{Reversal: &r})
	if err != nil {
		t.Fatal(err)
	}
	done, err := town.Ledger.ReverseChange(ctx, town.Clerk, r, "")
	if err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string]*members.Registered{"foreseen": &seen.Registered, "done": &done} {
		expect.Equal(t, what+": what goes on", strings.Join(got.Back, " "), "在“西支部”流入")
		expect.Equal(t, what+": what ends", strings.Join(got.Ends, " "), "在“东支部”流入")
		expect.Equal(t, what+": the offices", strings.Join(got.Gone, " "), "“东支部”的"+domain.RoleRecorder.String())
	}
	if c, err = town.Members.Changes(ctx, town.Clerk, "E2"); err != nil {
		t.Fatal(err)
	}
	expect.Equal(t, "the home", c.Member.Home.Name, "东支部")
	expect.Len(t, "where he is a guest", c.Secondary, 1)
	expect.Equal(t, "the branch", c.Secondary[0].Org.Name, "西支部")
	expect.Equal(t, "since", c.Secondary[0].From, guest.From)
	town.WantChains(t)
}

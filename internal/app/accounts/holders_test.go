package accounts_test

import (
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/entries"
	"jifen/internal/app/rules"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// unsay makes accounts as they were before anybody was asked who holds them.
func unsay(t *testing.T, town *testkit.Town, list ...**access.Actor) {
	t.Helper()
	err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		for _, who := range list {
			a, err := tx.Account((*who).Account)
			if err != nil {
				return err
			}
			a.Person = nil
			if err := tx.SettleAccount(a, 0); err != nil {
				return err
			}
			if *who, err = tx.Actor(a.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// holds records who holds an account, and returns who acts with it then.
func holds(t *testing.T, town *testkit.Town, who *access.Actor, member domain.MemberID) *access.Actor {
	t.Helper()
	h := accounts.Holder{Member: member, None: member == ""}
	if err := town.Accounts.Settle(t.Context(), town.Security, who.Account, h); err != nil {
		t.Fatal(err)
	}
	return actorOf(t, town, who.Account)
}

func actorOf(t *testing.T, town *testkit.Town, id domain.AccountID) (actor *access.Actor) {
	t.Helper()
	err := town.DB.Read(t.Context(), func(v *store.Snapshot) (err error) { actor, err = v.Actor(id); return err })
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// TestAnOfficeOverPointsTellsWhoHoldsIt: before it is given, and in no other way than one.
func TestAnOfficeOverPointsTellsWhoHoldsIt(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ctx := t.Context()
	role := accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID}
	o := accounts.OpeningFor("xin", "示例新", "", role)
	_, _, err := town.Accounts.Open(ctx, town.Security, o)
	expect.Fault(t, err, fault.Invalid, "要写持有人本人的党员编号")
	o.Member, o.None = "W1", true
	_, _, err = town.Accounts.Open(ctx, town.Security, o)
	expect.Fault(t, err, fault.Invalid, "又写不是党员")

	unsay(t, town, &town.Clerk)
	more := accounts.Role{Role: domain.RoleRules, Org: town.Street.ID}
	err = town.Accounts.Assign(ctx, town.Security, town.Clerk.Account, more, false)
	expect.Fault(t, err, fault.Invalid, "要写持有人本人的党员编号")
	d, err := town.Accounts.Detail(ctx, town.Security, town.Clerk.Account)
	expect.NoError(t, "the account", err)
	if !d.Unsettled() {
		t.Error("an office over points of which nobody has said who holds it is not told")
	}
	for _, c := range d.Choices {
		if access.OverPoints(c.Role) {
			t.Errorf("%s is offered, and cannot be given", c.Role)
		}
	}
	for _, wrong := range []accounts.Holder{{}, {Member: "P99999"}, {Member: "E1", None: true}} {
		err := town.Accounts.Settle(ctx, town.Security, town.Clerk.Account, wrong)
		expect.Fault(t, err, fault.Invalid, "")
	}
	expect.Fault(t, town.Accounts.Settle(ctx, town.Security, town.Secretary.Account, accounts.Holder{None: true}),
		fault.Invalid, "的党员自己的")
	expect.Fault(t, town.Accounts.Settle(ctx, town.Clerk, town.Second.Account, accounts.Holder{None: true}),
		fault.Forbidden, "")
	holds(t, town, town.Clerk, "e2") // in small letters, as it is typed
	if d, err = town.Accounts.Detail(ctx, town.Security, town.Clerk.Account); err != nil || d.Unsettled() ||
		d.Holder().Member != "E2" {
		t.Errorf("%+v %v", d.Account, err)
	}
	town.WantChains(t)
}

// TestTwoAccountsOfOneMemberAreOnePerson: the community's account is held by the member who
// has his own account too.
func TestTwoAccountsOfOneMemberAreOnePerson(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ctx, good := t.Context(), testkit.Day(t, "2026-05-20")
	office := holds(t, town, town.Community, "E2")

	r, err := town.Entries.Post(ctx, office, entries.EntryInput{Member: "E2", Item: "好事", On: good}, "")
	expect.NoError(t, "recording", err)
	town.WantTotals(t, "80", "80", "80") // it waits
	own, err := town.Entries.Post(ctx, town.Member, entries.EntryInput{Member: "E2", Item: "好事", On: good + 1}, "")
	expect.NoError(t, "a claim", err)
	if n := len(town.Queue(t, office)); n != 0 {
		t.Errorf("%d of his own are his to decide", n)
	}
	for _, q := range town.Queue(t, town.Secretary) {
		err := town.Decide(office, &q, true, "")
		expect.Fault(t, err, fault.Forbidden, "自己的、自己报的，由别人来定")
		expect.NoError(t, "another person decides", town.Decide(town.Secretary, &q, true, ""))
	}
	town.WantTotals(t, "80", "83", "80") // the second one of a year counts half
	for _, e := range []domain.EntryID{r.Entry, own.Entry} {
		if _, err := town.Entries.Reverse(ctx, office, e, "记错了", ""); err == nil {
			t.Error("his own entry is taken back by himself")
		}
	}
}

// TestWhoHandedInWithOneAccountDecidesWithNone: the clerk's claim about another is not his to
// decide with the account of the second clerk.
func TestWhoHandedInWithOneAccountDecidesWithNone(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	town.Host(t, "W1")
	office := holds(t, town, town.Clerk, "E1") // the secretary
	_, err := town.Entries.Post(t.Context(), town.Secretary,
		entries.EntryInput{Member: "W1", Item: "好事", On: testkit.Day(t, "2026-05-20")}, "")
	expect.NoError(t, "handing in", err)
	q := town.Queue(t, town.Second)
	expect.Len(t, "what waits for another", q, 1)
	expect.Fault(t, town.Decide(office, &q[0], true, ""), fault.Forbidden, "自己的、自己报的")
	expect.NoError(t, "another person", town.Decide(town.Second, &q[0], true, ""))
}

// TestARuleFileTakesTwoPersonsNotTwoAccounts also where nobody has said who they are.
func TestARuleFileTakesTwoPersonsNotTwoAccounts(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ctx := t.Context()
	source := strings.Replace(testkit.Rules, "起点: 80", "起点: 90", 1)
	id, err := town.Enactment.Propose(ctx, town.Clerk, rules.Proposal{
		Org: town.Street.ID, Name: "t.yaml", Source: []byte(source), From: testkit.Day(t, "2027-01-01")})
	expect.NoError(t, "the draft", err)
	confirm := func(who *access.Actor) error { return town.Enactment.Confirm(ctx, who, id, "", false) }

	clerk, second := holds(t, town, town.Clerk, "W1"), holds(t, town, town.Second, "W1")
	expect.Fault(t, confirm(second), fault.Forbidden, "由另一个人确认")
	unsay(t, town, &second)
	expect.Fault(t, confirm(second), fault.Forbidden, "您的帐号还没有核对")
	second = holds(t, town, second, "")
	unsay(t, town, &clerk)
	expect.Fault(t, confirm(second), fault.Forbidden, "起草人的帐号还没有核对")
	holds(t, town, clerk, "W1")
	expect.NoError(t, "two persons", confirm(second))
}

// TestASecurityAdministratorKeepsNoAccountOfHisOwn whatever account it is.
func TestASecurityAdministratorKeepsNoAccountOfHisOwn(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ctx := t.Context()
	err := town.Accounts.Settle(ctx, town.Security, town.Security.Account, accounts.Holder{Member: "E2"})
	expect.Fault(t, err, fault.Forbidden, "别的安全管理员")
	o := accounts.Opening{Login: "security2", Name: "示例管", Roles: []accounts.Role{{Role: domain.RoleSecurity}}}
	second, _, err := town.Accounts.Open(ctx, town.Security, o)
	expect.NoError(t, "a second one", err)
	holds(t, town, &access.Actor{Account: second.ID}, "E2")
	by := actorOf(t, town, second.ID)
	by.Grants = []access.Grant{{Role: domain.RoleSecurity}}
	expect.Fault(t, town.Accounts.Close(ctx, by, town.Member.Account, true), fault.Forbidden, "自己的帐号")
	expect.NoError(t, "another's", town.Accounts.Close(ctx, by, town.Recorder.Account, true))
}

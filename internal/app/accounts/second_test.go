package accounts_test

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// propose proposes a role for an account and returns it as it waits.
func propose(t *testing.T, town *testkit.Town, id domain.AccountID, r accounts.Role) accounts.Proposed {
	t.Helper()
	expect.NoError(t, "the proposal", town.Accounts.Assign(t.Context(), town.Security, id, r, false))
	d, err := town.Accounts.Detail(t.Context(), town.Security, id)
	expect.NoError(t, "the account", err)
	expect.Equal(t, "the latest proposal waits", d.Proposed[0].State, "")
	return d.Proposed[0]
}

// hasRole reports whether an account has a role now.
func hasRole(t *testing.T, town *testkit.Town, id domain.AccountID, role domain.Role) (has bool) {
	t.Helper()
	expect.NoError(t, "who the account is", town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		who, err := v.Actor(id)
		has = who.Has(role)
		return err
	}))
	return has
}

// TestAnOfficeTakesASecondPerson: it gives nothing until the clerk of the street agrees, and
// nobody else may, whose answer is that of what is absent.
func TestAnOfficeTakesASecondPerson(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	id := town.Member.Account
	p := propose(t, town, id, accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID})
	expect.Equal(t, "held while it waits", hasRole(t, town, id, domain.RoleSecretary), false)
	_, absent := town.Accounts.Agree(t.Context(), town.Admin, 9999)
	reads, other := town.Clerk.Within(domain.TokenScope{ReadOnly: true}),
		town.Clerk.Within(domain.TokenScope{Role: domain.RoleMember})
	for name, c := range map[string]struct {
		by   *access.Actor
		code fault.Code
	}{
		"who proposed it":                          {town.Security, fault.Forbidden},
		"who would get it":                         {town.Member, fault.Forbidden},
		"the system administrator, beside a clerk": {town.Admin, fault.NotFound},
		"a secretary":                              {town.Secretary, fault.Forbidden},
		"an auditor":                               {town.Auditor, fault.Forbidden},
		"nobody":                                   {nil, fault.Forbidden},
		"a clerk whose token only reads":           {reads, fault.Forbidden},
		"a clerk in another role":                  {other, fault.Forbidden},
	} {
		_, err := town.Accounts.Agree(t.Context(), c.by, p.ID)
		expect.Equal(t, name, fault.CodeOf(err), c.code)
		if c.code == fault.NotFound && err.Error() != absent.Error() {
			t.Errorf("%s: %v, of what is absent %v", name, err, absent)
		}
	}
	expect.Equal(t, "held after refusals", hasRole(t, town, id, domain.RoleSecretary), false)
	_, err := town.Accounts.Agree(t.Context(), town.Clerk, p.ID)
	expect.NoError(t, "the clerk agrees", err)
	expect.Equal(t, "held", hasRole(t, town, id, domain.RoleSecretary), true)
	_, err = town.Accounts.Agree(t.Context(), town.Second, p.ID)
	expect.Fault(t, err, fault.Conflict)
	_, err = town.Accounts.Refuse(t.Context(), town.Second, p.ID, "晚了")
	expect.Fault(t, err, fault.Conflict)
	expect.NoError(t, "what the chains say", town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		wrong, err := v.VerifyActs()
		expect.Len(t, "rows of who held no office for them", wrong, 0)
		return err
	}))
	if got := trail(t, town, "member"); !strings.HasPrefix(got, "clerk 同意给角色; security 提出给角色") {
		t.Errorf("the trail has %s", got)
	}
}

// TestWhoeverGetsAnOfficeDoesNotAgreeToIt: neither with the account nor with another one of
// the same person.
func TestWhoeverGetsAnOfficeDoesNotAgreeToIt(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	own := propose(t, town, town.Clerk.Account, accounts.Role{Role: domain.RoleRules, Org: town.Street.ID})
	_, err := town.Accounts.Agree(t.Context(), town.Clerk, own.ID)
	expect.Fault(t, err, fault.Forbidden)

	same := town.Member.Member // the second clerk is the member E2
	expect.NoError(t, "who the second clerk is", town.DB.Write(t.Context(), func(tx *store.Tx) error {
		a, err := tx.Account(town.Second.Account)
		if err != nil {
			return err
		}
		a.Person = &same
		return tx.SettleAccount(a, 0)
	}))
	p := propose(t, town, town.Member.Account, accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID})
	_, err = town.Accounts.Agree(t.Context(), town.Second, p.ID)
	expect.Fault(t, err, fault.NotFound)
	_, err = town.Accounts.Agree(t.Context(), town.Clerk, p.ID)
	expect.NoError(t, "another clerk", err)
}

// TestARefusalIsARow: with a reason, by who might have agreed; who proposed it takes it back.
func TestARefusalIsARow(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	id, role := town.Member.Account, accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID}
	p := propose(t, town, id, role)
	_, err := town.Accounts.Refuse(t.Context(), town.Clerk, p.ID, " ")
	expect.Fault(t, err, fault.Invalid)
	_, err = town.Accounts.Refuse(t.Context(), town.Admin, p.ID, "不行")
	expect.Fault(t, err, fault.NotFound)
	_, err = town.Accounts.Refuse(t.Context(), town.Clerk, p.ID, "支部没有报过来")
	expect.NoError(t, "the refusal", err)
	p = propose(t, town, id, role)
	expect.Fault(t, town.Accounts.Assign(t.Context(), town.Security, id, role, false), fault.Conflict)
	_, err = town.Accounts.Refuse(t.Context(), town.Security, p.ID, "写错了")
	expect.NoError(t, "the withdrawal", err)
	d, err := town.Accounts.Detail(t.Context(), town.Security, id)
	expect.NoError(t, "the account", err)
	expect.Len(t, "what was proposed", d.Proposed, 2)
	expect.Equal(t, "the first", d.Proposed[1].State, domain.ProposalRefused)
	expect.Equal(t, "its reason", d.Proposed[1].Reason, "支部没有报过来")
	expect.Equal(t, "the second", d.Proposed[0].State, domain.ProposalWithdrawn)
	expect.Equal(t, "held", hasRole(t, town, id, domain.RoleSecretary), false)
}

// TestAProposalExpires: thirty days later nobody agrees, and it may be made again.
func TestAProposalExpires(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	id, role := town.Member.Account, accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID}
	p := propose(t, town, id, role)
	town.Later(domain.ProposalLife - time.Second)
	list, err := town.Accounts.Proposals(t.Context(), town.Clerk)
	expect.NoError(t, "the list", err)
	expect.Len(t, "a second before", list, 1)
	town.Later(time.Second)
	list, err = town.Accounts.Proposals(t.Context(), town.Clerk)
	expect.NoError(t, "the list", err)
	expect.Len(t, "after thirty days", list, 0)
	_, err = town.Accounts.Agree(t.Context(), town.Clerk, p.ID)
	expect.Fault(t, err, fault.Conflict)
	expect.NoError(t, "again", town.Give(t.Context(), id, role))
	expect.Equal(t, "held", hasRole(t, town, id, domain.RoleSecretary), true)
}

// TestWhoAgreesWhereThereAreFew: a second security administrator beside the clerks, and
// without either of them the system administrator.
func TestWhoAgreesWhereThereAreFew(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ctx := t.Context()
	security := accounts.Opening{Login: "security2", Name: "示例安", Roles: []accounts.Role{{Role: domain.RoleSecurity}}}
	a, _, err := town.Accounts.Open(ctx, town.Security, security)
	expect.NoError(t, "a second security administrator", err)
	expect.Equal(t, "it waits as well", hasRole(t, town, a.ID, domain.RoleSecurity), false)
	for _, clerk := range []*access.Actor{town.Clerk, town.Second} {
		expect.NoError(t, "a clerk is closed", town.Accounts.Close(ctx, town.Security, clerk.Account, true))
	}
	d, err := town.Accounts.Detail(ctx, town.Security, a.ID)
	expect.NoError(t, "the account", err)
	_, err = town.Accounts.Agree(ctx, town.Admin, d.Proposed[0].ID)
	expect.NoError(t, "the system administrator, where nobody else is left", err)
	p := propose(t, town, town.Member.Account, accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID})
	_, err = town.Accounts.Agree(ctx, town.Admin, p.ID)
	expect.Fault(t, err, fault.NotFound)
	other, err := town.Accounts.ActorOf(ctx, "security2")
	expect.NoError(t, "who that is", err)
	_, err = town.Accounts.Agree(ctx, other, p.ID)
	expect.NoError(t, "the second security administrator", err)
}

// TestAnotherStreetIsNotAsked: nor told.
func TestAnotherStreetIsNotAsked(t *testing.T) {
	t.Parallel()
	town := testkit.NewInDistrict(t)
	p := propose(t, town, town.Member.Account, accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID})
	list, err := town.Accounts.Proposals(t.Context(), town.Neighbours.Clerk)
	expect.NoError(t, "the list", err)
	expect.Len(t, "what the clerk of another street sees", list, 0)
	_, err = town.Accounts.Agree(t.Context(), town.Neighbours.Clerk, p.ID)
	expect.Fault(t, err, fault.NotFound)
	over := propose(t, town, town.Second.Account, accounts.Role{Role: domain.RoleCommunity, Org: town.East.Parent})
	_, err = town.Accounts.Agree(t.Context(), town.Clerk, over.ID)
	expect.NoError(t, "the clerk of the street", err)
}

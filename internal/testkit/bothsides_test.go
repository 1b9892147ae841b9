package testkit_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/testkit"
)

// bothSides returns the town's two streets with those who act in them.
func bothSides(t *testing.T, town *testkit.Town) (here, there *side) {
	t.Helper()
	n := town.Neighbours
	here = &side{street: town.Street, branch: town.East, clerk: town.Clerk, second: town.Second, own: town.Member,
		member: "E1", rules: testkit.Rules, made: &atomic.Int64{}}
	there = &side{street: n.Street, branch: n.Branch, clerk: n.Clerk, member: "N1", rules: n.Rules, made: &atomic.Int64{}}
	for login, in := range map[string]struct {
		as     **access.Actor
		role   accounts.Role
		member domain.MemberID
	}{
		"second neighbour": {&there.second, accounts.Role{Role: domain.RoleStreet, Org: n.Street.ID}, ""},
		"own neighbour":    {&there.own, accounts.Role{Role: domain.RoleMember}, "N2"},
	} {
		login = strings.ReplaceAll(login, " ", "-")
		if _, _, err := town.Accounts.Open(t.Context(), town.Security, accounts.Opening{Login: login, Name: login,
			Member: in.member, None: in.member == "", Roles: []accounts.Role{in.role}}); err != nil {
			t.Fatal(err)
		}
		a, err := town.Accounts.Find(t.Context(), town.Security, login)
		if err == nil {
			err = town.AgreeTo(t.Context(), a.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		actor, err := town.Accounts.ActorOf(t.Context(), login)
		if err != nil {
			t.Fatal(err)
		}
		*in.as = actor
	}
	return here, there
}

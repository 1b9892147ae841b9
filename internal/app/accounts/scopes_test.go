package accounts_test

import (
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// scoped makes a token of the secretary for a scope and returns whom it speaks for.
func scoped(t *testing.T, town *testkit.Town, scope domain.TokenScope) *access.Actor {
	t.Helper()
	token, err := town.Accounts.MakeToken(t.Context(), town.Security, town.Secretary.Account, "大屏", time.Hour, scope)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := town.Accounts.Bearer(t.Context(), token, town.Later(0))
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// TestATokenAllowsWhatItsScopeSays: in one role only, and only reading.
func TestATokenAllowsWhatItsScopeSays(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	home := town.East.Path
	for _, c := range []struct {
		scope        domain.TokenScope
		sees, writes bool
	}{
		{domain.TokenScope{}, true, true},
		{domain.TokenScope{Role: domain.RoleSecretary}, true, true},
		{domain.TokenScope{ReadOnly: true}, true, false},
		{domain.TokenScope{Role: domain.RoleSecretary, ReadOnly: true}, true, false},
	} {
		actor, name := scoped(t, town, c.scope), c.scope.String()
		expect.Equal(t, name+": sees members", actor.May(access.SeeMembers), c.sees)
		expect.Equal(t, name+": sees the branch", actor.Scope(access.SeeMembers).Covers(home), c.sees)
		expect.Equal(t, name+": records", actor.May(access.Record), c.writes)
		expect.Equal(t, name+": records of the branch", actor.Scope(access.Record).Covers(home), c.writes)
		posts := actor.Recording("P0001", home) == access.Posts
		expect.Equal(t, name+": what it records counts", posts, c.writes)
	}
	for _, tok := range own(t, town, town.Secretary) {
		expect.Equal(t, "the scope as it is kept", domain.ParseTokenScope(tok.Scope.Code()), tok.Scope)
	}
	narrowed := town.Secretary.Within(domain.ParseTokenScope("a role of a later version"))
	expect.Equal(t, "a scope that is not known allows nothing", narrowed.May(access.SeeMembers), false)
	_, err := town.Accounts.MakeToken(t.Context(), town.Security, town.Secretary.Account, "大屏", time.Hour,
		domain.TokenScope{Role: domain.RoleAuditor})
	expect.Equal(t, "a role that the account has not", fault.CodeOf(err), fault.Invalid)
}

// TestTheUseOfATokenIsNoted: at the first use, and then at most once an hour.
func TestTheUseOfATokenIsNoted(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	key := token(t, town, "secretary", 24*time.Hour)
	used := func() time.Time { return own(t, town, town.Secretary)[0].Used }
	use := func(now time.Time) {
		t.Helper()
		if _, err := town.Accounts.Bearer(t.Context(), key, now); err != nil {
			t.Fatal(err)
		}
	}
	expect.Equal(t, "never used", used().IsZero(), true)
	start := town.Later(time.Minute)
	use(start)
	first := used()
	expect.Equal(t, "the first use", first.IsZero(), false)
	use(town.Later(10 * time.Minute))
	expect.Equal(t, "the use a few minutes later", used(), first)
	use(town.Later(2 * time.Hour))
	expect.Equal(t, "the use hours later is noted", used().After(first), true)
}

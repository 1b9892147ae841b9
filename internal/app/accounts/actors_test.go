package accounts_test

import (
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
)

func TestWhoActsOnTheCommandLine(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	who, err := town.Accounts.ActorOf(t.Context(), " secretary ")
	if err != nil || who.Account != town.Secretary.Account || !who.Has(domain.RoleSecretary) {
		t.Errorf("the secretary: %+v, %v", who, err)
	}
	if _, err := town.Accounts.ActorOf(t.Context(), "nobody"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("a login that nobody has: %v", err)
	}
	if err := town.Accounts.Close(t.Context(), town.Security, town.Member.Account, true); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Accounts.ActorOf(t.Context(), "member"); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a closed account: %v", err)
	}
	if _, err := town.Accounts.Find(t.Context(), town.Clerk, "member"); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("who manages no accounts finds one: %v", err)
	}
	if a, err := town.Accounts.Find(t.Context(), town.Security, "member"); err != nil || a.Password != "" {
		t.Errorf("the administrator finds %+v, %v", a, err)
	}
}

// TestTheProgramBringsBackOnlyTheLastSecurityAdministrator asks for the program's hand with
// one administrator, with a second one, and when the first is closed.
func TestTheProgramBringsBackOnlyTheLastSecurityAdministrator(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	recover := func(login string, want fault.Code) {
		t.Helper()
		program, err := town.Accounts.Recoverer(t.Context(), login)
		if fault.CodeOf(err) != want {
			t.Errorf("about %q: %v, want %q", login, err, want)
		}
		if err == nil && (program.ID() != 0 || program.Reason() == "") {
			t.Errorf("about %q acts %+v", login, program)
		}
	}
	recover("", fault.Invalid)
	recover("clerk", fault.Invalid)
	recover("security", "")
	o := accounts.Opening{Login: "security2", Name: "示例管", Roles: []accounts.Role{{Role: domain.RoleSecurity}}}
	second, _, err := town.Accounts.Open(t.Context(), town.Security, o)
	if err != nil {
		t.Fatal(err)
	}
	recover("security", "") // nobody has agreed to the second one yet
	if err := town.AgreeTo(t.Context(), second.ID); err != nil {
		t.Fatal(err)
	}
	recover("security", fault.Invalid)
	if err := town.Accounts.Close(t.Context(), access.Program("试验"), town.Security.Account, true); err != nil {
		t.Fatal(err)
	}
	recover("security2", "")
	recover("", fault.Invalid)
}

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
	if err := town.Accounts.Close(t.Context(), town.Admin, town.Member.Account, true); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Accounts.ActorOf(t.Context(), "member"); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a closed account: %v", err)
	}
	if _, err := town.Accounts.Find(t.Context(), town.Clerk, "member"); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("who manages no accounts finds one: %v", err)
	}
	if a, err := town.Accounts.Find(t.Context(), town.Admin, "member"); err != nil || a.Password != "" {
		t.Errorf("the administrator finds %+v, %v", a, err)
	}
}

// TestTheProgramBringsBackOnlyTheLastAdministrator asks for the program's hand with
// one administrator, with a second one, and when the first is closed.
func TestTheProgramBringsBackOnlyTheLastAdministrator(t *testing.T) {
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
	recover("admin", "")
	o := accounts.Opening{Login: "admin2", Name: "示例管", Roles: []accounts.Role{{Role: domain.RoleAdministrator}}}
	if _, _, err := town.Accounts.Open(t.Context(), town.Admin, o); err != nil {
		t.Fatal(err)
	}
	recover("admin", fault.Invalid)
	if err := town.Accounts.Close(t.Context(), access.Program("试验"), town.Admin.Account, true); err != nil {
		t.Fatal(err)
	}
	recover("admin2", "")
	recover("", fault.Invalid)
}

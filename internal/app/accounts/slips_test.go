package accounts_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
)

// chosen is the password that a test chooses with a slip.
const chosen = "雨后的石榴树下有三只猫"

// by returns the form of who holds a slip.
func by(login, code string) accounts.Activation {
	return accounts.Activation{Login: login, Code: code, New: chosen, Again: chosen, Address: "10.0.0.9"}
}

// activate chooses a password with a slip.
func activate(t *testing.T, town *testkit.Town, login, code string) {
	t.Helper()
	if _, err := town.Accounts.Activate(t.Context(), by(login, code)); err != nil {
		t.Fatal(err)
	}
}

// opened opens an account of a member without one and returns the code of its slip.
func opened(t *testing.T, town *testkit.Town) string {
	t.Helper()
	_, code, err := town.Accounts.Open(t.Context(), town.Security,
		accounts.OpeningFor("xin1", "示例新", "W1", accounts.Role{Role: domain.RoleMember}))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestASlipOpensOnce(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	code := opened(t, town)
	for name, in := range map[string]accounts.Activation{
		"another login": by("member", code), "a login of nobody": by("nobody", code),
		"another code": by("xin1", code[:18]+"x"), "no code": by("xin1", ""),
	} {
		in.Address = name
		if _, err := town.Accounts.Activate(t.Context(), in); fault.CodeOf(err) != fault.Unauthenticated {
			t.Errorf("%s: %v, want unauthenticated", name, err)
		}
	}
	// However it is typed: without hyphens, in capitals, at another case of the login.
	activate(t, town, "XIN1", strings.ToUpper(strings.ReplaceAll(code, "-", " ")))
	if signIn(t, town, "Xin1", chosen).Member != "W1" {
		t.Error("the password opens another account")
	}
	if _, err := town.Accounts.Activate(t.Context(), by("xin1", code)); fault.CodeOf(err) != fault.Unauthenticated {
		t.Errorf("twice: %v", err)
	}
}

func TestASlipEndsAfterItsDays(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	code := opened(t, town)
	town.Later(accounts.SlipLife)
	if _, err := town.Accounts.Activate(t.Context(), by("xin1", code)); fault.CodeOf(err) != fault.Unauthenticated {
		t.Errorf("after its last day: %v", err)
	}
}

func TestTheCommonestPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	code := opened(t, town)
	for _, weak := range []string{"woaini1314", "Password2026!", "1234567890", "qwertyuiop", "0987654321", "为人民服务123456"} {
		in := by("xin1", code)
		in.New, in.Again = weak, weak
		if _, err := town.Accounts.Activate(t.Context(), in); fieldsOf(err)["new"] == "" {
			t.Errorf("%q is let in: %v", weak, err)
		}
	}
	activate(t, town, "xin1", code) // the slip is as good as before
}

func TestASecretaryHandsOutASlipOfHisBranch(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	id := town.Member.Account
	before := seal(t, town, id)
	first, err := town.Accounts.HandOutSlip(t.Context(), town.Secretary, town.Member.Member)
	if err != nil {
		t.Fatal(err)
	}
	if goesOn(t, town, id, before) {
		t.Error("the session of who lost his password goes on")
	}
	second, err := town.Accounts.HandOutSlip(t.Context(), town.Secretary, town.Member.Member)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Accounts.Activate(t.Context(),
		by("member", first.Code)); fault.CodeOf(err) != fault.Unauthenticated {
		t.Errorf("the slip before the last: %v", err)
	}
	activate(t, town, "member", second.Code)
	if _, err := town.Accounts.HandOutSlip(t.Context(), town.Secretary, "W1"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("of another branch: %v", err)
	}
	if _, err := town.Accounts.HandOutSlip(t.Context(), town.Secretary,
		town.Secretary.Member); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("for himself: %v", err)
	}
	if _, err := town.Accounts.HandOutSlip(t.Context(), town.Member,
		town.Member.Member); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("by a member: %v", err)
	}
	office := accounts.Role{Role: domain.RoleSecretary, Org: town.West.ID}
	if err := town.Accounts.Assign(t.Context(), town.Security, id, office, false); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Accounts.HandOutSlip(t.Context(), town.Secretary,
		town.Member.Member); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "支部书记") {
		t.Errorf("for an office above his that waits: %v", err)
	}
	if err := town.AgreeTo(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Accounts.HandOutSlip(t.Context(), town.Secretary,
		town.Member.Member); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "支部书记") {
		t.Errorf("for an office above his: %v", err)
	}
}

func TestAStreetIsOpenedAtOnce(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	street := town.Street.ID
	before, err := town.Accounts.SlipsFor(t.Context(), town.Security, street)
	if err != nil || before.Without == 0 {
		t.Fatal(before.Without, err)
	}
	out, err := town.Accounts.HandOutSlips(t.Context(), town.Security, street, false)
	if err != nil || len(out.Slips) != before.Without || len(out.Refused) > 0 {
		t.Fatalf("%d slips, want %d; %v refused: %v", len(out.Slips), before.Without, out.Refused, err)
	}
	s := out.Slips[0]
	activate(t, town, strings.ToLower(s.Login), s.Code)
	if got := signIn(t, town, s.Login, chosen); string(got.Member) != s.Login || !got.Has(domain.RoleMember) {
		t.Errorf("%s signs in as %+v", s.Login, got)
	}
	if none, err := town.Accounts.HandOutSlips(t.Context(), town.Security, street, false); err != nil ||
		len(none.Slips) > 0 {
		t.Errorf("once more: %d slips, %v", len(none.Slips), err)
	}
	again, err := town.Accounts.HandOutSlips(t.Context(), town.Security, street, true)
	if err != nil || len(again.Slips) != before.Without-1 {
		t.Errorf("anew for who did not activate: %d slips, want %d: %v", len(again.Slips), before.Without-1, err)
	}
	if _, err := town.Accounts.HandOutSlips(t.Context(), town.Clerk, street, false); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("by a clerk: %v", err)
	}
}

// failingAfter gives so many random bytes.
type failingAfter int

func (n *failingAfter) Read(p []byte) (int, error) {
	if *n -= failingAfter(len(p)); *n < 0 {
		return 0, errors.New("no more chance")
	}
	return copy(p, bytes.Repeat([]byte{byte(*n), byte(*n >> 8), byte(*n >> 3)}, len(p))), nil
}

// TestSlipsThatWereMadeAreNotLost breaks off after the first account.
func TestSlipsThatWereMadeAreNotLost(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	before, err := town.Accounts.SlipsFor(t.Context(), town.Security, town.Street.ID)
	if err != nil || before.Without < 2 {
		t.Fatal(before.Without, err)
	}
	chance := failingAfter(15)
	service := accounts.New(town.DB, &chance, accounts.NewHasher(accounts.Cost{Memory: 8, Iterations: 1}))
	service.OpenAtOnce(1)
	out, err := service.HandOutSlips(t.Context(), town.Security, town.Street.ID, false)
	if err != nil || len(out.Slips) != 1 || out.Left != before.Without-1 || fault.CodeOf(out.Failed) != fault.Internal {
		t.Errorf("%d slips, %d left, %v, %v; want 1, %d, what failed, nothing", len(out.Slips), out.Left, out.Failed, err,
			before.Without-1)
	}
	if _, err := service.HandOutSlips(t.Context(), town.Security, town.Street.ID,
		false); fault.CodeOf(err) != fault.Internal {
		t.Errorf("where none is made: %v", err)
	}
}

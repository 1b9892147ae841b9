package accounts_test

import (
	"testing"
	"time"

	"jifen/internal/app/accounts"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// order returns what the secretary asks for.
func order() accounts.TokenOrder {
	return accounts.TokenOrder{Name: "大屏", Until: calendar.Of(2026, 6, 30), Password: testkit.Password,
		Scope: domain.TokenScope{Role: domain.RoleSecretary}}
}

// ordered makes a token of the secretary's own.
func ordered(t *testing.T, town *testkit.Town) accounts.MadeToken {
	t.Helper()
	made, err := town.Accounts.MakeOwnToken(t.Context(), town.Secretary, order())
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// TestOwnTokensAreBounded: twenty at once; one that is revoked makes room.
func TestOwnTokensAreBounded(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	var last accounts.MadeToken
	for range accounts.MaxOwnTokens {
		last = ordered(t, town)
	}
	_, err := town.Accounts.MakeOwnToken(t.Context(), town.Secretary, order())
	expect.Equal(t, "one more than is allowed", fault.CodeOf(err), fault.Conflict)
	if err := town.Accounts.RevokeOwnToken(t.Context(), town.Secretary, last.ID); err != nil {
		t.Fatal(err)
	}
	ordered(t, town)
}

// TestANewSlipEndsTokens: with the password goes all that it opened, whoever hands the slip
// out.
func TestANewSlipEndsTokens(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	works := func(what, secret string, want bool) {
		t.Helper()
		_, err := town.Accounts.Bearer(t.Context(), secret, town.Later(0))
		expect.Equal(t, what+": the token works", err == nil, want)
	}
	made := ordered(t, town)
	works("before a reset", made.Secret, true)
	if _, _, err := town.Accounts.Reset(t.Context(), town.Security, town.Secretary.Account); err != nil {
		t.Fatal(err)
	}
	works("after a reset", made.Secret, false)
	secret, err := town.TokenOf(t.Context(), "member", "考勤机", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	works("before a slip", secret, true)
	if _, err := town.Accounts.HandOutSlip(t.Context(), town.Secretary, "E2"); err != nil {
		t.Fatal(err)
	}
	works("after a slip", secret, false)
}

// TestOnlyWhoManagesAccountsSeesTheTokensOfOthers.
func TestOnlyWhoManagesAccountsSeesTheTokensOfOthers(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	made := ordered(t, town)
	list, err := town.Accounts.Tokens(t.Context(), town.Security, town.Secretary.Account)
	expect.Equal(t, "the security administrator is answered", err, nil)
	expect.Equal(t, "the token that he sees", list[0].ID, made.ID)
	_, err = town.Accounts.Tokens(t.Context(), town.Auditor, town.Secretary.Account)
	expect.Equal(t, "the auditor", fault.CodeOf(err), fault.Forbidden)
	_, err = town.Accounts.Tokens(t.Context(), town.Security, 9999)
	expect.Equal(t, "an account that is none", fault.CodeOf(err), fault.NotFound)
	err = town.Accounts.RevokeToken(t.Context(), town.Clerk, town.Secretary.Account, made.ID)
	expect.Equal(t, "a clerk revokes", fault.CodeOf(err), fault.Forbidden)
}

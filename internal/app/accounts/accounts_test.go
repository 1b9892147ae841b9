package accounts_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
)

// fieldsOf returns what an error says of inputs.
func fieldsOf(err error) map[string]string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Fields
	}
	return nil
}

// trail returns the actions of the trail about somebody's account, newest first.
func trail(t *testing.T, town *testkit.Town, detail string) string {
	t.Helper()
	lines, err := town.Trail(domain.AuditFilter{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range lines {
		if strings.Contains(l.Explained, detail) {
			out = append(out, l.Name+" "+l.Action)
		}
	}
	return strings.Join(out, "; ")
}

// token makes a bearer token that lives for a while.
func token(t *testing.T, town *testkit.Town, login string, life time.Duration) string {
	t.Helper()
	out, err := town.TokenOf(t.Context(), login, "考勤机", life)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// opens reports whether a bearer token opens anything now.
func opens(t *testing.T, town *testkit.Town, token string) bool {
	t.Helper()
	_, err := town.Accounts.Bearer(t.Context(), token, town.Later(0))
	if err != nil && fault.CodeOf(err) != fault.Unauthenticated {
		t.Fatal(err)
	}
	return err == nil
}

// own lists the tokens of who asks.
func own(t *testing.T, town *testkit.Town, actor *access.Actor) []domain.Token {
	t.Helper()
	out, err := town.Accounts.Own(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	return out.Tokens
}

func TestATokenLivesAsLongAsWasSaid(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	made := token(t, town, "member", time.Hour)
	if town.Later(time.Hour - time.Second); !opens(t, town, made) {
		t.Error("over a second too early")
	}
	if town.Later(time.Second); opens(t, town, made) {
		t.Error("lives longer than was said")
	}
	for _, life := range []time.Duration{0, -time.Hour, accounts.MaxTokenLife + time.Hour} {
		if _, err := town.TokenOf(t.Context(), "member", "考勤机", life); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("a token for %v: %v", life, err)
		}
	}
	if _, err := town.TokenOf(t.Context(), "member", " ", time.Hour); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a token for nothing: %v", err)
	}
	session, until, err := town.Accounts.StartSession(t.Context(), town.Member)
	if err != nil || !until.Equal(town.Later(0).Add(accounts.SessionLife)) {
		t.Errorf("until %v: %v", until, err)
	}
	if town.Later(accounts.SessionLife); opens(t, town, session) {
		t.Error("a session lives longer than was said")
	}
}

func TestTokensAreListedWithoutBeingShown(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	made := token(t, town, "member", time.Hour)
	if _, _, err := town.Accounts.StartSession(t.Context(), town.Member); err != nil {
		t.Fatal(err)
	}
	list := own(t, town, town.Member)
	if len(list) != 2 || list[0].Name != "考勤机" || list[0].Session || !list[1].Session ||
		!strings.HasSuffix(made, list[0].Tail) || len(list[0].Tail) != 4 {
		t.Fatalf("%+v", list)
	}
	if !list[0].Made.Equal(town.Later(0)) || !list[0].Expires.Equal(town.Later(time.Hour)) {
		t.Errorf("%+v", list[0])
	}
	of, err := town.Accounts.Detail(t.Context(), town.Security, town.Member.Account)
	if err != nil || len(of.Tokens) != 2 || of.Password != "" {
		t.Errorf("the administrator sees %v, %v", of, err)
	}
	of, err = town.Accounts.Detail(t.Context(), town.Clerk, town.Member.Account)
	if fault.CodeOf(err) != fault.Forbidden || len(of.Tokens) != 0 {
		t.Errorf("who manages no accounts sees %v, %v", of, err)
	}
	if of := own(t, town, town.Clerk); len(of) != 0 {
		t.Errorf("the clerk sees as his own %v", of)
	}
}

func TestARevokedTokenOpensNothing(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	first, second, third := token(t, town, "member", time.Hour), token(t, town, "member", time.Hour),
		token(t, town, "member", time.Hour)
	list := own(t, town, town.Member) // the latest first
	if err := town.Accounts.RevokeOwnToken(t.Context(), town.Clerk, list[2].ID); fault.CodeOf(err) != fault.NotFound ||
		!opens(t, town, first) {
		t.Errorf("somebody else's: %v", err)
	}
	if err := town.Accounts.RevokeToken(t.Context(), town.Clerk, town.Member.Account,
		list[2].ID); fault.CodeOf(err) != fault.Forbidden || !opens(t, town, first) {
		t.Errorf("by who manages no accounts: %v", err)
	}
	if err := town.Accounts.RevokeToken(t.Context(), town.Security, town.Clerk.Account,
		list[2].ID); fault.CodeOf(err) != fault.NotFound || !opens(t, town, first) {
		t.Errorf("under another account: %v", err)
	}
	if err := town.Accounts.RevokeOwnToken(t.Context(), town.Member, list[2].ID); err != nil || opens(t, town, first) {
		t.Errorf("one's own: %v", err)
	}
	if err := town.Accounts.RevokeToken(t.Context(), town.Security, town.Member.Account, list[1].ID); err != nil ||
		opens(t, town, second) || !opens(t, town, third) {
		t.Errorf("by the administrator: %v", err)
	}
	if err := town.Accounts.RevokeOwnToken(t.Context(), town.Member, list[1].ID); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("twice: %v", err)
	}
	list = own(t, town, town.Member)
	if list[1].RevokedBy != "security" || !list[1].Revoked.Equal(town.Later(0)) || list[2].RevokedBy != "member" ||
		!list[0].Revoked.IsZero() {
		t.Errorf("%+v", list)
	}
	member := town.Member.Account
	if err := town.Accounts.RevokeToken(t.Context(), town.Clerk, member,
		list[0].ID); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("by who manages no accounts: %v", err)
	}
	if err := town.Accounts.RevokeToken(t.Context(), town.Security, member, list[0].ID); err != nil ||
		opens(t, town, third) {
		t.Errorf("by the administrator: %v", err)
	}
	want := "security 作废接口凭证; security 作废接口凭证; member 作废接口凭证; security 发接口凭证; security 发接口凭证; security 发接口凭证"
	if got := trail(t, town, "member 凭证"); got != want {
		t.Errorf("the trail has %s", got)
	}
}

func TestSigningOutOfTheAPIEndsItsToken(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	session, _, err := town.Accounts.StartSession(t.Context(), town.Member)
	if err != nil || !opens(t, town, session) {
		t.Fatal(err)
	}
	if err := town.Accounts.EndSession(t.Context(), town.Clerk, session); fault.CodeOf(err) != fault.Unauthenticated ||
		!opens(t, town, session) {
		t.Errorf("somebody else's: %v", err)
	}
	if err := town.Accounts.EndSession(t.Context(), town.Member, session); err != nil || opens(t, town, session) {
		t.Errorf("%v", err)
	}
	if err := town.Accounts.EndSession(t.Context(), town.Member, session); fault.CodeOf(err) != fault.Unauthenticated {
		t.Errorf("twice: %v", err)
	}
	if got := trail(t, town, "member 凭证"); got != "member 作废接口凭证; member 发接口凭证" {
		t.Errorf("the trail has %s", got)
	}
}

// seal returns the seal that a session of an account begun now carries.
func seal(t *testing.T, town *testkit.Town, id domain.AccountID) string {
	t.Helper()
	out, err := town.Accounts.Seal(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// goesOn reports whether a session of an account that carries a seal goes on.
func goesOn(t *testing.T, town *testkit.Town, id domain.AccountID, seal string) bool {
	t.Helper()
	_, err := town.Accounts.Visitor(t.Context(), id, seal)
	if err != nil && fault.CodeOf(err) != fault.Unauthenticated {
		t.Fatal(err)
	}
	return err == nil
}

func TestAResetEndsSessionsAndTokens(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	id := town.Member.Account
	before, program := seal(t, town, id), token(t, town, "member", time.Hour)
	session, _, err := town.Accounts.StartSession(t.Context(), town.Member)
	if err != nil || !goesOn(t, town, id, before) {
		t.Fatal(err)
	}
	other := token(t, town, "clerk", time.Hour)
	a, password, err := town.Accounts.Reset(t.Context(), town.Security, id)
	if err != nil || a.Login != "member" {
		t.Fatal(a, err)
	}
	if goesOn(t, town, id, before) {
		t.Error("a session outlives the reset")
	}
	if opens(t, town, program) || opens(t, town, session) {
		t.Error("a token outlives the reset")
	}
	if !opens(t, town, other) {
		t.Error("the token of somebody else is ended")
	}
	activate(t, town, "member", password)
	if signIn(t, town, "member", chosen).Account != id {
		t.Error("the new password opens another account")
	}
	if got := trail(t, town, "member"); got != "security 重设密码; security 发激活条; security 作废接口凭证; "+
		"member 发接口凭证; security 发接口凭证" {
		t.Errorf("the trail has %s", got)
	}
}

func TestAClosedAccountIsOutAndItsTokensStayEnded(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	id := town.Member.Account
	before, program := seal(t, town, id), token(t, town, "member", time.Hour)
	if err := town.Accounts.Close(t.Context(), town.Security, id, true); err != nil {
		t.Fatal(err)
	}
	if goesOn(t, town, id, before) || opens(t, town, program) {
		t.Error("closed, and yet let in")
	}
	if _, err := town.TokenOf(t.Context(), "member", "考勤机", time.Hour); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a token for a closed account: %v", err)
	}
	if _, _, err := town.Accounts.StartSession(t.Context(), town.Member); fault.CodeOf(err) != fault.Unauthenticated {
		t.Errorf("a session for a closed account: %v", err)
	}
	if _, _, err := town.Accounts.Reset(t.Context(), town.Security, id); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("a password for a closed account: %v", err)
	}
	if err := town.Accounts.ChangePassword(t.Context(), town.Member,
		change(testkit.Password, "another password")); err == nil {
		t.Error("a closed account changes its password")
	}
	if err := town.Accounts.Close(t.Context(), town.Security, id, false); err != nil || opens(t, town, program) {
		t.Errorf("a token is back with the account: %v", err)
	}
	signIn(t, town, "member", testkit.Password)
}

// change returns a change of password that somebody types without a slip.
func change(old, fresh string) accounts.PasswordChange {
	return accounts.PasswordChange{Old: old, New: fresh, Again: fresh}
}

func TestEverybodyChangesTheOwnPassword(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	id := town.Member.Account
	before, program := seal(t, town, id), token(t, town, "member", time.Hour)
	session, _, err := town.Accounts.StartSession(t.Context(), town.Member)
	if err != nil {
		t.Fatal(err)
	}
	const fresh = "十个字的密码要写满了吧"
	if err := town.Accounts.ChangePassword(t.Context(), town.Member, change(testkit.Password, fresh)); err != nil {
		t.Fatal(err)
	}
	if goesOn(t, town, id, before) || opens(t, town, session) {
		t.Error("an earlier session goes on")
	}
	if !goesOn(t, town, id, seal(t, town, id)) {
		t.Error("a session begun now does not")
	}
	if !opens(t, town, program) {
		t.Error("the program that was given a token is out")
	}
	signIn(t, town, "member", fresh)
	if got := trail(t, town, "member"); got != "member 改自己的密码; member 作废接口凭证; member 发接口凭证; security 发接口凭证" {
		t.Errorf("the trail has %s", got)
	}
	if strings.Contains(trail(t, town, fresh)+trail(t, town, testkit.Password), "密码") {
		t.Error("the trail holds a password")
	}
}

func TestANewPasswordHasToBeOne(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	for _, c := range []struct {
		accounts.PasswordChange
		field, want string
	}{
		{change("", "another password"), "old", "要写现在的密码"},
		{change("wrong", "another password"), "old", "现在的密码不对"},
		{change(testkit.Password, "nine char"), "new", "只有 9 个字"},
		{change(testkit.Password, ""), "new", "只有 0 个字"},
		{change(testkit.Password, strings.Repeat("长", accounts.MaxPassword+1)), "new", "太长"},
		{change(testkit.Password, testkit.Password), "new", "和现在的一样"},
		{change(testkit.Password, "my Secretary 1"), "new", "容易被猜到"},
		{change(testkit.Password, "ｓecretary123"), "new", "容易被猜到"},
		{change(testkit.Password, "一一一一一一一一一一"), "new", "一样的字"},
		{accounts.PasswordChange{Old: testkit.Password, New: "another password", Again: "another passwort"}, "again", "不一样"},
	} {
		err := town.Accounts.ChangePassword(t.Context(), town.Secretary, c.PasswordChange)
		if told := fieldsOf(err); fault.CodeOf(err) != fault.Invalid || len(told) != 1 ||
			!strings.Contains(err.Error(), c.want) || told[c.field] == "" {
			t.Errorf("%q: %v at %v, want %q at %s", c.New, err, fieldsOf(err), c.want, c.field)
		}
	}
	err := town.Accounts.ChangePassword(t.Context(), town.Secretary,
		accounts.PasswordChange{New: "short", Again: "shorter"})
	if told := fieldsOf(err); len(told) != 3 {
		t.Errorf("three mistakes are told as %v", told)
	}
	exactly := strings.Repeat("长短", accounts.MinPassword/2)
	if err := town.Accounts.ChangePassword(t.Context(), town.Secretary, change(testkit.Password, exactly)); err != nil {
		t.Errorf("a password of exactly %d characters: %v", accounts.MinPassword, err)
	}
	if err := town.Accounts.ChangePassword(t.Context(), town.Secretary,
		change(testkit.Password, "another password")); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("the password before the last one is good still: %v", err)
	}
}

func TestNobodyChangesTheOwnRightsOrClosesHimself(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ctx, admin := context.Background(), town.Security
	if _, _, err := town.Accounts.Reset(ctx, admin, admin.Account); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("reset: %v", err)
	}
	if err := town.Accounts.Close(ctx, admin, admin.Account, true); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("closing: %v", err)
	}
	if err := town.Accounts.Assign(ctx, admin, admin.Account, accounts.Role{Role: domain.RoleSecurity},
		true); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("role: %v", err)
	}
	for _, by := range []*access.Actor{town.Clerk, town.Member, town.Auditor, {}} {
		if _, _, err := town.Accounts.Reset(ctx, by, town.Second.Account); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("reset by %v: %v", by.Name, err)
		}
		if err := town.Accounts.Assign(ctx, by, town.Second.Account, accounts.Role{Role: domain.RoleMember},
			false); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("role by %v: %v", by.Name, err)
		}
	}
}

// signIn signs somebody in by a password.
func signIn(t *testing.T, town *testkit.Town, login, password string) *access.Actor {
	t.Helper()
	actor, err := town.Accounts.SignIn(t.Context(),
		accounts.Credentials{Login: login, Password: password, Address: "10.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// door is a town at whose door people knock.
type door struct {
	*testkit.Town
	t        *testing.T
	service  *accounts.Service
	compared []string // the hashes
}

func atDoor(t *testing.T) *door {
	t.Helper()
	d := &door{Town: testkit.New(t), t: t}
	d.serve()
	return d
}

func (d *door) serve() {
	var mu sync.Mutex
	hasher := accounts.NewHasher(accounts.Cost{Memory: 64, Iterations: 1})
	hasher.WatchComparisons(func(hash string) {
		mu.Lock()
		defer mu.Unlock()
		d.compared = append(d.compared, hash)
	})
	d.service = accounts.New(d.DB, &testkit.Steps{}, hasher)
}

// try signs in and returns the refusal, nil for none.
func (d *door) try(login, password, address string) *fault.Error {
	d.t.Helper()
	actor, err := d.service.SignIn(d.t.Context(), accounts.Credentials{Login: login, Password: password, Address: address})
	var f *fault.Error
	switch {
	case err == nil && actor == nil:
		d.t.Fatalf("%s at %s: neither let in nor refused", login, address)
	case err == nil:
		return nil
	case actor != nil:
		d.t.Fatalf("%s at %s: let in with %v", login, address, err)
	case !errors.As(err, &f):
		d.t.Fatalf("%s at %s: %v", login, address, err)
	}
	return f
}

func (d *door) wrong(login, address string, times int) {
	d.t.Helper()
	for range times {
		if f := d.try(login, "wrong", address); f == nil || f.Code != fault.Unauthenticated {
			d.t.Fatalf("a wrong password of %s at %s: %v, want unauthenticated", login, address, f)
		}
	}
}

func (d *door) want(what, login, address string, code fault.Code) {
	d.t.Helper()
	var got fault.Code
	f := d.try(login, testkit.Password, address)
	if f != nil {
		got = f.Code
	}
	if got != code {
		d.t.Errorf("%s: code %q (%v), want %q", what, got, f, code)
	}
}

func TestWaitingBeginsAtTheFifthFailureAndDoubles(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.wrong("member", "10.0.0.1", accounts.FreeTries-1)
	d.want("after four failures", "member", "10.0.0.1", "")
	d.wrong("member", "10.0.0.1", accounts.FreeTries-1)
	for _, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
		wait *= time.Second
		f := d.try("member", "wrong", "10.0.0.1")
		if f == nil || f.Code != fault.Unauthenticated || f.Retry != wait {
			t.Fatalf("a failure: %v, want unauthenticated and %v to wait", f, wait)
		}
		d.Later(wait - time.Millisecond)
		d.want(fmt.Sprintf("the right password a moment before %v", wait), "member", "10.0.0.1", fault.TooMany)
		d.Later(time.Millisecond)
	}
	d.want("the right password after the wait", "member", "10.0.0.1", "")
	d.wrong("member", "10.0.0.1", accounts.FreeTries-1) // and all is forgotten
	d.want("after four failures more", "member", "10.0.0.1", "")
}

func TestWaitingHoldsForTheAddressOnly(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.wrong("member", "10.0.0.1", accounts.FreeTries)
	d.want("at the address of the failures", "member", "10.0.0.1", fault.TooMany)
	d.want("the owner at another address", "member", "10.0.0.2", "")
	d.want("another login at the address of the failures", "clerk", "10.0.0.1", "")
	d.want("at the address of the failures, after the owner signed in elsewhere", "member", "10.0.0.1", fault.TooMany)
}

func TestOneLoginFromEverywhereIsSlowedALittle(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.want("at the usual desk", "member", "10.0.0.1", "")
	for i := range 30 {
		d.wrong("member", "10.1.0."+strconv.Itoa(i), 1)
	}
	f := d.try("member", testkit.Password, "10.0.0.2")
	if f == nil || f.Code != fault.TooMany || f.Retry > 30*time.Second {
		t.Errorf("somewhere new: %v, want too many for at most 30 s", f)
	}
	d.want("another login", "clerk", "10.0.0.2", "")
	d.want("at the usual desk, meanwhile", "member", "10.0.0.1", "")
	for i := range 30 {
		d.wrong("member", "10.2.0."+strconv.Itoa(i), 1)
	}
	d.Later(30*time.Second - time.Millisecond)
	d.want("somewhere new, a moment before one is forgiven", "member", "10.0.0.2", fault.TooMany)
	d.Later(time.Millisecond)
	d.want("somewhere new, when one is forgiven", "member", "10.0.0.2", "")
}

func TestOneAddressWithEveryLoginIsSlowedALittle(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	for i := range 60 {
		d.wrong("P"+strconv.Itoa(i), "10.0.0.1", 1)
	}
	f := d.try("member", testkit.Password, "10.0.0.1")
	if f == nil || f.Code != fault.TooMany || f.Retry > 20*time.Second {
		t.Errorf("at the address: %v, want too many for at most 20 s", f)
	}
	d.want("at another address", "member", "10.0.0.2", "")
	d.Later(20 * time.Second)
	d.want("at the address, when one is forgiven", "member", "10.0.0.1", "")
}

func TestAllIsForgottenAfterADay(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.wrong("member", "10.0.0.1", accounts.FreeTries)
	d.Later(24*time.Hour + time.Second)
	d.wrong("member", "10.0.0.1", accounts.FreeTries-1)
	d.want("after four failures the next day", "member", "10.0.0.1", "")
}

func TestAClockSetBackLengthensNoWait(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.wrong("member", "10.0.0.1", accounts.FreeTries)
	d.Later(-30 * 24 * time.Hour)
	if f := d.try("member", testkit.Password, "10.0.0.1"); f == nil || f.Retry != time.Second {
		t.Errorf("a month earlier: %v, want one second to wait", f)
	}
}

func TestKnownAndUnknownLoginsCannotBeToldApart(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	if err := d.service.Close(t.Context(), d.Security, d.Second.Account, true); err != nil {
		t.Fatal(err)
	}
	if err := d.DB.Write(t.Context(), func(tx *store.Tx) error {
		return tx.UpdateAccount(domain.Account{ID: d.Auditor.Account})
	}); err != nil {
		t.Fatal(err)
	}
	logins := map[string]string{
		"member": "10.0.0.1", "nobody": "10.0.0.2", "second": "10.0.0.3", "auditor": "10.0.0.4",
		strings.Repeat("长", 500): "10.0.0.5",
	}
	for i := range accounts.FreeTries + 6 {
		answers := map[string][]string{}
		for login, address := range logins {
			lines, compared := d.lines(), len(d.compared)
			f := d.try(login, []string{"wrong", strings.Repeat("x", 201), ""}[i%7%3], address)
			costs := []string{}
			for _, hash := range d.compared[compared:] {
				costs = append(costs, hash[:strings.LastIndexByte(hash[:strings.LastIndexByte(hash, '$')], '$')])
			}
			answer := fmt.Sprintf("%s %s %v, hashed %q, lines in the trail %d", f.Code, f, f.Retry, costs, d.lines()-lines)
			answers[answer] = append(answers[answer], login)
		}
		if len(answers) != 1 {
			t.Errorf("try %d: %d answers: %v", i+1, len(answers), answers)
		}
	}
	if len(d.compared) == 0 {
		t.Error("nothing was hashed at all")
	}
}

// lines returns how many lines the trail has.
func (d *door) lines() int {
	d.t.Helper()
	lines, err := d.Trail(domain.AuditFilter{}, 500)
	if err != nil {
		d.t.Fatal(err)
	}
	return len(lines)
}

func TestWhatMustWaitIsNotHashed(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.wrong("member", "10.0.0.1", accounts.FreeTries)
	before := len(d.compared)
	for range 20 {
		d.want("while waiting", "member", "10.0.0.1", fault.TooMany)
		if f := d.try("member", strings.Repeat("x", 201), "10.0.0.2"); f == nil || f.Code != fault.Unauthenticated {
			t.Errorf("a password longer than any: %v", f)
		}
	}
	if n := len(d.compared) - before; n != 0 {
		t.Errorf("%d comparisons, want none", n)
	}
}

func TestManyAtOnceGetNoMoreThanTheFreeTries(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	codes := map[fault.Code]int{}
	for range 40 {
		all.Go(func() {
			_, err := d.service.SignIn(t.Context(), accounts.Credentials{Login: "member", Password: "wrong",
				Address: "10.0.0.1"})
			mu.Lock()
			defer mu.Unlock()
			codes[fault.CodeOf(err)]++
		})
	}
	all.Wait()
	if codes[fault.Unauthenticated] != accounts.FreeTries || codes[fault.TooMany] != 40-accounts.FreeTries {
		t.Errorf("%v, want %d told that they were wrong and the others to wait", codes, accounts.FreeTries)
	}
}

func TestWhoHangsUpWhileHashedForIsCounted(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	ctx, hangUp := context.WithCancel(t.Context())
	hasher := accounts.NewHasher(accounts.Cost{Memory: 64, Iterations: 1})
	hasher.WatchComparisons(func(string) { hangUp() })
	service := accounts.New(d.DB, &testkit.Steps{}, hasher)
	d.wrong("member", "10.0.0.1", accounts.FreeTries-1)
	if _, err := service.SignIn(ctx, accounts.Credentials{Login: "member", Password: "wrong",
		Address: "10.0.0.1"}); err == nil {
		t.Error("a wrong password was let in")
	}
	d.want("after four failures and one whose answer nobody waited for", "member", "10.0.0.1", fault.TooMany)
}

func TestWhoGuessesTheOwnPasswordIsSlowedDown(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	change := func(old string) error {
		return d.service.ChangePassword(t.Context(), d.Member,
			accounts.PasswordChange{Old: old, New: "another password", Again: "another password"})
	}
	for i := range accounts.FreeTries {
		if err := change("wrong"); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("guess %d: %v, want invalid", i+1, err)
		}
	}
	if err := change(testkit.Password); fault.CodeOf(err) != fault.TooMany {
		t.Errorf("the right one at once: %v, want too many", err)
	}
	d.want("the owner at the sign-in, meanwhile", "member", "10.0.0.1", "")
	d.Later(time.Second)
	if err := change(testkit.Password); err != nil {
		t.Errorf("the right one after the wait: %v", err)
	}
}

func TestWaitingOutlastsARestart(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.wrong("member", "10.0.0.1", accounts.FreeTries)
	d.Reopen(t)
	d.serve()
	d.want("after a restart", "member", "10.0.0.1", fault.TooMany)
}

func TestUnlockingForgetsFailuresAndIsInTheTrail(t *testing.T) {
	t.Parallel()
	for name, unlock := range map[string]func(d *door) error{
		"by an administrator": func(d *door) error { return d.service.Unlock(t.Context(), d.Security, d.Member.Account) },
		"on the file": func(d *door) error {
			program, err := d.service.Recoverer(t.Context(), "security")
			if err != nil {
				return err
			}
			return d.service.Unlock(t.Context(), program, d.Member.Account)
		},
		"by another password": func(d *door) error {
			_, code, err := d.service.Reset(t.Context(), d.Security, d.Member.Account)
			if err == nil {
				in := by("member", code)
				in.Address = "10.0.0.1"
				if _, err := d.service.Activate(d.t.Context(), in); err != nil {
					return err
				}
				if f := d.try("member", chosen, "10.0.0.1"); f != nil {
					d.t.Errorf("the new password: %v", f)
				}
				return d.service.Unlock(t.Context(), d.Security, d.Clerk.Account)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := atDoor(t)
			d.wrong("member", "10.0.0.1", accounts.FreeTries)
			if all, err := d.service.Directory(t.Context(), d.Security); err != nil || slowed(all.Accounts) != "member" {
				t.Errorf("the list says that %q wait, want member: %v", slowed(all.Accounts), err)
			}
			if err := unlock(d); err != nil {
				t.Fatal(err)
			}
			if all, err := d.service.Directory(t.Context(), d.Security); err != nil || slowed(all.Accounts) != "" {
				t.Errorf("the list says that %q wait, want nobody: %v", slowed(all.Accounts), err)
			}
			if name != "by another password" {
				d.want("after unlocking", "member", "10.0.0.1", "")
			}
			lines, err := d.Trail(domain.AuditFilter{Action: string(audit.UnlockedAccount)},
				10)
			if err != nil || len(lines) != 1 {
				t.Errorf("%d lines of unlocking in the trail, want 1: %v", len(lines), err)
			}
		})
	}
	d := atDoor(t)
	for name, by := range map[string]*access.Actor{"a clerk": d.Clerk, "the account itself": d.Member, "nobody": {}} {
		if err := d.service.Unlock(t.Context(), by, d.Member.Account); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("%s unlocks: %v, want forbidden", name, err)
		}
	}
}

func slowed(list []accounts.Managed) string {
	var out []string
	for i := range list {
		if !list[i].Slowed.IsZero() {
			out = append(out, list[i].Login)
		}
	}
	return strings.Join(out, ",")
}

func TestPasswordsAreCountedByOutcome(t *testing.T) {
	t.Parallel()
	d := atDoor(t)
	d.want("the right one", "member", "10.0.0.1", "")
	d.wrong("nobody", "10.0.0.1", 1)
	d.wrong("member", "10.0.0.1", accounts.FreeTries)
	d.want("too many were wrong", "member", "10.0.0.1", fault.TooMany)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.service.SignIn(gone, accounts.Credentials{Login: "member", Password: "x",
		Address: "10.0.0.2"}); err == nil {
		t.Error("who has gone was let in")
	}
	want := accounts.Counts{Right: 1, Wrong: 1 + accounts.FreeTries, Slowed: 1, Failed: 1}
	if got := d.service.Counts(); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

package accounts

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// How failed sign-ins slow down the next. What counts most is the login together
// with the address, so that nobody locks out somebody elsewhere; docs/adr/0014.
const (
	// FreeTries is how often one may be wrong with a login at an address before
	// waiting begins, where nobody has set it: a second, and twice as long after each
	// further failure.
	FreeTries = 5
	// LongestWait is the longest wait for a login at an address.
	LongestWait = 15 * time.Minute

	firstWait    = time.Second
	failuresHold = 24 * time.Hour      // after the last one; then all are forgotten
	addressHolds = 90 * 24 * time.Hour // how long an address is known from which somebody signed in
	knownAgain   = 24 * time.Hour      // how often that is written anew
	maxBrakes    = 10_000              // rows of those who never signed in
)

// allowance is a weaker brake: so many failures at once, and one more each time
// an old one is forgiven.
type allowance struct {
	burst int
	every time.Duration
}

// ofLogin returns the allowance of one login over all addresses, those from which it
// signed in lately excepted.
func ofLogin() allowance { return allowance{burst: 30, every: 30 * time.Second} }

// ofAddress returns the allowance of one address over all logins.
func ofAddress() allowance { return allowance{burst: 60, every: 20 * time.Second} }

// left returns how many failures are not forgiven yet, and since when the next is
// waited for.
func (a allowance) left(b *domain.SignInBrake, now time.Time) (failures int, since time.Time) {
	forgiven := int(max(0, now.Sub(b.At)) / a.every)
	if forgiven >= b.Failures {
		return 0, now
	}
	return b.Failures - forgiven, b.At.Add(time.Duration(forgiven) * a.every)
}

// wait returns how long nothing is judged.
func (a allowance) wait(b *domain.SignInBrake, now time.Time) time.Duration {
	failures, since := a.left(b, now)
	if failures < a.burst {
		return 0
	}
	return min(a.every, since.Add(a.every).Sub(now))
}

// add counts a failure.
func (a allowance) add(b *domain.SignInBrake, now time.Time) {
	b.Failures, b.At = a.left(b, now)
	b.Failures++
}

// brakes hold the counts that slow a sign-in down: the failures of the login at the address,
// of the login and of the address.
type brakes struct {
	pair, login, address domain.SignInBrake

	tries int // before waiting begins
}

// brakesOf reads what is counted.
func brakesOf(v *store.Snapshot, login, address string) (b brakes, err error) {
	rows, err := v.SignInBrakes(login, address)
	if err != nil {
		return b, err
	}
	settings, err := v.Settings()
	b = brakes{
		tries: settings.Tries(),
		pair:  domain.SignInBrake{Login: login, Address: address}, login: domain.SignInBrake{Login: login},
		address: domain.SignInBrake{Address: address},
	}
	for _, r := range rows {
		switch {
		case r.Address == "":
			b.login = r
		case r.Login == "":
			b.address = r
		default:
			b.pair = r
		}
	}
	return b, err
}

// wait returns how long nothing is judged. Where the clock was set back it is not
// longer than it would have been.
func (b *brakes) wait(now time.Time) time.Duration {
	wait := max(pairWait(&b.pair, b.tries, now), ofAddress().wait(&b.address, now))
	if now.Sub(b.pair.SignedIn) > addressHolds {
		wait = max(wait, ofLogin().wait(&b.login, now))
	}
	return wait
}

// pairWait returns how long nothing is judged of a login at an address.
func pairWait(b *domain.SignInBrake, tries int, now time.Time) time.Duration {
	if b.Failures < tries || now.Sub(b.At) > failuresHold {
		return 0
	}
	long := LongestWait
	if doubled := b.Failures - tries; doubled < 10 {
		long = min(long, firstWait<<doubled)
	}
	return max(0, min(long, b.At.Add(long).Sub(now)))
}

// failed counts a failure and keeps it.
func (b *brakes) failed(tx *store.Tx) error {
	now := tx.Now()
	if now.Sub(b.pair.At) > failuresHold {
		b.pair.Failures = 0
	}
	b.pair.Failures, b.pair.At = b.pair.Failures+1, now
	ofLogin().add(&b.login, now)
	ofAddress().add(&b.address, now)
	for _, row := range []domain.SignInBrake{b.pair, b.login, b.address} {
		if err := tx.PutSignInBrake(row); err != nil {
			return err
		}
	}
	return tx.PruneSignInBrakes(now.Add(-failuresHold), now.Add(-addressHolds), maxBrakes)
}

// passed forgets the failures of the login here and in all, and remembers the
// address. What the address did with other logins stays counted.
func (b *brakes) passed(tx *store.Tx) error {
	if known := tx.Now().Sub(b.pair.SignedIn); b.pair.Failures == 0 && b.login.Failures == 0 && known >= 0 &&
		known < knownAgain {
		return nil
	}
	b.pair.Failures, b.pair.At, b.pair.SignedIn = 0, tx.Now(), tx.Now()
	if err := tx.PutSignInBrake(b.pair); err != nil {
		return err
	}
	if b.login.Failures > 0 {
		b.login.Failures = 0
		if err := tx.PutSignInBrake(b.login); err != nil {
			return err
		}
	}
	return tx.DropIdleBrakes(b.pair.Login, b.pair.Address)
}

// slowedLogins returns until when the sign-ins of logins wait at some address, by
// the key of the login.
func slowedLogins(v *store.Snapshot, by *access.Actor) (map[string]time.Time, error) {
	settings, err := v.Settings()
	if err != nil {
		return nil, err
	}
	rows, err := v.BrakedLogins(by.Scope(access.ManageAccounts), settings.Tries())
	out := map[string]time.Time{}
	for _, b := range rows {
		wait := ofLogin().wait(&b, v.Now())
		if b.Address != "" {
			wait = pairWait(&b, settings.Tries(), v.Now())
		}
		if till := v.Now().Add(wait); wait > 0 && till.After(out[b.Login]) {
			out[b.Login] = till
		}
	}
	return out, err
}

// loginKey returns the key under which a login is counted: a password typed in its place is kept
// nowhere, and the case of letters makes no other login.
func loginKey(login string) string {
	sum := sha256.Sum256([]byte("jifen login\x00" + strings.ToLower(login)))
	return hex.EncodeToString(sum[:])
}

// wrong says that login and password do not go together, and what it leads to.
func wrong(wait time.Duration, tries int) error {
	f := fault.New(fault.Unauthenticated, "帐号或密码不对")
	if wait > 0 {
		return f.WithHint("过 %s再试；忘了密码，请支部书记或管帐号的人重发激活条", inWords(wait)).WithRetry(wait)
	}
	return f.WithHint("密码分大小写；连错 %d 次以后，每错一次要多等一会儿", tries)
}

// slowed refuses a sign-in that was not judged.
func slowed(wait time.Duration) error {
	return fault.New(fault.TooMany, "密码错得太多，现在还不能再试").
		WithHint("过 %s再试；忘了密码，请支部书记或管帐号的人重发激活条", inWords(wait)).WithRetry(wait)
}

// inWords rounds a wait up to seconds, or to minutes.
func inWords(wait time.Duration) string {
	if wait <= time.Minute {
		return fmt.Sprintf("%d 秒", (wait+time.Second-1)/time.Second)
	}
	return fmt.Sprintf("%d 分钟", (wait+time.Minute-1)/time.Minute)
}

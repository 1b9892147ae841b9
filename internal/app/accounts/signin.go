package accounts

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Credentials hold the input of a sign-in and the address it came from.
type Credentials struct {
	Login    string
	Password string
	Address  string // "" where it is not known

	slowedAt time.Time // when it was found that nothing is judged yet
}

// nowhere stands for the address of who has none, where failures are counted.
const nowhere = "-"

// origin returns where a sign-in comes from, for the trail.
func (c *Credentials) origin(ctx context.Context) *access.Origin {
	v := visitOf(ctx)
	address := cmp.Or(v.Address, c.Address)
	if address == nowhere {
		address = ""
	}
	return &access.Origin{Address: address, Route: v.Route}
}

// SignOut notes in the trail that somebody ends his session.
func (s *Service) SignOut(ctx context.Context, actor *access.Actor) error {
	return s.db.Write(store.InStreets(ctx, actor.Paths()), func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.SignedOut, audit.What{})
	})
}

// SignIn checks credentials and returns who it is. A login that nobody has and a
// wrong password answer the same, in words, status and time, with
// fault.Unauthenticated. fault.TooMany says after how long more is judged,
// fault.Unavailable that too many sign in at once.
func (s *Service) SignIn(ctx context.Context, c Credentials) (*access.Actor, error) {
	var actor *access.Actor
	err := s.prove(ctx, c, func(tx *store.Tx, id domain.AccountID) (err error) {
		if actor, err = tx.Actor(id); err != nil {
			return err
		}
		return audit.Record(tx, actor.From(c.origin(ctx)), audit.SignedIn, audit.What{})
	})
	if err != nil {
		return nil, err
	}
	return actor, nil
}

// prove runs right in the write that finds credentials right, and refuses them as
// SignIn does where they are not. It counts how that ended.
func (s *Service) prove(ctx context.Context, c Credentials, right func(*store.Tx, domain.AccountID) error) error {
	err := s.attempt(ctx, &c, right)
	s.signIns.count(err)
	return s.turnedAway(ctx, &c, err)
}

// attempt is prove without the count.
func (s *Service) attempt(ctx context.Context, c *Credentials, right func(*store.Tx, domain.AccountID) error) error {
	c.Login = strings.TrimSpace(c.Login)
	if c.Address == "" {
		c.Address = nowhere
	}
	if c.Login == "" || c.Password == "" || utf8.RuneCountInString(c.Password) > MaxPassword {
		return wrong(0, FreeTries) // fits no account, whoever has it
	}
	hash, err := s.hashOf(ctx, c)
	if err != nil {
		return err
	}
	match, err := s.hasher.Matches(ctx, c.Password, hash)
	if err != nil {
		return err
	}
	// Whoever hangs up now is counted all the same.
	return s.judge(context.WithoutCancel(ctx), c, verdict{hash, match, right})
}

// hashOf returns the hash that the password must fit, "" for a login that nobody
// signs in with. It refuses what must wait before anything dear is done.
func (s *Service) hashOf(ctx context.Context, c *Credentials) (hash string, err error) {
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		b, err := brakesOf(v, loginKey(c.Login), c.Address)
		if err != nil {
			return err
		}
		if wait := b.wait(v.Now()); wait > 0 {
			c.slowedAt = v.Now()
			return slowed(wait)
		}
		a, err := v.AccountByLogin(c.Login)
		if err == nil && !a.Closed {
			hash = a.Password
		}
		return missing(err)
	})
	return hash, err
}

// verdict holds the result of hashing: whether the password fits the hash that was
// kept then, and what is done where it does.
type verdict struct {
	hash  string
	match bool
	right func(*store.Tx, domain.AccountID) error
}

// judge decides a sign-in and counts it. What counts is what is in force now,
// inside the write: of many that were hashed side by side, those beyond the free
// tries are not told whether they were right.
func (s *Service) judge(ctx context.Context, c *Credentials, found verdict) error {
	var refusal error
	err := s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		refusal = nil
		if err := tx.HoldSignIns(loginKey(c.Login), c.Address); err != nil {
			return err
		}
		b, err := brakesOf(&tx.Snapshot, loginKey(c.Login), c.Address)
		if err != nil {
			return err
		}
		if wait := b.wait(tx.Now()); wait > 0 {
			c.slowedAt = tx.Now()
			return slowed(wait)
		}
		a, err := tx.AccountByLogin(c.Login)
		if err := missing(err); err != nil {
			return err
		}
		if !found.match || a.Closed || a.Password != found.hash {
			if err := b.failed(tx); err != nil {
				return err
			}
			refusal = wrong(b.wait(tx.Now()), b.tries)
			return c.failed(ctx, tx, a.ID, refusal) // of no account too, so that it takes as long
		}
		if err := b.passed(tx); err != nil {
			return err
		}
		if a.PasswordAt.IsZero() {
			if err := tx.DatePassword(a.ID); err != nil {
				return err
			}
		}
		return found.right(tx, a.ID)
	})
	if err != nil {
		return err
	}
	return refusal
}

// failed leaves the line of a sign-in that was refused: of the account, or of the digest of a
// login that nobody has.
func (c *Credentials) failed(ctx context.Context, tx *store.Tx, id domain.AccountID, refusal error) error {
	by, what := &access.Actor{Account: id}, audit.What{Result: audit.Refusal(refusal)}
	if id == 0 {
		by, what.Detail = access.Program("没有这个帐号"), loginKey(c.Login)[:12]
	}
	return audit.Record(tx, by.From(c.origin(ctx)), audit.SignInFailed, what)
}

// turnedAway leaves a line of who is not judged, for too many before him were wrong: one in a
// while of an address, so that whoever asks without end fills no disk. It returns err, which
// stays what it is where no line can be written.
func (s *Service) turnedAway(ctx context.Context, c *Credentials, err error) error {
	if fault.CodeOf(err) != fault.TooMany || c.slowedAt.IsZero() || !s.away.due(c.Address, c.slowedAt) {
		return err
	}
	_ = s.db.Write(store.OfNoStreet(context.WithoutCancel(ctx)), func(tx *store.Tx) error {
		a, missed := tx.AccountByLogin(c.Login)
		if missed := missing(missed); missed != nil {
			return missed
		}
		return c.failed(ctx, tx, a.ID, err)
	})
	return err
}

// missing takes the login that nobody has for no error.
func missing(err error) error {
	if fault.CodeOf(err) == fault.NotFound {
		return nil
	}
	return err
}

// Unlock forgets the failed sign-ins of an account, from wherever they came.
func (s *Service) Unlock(ctx context.Context, by *access.Actor, id domain.AccountID) error {
	_, err := s.keep(ctx, by, id, audit.UnlockedAccount, func(tx *store.Tx, a *domain.Account) error {
		return tx.ForgiveSignIns(loginKey(a.Login))
	})
	return err
}

package accounts

import (
	"context"
	"sync"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// seenApart limits how often it is noted that somebody is seen.
const seenApart = time.Minute

// Visitor holds who a session of the web site is now.
type Visitor struct {
	Actor *access.Actor
	// Idle reports that he was not seen for too long: nothing is done for him until he writes
	// his password again.
	Idle bool
	// Aged refuses whatever he asks until he has another password; nil where it is young enough.
	Aged error
}

// heldSettings holds how signing in is set, as it was read under a stamp of what is set for
// all accounts.
type heldSettings struct {
	mu    sync.RWMutex
	held  domain.Settings
	stamp store.Stamp
}

func (h *heldSettings) get() (domain.Settings, store.Stamp) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.held, h.stamp
}

func (h *heldSettings) put(settings domain.Settings, stamp store.Stamp) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.held, h.stamp = settings, stamp
}

// accountNow returns an account, and how signing in is set: what is held of that is good
// for as long as its stamp is, which is asked with the account.
func (s *Service) accountNow(v *store.Snapshot, id domain.AccountID) (domain.Account, domain.Settings, error) {
	settings, stamp := s.settings.get()
	a, current, err := v.AccountUnder(id, stamp)
	if err != nil || current {
		return a, settings, err
	}
	if stamp, err = v.RightsOfAll(); err != nil {
		return a, settings, err
	}
	if settings, err = v.Settings(); err != nil {
		return a, settings, err
	}
	s.settings.put(settings, stamp)
	return a, settings, nil
}

// Visitor returns who an account is now, for a request of a session that began when the
// account had a seal, and notes that he is seen. fault.Unauthenticated if the account is
// closed or gone, has another password since, or signed in too long ago.
func (s *Service) Visitor(ctx context.Context, id domain.AccountID, seal string) (out Visitor, err error) {
	visit := visitOf(ctx)
	var unseen bool
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		a, settings, err := s.accountNow(v, id)
		if err != nil {
			return err
		}
		made, seen := visit.session.Made, visit.session.Seen
		switch {
		case sealOf(a) != seal:
			return fault.New(fault.NotFound, "the session is of an earlier password")
		case !made.IsZero() && v.Now().Sub(made) >= settings.Longest():
			return fault.New(fault.NotFound, "the session has lasted too long")
		}
		out.Idle = !seen.IsZero() && v.Now().Sub(seen) >= settings.Idle()
		if settings.Aged(a.PasswordAt, v.Now()) {
			out.Aged = aged(&settings)
		}
		unseen = len(visit.session.Key) > 0 && (seen.IsZero() || v.Now().Sub(seen) >= seenApart)
		out.Actor, err = v.Actor(id)
		return err
	})
	if fault.CodeOf(err) == fault.NotFound {
		return Visitor{}, fault.Wrap(err, fault.Unauthenticated, "请先登录")
	}
	if err != nil || out.Idle {
		return out, err
	}
	visit.account = id
	if unseen {
		s.touch(ctx, visit)
	}
	return out, nil
}

// touch notes that the holder of a session is seen. Nobody is refused because it could
// not be noted: that of the next request is.
func (s *Service) touch(ctx context.Context, visit *Visit) {
	seen := domain.Session{Key: visit.session.Key, Account: visit.account, Address: visit.Address, Agent: visit.Agent}
	_ = s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error { return tx.TouchSession(&seen) })
}

// aged refuses whoever has a password that is to be changed first.
func aged(settings *domain.Settings) error {
	return fault.New(fault.Expired, "密码用满 %d 天了，要先换一个", settings.Value(domain.SettingAgeing)).
		WithHint("在网站上登录，换好再接着办")
}

// ProveAgain refuses who is signed in and does not know the password of the account. Who
// guesses is slowed down as at the sign-in, apart from every address there.
func (s *Service) ProveAgain(ctx context.Context, id domain.AccountID, password string) error {
	var a domain.Account
	err := s.db.Read(ctx, func(v *store.Snapshot) (err error) {
		a, err = v.Account(id)
		return err
	})
	if err != nil {
		return err
	}
	return s.proves(ctx, a, password)
}

package accounts

import (
	"context"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Proven returns who the account of a login is now, once its holder has proved with a
// secret that it is he who acts: its password, or one of its tokens and what that one
// allows. ask is not called for a login that nobody has, nor for a closed account.
// fault.Unauthenticated where the secret is another, fault.TooMany where too many were.
func (s *Service) Proven(
	ctx context.Context, login string, ask func(login string) (string, error),
) (*access.Actor, error) {
	named, err := s.ActorOf(ctx, login)
	if err != nil {
		return nil, err
	}
	secret, err := ask(strings.TrimSpace(login))
	if err != nil {
		return nil, err
	}
	if !looksLikeToken(secret) {
		return s.knows(ctx, login, secret)
	}
	var now time.Time
	if err := s.db.Read(ctx, func(v *store.Snapshot) error { now = v.Now(); return nil }); err != nil {
		return nil, err
	}
	actor, err := s.Bearer(ctx, secret, now)
	if err == nil && actor.ID() != named.ID() {
		err = fault.New(fault.Unauthenticated, "凭证不是帐号“%s”的", strings.TrimSpace(login)).WithHint("写这个帐号自己的凭证")
	}
	if err != nil {
		return nil, err
	}
	return actor, nil
}

// knows returns the holder of a login who knows its password. Wrong ones slow down the
// next as at the sign-in, apart from every address there.
func (s *Service) knows(ctx context.Context, login, password string) (actor *access.Actor, err error) {
	err = s.prove(ctx, Credentials{Login: login, Password: password},
		func(tx *store.Tx, id domain.AccountID) error {
			if err := notAged(&tx.Snapshot, id); err != nil {
				return err
			}
			actor, err = tx.Actor(id)
			return err
		})
	if err != nil {
		return nil, err
	}
	return actor, nil
}

// looksLikeToken reports whether a secret is written as tokens are.
func looksLikeToken(secret string) bool {
	rest, ok := strings.CutPrefix(secret, tokenPrefix)
	return ok && len(rest) == tokenLetters && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// notAged refuses the holder of a password that is to be changed first.
func notAged(v *store.Snapshot, id domain.AccountID) error {
	a, err := v.Account(id)
	if err != nil {
		return err
	}
	settings, err := v.Settings()
	if err != nil || !settings.Aged(a.PasswordAt, v.Now()) {
		return err
	}
	return aged(&settings)
}

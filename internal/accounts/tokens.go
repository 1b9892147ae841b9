package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/audit"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// hashToken is how a token is kept: whoever reads the database gets none.
func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte("jifen token\x00" + token))
	return sum[:]
}

// Bearer returns who a bearer token of the API speaks for.
func (s *Service) Bearer(ctx context.Context, token string, now time.Time) (actor *access.Actor, err error) {
	err = s.db.Read(ctx, func(v *store.View) error {
		id, err := v.TokenAccount(hashToken(token), now)
		if err != nil {
			return err
		}
		actor, err = v.Actor(id)
		return err
	})
	if fault.CodeOf(err) == fault.NotFound {
		return nil, fault.Wrap(err, fault.Unauthenticated, "凭证无效或已过期")
	}
	return actor, err
}

// MakeToken makes a bearer token for an account, good for so long, and returns
// it; only its hash is kept.
func (s *Service) MakeToken(ctx context.Context, login, name string, life time.Duration) (string, error) {
	var raw [32]byte
	if _, err := io.ReadFull(s.random, raw[:]); err != nil {
		return "", fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	token := "jf_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw[:]))
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		a, err := tx.AccountByLogin(login)
		if err != nil {
			return err
		}
		if err := tx.InsertToken(hashToken(token), a.ID, name, tx.Now().Add(life)); err != nil {
			return err
		}
		return audit.Record(tx, nil, audit.MadeToken, audit.What{Detail: login})
	})
	return token, err
}

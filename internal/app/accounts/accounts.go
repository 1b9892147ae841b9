// Package accounts signs people in: accounts, passwords, sessions and tokens.
package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"jifen/internal/domain"
	"jifen/internal/store"
)

// Service signs people in.
type Service struct {
	db      *store.DB
	random  io.Reader
	hasher  *Hasher
	bearers bearers
	signIns signIns
	away    away

	settings  heldSettings
	slipBatch int // how many accounts are opened in one write
}

// New makes the service. random makes passwords and tokens; hasher is the only
// way in which passwords are hashed.
func New(db *store.DB, random io.Reader, hasher *Hasher) *Service {
	return &Service{db: db, random: random, hasher: hasher, slipBatch: slipsAtOnce}
}

// Seal returns what a session of an account begun now carries: it no longer
// fits once the account gets another password.
func (s *Service) Seal(ctx context.Context, id domain.AccountID) (seal string, err error) {
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		a, err := v.Account(id)
		seal = sealOf(a)
		return err
	})
	return seal, err
}

func sealOf(a domain.Account) string {
	sum := sha256.Sum256([]byte("jifen session\x00" + a.Password))
	return hex.EncodeToString(sum[:8])
}

// NewPassword draws a password that is easy to read off a slip, and its hash.
func (s *Service) NewPassword(ctx context.Context) (password, hash string, err error) {
	if password, err = s.newCode(); err != nil {
		return "", "", err
	}
	hash, err = s.hasher.Hash(ctx, password)
	return password, hash, err
}

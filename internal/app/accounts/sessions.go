package accounts

import (
	"context"
	"time"

	"jifen/internal/store"
)

// Sessions keeps the web site's sessions in the database, through the one
// writer. It implements the session library's store with contexts; tokens are
// kept as their hashes.
type Sessions struct {
	db  *store.DB
	now func() time.Time
}

// NewSessions makes the session store.
func NewSessions(db *store.DB, now func() time.Time) *Sessions { return &Sessions{db, now} }

// FindCtx returns a session's data; found is false for one that is none or over.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		data, found, err = v.Session(hashToken(token), s.now())
		return err
	})
	return data, found, err
}

// CommitCtx keeps a session's data until an instant.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		return tx.PutSession(hashToken(token), data,
			expiry)
	})
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error { return tx.DeleteSession(hashToken(token)) })
}

// Find calls FindCtx for callers without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit calls CommitCtx for callers without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete calls DeleteCtx for callers without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

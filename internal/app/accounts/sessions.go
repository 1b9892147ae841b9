package accounts

import (
	"context"
	"time"

	"jifen/internal/domain"
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

// Visit is one request of somebody with a browser: from where and by what it comes, and
// what is known of its session.
type Visit struct {
	Address string
	Agent   string // the browser, in words
	Route   string // the page or question, or the command that asks for somebody

	session domain.Session   // that was found; the zero one for none
	account domain.AccountID // who is seen to use it now; 0 = nobody
}

type visitKey struct{}

// WithVisit returns the context of a request with its visit.
func WithVisit(ctx context.Context, v *Visit) context.Context {
	return context.WithValue(ctx, visitKey{}, v)
}

// visitOf returns the visit of a context, one of which nothing is known where it has none.
func visitOf(ctx context.Context) *Visit {
	if v, ok := ctx.Value(visitKey{}).(*Visit); ok {
		return v
	}
	return &Visit{}
}

// Routed notes by which page or question a request came.
func Routed(ctx context.Context, route string) { visitOf(ctx).Route = route }

// Belongs says that the session of a request is somebody's who is there now.
func Belongs(ctx context.Context, id domain.AccountID) { visitOf(ctx).account = id }

// FindCtx returns a session's data; found is false for one that is none or over.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	visit := visitOf(ctx)
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		visit.session, found, err = v.Session(hashToken(token), s.now())
		return err
	})
	return visit.session.Data, found, err
}

// CommitCtx keeps a session's data until an instant.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	visit := visitOf(ctx)
	return s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		return tx.PutSession(&domain.Session{Key: hashToken(token), Data: data, Account: visit.account,
			Address: visit.Address, Agent: visit.Agent}, expiry)
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

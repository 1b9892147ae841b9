package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"sync"

	"github.com/jmoiron/sqlx"
)

// pool is connections that only read, with their prepared statements, for so
// many readers at once; the others wait.
type pool struct {
	db    *sqlx.DB
	slots chan struct{} // one for each who reads now

	mu    sync.RWMutex
	stmts map[string]*sqlx.Stmt // by their text
}

// newPool opens a pool for a number of readers.
func newPool(ctx context.Context, path string, readers int) (*pool, error) {
	db, err := open(ctx, path, url.Values{"_query_only": {"1"}, "mode": {"ro"}})
	if err != nil {
		return nil, err
	}
	// Whoever reads holds one connection and may need another for a moment, to
	// prepare a statement that nobody asked before. With fewer than twice as
	// many connections as readers, all readers at once wait for each other.
	db.SetMaxOpenConns(2 * readers)
	db.SetMaxIdleConns(readers)
	return &pool{db: db, slots: make(chan struct{}, readers), stmts: map[string]*sqlx.Stmt{}}, nil
}

// look runs f in one read transaction of the pool and ends it.
func (p *pool) look(ctx context.Context, f func(queries) error) error {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return mapError(ctx.Err())
	}
	tx, err := p.db.BeginTxx(ctx, nil)
	if err != nil {
		return mapError(err)
	}
	err = f(readQueries{ctx: ctx, tx: tx, pool: p})
	if done := tx.Rollback(); err == nil && done != nil && !errors.Is(done, sql.ErrTxDone) {
		err = mapError(done)
	}
	return err
}

// prepare returns the statement of a text, prepared once.
func (p *pool) prepare(ctx context.Context, query string) (*sqlx.Stmt, error) {
	p.mu.RLock()
	have := p.stmts[query]
	p.mu.RUnlock()
	if have != nil {
		return have, nil
	}
	// Not with the request's context: the statement outlives the request.
	made, err := p.db.PreparexContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if have = p.stmts[query]; have != nil {
		return have, made.Close()
	}
	p.stmts[query] = made
	return made, nil
}

func (p *pool) close() error {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, stmt := range p.stmts {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, p.db.Close())...)
}

// readQueries is a read transaction of a pool.
type readQueries struct {
	ctx  context.Context
	tx   *sqlx.Tx
	pool *pool
}

func (q readQueries) stmt(query string) (*sqlx.Stmt, error) {
	s, err := q.pool.prepare(q.ctx, query)
	if err != nil {
		return nil, err
	}
	return q.tx.StmtxContext(q.ctx, s), nil
}

func (q readQueries) get(dest any, query string, args ...any) error {
	s, err := q.stmt(query)
	if err != nil {
		return err
	}
	return s.GetContext(q.ctx, dest, args...)
}

func (q readQueries) all(dest any, query string, args ...any) error {
	s, err := q.stmt(query)
	if err != nil {
		return err
	}
	return s.SelectContext(q.ctx, dest, args...)
}

func (q readQueries) rows(query string, args ...any) (*sqlx.Rows, error) {
	s, err := q.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.QueryxContext(q.ctx, args...)
}

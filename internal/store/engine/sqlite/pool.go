package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"jifen/internal/store/engine"
)

// pool is connections that only read, with their prepared statements, for so
// many readers at once; the others wait.
type pool struct {
	db     *sqlx.DB
	places *engine.Places // of who reads now

	mu    sync.RWMutex
	stmts map[string]*sqlx.Stmt // by their text
}

// newPool opens a pool for a number of readers.
func newPool(ctx context.Context, path string, readers int, now func() time.Time) (*pool, error) {
	db, err := open(ctx, path, url.Values{"_query_only": {"1"}, "mode": {"ro"}})
	if err != nil {
		return nil, err
	}
	return poolOf(db, readers, now), nil
}

func poolOf(db *sqlx.DB, readers int, now func() time.Time) *pool {
	// Whoever reads holds one connection and may need another for a moment, to
	// prepare a statement that nobody asked before. With fewer than twice as
	// many connections as readers, all readers at once wait for each other.
	db.SetMaxOpenConns(2 * readers)
	db.SetMaxIdleConns(readers)
	return &pool{db: db, places: engine.NewPlaces(readers, now), stmts: map[string]*sqlx.Stmt{}}
}

// look runs f in one read transaction of the pool and ends it.
func (p *pool) look(ctx context.Context, f func(engine.Reader) error) error {
	if err := p.places.Enter(ctx); err != nil {
		return mapError(err)
	}
	defer p.places.Leave()
	tx, err := p.db.BeginTxx(ctx, nil)
	if err != nil {
		return mapError(err)
	}
	err = f(reading{ctx: ctx, tx: tx, pool: p})
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

// reading is a read transaction of a pool.
type reading struct {
	ctx  context.Context
	tx   *sqlx.Tx
	pool *pool
}

func (r reading) stmt(query string) (*sqlx.Stmt, error) {
	s, err := r.pool.prepare(r.ctx, query)
	if err != nil {
		return nil, err
	}
	return r.tx.StmtxContext(r.ctx, s), nil
}

// Get implements engine.Reader.
func (r reading) Get(dest any, query string, args ...any) error {
	s, err := r.stmt(query)
	if err == nil {
		err = s.GetContext(r.ctx, dest, args...)
	}
	return mapError(err)
}

// All implements engine.Reader.
func (r reading) All(dest any, query string, args ...any) error {
	s, err := r.stmt(query)
	if err == nil {
		err = s.SelectContext(r.ctx, dest, args...)
	}
	return mapError(err)
}

// Each implements engine.Reader.
func (r reading) Each(f func(*sqlx.Rows) error, query string, args ...any) error {
	s, err := r.stmt(query)
	if err != nil {
		return mapError(err)
	}
	return each(r.ctx, s, f, args)
}

// Integrity implements engine.Reader.
func (r reading) Integrity() (wrong []string, err error) {
	var lines []string
	err = r.All(&lines, integrityCheck)
	return wrongs(lines), err
}

// each calls f for every row of a statement.
func each(ctx context.Context, s *sqlx.Stmt, f func(*sqlx.Rows) error, args []any) (err error) {
	rows, err := s.QueryxContext(ctx, args...)
	if err != nil {
		return mapError(err)
	}
	defer func() { err = errors.Join(err, mapError(rows.Close())) }()
	for rows.Next() {
		if err := f(rows); err != nil {
			return mapError(err)
		}
	}
	return mapError(rows.Err())
}

// Package postgres keeps a database of the store in PostgreSQL.
//
// Many processes may work on one database. Every write is a transaction of its own;
// the server lets those that end at once share a flush. A write holds the rows that
// its work locks (see engine.Writer.Lock) until its end, so that what it has read
// under them is still so when it commits. Nothing is kept on a connection between
// two transactions: no settings, no search path, no notices, no advisory locks.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// Driver opens databases on a server. Options.Path is an address, as in
// postgres://name@host/database.
type Driver struct{}

// database is an open database.
type database struct {
	opts   engine.Options
	name   string // the address without its password
	writes *pool
	pages  *pool // short reads
	long   *pool

	replica *replica // answers reads that may be of an older instant; nil for none

	mu     sync.RWMutex // is held by every write, and closed under it
	closed bool

	room             engine.Room
	decided, commits atomic.Int64 // pieces of work, and the transactions that kept them
}

var (
	_ engine.Driver = Driver{}
	_ engine.Engine = (*database)(nil)
)

// How many of one process are at work at once; the others wait. Together they are
// the connections that a process needs.
const (
	maxWriters     = 8
	maxReaders     = 8
	maxLongReaders = 2
)

// Limits of one transaction.
const (
	readLimit  = 5 * time.Second
	writeLimit = 60 * time.Second

	connectLimit = 3 * time.Second // where the address does not say another one
)

// Address reports whether a name of a database is an address of this engine.
func Address(name string) bool {
	scheme, _, ok := strings.Cut(name, "://")
	return ok && (scheme == "postgres" || scheme == "postgresql")
}

// Name returns the name of the database that an address leads to.
func Name(address string) string {
	config, err := pgx.ParseConfig(address)
	if err != nil || config.Database == "" {
		return "jifen"
	}
	return config.Database
}

// Open opens a database that other processes may work on too.
func (Driver) Open(ctx context.Context, opts engine.Options) (engine.Engine, error) {
	config, err := configOf(opts.Path)
	if err != nil {
		return nil, err
	}
	db := &database{opts: opts, name: Shown(opts.Path)}
	for _, p := range []struct {
		pool **pool
		size int
	}{{&db.writes, maxWriters}, {&db.pages, maxReaders}, {&db.long, maxLongReaders}} {
		*p.pool = newPool(config, p.size, opts.Now)
	}
	err = db.accept(ctx)
	if err == nil && opts.ReadFrom != "" {
		err = db.readFrom(ctx, config)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// accept asks whether the database is one to work on, before anything is changed.
func (db *database) accept(ctx context.Context) error {
	is, err := db.Identity(ctx)
	switch {
	case lost(err):
		return fault.Wrap(err, fault.Unavailable, "连不上数据库 %s", db.name).WithHint("看看地址对不对、数据库开着没有")
	case err != nil:
		return err
	case is.Empty && !db.opts.Create:
		return fault.New(fault.NotFound, "数据库 %s 是空的", db.name).WithHint("先用 jifen init 或 jifen demo 建一个")
	case db.opts.Accept != nil:
		return db.opts.Accept(is)
	}
	return nil
}

// configOf reads an address.
func configOf(address string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fault.New(fault.Invalid, "数据库的地址不对：%s", Shown(address)).
			WithHint("写成 postgres://用户@主机/数据库")
	}
	// Statements are described once a connection and are prepared nowhere, so that
	// a pooler may hand every transaction to another server process. Who connects
	// without one may say default_query_exec_mode=cache_statement in the address.
	if !strings.Contains(address, "default_query_exec_mode") {
		config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	if !strings.Contains(address, "connect_timeout") {
		config.ConnectTimeout = connectLimit // to each of the hosts
	}
	return config, nil
}

// Shown returns an address without its password.
func Shown(address string) string {
	if u, err := url.Parse(address); err == nil {
		said := u.Query()
		for name := range said {
			if strings.Contains(name, "pass") {
				said.Set(name, "xxxxx")
				u.RawQuery = said.Encode()
			}
		}
		return u.Redacted()
	}
	return "postgres"
}

func newPool(config *pgx.ConnConfig, size int, now func() time.Time) *pool {
	never := func(context.Context, stdlib.ShouldPingParams) bool { return false } // see reach
	handle := stdlib.OpenDB(*config, stdlib.OptionShouldPing(never))
	handle.SetMaxOpenConns(size)
	handle.SetMaxIdleConns(size)
	handle.SetConnMaxIdleTime(time.Minute)
	db := sqlx.NewDb(handle, "pgx")
	db.MapperFunc(snakeCase)
	return &pool{db: db, size: size, places: engine.NewPlaces(size, now)}
}

// Close waits for the work at hand and lets the database go.
func (db *database) Close() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.closed = true
	var errs []error
	for _, p := range []*pool{db.writes, db.pages, db.long} {
		if p != nil {
			errs = append(errs, p.db.Close())
		}
	}
	return errors.Join(append(errs, db.replica.close())...)
}

// Health returns nil: a server that is gone may be back with the next question.
func (db *database) Health() error { return nil }

// String names the database.
func (db *database) String() string { return fmt.Sprintf("postgres %s", db.name) }

// Read runs f in one read transaction and gives it up after five seconds.
func (db *database) Read(ctx context.Context, f func(engine.Reader) error) error {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	return db.look(ctx, db.pages, (*replica).shortReads, f)
}

// Peek implements engine.Engine.
func (db *database) Peek(dest any, query string, args ...any) error {
	ctx, cancel := context.WithTimeout(context.Background(), readLimit)
	defer cancel()
	return mapError(db.pages.reach(func() error {
		return db.pages.db.GetContext(ctx, dest, numbered(query), plain(args)...)
	}))
}

// Yield does nothing: the server shares its processors out itself.
func (db *database) Yield() {}

// LongRead runs f in one read transaction and gives it up when ctx ends.
func (db *database) LongRead(ctx context.Context, f func(engine.Reader) error) error {
	return db.look(ctx, db.long, (*replica).longReads, f)
}

// Copy is refused: a server is copied by its own means.
func (db *database) Copy(context.Context, string) error { return noCopy() }

// Copy is refused: a server is copied by its own means.
func (Driver) Copy(context.Context, string, string) error { return noCopy() }

// OpenStill is refused: a server has no file to look at.
func (Driver) OpenStill(context.Context, engine.Options) (engine.Still, error) { return nil, noCopy() }

func noCopy() error {
	return fault.New(fault.Invalid, "PostgreSQL 上的数据库用它自己的办法备份和恢复").
		WithHint("做法写在 docs/city.md；核对时连到恢复出来的那一个")
}

// pool is connections for so many at once; the others wait.
type pool struct {
	db     *sqlx.DB
	size   int
	places *engine.Places // of who is at work
	aged   bool           // it leads to a replica
}

// look runs f in one read transaction of the pool and ends it.
func (p *pool) look(ctx context.Context, f func(engine.Reader) error) error {
	if err := p.places.Enter(ctx); err != nil {
		return mapError(err)
	}
	defer p.places.Leave()
	var tx *sqlx.Tx
	err := p.reach(func() (err error) {
		tx, err = p.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
		return err
	})
	if err != nil {
		return mapError(err)
	}
	err = f(reading{ctx: ctx, tx: tx, aged: p.aged})
	if done := tx.Rollback(); err == nil && done != nil && !errors.Is(done, sql.ErrTxDone) {
		err = mapError(done)
	}
	return err
}

// snakeCase maps a field's name to its column's: MemberID → member_id.
func snakeCase(name string) string {
	var b strings.Builder
	lower := false
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 && lower {
			b.WriteByte('_')
		}
		lower = unicode.IsLower(r) || unicode.IsDigit(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

package store

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
	"jifen/internal/store/engine/postgres"
	"jifen/internal/store/engine/sqlite"
	"jifen/internal/store/migrations"
)

// Options names the file to open and all that the store needs from outside.
type Options struct {
	Path   string           // the database file
	Create bool             // make a fresh database where there is no file
	Now    func() time.Time // the clock of every recorded_at; in its zone an instant lies on a day
	Random io.Reader        // salts
	Keys   []Generation     // authenticate the chains, the first one first; see vault.Vault.ChainKeys
	Driver engine.Driver    // opens the file; nil for that of the program

	Company Company // others who may write the file

	// ReadFrom is a replica of a database on a server, which answers those who only
	// read (see OfReplica); "" for none.
	ReadFrom string

	// AnyClock lets a test write at instants before those that were recorded; else that is
	// refused, see punctual.
	AnyClock bool

	// Unlined lets a test of the store record something without a line in the trail; else
	// that is refused, see lining.
	Unlined bool
}

// Company names who else may have a database file open to write.
type Company = engine.Company

// The kinds of company, see engine.Company.
const (
	Alone   = engine.Alone
	Host    = engine.Host
	Visitor = engine.Visitor
)

// ErrNoKey says that nothing can be written without the key of the chains.
var ErrNoKey = errors.New("no key of the chains")

// DB is an open database. Close it; what was acknowledged is on disk before.
type DB struct {
	opts   Options
	engine engine.Engine
	chains *chains
	memory memory
	newest newest

	agedMemory memory // of what was read on a replica

	version  int64      // of the shape that this program has
	migrated *Migration // when it was opened
	made     bool
}

// DriverOf returns the kind of database that an address names: a file, or a database
// on a server. fault.Invalid for an address of another kind, which is no file name.
func DriverOf(path string) (engine.Driver, error) {
	scheme, _, address := strings.Cut(path, "://")
	switch {
	case !address:
		return sqlite.Driver{}, nil
	case postgres.Address(path):
		return postgres.Driver{}, nil
	}
	return nil, fault.New(fault.Invalid, "不认识“%s://”这种数据库", scheme).
		WithHint("写数据库文件的名字，或 postgres:// 开头的地址")
}

// FileName returns what the files beside a database are named after: its own file, or
// the name of one on a server.
func FileName(path string) string {
	if OnServer(path) {
		return postgres.Name(path)
	}
	return path
}

// Shown returns a name of a database as people may see it: an address without its
// password.
func Shown(path string) string {
	if OnServer(path) {
		return postgres.Shown(path)
	}
	return path
}

// Made reports whether opening it has made the database.
func (db *DB) Made() bool { return db.made }

// OnServer reports whether an address names a database on a server, which has no
// file: it is backed up and restored there.
func OnServer(path string) bool { return postgres.Address(path) }

// Open opens a database file in the company that is asked for, and brings an older one to
// the present shape (see Migrated) where nobody else is at work. fault.NotFound if there is
// none (and Create is not set), fault.Unavailable if another program holds it, fault.Invalid if it is no
// file of ours, of a newer program, or cannot be brought to the shape; it is then
// left as it was. ErrNoKey without a key. The file and all beside it are made readable
// by their owner only.
func Open(ctx context.Context, opts Options) (*DB, error) {
	sh, err := present(opts.Path)
	if err != nil {
		return nil, err
	}
	return sh.openDB(ctx, opts)
}

func (sh *shape) openDB(ctx context.Context, opts Options) (*DB, error) {
	if err := noReplica(&opts); err != nil {
		return nil, err
	}
	e, err := sh.openEngine(ctx, opts)
	if err != nil {
		return nil, err
	}
	db := &DB{opts: opts, engine: e, chains: newChains(opts.Keys), version: sh.version}
	err = db.prepare(ctx, sh)
	if err == nil {
		err = db.underKey(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return db, nil
}

// underKey takes the key that the database says is its own.
func (db *DB) underKey(ctx context.Context) error {
	if len(db.opts.Keys) < 2 {
		return nil
	}
	return db.Read(ctx, func(v *Snapshot) error {
		marks, err := v.Marks()
		db.chains.under(marks)
		return err
	})
}

// prepare makes a fresh database of an empty one, and migrates an older one.
func (db *DB) prepare(ctx context.Context, sh *shape) error {
	is, err := db.engine.Identity(ctx)
	switch {
	case err != nil:
		return err
	case is.Empty:
		fresh := sh.fresh()
		if err := db.engine.Apply(ctx, fresh); err != nil {
			return fault.Wrap(err, fault.Internal, "建不成数据库 %s：%s", db.String(), messageOf(err))
		}
		db.made = true
	case is.Version < sh.lowest() && OnServer(db.opts.Path):
		return olderOnServer(is.Version, sh.version)
	case is.Version < sh.version && !OnServer(db.opts.Path):
		m, err := sh.migrate(ctx, db.engine, db.opts, is.Version, Extent{Write: true})
		db.migrated = &m
		return err
	default:
		clearWork(db.opts.Path)
		db.chains.beyond, err = sh.beyond(ctx, is)
		return err
	}
	return nil
}

// Close waits for the work at hand and lets the file go.
func (db *DB) Close() error { return db.engine.Close() }

// Health returns why nothing can be written any more, nil while all is well.
func (db *DB) Health() error { return db.engine.Health() }

// Stats returns what the database did since it was opened, and what is at work.
func (db *DB) Stats() engine.Stats { return db.engine.Stats() }

// Scrub takes out of the log of a database file what was erased in it; that of a server is
// the server's own.
func (db *DB) Scrub(ctx context.Context) error { return db.engine.Scrub(ctx) }

// String names the database for a log.
func (db *DB) String() string { return db.engine.String() }

// Read runs f in one read transaction: everything f sees is of one instant. f
// is given up after five seconds; what takes longer is for LongRead.
func (db *DB) Read(ctx context.Context, f func(*Snapshot) error) error {
	return db.engine.Read(ctx, func(r engine.Reader) error {
		v := db.view(r)
		if v.memory = &db.memory; v.aged {
			v.memory = &db.agedMemory
		}
		return f(v)
	})
}

// LongRead is Read for as long as f takes, on a connection of its own: nobody
// who writes and no page waits for it. It is given up when ctx ends.
func (db *DB) LongRead(ctx context.Context, f func(*Snapshot) error) error {
	return db.engine.LongRead(ctx, func(r engine.Reader) error {
		v := db.view(r)
		v.yield = db.engine.Yield
		return f(v)
	})
}

func (db *DB) view(r engine.Reader) *Snapshot {
	aged, _ := r.(engine.Aged)
	return &Snapshot{now: db.opts.Now(), query: r, chains: db.chains, aged: aged != nil && aged.Aged()}
}

// Write runs work in a write transaction and returns when its outcome is on
// disk: nil means durable, any error means that nothing of it was kept. Many
// callers share one commit. Should one of them lose the transaction for all,
// each is run again alone, so work may run twice and touches only its Tx and
// its own result. A panic in work is an error of code internal. A Write within
// a Write is refused.
func (db *DB) Write(ctx context.Context, work func(*Tx) error) error {
	return db.write(ctx, db.engine.Write, work)
}

// Exclusive is Write in a transaction of its own, for long work.
func (db *DB) Exclusive(ctx context.Context, work func(*Tx) error) error {
	return db.write(ctx, db.engine.Exclusive, work)
}

// ReadOnly is a database file opened to be looked at and nothing else: nothing is
// written beside it or into it. It may lie on a disk that cannot be written.
// Close it.
type ReadOnly struct {
	opts   Options
	still  engine.Still
	chains *chains
}

// OpenReadOnly opens a database file without writing anything. It is refused where
// that would show something else than what was recorded: fault.Unavailable while
// another program of ours holds it, and where a journal beside it holds what is
// not in the file yet. fault.NotFound if there is none, fault.Invalid as for
// Open. Of the options Create and Random are not looked at; without
// Keys the codes of the entries are not checked.
func OpenReadOnly(ctx context.Context, opts Options) (*ReadOnly, error) {
	sh, err := present(opts.Path)
	if err != nil {
		return nil, err
	}
	return sh.openReadOnly(ctx, opts)
}

func (sh *shape) openReadOnly(ctx context.Context, opts Options) (*ReadOnly, error) {
	chains := newChains(opts.Keys)
	s, err := sh.driver.OpenStill(ctx, engine.Options{Path: opts.Path, Accept: func(is engine.Identity) (err error) {
		if is.Empty {
			return emptyFile(opts.Path)
		}
		if chains.beyond, err = sh.beyond(ctx, is); err != nil {
			return err
		}
		if err := sh.recognise(ctx, is, opts.Path); err != nil || is.Version >= sh.lowest() {
			return err
		}
		return fault.New(fault.Invalid, "%s 是旧结构的（%d），只读打开不能改造它", opts.Path, is.Version).
			WithHint("拷到能写的地方用 jifen migrate --write 改造以后再查，或用写它的那个版本的程序来查")
	}})
	if err != nil {
		return nil, err
	}
	r := &ReadOnly{opts: opts, still: s, chains: chains}
	if len(opts.Keys) < 2 {
		return r, nil
	}
	err = r.Read(func(v *Snapshot) error {
		marks, err := v.Marks()
		chains.under(marks)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return r, nil
}

// Read runs f on the file as it lies there, for as long as f takes.
// fault.Unavailable if somebody changed the file meanwhile: what f saw is then
// of no instant.
func (r *ReadOnly) Read(f func(*Snapshot) error) error {
	return r.still.Read(func(q engine.Reader) error { return f(&Snapshot{now: r.opts.Now(), query: q, chains: r.chains}) })
}

// ErrOlder is in the error of OpenBeside for a database that the next Open would
// bring to the present shape.
var ErrOlder = errors.New("of an older shape")

// OpenBeside opens a database to be looked at, also while a server writes it; what
// each Read sees is of one instant. Its errors are those of OpenReadOnly but for the
// two of who is at work, and ErrOlder.
func OpenBeside(ctx context.Context, opts Options) (*ReadOnly, error) {
	sh, err := present(opts.Path)
	if err != nil {
		return nil, err
	}
	return sh.openBeside(ctx, opts)
}

func (sh *shape) openBeside(ctx context.Context, opts Options) (*ReadOnly, error) {
	if err := noReplica(&opts); err != nil {
		return nil, err
	}
	name := FileName(opts.Path) // an address may have a password in it
	chains := newChains(opts.Keys)
	accept := func(is engine.Identity) (err error) {
		if is.Empty {
			return emptyFile(name)
		}
		if chains.beyond, err = sh.beyond(ctx, is); err != nil {
			return err
		}
		if err := sh.recognise(ctx, is, name); err != nil || is.Version >= sh.lowest() {
			return err
		}
		return fault.Wrap(ErrOlder, fault.Invalid, "%s 是旧结构的（%d），本程序的是 %d", name, is.Version, sh.version)
	}
	s, err := sh.driver.OpenBeside(ctx, engine.Options{
		Path: opts.Path, Now: opts.Now, Accept: accept, ReadFrom: opts.ReadFrom,
	})
	if err != nil {
		return nil, err
	}
	return &ReadOnly{opts: opts, still: s, chains: chains}, nil
}

// ServerTime returns the time that it is for the server that the database is on; ok is
// false for a file, which has no clock.
func (r *ReadOnly) ServerTime() (at time.Time, ok bool, err error) {
	c, ok := r.still.(engine.Clock)
	if ok {
		at, err = c.Time()
	}
	return at, ok, err
}

// Newer returns the version of a database that a newer program has migrated, 0 for another.
func (r *ReadOnly) Newer() int64 {
	if r.chains.beyond == nil {
		return 0
	}
	return r.chains.beyond.version
}

// Version returns the version of the shape of schema.sql.
func Version() (int64, error) {
	steps, err := migrations.Steps(migrations.SQLite)
	return int64(migrations.Baseline + len(steps)), err
}

// Close lets the file go.
func (r *ReadOnly) Close() error { return r.still.Close() }

// Copy writes the database as it is at one instant into a new file, also while
// a server writes: a reader is all it is. The copy is not verified; open it and
// do. Only its owner can read it. fault.NotFound if there is no database,
// fault.Unavailable if the copy cannot be written.
func Copy(ctx context.Context, path, to string) error {
	d, err := DriverOf(path)
	if err != nil {
		return err
	}
	return d.Copy(ctx, path, to)
}

// Integrity lets the database look at every page of the file and returns what is
// wrong with it, at most a hundred.
func (v *Snapshot) Integrity() (wrong []string, err error) { return v.query.Integrity() }

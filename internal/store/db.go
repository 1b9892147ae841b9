package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"jifen"
	"jifen/internal/fault"
)

// Options says which file to open and what the store needs from outside.
type Options struct {
	Path   string           // the database file
	Create bool             // make a fresh database where there is no file
	Now    func() time.Time // the clock of every recorded_at; in its zone an instant lies on a day
	Random io.Reader        // salts
}

// DB is an open database. Close it; what was acknowledged is on disk before.
type DB struct {
	opts   Options
	write  *writer
	chains *chains
	guard  *guard
	pages  *pool // short reads
	long   *pool
}

// How many read at once; the others wait. Long reads take a processor each for
// seconds, so that few of them leave room for the pages.
const (
	maxReaders     = 8
	maxLongReaders = 2
)

// readLimit bounds one page's reads.
const readLimit = 5 * time.Second

// version is the schema's, as schema.sql sets it in user_version.
const version = 1

// Open opens a database file for this process alone. fault.NotFound if there
// is none (and Create is not set), fault.Unavailable if another program holds
// it, fault.Invalid if it is no file of ours or of a newer program. The file and
// all beside it are made readable by their owner only.
func Open(ctx context.Context, opts Options) (*DB, error) {
	if _, err := os.Stat(opts.Path); errors.Is(err, fs.ErrNotExist) && !opts.Create {
		return nil, fault.New(fault.NotFound, "没有数据库文件 %s", opts.Path).WithHint("先用 jifen init 或 jifen demo 建一个")
	}
	var err error
	if opts.Path, err = realFile(opts.Path); err != nil {
		return nil, err
	}
	if err := oneName(opts.Path); err != nil {
		return nil, err
	}
	db := &DB{opts: opts, chains: newChains(nil)}
	if db.guard, err = lock(ctx, opts.Path); err != nil {
		return nil, err
	}
	if err = ownFiles(opts.Path, opts.Create); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if db.write, err = newWriter(ctx, opts, db.chains); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	// The pools are opened after the writer, which makes the file and its WAL.
	if db.pages, err = newPool(ctx, opts.Path, maxReaders); err == nil {
		db.long, err = newPool(ctx, opts.Path, maxLongReaders)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Close waits for the work at hand, writes the WAL back and lets the file go.
func (db *DB) Close() error {
	errs := []error{db.pages.close(), db.long.close()}
	if db.write != nil {
		errs = append(errs, db.write.close())
	}
	if db.guard != nil {
		errs = append(errs, db.guard.close())
	}
	return errors.Join(errs...)
}

// Health returns why nothing can be written any more, nil while all is well.
func (db *DB) Health() error { return db.write.health() }

// open opens a handle with the pragmas in the DSN, so that every connection of
// a pool has them.
func open(ctx context.Context, path string, more url.Values) (*sqlx.DB, error) {
	q := url.Values{
		"_foreign_keys": {"1"}, "_busy_timeout": {"5000"}, "_journal_mode": {"WAL"}, "_synchronous": {"FULL"},
		"_recursive_triggers": {"1"}, // or INSERT OR REPLACE overwrites append-only rows
		"_secure_delete":      {"1"},
	}
	for k, v := range more {
		q[k] = v
	}
	if q.Get("mode") == "ro" {
		q.Del("_journal_mode") // needs to write
	}
	// The path goes in escaped: a "?" in a file's name is not a query.
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: absolute(path), RawQuery: q.Encode()}).String()
	db, err := sqlx.ConnectContext(ctx, "sqlite3", dsn)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "打不开数据库文件 %s", path)
	}
	db.MapperFunc(snakeCase)
	return db, nil
}

func absolute(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	return "./" + path
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

// guard keeps other programs of ours from writing the same file. It is an
// SQLite lock on a file beside the database, because that works on every
// system and ends with the process, however it ends.
type guard struct {
	db   *sql.DB
	held *sql.Tx
}

func lock(ctx context.Context, path string) (*guard, error) {
	err := createPrivate(path + ".lock")
	if err == nil {
		var g *guard
		if g, err = hold(ctx, path, url.Values{"_txlock": {"exclusive"}}); err == nil {
			return g, nil
		}
	}
	if busy(err) {
		return nil, inUse(err, path)
	}
	return nil, fault.Wrap(err, fault.Unavailable, "锁不住 %s.lock", path).WithHint("看看这个文件夹在不在、能不能写")
}

// hold begins a transaction on the lock file.
func hold(ctx context.Context, path string, how url.Values) (*guard, error) {
	how.Set("_busy_timeout", "0")
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: absolute(path) + ".lock", RawQuery: how.Encode()}).String()
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return nil, err
	}
	held, err := db.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &guard{db, held}, nil
}

func busy(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.Code == sqlite3.ErrBusy
}

func inUse(err error, path string) error {
	return fault.Wrap(err, fault.Unavailable, "另一个 jifen 程序正在使用 %s", path).WithHint("先停下它（多半是 jifen serve），或在网页上做这件事")
}

func (g *guard) close() error { return errors.Join(g.held.Rollback(), g.db.Close()) }

// prepare makes a fresh database of an empty file, and refuses one that is not
// ours or newer than this program.
func prepare(ctx context.Context, conn *sqlx.Conn, path string) error {
	fresh, err := recognise(ctx, conn, path)
	if err != nil || !fresh {
		return err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE;"+jifen.Schema+"COMMIT;"); err != nil {
		return fault.Wrap(err, fault.Internal, "建不成数据库 %s", path)
	}
	return nil
}

// recognise refuses a database that is not ours or newer than this program.
// fresh says that nothing is in it.
func recognise(ctx context.Context, conn *sqlx.Conn, path string) (fresh bool, err error) {
	var app, have int64
	if err := conn.GetContext(ctx, &app, "PRAGMA application_id"); err != nil {
		return false, fault.Wrap(err, fault.Invalid, "%s 不是 jifen 的数据库", path)
	}
	if err := conn.GetContext(ctx, &have, "PRAGMA user_version"); err != nil {
		return false, mapError(err)
	}
	var tables int
	if err := conn.GetContext(ctx, &tables, "SELECT count(*) FROM sqlite_schema"); err != nil {
		return false, mapError(err)
	}
	switch {
	case tables == 0 && app == 0:
		return true, nil
	case app != applicationID:
		return false, fault.New(fault.Invalid, "%s 不是 jifen 的数据库", path).WithHint("换一个文件名，或用 jifen demo 另建一个")
	case have > version:
		return false, fault.New(fault.Invalid, "%s 是更新版本的 jifen 写的（%d），本程序只认到 %d", path, have, version).WithHint("换用新版本的程序")
	}
	return false, nil
}

// applicationID marks our files: "jife" in ASCII.
const applicationID = 0x6a696665

// Read runs f in one read transaction: everything f sees is of one instant. f
// is given up after five seconds; what takes longer is for LongRead.
func (db *DB) Read(ctx context.Context, f func(*Snapshot) error) error {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	return db.look(ctx, db.pages, f)
}

// LongRead is Read for as long as f takes, on a connection of its own: nobody
// who writes and no page waits for it. It is given up when ctx ends.
func (db *DB) LongRead(ctx context.Context, f func(*Snapshot) error) error {
	return db.look(ctx, db.long, f)
}

func (db *DB) look(ctx context.Context, p *pool, f func(*Snapshot) error) error {
	return p.look(ctx, func(q queries) error { return f(&Snapshot{now: db.opts.Now(), query: q, chains: db.chains}) })
}

// String names the database for a log.
func (db *DB) String() string { return fmt.Sprintf("sqlite %s", db.opts.Path) }

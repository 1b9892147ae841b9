// Package sqlite keeps a database of the store in one SQLite file.
//
// There is one writer: a loop that owns one connection for life and commits the
// work of many callers at once, so that they share one fsync. Reads have pools of
// their own that cannot write. Beside the program that serves a file others may write
// it as visitors: SQLite lets one transaction write after the other.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"strings"
	"time"
	"unicode"

	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// Driver opens SQLite files.
type Driver struct{}

// database is an open file.
type database struct {
	opts  engine.Options
	write *writer
	guard *guard
	peek  *peeker
	pages *pool // short reads
	long  *pool
}

// That it offers what an engine must is asked of the compiler.
var (
	_ engine.Driver = Driver{}
	_ engine.Engine = (*database)(nil)
	_ engine.Still  = (*still)(nil)
)

// How many read at once; the others wait. Long reads take a processor each for
// seconds, so that few of them leave room for the pages.
const (
	maxReaders     = 8
	maxLongReaders = 2
)

// readLimit bounds one page's reads.
const readLimit = 5 * time.Second

// Open opens a file in the company that the options name. The file and all beside it are
// made readable by their owner only. A file that is not accepted is left as it was.
func (Driver) Open(ctx context.Context, opts engine.Options) (engine.Engine, error) {
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
	db := &database{opts: opts}
	if db.guard, err = lock(ctx, opts.Path, opts.Company); err != nil {
		return nil, err
	}
	if err := db.open(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *database) open(ctx context.Context) error {
	if db.guard.visits { // before anything of the file is looked at: it may be another one than the host's
		if err := db.guard.own(db.opts.Path); err != nil {
			return err
		}
	}
	if err := accepted(ctx, &db.opts, db.guard.visits); err != nil {
		return err
	}
	if err := ownFiles(db.opts.Path, db.opts.Create); err != nil {
		return err
	}
	if !db.guard.visits {
		if err := db.guard.own(db.opts.Path); err != nil {
			return err
		}
	}
	var err error
	if db.write, err = newWriter(ctx, db.opts, db.guard); err != nil {
		return err
	}
	// The pools are opened after the writer, which makes the file and its WAL.
	if db.pages, err = newPool(ctx, db.opts.Path, maxReaders, db.opts.Now); err == nil {
		db.long, err = newPool(ctx, db.opts.Path, maxLongReaders, db.opts.Now)
	}
	if err == nil {
		db.peek, err = newPeeker(ctx, db.opts.Path)
	}
	return err
}

// Close waits for the work at hand and lets the file go. Who is no visitor writes the WAL
// back.
func (db *database) Close() error {
	errs := []error{db.peek.close(), db.pages.close(), db.long.close()}
	if db.write != nil {
		errs = append(errs, db.write.close())
	}
	return errors.Join(append(errs, db.guard.close())...)
}

// Health returns why nothing can be written any more, nil while all is well.
func (db *database) Health() error { return db.write.health() }

// String names the file.
func (db *database) String() string { return fmt.Sprintf("sqlite %s", db.opts.Path) }

// Read runs f in one read transaction and gives it up after five seconds.
func (db *database) Read(ctx context.Context, f func(engine.Reader) error) error {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	return db.pages.look(ctx, f)
}

// LongRead runs f in one read transaction and gives it up when ctx ends.
func (db *database) LongRead(ctx context.Context, f func(engine.Reader) error) error {
	return db.long.look(ctx, f)
}

// yieldLimit bounds how long a long read waits for those who write, each time.
const yieldLimit = 2 * time.Millisecond

// Yield waits a moment while somebody writes or waits to write.
func (db *database) Yield() {
	if !db.write.busy.Load() && len(db.write.jobs) == 0 {
		runtime.Gosched()
		return
	}
	moment, cancel := context.WithTimeout(context.Background(), yieldLimit)
	defer cancel()
	<-moment.Done()
}

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
	if err := keepPlans(); err != nil {
		return nil, err
	}
	// The path goes in escaped: a "?" in a file's name is not a query.
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: absolute(path), RawQuery: q.Encode()}).String()
	db, err := sqlx.ConnectContext(ctx, "sqlite3", dsn)
	if err != nil {
		if notADatabase(err) {
			return nil, fault.Wrap(err, fault.Unavailable, "%s 不是 jifen 的数据库，或者坏了", path).WithHint("看看文件名对不对；坏了的，从备份恢复")
		}
		return nil, fault.Wrap(err, fault.Unavailable, "打不开数据库文件 %s", path).WithHint("看看文件在不在、它的权限")
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

// Scrub brings the write-ahead log into the file, where pages that are freed are
// overwritten, and empties it.
func (db *database) Scrub(ctx context.Context) error {
	return db.write.quiet(func(c *connection) error {
		var busy, log, done int
		err := c.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &done)
		if err == nil && busy != 0 {
			return fault.New(fault.Unavailable, "有人正在读数据库，日志里的旧页还没有清掉").WithHint("过一会儿再试")
		}
		return mapError(err)
	})
}

// Grant is refused: whoever may read a file may read all of it.
func (db *database) Grant(context.Context, string, []engine.Rewritable) error {
	return fault.New(fault.Invalid, "数据库文件没有用户可以授权")
}

// Granted returns nobody.
func (db *database) Granted(context.Context) ([]string, error) { return nil, nil }

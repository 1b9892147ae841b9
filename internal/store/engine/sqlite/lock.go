package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// guard keeps other programs of ours from writing the same file. It is an
// SQLite lock on a file beside the database, because that works on every
// system and ends with the process, however it ends: who is alone holds it exclusively, a
// host reserves it, and visitors and those who only look share it.
//
// Where the system has it, the file itself is locked too, for it may have other names: by
// a hard link, a mount, a folder that was renamed while the program ran.
type guard struct {
	db     *sql.DB
	held   *sql.Tx
	visits bool     // another program serves the file
	of     bytes    // are locked in the file itself; none where it is only looked at
	path   string   // of the database
	file   *os.File // the database itself; nil where it is not locked
}

// bytes are some that are locked in a file.
type bytes struct{ from, count int64 }

// hosted returns the byte of the host, visited the one that visitors share, and whole both:
// those are of who is alone.
func hosted() bytes  { return bytes{0, 1} }
func visited() bytes { return bytes{1, 1} }
func whole() bytes   { return bytes{0, 2} }

// own locks the file itself. A visitor must find it locked by a host: where the file under
// the path is another one, or its disk knows no such locks, nobody tells that he may come.
func (g *guard) own(path string) error {
	how, shared := os.O_RDWR, g.of == bytes{}
	if shared {
		how = os.O_RDONLY
	}
	f, err := os.OpenFile(path, how, 0) //nolint:gosec // the path is the operator's
	if err != nil {
		return nil //nolint:nilerr // SQLite says what is wrong with the file
	}
	var free bool
	switch {
	case shared:
		free = !lockFile(f, whole(), true)
	case g.visits:
		free = lockFile(f, hosted(), true) && !lockFile(f, visited(), true)
	default:
		free = !lockFile(f, g.of, false)
	}
	if !free {
		return errors.Join(inUse(nil, path), f.Close())
	}
	g.path, g.file = path, f
	return nil
}

// moved refuses to go on where the file that is open does not lie under its path any more:
// what is written into it nobody would find again.
func (g *guard) moved() error {
	if g == nil || g.file == nil {
		return nil
	}
	held, err := g.file.Stat()
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "看不到数据库文件 %s，已停止写入", g.path)
	}
	const hint = "移走的，移回原处就接着写；删掉的、换掉的，停下程序，从备份恢复"
	there, err := os.Stat(g.path)
	switch {
	case err != nil:
		return fault.Wrap(err, fault.Unavailable, "数据库文件 %s 不见了，已停止写入", g.path).WithHint(hint)
	case !os.SameFile(held, there):
		return fault.New(fault.Unavailable, "数据库文件 %s 换成了另一个文件，已停止写入", g.path).WithHint(hint)
	}
	return nil
}

func lock(ctx context.Context, path string, company engine.Company) (*guard, error) {
	err := createPrivate(path + ".lock")
	if err == nil {
		var g *guard
		if g, err = take(ctx, path, company); err == nil {
			return g, nil
		}
	}
	if classify(err) == engine.Busy {
		return nil, inUse(err, path)
	}
	return nil, fault.Wrap(err, fault.Unavailable, "锁不住 %s.lock", path).WithHint("看看这个文件夹在不在、能不能写")
}

// take takes the lock file as the company asks.
func take(ctx context.Context, path string, company engine.Company) (*guard, error) {
	how := url.Values{"_txlock": {"exclusive"}}
	if company == engine.Host {
		how.Set("_txlock", "immediate") // others may still share it
	}
	g, err := hold(ctx, path, how)
	switch {
	case err == nil && company == engine.Host:
		g.of = hosted()
	case err == nil:
		g.of = whole()
	case company == engine.Visitor && classify(err) == engine.Busy:
		if g, err = shareLock(ctx, path); err == nil {
			g.visits, g.of = true, visited()
		}
	}
	return g, err
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
	return &guard{db: db, held: held}, nil
}

// share holds the lock file, if there is one, as a reader: no server starts
// while somebody looks, and who starts to look while a server runs is refused.
// A lock file that cannot be locked on its disk locks nobody out either.
func share(ctx context.Context, path string) (*guard, error) {
	if _, err := os.Stat(path + ".lock"); err != nil {
		return nil, nil //nolint:nilnil,nilerr // no lock to share
	}
	g, err := shareLock(ctx, path)
	if classify(err) == engine.Busy {
		return nil, inUse(err, path)
	}
	if err != nil {
		return nil, nil //nolint:nilnil,nilerr // nor is there one that can be locked
	}
	return g, nil
}

// shareLock takes the lock file together with others who do.
func shareLock(ctx context.Context, path string) (*guard, error) {
	g, err := hold(ctx, path, url.Values{"mode": {"ro"}})
	if err != nil {
		return nil, err
	}
	var n int
	if err = g.held.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n); err != nil { // takes the lock
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

func inUse(err error, path string) error {
	f := fault.New(fault.Unavailable, "另一个 jifen 程序正在使用 %s", path)
	if err != nil {
		f = fault.Wrap(err, fault.Unavailable, "另一个 jifen 程序正在使用 %s", path)
	}
	return f.WithHint("先停下它（多半是 jifen serve），或在网页上做这件事")
}

func (g *guard) close() error {
	if g == nil {
		return nil
	}
	var errs []error
	if g.file != nil { // last of all that has the database open: SQLite's locks on it are gone then
		errs = append(errs, g.file.Close())
	}
	if g.db != nil {
		errs = append(errs, g.held.Rollback(), g.db.Close())
	}
	return errors.Join(errs...)
}

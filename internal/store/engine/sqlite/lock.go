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
	if classify(err) == engine.Busy {
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

// share holds the lock file, if there is one, as a reader: no server starts
// while somebody looks, and who starts to look while a server runs is refused.
// A lock file that cannot be locked on its disk locks nobody out either.
func share(ctx context.Context, path string) (*guard, error) {
	if _, err := os.Stat(path + ".lock"); err != nil {
		return nil, nil //nolint:nilnil,nilerr // no lock to share
	}
	g, err := hold(ctx, path, url.Values{"mode": {"ro"}})
	if err == nil {
		var n int
		err = g.held.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n) // takes the lock
	}
	if err == nil {
		return g, nil
	}
	closed := g.close()
	if classify(err) == engine.Busy {
		return nil, errors.Join(inUse(err, path), closed)
	}
	return nil, closed
}

func inUse(err error, path string) error {
	return fault.Wrap(err, fault.Unavailable, "另一个 jifen 程序正在使用 %s", path).WithHint("先停下它（多半是 jifen serve），或在网页上做这件事")
}

func (g *guard) close() error {
	if g == nil {
		return nil
	}
	return errors.Join(g.held.Rollback(), g.db.Close())
}

package sqlite

import (
	"context"
	"errors"
	"net/url"
	"os"

	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
)

// Copy writes the database as it is at one instant into a new file, also while
// a server writes: a reader is all it is. The copy is not verified; open it and
// do. Only its owner can read it. fault.NotFound if there is no database,
// fault.Unavailable if the copy cannot be written.
func (Driver) Copy(ctx context.Context, from, to string) error {
	db, err := open(ctx, from, url.Values{"mode": {"ro"}})
	if err != nil {
		return err
	}
	if err = copyInto(ctx, db, to); err == nil {
		return db.Close()
	}
	var why *fault.Error
	if errors.As(mapError(err), &why) {
		err = fault.Wrap(err, fault.Unavailable, "备份没有写成：%s", why.Message).WithHint("看看放备份的磁盘有没有满、能不能写")
	}
	return errors.Join(err, db.Close())
}

// Copy writes the database as it is at one instant into a new file.
func (db *database) Copy(ctx context.Context, to string) error {
	return Driver{}.Copy(ctx, db.opts.Path, to)
}

// copyInto writes the copy into a file that was not there, and leaves none that
// is not whole.
func copyInto(ctx context.Context, db *sqlx.DB, to string) error {
	f, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_EXCL, private)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "%s 建不了，或者已经有了", to)
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}

// integrityCheck asks SQLite to look at every page of a file.
const integrityCheck = "PRAGMA integrity_check(100)"

// wrongs leaves out of an answer to integrityCheck that all is well.
func wrongs(lines []string) (wrong []string) {
	for _, l := range lines {
		if l != "ok" {
			wrong = append(wrong, l)
		}
	}
	return wrong
}

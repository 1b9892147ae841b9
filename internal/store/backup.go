package store

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
func Copy(ctx context.Context, path, to string) error {
	db, err := open(ctx, path, url.Values{"mode": {"ro"}})
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

// Integrity asks SQLite to look at every page of the file and returns what is
// wrong with it, at most a hundred.
func (v *Snapshot) Integrity() (wrong []string, err error) {
	var lines []string
	if err := v.all(&lines, "PRAGMA integrity_check(100)"); err != nil {
		return nil, err
	}
	for _, l := range lines {
		if l != "ok" {
			wrong = append(wrong, l)
		}
	}
	return wrong, nil
}

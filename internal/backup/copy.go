// Package backup keeps a database safe outside itself: copies that were looked
// through, one for each day, and their way back; the roots of the chains, written
// down beside the database and beside every copy; the key, which lies apart.
package backup

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"jifen/internal/fault"
	"jifen/internal/store"
)

// World holds what copying and restoring need from outside: the clock, in the
// organisation's zone, and chance.
type World struct {
	Now    func() time.Time
	Random io.Reader

	Company  store.Company // others who may write the database that is opened
	ReadFrom string        // a replica of the database that is opened, see store.Options; "" for none
}

// Copy writes a copy of a database, also while a server writes it, to where no file
// is, and its root beside it. The copy is looked through before it stands there.
func (w World) Copy(ctx context.Context, from, to string) (*Root, error) {
	root, err := w.verified(ctx, job{from: from, to: to, key: KeyPath(from), by: store.Copy})
	if err != nil {
		return nil, err
	}
	return root, besideCopy(from, to, root)
}

// Restore puts a copy to where no database is, and under key, unless that is "",
// the key beside it. The copy is looked through before, compared with the roots that
// lie beside it, and stays as it is; a key must be the database's own.
func (w World) Restore(ctx context.Context, from, to, key string) (*Root, error) {
	if key != "" {
		if err := Vacant(KeyPath(to)); err != nil {
			return nil, err
		}
		if _, err := os.Stat(key); err != nil {
			return nil, fault.Unreadable(key, err)
		}
	}
	byBytes := func(_ context.Context, from, to string) error { return copyBytes(from, to) }
	root, err := w.verified(ctx, job{from: from, to: to, key: key, known: RootsPath(from), by: byBytes})
	if err == nil && key != "" {
		err = CopyKey(key, KeyPath(to))
	}
	return root, err
}

// Vacant refuses a place where a file is already.
func Vacant(path string) error {
	switch _, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fault.Unwritable(path, err)
	}
	return fault.New(fault.Invalid, "已经有 %s，没有动它", path).WithHint("换一个文件名")
}

// job is one copy to be made: of what, to where, under which key ("" for none) and
// with which roots it is looked through, and how the bytes get there.
type job struct {
	from, to   string
	key, known string
	by         func(ctx context.Context, from, to string) error
}

// verified copies a database to a new file beside its place, looks at every page
// and every entry of the copy, and only then moves it there.
func (w World) verified(ctx context.Context, j job) (root *Root, err error) {
	if _, err := os.Stat(j.from); err != nil {
		return nil, fault.Unreadable(j.from, err)
	}
	if err := Vacant(j.to); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(filepath.Dir(j.to), filepath.Base(j.to)+".new.")
	if err != nil {
		return nil, fault.Unwritable(j.to, err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // empty, or what is left of a failure that is being reported
	temp := filepath.Join(folder, "db")
	if err := j.by(ctx, j.from, temp); err != nil {
		return nil, err
	}
	if root, err = w.sound(ctx, temp, &j); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(temp, os.O_RDWR, 0)
	if err == nil {
		err = errors.Join(f.Chmod(0o600), f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(temp, j.to)
	}
	if err != nil {
		return nil, fault.Unwritable(j.to, err)
	}
	return root, nil
}

// sound looks at a copy: every page, every entry, every row, and the roots that were
// written down when it was made, where there are some. Without a key it looks only
// at the hashes of the entries.
func (w World) sound(ctx context.Context, path string, j *job) (root *Root, err error) {
	check := func(v *store.Snapshot) (err error) {
		root, err = look(v, j)
		return err
	}
	if j.key == "" {
		db, err := w.OpenReadOnly(ctx, path, KeyPath(path))
		if err != nil {
			return nil, unsound(ctx, err, j.from)
		}
		return root, errors.Join(db.Read(check), db.Close())
	}
	db, _, err := w.Open(ctx, path, j.key)
	if err != nil {
		return nil, unsound(ctx, err, j.from)
	}
	// A server that stops ends ctx and does not wait for the end of it.
	err = db.LongRead(ctx, check)
	return root, closed(err, db)
}

// look looks at an open copy.
func look(v *store.Snapshot, j *job) (*Root, error) {
	wrong, err := v.Integrity()
	if err != nil {
		return nil, err
	}
	broken, err := v.Verify()
	if err != nil {
		return nil, err
	}
	kept, err := v.Recount()
	if err != nil {
		return nil, err
	}
	if n := len(wrong) + len(broken) + len(kept); n > 0 {
		return nil, fault.New(fault.Invalid, "%s 查不过，有 %d 处不对", j.from, n).WithHint("用 jifen verify 看原来的库；保留好以前的备份")
	}
	if err := reached(v, j.from, j.known); err != nil {
		return nil, err
	}
	return RootOf(v)
}

// unsound returns the error of a copy that cannot be opened.
func unsound(ctx context.Context, err error, name string) error {
	if stopped := ctx.Err(); stopped != nil {
		return fault.Wrap(stopped, fault.Unavailable, "没有查完：程序正在停下")
	}
	if errors.Is(err, errWrongKey) {
		return err
	}
	return fault.Wrap(err, fault.Invalid, "%s 不是 jifen 的数据库，或者坏了", name).WithHint("换一份备份")
}

// reached refuses what does not reach the roots of a file, where there is one.
func reached(v *store.Snapshot, name, known string) error {
	if known == "" {
		return nil
	}
	if _, err := os.Stat(known); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	_, lost, err := Compare(v, known)
	if err == nil && len(lost) > 0 {
		err = fault.New(fault.Invalid, "%s 和备份的时候写下的根（%s）对不上，有 %d 处", name, known, len(lost)).WithHint("备份以后被改过，换一份备份")
	}
	return err
}

// closed closes a database and keeps the first thing that went wrong.
func closed(err error, db *store.DB) error {
	if failed := db.Close(); err == nil {
		return failed
	}
	return err
}

func copyBytes(from, to string) error {
	if info, err := os.Stat(from + "-wal"); err == nil && info.Size() > 0 {
		return fault.New(fault.Invalid, "%s 旁边还有没写回的 %s-wal，不是一份完整的备份", from, filepath.Base(from)).
			WithHint("用 jifen backup --db %s 备份一份再恢复", from)
	}
	src, err := os.Open(from)
	if err != nil {
		return fault.Unreadable(from, err)
	}
	defer func() { _ = src.Close() }() // nothing was written
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.Unwritable(to, err)
	}
	_, err = io.Copy(dst, src)
	if err = errors.Join(err, dst.Sync(), dst.Close()); err != nil {
		return fault.Unwritable(to, err)
	}
	return nil
}

package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/vault"
)

// CopyOver copies a database, a file or one on a server, into an empty one of either
// kind, with its key, and returns its root. The source is read at one instant, also
// while programs work on it. Whatever ends it, the target is whole or not there, and
// it may be run again. tell is called after each table.
func (w World) CopyOver(
	ctx context.Context, from, to string, tell func(table string, rows int64),
) (root *Root, err error) {
	if !store.OnServer(to) {
		if err := Vacant(to); err != nil {
			return nil, err
		}
	}
	if _, err := store.DriverOf(to); err != nil {
		return nil, err
	}
	if _, err := os.Stat(from); err != nil && !store.OnServer(from) {
		return nil, fault.Unreadable(from, err)
	}
	if err := os.MkdirAll(filepath.Dir(KeyPath(to)), 0o755); err != nil { //nolint:gosec // as other folders
		return nil, fault.Unwritable(to, err)
	}
	key := KeyPath(from)
	v, made, err := alongKey(key, KeyPath(to))
	if err != nil {
		return nil, err
	}
	err = w.reading(ctx, from, func(view *store.Snapshot) error {
		if root, err = RootOf(view); err != nil {
			return err
		}
		return w.into(to, func(place string) error {
			o := store.Options{Path: place, Create: true, Now: w.Now, Random: w.Random, Keys: generations(v)}
			return view.CopyOver(ctx, o, tell)
		})
	})
	if err != nil {
		if made {
			err = errors.Join(err, os.Remove(KeyPath(to)))
		}
		return nil, err
	}
	return root, AppendRoot(RootsPath(to), root, nil)
}

// alongKey puts the key of a database where that of its copy lies, unless it is there,
// and reports whether it has.
func alongKey(from, to string) (v *vault.Vault, made bool, err error) {
	if err := OwnersOnly(from); err != nil {
		return nil, false, err
	}
	v, there, err := readKey(from, nil)
	if err != nil || !there {
		return nil, false, errors.Join(err, noKey(from))
	}
	other, there, err := readKey(to, nil)
	switch {
	case err != nil:
		return nil, false, err
	case there && markOf(other) != markOf(v):
		return nil, false, fault.New(fault.Invalid, "%s 是另一个库的密钥，没有动它", to).WithHint("把它收好，移到别处，再来")
	case there:
		return v, false, nil
	}
	return v, true, CopyKey(from, to)
}

// reading runs f on a database at one instant: of a file on a copy beside it, which is
// gone afterwards, so that a server may go on.
func (w World) reading(ctx context.Context, from string, f func(*store.Snapshot) error) error {
	place := from
	if !store.OnServer(from) {
		if _, err := os.Stat(from); err != nil {
			return fault.Unreadable(from, err)
		}
		folder, err := workFolder(from, ".copying.")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(folder) }() // a copy
		place = filepath.Join(folder, "db")
		if err := store.Copy(ctx, from, place); err != nil {
			return err
		}
	}
	db, _, err := w.Open(ctx, place, KeyPath(from))
	if err != nil {
		return err
	}
	return closed(db.LongRead(ctx, f), db)
}

// into runs f with the place of a new database: on a server its own, of a file one
// beside it, from where it is moved when f is done.
func (w World) into(to string, f func(place string) error) error {
	if store.OnServer(to) {
		return f(to)
	}
	folder, err := workFolder(to, ".new.")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }() // empty, or what is left of a failure that is being reported
	temp := filepath.Join(folder, "db")
	if err := f(temp); err != nil {
		return err
	}
	file, err := os.OpenFile(temp, os.O_RDWR, 0)
	if err == nil {
		err = errors.Join(file.Sync(), file.Close())
	}
	if err == nil {
		err = os.Rename(temp, to)
	}
	if err != nil {
		return fault.Unwritable(to, err)
	}
	return nil
}

// workFolder makes a folder beside a file, and removes those that were left of one that
// was killed.
func workFolder(path, kind string) (string, error) {
	dir := filepath.Dir(path)
	left, _ := filepath.Glob(filepath.Join(dir, filepath.Base(path)+kind+"*")) // none that can be named
	for _, old := range left {
		_ = os.RemoveAll(old) // tried again the next time
	}
	folder, err := os.MkdirTemp(dir, filepath.Base(path)+kind)
	if err != nil {
		return "", fault.Unwritable(path, err)
	}
	return folder, nil
}

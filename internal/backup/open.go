package backup

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/vault"
)

// Create makes a new database under a key file, which is made where there is none.
func (w World) Create(ctx context.Context, path, key string) (*store.DB, *vault.Vault, error) {
	v, err := makeKey(key, w.Random)
	if err != nil {
		return nil, nil, err
	}
	return w.open(ctx, path, key, v, true)
}

// Open opens a database under a key file. fault.Unavailable without one, and for one
// that is another database's: under it everybody would look new, and what is
// recorded would look forged.
func (w World) Open(ctx context.Context, path, key string) (*store.DB, *vault.Vault, error) {
	if err := notEmpty(path); err != nil {
		return nil, nil, err
	}
	v, _, err := readKey(key, w.Random)
	if err != nil {
		return nil, nil, err
	}
	return w.open(ctx, path, key, v, false)
}

func (w World) open(
	ctx context.Context, path, key string, v *vault.Vault, create bool,
) (*store.DB, *vault.Vault, error) {
	db, err := store.Open(ctx, store.Options{Path: path, Create: create, Now: w.Now, Random: w.Random,
		Keys: generations(v), Company: w.Company, ReadFrom: w.ReadFrom})
	if errors.Is(err, store.ErrNoKey) {
		err = noKey(key)
	}
	if err != nil {
		return nil, nil, err
	}
	if v, err = settle(ctx, db, v, key); err != nil {
		return nil, nil, closed(err, db)
	}
	return db, v, nil
}

// settle says in a new database which key is its own, and refuses another one for one that
// was there. It returns the vault as the database has it.
func settle(ctx context.Context, db *store.DB, v *vault.Vault, key string) (*vault.Vault, error) {
	var marks []string
	err := db.Read(ctx, func(view *store.Snapshot) (err error) {
		marks, err = view.Marks()
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(marks) == 0 { // a new database begins with the first key of the file
		v = v.At(1)
		return v, db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error { return tx.SealUnder(markOf(v)) })
	}
	return chosen(v, marks, key)
}

// OpenReadOnly opens a database to be looked at and nothing else, under a key file
// where there is one that may be read.
func (w World) OpenReadOnly(ctx context.Context, path, key string) (*store.ReadOnly, error) {
	if err := notEmpty(path); err != nil {
		return nil, err
	}
	v, _, err := readKey(key, w.Random)
	if err != nil && !errors.Is(err, fs.ErrPermission) {
		return nil, err
	}
	db, err := store.OpenReadOnly(ctx, store.Options{Path: path, Now: w.Now, Keys: generations(v)})
	if err != nil || v == nil {
		return db, err
	}
	err = db.Read(func(view *store.Snapshot) error {
		marks, err := view.Marks()
		if err == nil && len(marks) == 0 {
			err = otherKey(key)
		}
		if err == nil {
			_, err = chosen(v, marks, key)
		}
		return err
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// OpenBeside opens a database to be looked at, also while a server writes it. It takes
// no key: what is shown under one, and whether it is the right one, is not asked.
func (w World) OpenBeside(ctx context.Context, path string) (*store.ReadOnly, error) {
	if err := notEmpty(path); err != nil {
		return nil, err
	}
	return store.OpenBeside(ctx, store.Options{Path: path, Now: w.Now, ReadFrom: w.ReadFrom})
}

// CheckKey refuses a key file under which nothing can be worked on: one that is not
// there, that others read, that is none, or, of an open database, another one's.
func (w World) CheckKey(path string, v *store.Snapshot) error {
	key, there, err := readKey(path, w.Random)
	if err == nil && !there {
		err = noKey(path)
	}
	if err == nil {
		err = OwnersOnly(path)
	}
	if err != nil || v == nil {
		return err
	}
	marks, err := v.Marks()
	if err == nil && len(marks) == 0 {
		err = otherKey(path)
	}
	if err == nil {
		_, err = chosen(key, marks, path)
	}
	return err
}

// LaterKey reports whether a key file has a key after the one of an open database.
func (w World) LaterKey(path string, v *store.Snapshot) (bool, error) {
	if v == nil {
		return false, nil
	}
	n, err := CountKeys(path)
	if err != nil {
		return false, err
	}
	marks, err := v.Marks()
	return n > len(marks), err
}

// Migrate brings a database under a key file to the present shape, or unless told to
// write tries on a copy what does.
func (w World) Migrate(ctx context.Context, path, key string, far store.Extent) (store.Migration, error) {
	if err := notEmpty(path); err != nil {
		return store.Migration{}, err
	}
	v, _, err := readKey(key, w.Random)
	if err != nil {
		return store.Migration{}, err
	}
	m, err := store.Migrate(ctx, store.Options{Path: path, Now: w.Now, Random: w.Random, Keys: generations(v)}, far)
	if errors.Is(err, store.ErrNoKey) {
		err = noKey(key)
	}
	return m, err
}

// Grant lets another user of a database on a server work as the program does, without
// rewriting history.
func (w World) Grant(ctx context.Context, path, key, user string) error {
	v, _, err := readKey(key, w.Random)
	if err != nil {
		return err
	}
	err = store.Grant(ctx, store.Options{Path: path, Now: w.Now, Random: w.Random, Keys: generations(v)}, user)
	if errors.Is(err, store.ErrNoKey) {
		err = noKey(key)
	}
	return err
}

// notEmpty refuses an empty file, which SQLite takes for a database.
func notEmpty(path string) error {
	if info, err := os.Stat(path); err == nil && info.Size() == 0 {
		return fault.New(fault.Unavailable, "%s 是空文件，不是数据库", path).WithHint("先用 jifen init 或 jifen demo 建一个")
	}
	return nil
}

// generations returns the keys of the chains; none without a key file.
func generations(v *vault.Vault) (out []store.Generation) {
	if v == nil {
		return nil
	}
	for i, key := range v.ChainKeys() {
		out = append(out, store.Generation{Chain: key, Mark: markOf(v.At(i + 1))})
	}
	return out
}

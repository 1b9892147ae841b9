package backup

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/vault"
)

// KeyPath returns where the key of a database lies.
func KeyPath(database string) string { return database + ".key" }

// readKey returns the vault under the key of a file, with whether there is one.
func readKey(path string, random io.Reader) (v *vault.Vault, there bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, true, fault.Unreadable(path, err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	text, err := io.ReadAll(io.LimitReader(f, 1000))
	if err != nil {
		return nil, true, fault.Unreadable(path, err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != vault.KeySize {
		return nil, true, fault.New(fault.Unavailable, "密钥文件 %s 的内容不对", path).
			WithHint("里面应当是 %d 个十六进制字符；从备份里取回原来的那一份", 2*vault.KeySize)
	}
	v, err = vault.New(key, random)
	return v, true, err
}

// makeKey writes a key file, readable by its owner only, where there is none.
func makeKey(path string, random io.Reader) (*vault.Vault, error) {
	v, there, err := readKey(path, random)
	if there || err != nil {
		return v, err
	}
	var key [vault.KeySize]byte
	if _, err := io.ReadFull(random, key[:]); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	if err := writeKey(path, hex.EncodeToString(key[:])+"\n"); err != nil {
		return nil, err
	}
	return vault.New(key[:], random)
}

// writeKey writes a new file for its owner only and leaves none that is not whole.
func writeKey(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.Unwritable(path, err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fault.Unwritable(path, errors.Join(err, os.Remove(path)))
	}
	return nil
}

// OwnersOnly refuses a key that others on this computer can read: whoever has it
// and the database reads every number. A system without such modes is not asked.
func OwnersOnly(path string) error {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil //nolint:nilerr // a file that is not there is told by who reads it
	}
	return fault.New(fault.Unavailable, "密钥文件 %s 别人也能读", path).WithHint("先 chmod 600 %s，只让它的主人读", path)
}

// OpenVault returns the vault of an open database under a key file, which nobody
// else may read. Where nothing was sealed yet, the key is made.
func (w World) OpenVault(ctx context.Context, db *store.DB, path string) (*vault.Vault, error) {
	if err := OwnersOnly(path); err != nil {
		return nil, err
	}
	return w.vaultUnder(ctx, db, path)
}

// vaultUnder returns the vault of an open database. Its key must be the one that
// numbers were sealed under: under another one, everybody would look new.
func (w World) vaultUnder(ctx context.Context, db *store.DB, path string) (v *vault.Vault, err error) {
	var mark string
	err = db.Read(ctx, func(view *store.Snapshot) (err error) {
		mark, err = view.SealedUnder()
		return err
	})
	if err != nil {
		return nil, err
	}
	v, there, err := readKey(path, w.Random)
	switch {
	case err != nil:
		return nil, err
	case mark == "":
		if v, err = makeKey(path, w.Random); err != nil {
			return nil, err
		}
		return v, db.Write(ctx, func(tx *store.Tx) error { return tx.SealUnder(markOf(v)) })
	case !there:
		return nil, fault.New(fault.Unavailable, "没有密钥文件 %s", path).
			WithHint("从备份里取回；没有它，加密保存的号码读不出来，也认不出谁已经在库里")
	case mark != markOf(v):
		return nil, fault.New(fault.Unavailable, "密钥文件 %s 不是这个数据库的那一把", path).WithHint("从备份里取回原来的那一份")
	}
	return v, nil
}

// markOf tells one key from another and tells nothing of it.
func markOf(v *vault.Vault) string { return hex.EncodeToString(v.Seek(vault.Identity, "KEYMARK")) }

// fits refuses a key that is not the database's.
func (w World) fits(ctx context.Context, path, key string) error {
	db, err := w.open(ctx, path)
	if err != nil {
		return err
	}
	_, there, err := readKey(key, w.Random)
	if err == nil && !there {
		err = fault.Unreadable(key, fs.ErrNotExist)
	}
	if err == nil {
		_, err = w.vaultUnder(ctx, db, key)
	}
	return closed(err, db)
}

// CopyKey copies a key file to where there is none, for its owner only.
func CopyKey(from, to string) error {
	if _, there, err := readKey(from, nil); err != nil || !there {
		return errors.Join(err, fault.New(fault.Unavailable, "没有密钥文件 %s", from).WithHint("库里还没有加密的号码，就还没有密钥；否则从备份里取回"))
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return fault.Unreadable(from, err)
	}
	return writeKey(to, string(text))
}

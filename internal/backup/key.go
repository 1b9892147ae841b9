package backup

import (
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

// KeyPath returns where the key of a database lies: beside its file, or for one on a
// server, in the folder in which the program runs, under the database's name.
func KeyPath(database string) string { return store.FileName(database) + ".key" }

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

// errWrongKey tells that a key is refused, or missing; the message says which file.
var errWrongKey = errors.New("not the key of the database")

// noKey tells that a database has no key beside it.
func noKey(path string) error {
	return fault.Wrap(errWrongKey, fault.Unavailable, "没有密钥文件 %s", path).
		WithHint("从备份里取回；没有它，什么也不能记，加密保存的号码也读不出来")
}

// otherKey tells that the key is another database's.
func otherKey(path string) error {
	return fault.Wrap(errWrongKey, fault.Unavailable, "密钥文件 %s 不是这个数据库的那一把", path).WithHint("从备份里取回原来的那一份")
}

// markOf tells one key from another and tells nothing of it.
func markOf(v *vault.Vault) string { return hex.EncodeToString(v.Seek(vault.Identity, "KEYMARK")) }

// CopyKey copies a key file to where there is none, for its owner only.
func CopyKey(from, to string) error {
	if _, there, err := readKey(from, nil); err != nil || !there {
		return errors.Join(err, noKey(from))
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return fault.Unreadable(from, err)
	}
	return writeKey(to, string(text))
}

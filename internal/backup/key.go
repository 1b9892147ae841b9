package backup

import (
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
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
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, true, fault.Unreadable(path, err)
	}
	var masters [][]byte
	for line := range strings.Lines(strings.TrimSpace(string(text))) {
		key, err := hex.DecodeString(strings.TrimSpace(line))
		if err != nil || len(key) != vault.KeySize {
			return nil, true, badKey(path)
		}
		masters = append(masters, key)
	}
	if len(masters) == 0 {
		return nil, true, badKey(path)
	}
	v, err = vault.New(random, masters...)
	return v, true, err
}

// maxKeyFile bounds a key file in bytes.
const maxKeyFile = vault.MaxKeys * (2*vault.KeySize + 2)

func badKey(path string) error {
	return fault.New(fault.Unavailable, "密钥文件 %s 的内容不对", path).
		WithHint("里面每行应当是 %d 个十六进制字符，换过几次密钥就多几行；从备份里取回原来的那一份", 2*vault.KeySize)
}

// AddKey puts another key behind those of a file, which is replaced as a whole.
func AddKey(path string, random io.Reader) error {
	v, there, err := readKey(path, random)
	if err != nil || !there {
		return orNoKey(path, err)
	}
	if v.Generations() >= vault.MaxKeys {
		return fault.New(fault.Conflict, "密钥已经换过 %d 次，不能再换", v.Generations()-1)
	}
	text, err := os.ReadFile(path) //nolint:gosec // the key file of the database that was named
	if err != nil {
		return fault.Unreadable(path, err)
	}
	key, err := drawKey(random)
	if err != nil {
		return err
	}
	return replaceKey(path, strings.TrimSpace(string(text))+"\n"+key+"\n")
}

// replaceKey replaces a key file as a whole, for its owner only.
func replaceKey(path, text string) error {
	next := path + ".new"
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) { // of one that was killed
		return fault.Unwritable(next, err)
	}
	if err := writeKey(next, text); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return fault.Unwritable(path, err)
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = errors.Join(dir.Sync(), dir.Close()) // not every system can, and the file itself is written
	}
	return nil
}

// CountKeys returns how many keys a file has.
func CountKeys(path string) (int, error) {
	v, there, err := readKey(path, nil)
	if err != nil || !there {
		return 0, orNoKey(path, err)
	}
	return v.Generations(), nil
}

// MarkAfter returns the mark of the key of a file that follows those that a database has;
// "" for none.
func MarkAfter(path string, has *vault.Vault) (string, error) {
	v, there, err := readKey(path, nil)
	if err != nil || !there {
		return "", orNoKey(path, err)
	}
	next := v.At(has.Generations() + 1)
	if next == nil {
		return "", nil
	}
	return markOf(next), nil
}

// drawKey draws a key as it stands in a file.
func drawKey(random io.Reader) (string, error) {
	var key [vault.KeySize]byte
	if _, err := io.ReadFull(random, key[:]); err != nil {
		return "", fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	return hex.EncodeToString(key[:]), nil
}

// makeKey writes a key file, readable by its owner only, where there is none.
func makeKey(path string, random io.Reader) (*vault.Vault, error) {
	v, there, err := readKey(path, random)
	if there || err != nil {
		return v, err
	}
	key, err := drawKey(random)
	if err != nil {
		return nil, err
	}
	if err := writeKey(path, key+"\n"); err != nil {
		return nil, err
	}
	v, _, err = readKey(path, random)
	return v, err
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

// Tighten takes an open file away from everybody but its owner.
func Tighten(f *os.File) {
	if info, err := f.Stat(); err == nil && info.Mode().Perm()&0o077 != 0 {
		_ = f.Chmod(0o600) // a disk that knows no modes keeps its own
	}
}

// errWrongKey tells that a key is refused, or missing; the message says which file.
var errWrongKey = errors.New("not the key of the database")

// noKey tells that a database has no key beside it.
func noKey(path string) error {
	return fault.Wrap(errWrongKey, fault.Unavailable, "没有密钥文件 %s", path).
		WithHint("从备份里取回；没有它，什么也不能记，加密保存的号码也读不出来")
}

// orNoKey returns an error of reading a key file, or that there is none.
func orNoKey(path string, err error) error {
	if err != nil {
		return err
	}
	return noKey(path)
}

// otherKey tells that the key is another database's.
func otherKey(path string) error {
	return fault.Wrap(errWrongKey, fault.Unavailable, "密钥文件 %s 不是这个数据库的那一把", path).WithHint("从备份里取回原来的那一份")
}

// earlierKey tells that the key is one from before it was replaced.
func earlierKey(path string) error {
	return fault.Wrap(errWrongKey, fault.Unavailable, "密钥文件 %s 是换密钥以前的那一份", path).WithHint("换成换密钥以后的那一份，两行以上的")
}

// chosen returns the vault of a key file as the database has it that says under which keys
// it was written: a later key may stand in the file before it is taken.
func chosen(v *vault.Vault, marks []string, path string) (*vault.Vault, error) {
	if len(marks) == 0 {
		return v, nil
	}
	if at := v.At(len(marks)); at != nil && markOf(at) == marks[len(marks)-1] {
		return at, nil
	}
	if n := v.Generations(); n < len(marks) && markOf(v) == marks[n-1] {
		return nil, earlierKey(path)
	}
	return nil, otherKey(path)
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

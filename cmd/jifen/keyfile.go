package main

import (
	"context"
	"crypto/rand"
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

// keyPath is where the key of a database lies.
func keyPath(database string) string { return database + ".key" }

// keyHelp is told wherever a key file is made.
const keyHelp = "身份证号、手机号加密保存，密钥在数据库旁边的“数据库文件名.key”里。没有它，这些号码谁也读不出来；它和数据库要分开备份，不要放在一起。"

// readKey returns the vault under the key of a file, with whether there is one.
func readKey(path string) (v *vault.Vault, there bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, true, unreadable(path, err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	text, err := io.ReadAll(io.LimitReader(f, 1000))
	if err != nil {
		return nil, true, unreadable(path, err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != vault.KeySize {
		return nil, true, fault.New(fault.Unavailable, "密钥文件 %s 的内容不对", path).WithHint("里面应当是 %d 个十六进制字符；从备份里取回原来的那一份", 2*vault.KeySize)
	}
	v, err = vault.New(key, rand.Reader)
	return v, true, err
}

// makeKey writes a key file, readable by its owner only, where there is none.
func makeKey(path string) (*vault.Vault, error) {
	v, there, err := readKey(path)
	if there || err != nil {
		return v, err
	}
	var key [vault.KeySize]byte
	if _, err := io.ReadFull(rand.Reader, key[:]); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "取不到随机数")
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, unwritable(path, err)
	}
	_, err = f.WriteString(hex.EncodeToString(key[:]) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, unwritable(path, errors.Join(err, os.Remove(path)))
	}
	return vault.New(key[:], rand.Reader)
}

// ownersOnly refuses a key that others on this computer can read: whoever has it
// and the database reads every number. A system without such modes is not asked.
func ownersOnly(path string) error {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil //nolint:nilerr // a file that is not there is told by who reads it
	}
	return fault.New(fault.Unavailable, "密钥文件 %s 别人也能读", path).WithHint("先 chmod 600 %s，只让它的主人读", shellWord(path))
}

// openVault returns the vault of an open database under the key beside it,
// which nobody else may read.
func openVault(ctx context.Context, h *house, path string) (*vault.Vault, error) {
	if err := ownersOnly(path); err != nil {
		return nil, err
	}
	return vaultUnder(ctx, h, path)
}

// vaultUnder returns the vault of an open database. Its key must be the one that
// numbers were sealed under: under another one, everybody would look new.
func vaultUnder(ctx context.Context, h *house, path string) (v *vault.Vault, err error) {
	var mark string
	err = h.db.Read(ctx, func(view *store.Snapshot) (err error) {
		mark, err = view.SealedUnder()
		return err
	})
	if err != nil {
		return nil, err
	}
	v, there, err := readKey(path)
	switch {
	case err != nil:
		return nil, err
	case mark == "":
		if v, err = makeKey(path); err != nil {
			return nil, err
		}
		return v, h.db.Write(ctx, func(tx *store.Tx) error { return tx.SealUnder(markOf(v)) })
	case !there:
		return nil, fault.New(fault.Unavailable, "没有密钥文件 %s", path).WithHint("从备份里取回；没有它，加密保存的号码读不出来，也认不出谁已经在库里")
	case mark != markOf(v):
		return nil, fault.New(fault.Unavailable, "密钥文件 %s 不是这个数据库的那一把", path).WithHint("从备份里取回原来的那一份")
	}
	return v, nil
}

// markOf tells one key from another and tells nothing of it.
func markOf(v *vault.Vault) string { return hex.EncodeToString(v.Seek(vault.Identity, "KEYMARK")) }

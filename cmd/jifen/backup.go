package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"jifen/internal/fault"
	"jifen/internal/store"
)

// backupCommand is jifen backup.
type backupCommand struct {
	database
	Out    string `arg:"" name:"备份文件" help:"备份写到哪个文件，原来没有的"`
	KeyOut string `placeholder:"文件" help:"连密钥也备份，写到这个文件；不能和备份放在同一个文件夹"`
}

// Help says what is copied.
func (*backupCommand) Help() string {
	return `网站开着也能备份：备份的是同一刻的样子。写好以后逐环查过，没有不对才放到位，查不过就不留。
密钥不在备份里。它要另备一份，放在别处：两样放在一起，等于没有加密。

例子：
  jifen backup --db data/jifen.db /backup/jifen-2026-11-23.db
  jifen backup --db data/jifen.db /backup/jifen.db --key-out /media/usb/jifen.key
`
}

// Run makes a verified copy.
func (k *backupCommand) Run(c *console) error {
	if k.KeyOut != "" && sameFolder(k.KeyOut, k.Out) {
		return misused(fault.New(fault.Invalid, "密钥不能和备份放在同一个文件夹").WithHint("放到另一个盘上"))
	}
	if k.KeyOut != "" {
		if err := errors.Join(vacant(k.KeyOut), ownersOnly(keyPath(k.DB))); err != nil {
			return err
		}
	}
	root, err := copyVerified(context.Background(), k.DB, k.Out, store.Copy)
	if err != nil {
		return err
	}
	if k.KeyOut != "" {
		if err := copyKey(keyPath(k.DB), k.KeyOut); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(c.out, "备份好了：%s，%d 环都查过\n  根：%s\n", k.Out, root.links, root.root)
	return err
}

func sameFolder(a, b string) bool {
	one, err1 := filepath.Abs(filepath.Dir(a))
	other, err2 := filepath.Abs(filepath.Dir(b))
	return err1 != nil || err2 != nil || one == other
}

// vacant refuses a place where a file is already.
func vacant(path string) error {
	switch _, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return unwritable(path, err)
	}
	return fault.New(fault.Invalid, "已经有 %s，没有动它", path).WithHint("换一个文件名")
}

// copyVerified copies a database to a new file beside its place, looks at every
// page and every link of the copy, and only then moves it there.
func copyVerified(ctx context.Context, from, to string, by func(ctx context.Context, from, to string) error) (root *rootLine, err error) {
	if _, err := os.Stat(from); err != nil {
		return nil, unreadable(from, err)
	}
	if err := vacant(to); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(filepath.Dir(to), filepath.Base(to)+".new.")
	if err != nil {
		return nil, unwritable(to, err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // empty, or what is left of a failure that is being reported
	temp := filepath.Join(folder, "db")
	if err := by(ctx, from, temp); err != nil {
		return nil, err
	}
	if root, err = sound(ctx, temp, from); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(temp, os.O_RDWR, 0)
	if err == nil {
		err = errors.Join(f.Chmod(0o600), f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(temp, to)
	}
	if err != nil {
		return nil, unwritable(to, err)
	}
	return root, nil
}

// sound looks at a copy: every page, every link, every row. name is what it was
// copied from.
func sound(ctx context.Context, path, name string) (root *rootLine, err error) {
	h, err := openHouse(ctx, path, false)
	if stopped := ctx.Err(); err != nil && stopped != nil {
		return nil, fault.Wrap(stopped, fault.Unavailable, "没有查完：程序正在停下")
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "%s 不是 jifen 的数据库，或者坏了", name).WithHint("换一份备份")
	}
	// A server that stops ends ctx and does not wait for the end of it.
	err = h.db.LongRead(ctx, func(v *store.Snapshot) error {
		wrong, err := v.Integrity()
		if err != nil {
			return err
		}
		broken, err := v.Verify()
		if err != nil {
			return err
		}
		if n := len(wrong) + len(broken); n > 0 {
			return fault.New(fault.Invalid, "%s 查不过，有 %d 处不对", name, n).WithHint("用 jifen verify 看原来的库；保留好以前的备份")
		}
		root, err = rootOf(v, "")
		return err
	})
	return root, joinClose(err, h.db)
}

// copyKey copies a key file to where there is none, for its owner only.
func copyKey(from, to string) error {
	if _, there, err := readKey(from); err != nil || !there {
		return errors.Join(err, fault.New(fault.Unavailable, "没有密钥文件 %s", from).WithHint("库里还没有加密的号码，就还没有密钥；否则从备份里取回"))
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return unreadable(from, err)
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unwritable(to, err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return unwritable(to, errors.Join(err, os.Remove(to)))
	}
	return nil
}

// restoreCommand is jifen restore.
type restoreCommand struct {
	Backup string `arg:"" name:"备份文件" help:"用 jifen backup 或 jifen daily 做的备份"`
	DB     string `required:"" name:"db" placeholder:"文件" help:"恢复成哪个数据库文件，原来没有的"`
	Key    string `placeholder:"文件" help:"这个库的密钥，另外备份的那一份"`
}

// Help says what is done.
func (*restoreCommand) Help() string {
	return `先把备份抄一份查过，没有不对才放到位；备份本身不动。写了 --key 的，看是不是这个库的那一把，放在库旁边。

例子：
  jifen restore /backup/jifen-2026-11-23.db --db data/jifen.db --key /media/usb/jifen.key
`
}

// Run puts a backup in the place of a database.
func (k *restoreCommand) Run(c *console) error {
	ctx := context.Background()
	if k.Key != "" {
		if err := vacant(keyPath(k.DB)); err != nil {
			return err
		}
	}
	root, err := copyVerified(ctx, k.Backup, k.DB, func(ctx context.Context, from, to string) error {
		if err := copyBytes(from, to); err != nil || k.Key == "" {
			return err
		}
		return fits(ctx, to, k.Key)
	})
	if err != nil {
		return err
	}
	said := "密钥没有放：把另外备份的密钥拷成 " + keyPath(k.DB) + "，不然加密的号码读不出来"
	if k.Key != "" {
		if err := copyKey(k.Key, keyPath(k.DB)); err != nil {
			return err
		}
		said = "密钥：" + keyPath(k.DB)
	}
	_, err = fmt.Fprintf(c.out, "恢复好了：%s，%d 环都查过\n  根：%s\n  %s\n", k.DB, root.links, root.root, said)
	return err
}

// fits refuses a key that is not the database's.
func fits(ctx context.Context, path, key string) error {
	h, err := openHouse(ctx, path, false)
	if err != nil {
		return err
	}
	_, there, err := readKey(key)
	if err == nil && !there {
		err = unreadable(key, fs.ErrNotExist)
	}
	if err == nil {
		_, err = vaultUnder(ctx, h, key)
	}
	return joinClose(err, h.db)
}

func copyBytes(from, to string) error {
	if info, err := os.Stat(from + "-wal"); err == nil && info.Size() > 0 {
		return fault.New(fault.Invalid, "%s 旁边还有没写回的 %s-wal，不是一份完整的备份", from, filepath.Base(from)).WithHint("用 jifen backup --db %s 备份一份再恢复", from)
	}
	src, err := open(from)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }() // nothing was written
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unwritable(to, err)
	}
	_, err = io.Copy(dst, src)
	if err = errors.Join(err, dst.Sync(), dst.Close()); err != nil {
		return unwritable(to, err)
	}
	return nil
}

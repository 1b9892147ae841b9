package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"jifen/internal/backup"
	"jifen/internal/fault"
)

// backupCommand is jifen backup.
type backupCommand struct {
	database
	Out    string `arg:"" name:"备份文件" help:"备份写到哪个文件，原来没有的"`
	KeyOut string `placeholder:"文件" help:"连密钥也备份，写到这个文件；不能和备份放在同一个文件夹"`
}

// Help shows what is copied.
func (*backupCommand) Help() string {
	return `网站开着也能备份：备份的是同一刻的样子。写好以后逐环查过，没有不对才放到位，查不过就不留。
当时的根写在旁边的“备份文件名.roots”里，以后用 jifen verify --root 拿它来比。
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
		if err := errors.Join(backup.Vacant(k.KeyOut), backup.OwnersOnly(backup.KeyPath(k.DB))); err != nil {
			return err
		}
	}
	root, err := world().Copy(context.Background(), k.DB, k.Out)
	if err != nil {
		return err
	}
	if k.KeyOut != "" {
		if err := backup.CopyKey(backup.KeyPath(k.DB), k.KeyOut); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(c.out, "备份好了：%s，%d 环都查过\n  根：%s，写在 %s\n", k.Out, root.Links, root.Hash, backup.RootsPath(k.Out))
	return err
}

func sameFolder(a, b string) bool {
	one, err1 := filepath.Abs(filepath.Dir(a))
	other, err2 := filepath.Abs(filepath.Dir(b))
	return err1 != nil || err2 != nil || one == other
}

// restoreCommand is jifen restore.
type restoreCommand struct {
	Backup string `arg:"" name:"备份文件" help:"用 jifen backup 或 jifen daily 做的备份"`
	DB     string `required:"" name:"db" placeholder:"文件" help:"恢复成哪个数据库文件，原来没有的"`
	Key    string `placeholder:"文件" help:"这个库的密钥，另外备份的那一份"`
}

// Help shows what is done.
func (*restoreCommand) Help() string {
	return `先把备份抄一份查过，和备份旁边写着的根也比过，没有不对才放到位；备份本身不动。写了 --key 的，看是不是这个库的那一把，放在库旁边。

例子：
  jifen restore /backup/jifen-2026-11-23.db --db data/jifen.db --key /media/usb/jifen.key
`
}

// Run puts a backup in the place of a database.
func (k *restoreCommand) Run(c *console) error {
	root, err := world().Restore(context.Background(), k.Backup, k.DB, k.Key)
	if err != nil {
		return err
	}
	said := "密钥：" + backup.KeyPath(k.DB)
	if k.Key == "" {
		said = "密钥没有放：把另外备份的密钥拷成 " + backup.KeyPath(k.DB) + "，不然打不开"
	}
	_, err = fmt.Fprintf(c.out, "恢复好了：%s，%d 环都查过\n  根：%s\n  %s\n", k.DB, root.Links, root.Hash, said)
	return err
}

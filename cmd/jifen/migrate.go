package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/backup"
	"jifen/internal/store"
)

// migrateCommand is jifen migrate.
type migrateCommand struct {
	database
	Write bool   `help:"改造数据库；不写就只在副本上试一遍"`
	Grant string `placeholder:"用户" help:"PostgreSQL 上：给程序用的这个用户授权，只许加、不许改历史"`
}

// Help describes what is done.
func (*migrateCommand) Help() string {
	return `新版本的程序用的库结构变了，旧库先要改造。打开网站和别的要写库的命令会自己改造，这里可以先试一遍：
在副本上一步一步做完，逐环查过，说出要做什么，原来的库不动。加 --write 才改造：先在数据库旁边备份成
“数据库文件名.v旧结构号-日期”，再一步一步改；哪一步断了电，库都是完整的，下一次打开接着做。
链断了的、更新的程序写的、别的程序的库不改造，文件不动。

PostgreSQL 上，表归一个用户（主人），程序用另一个用户连：他什么都能读、都能加，记下的历史一个字也不能改、不能删。
用主人的地址运行 --grant 授权，可以重做；以后每次 --write 会给授过权的用户重新授一遍。

例子：
  jifen migrate --db data/jifen.db
  jifen migrate --db data/jifen.db --write
  jifen migrate --db postgres://主人@主机/数据库 --write --grant jifen
`
}

// Run tries a migration, or makes it.
func (k *migrateCommand) Run(c *console) error {
	ctx := context.Background()
	if k.Grant != "" {
		return k.grant(ctx, c.out)
	}
	if k.Write && !store.OnServer(k.DB) {
		return k.with(func(_ context.Context, h *house) error {
			return writeText(c.out, migratedWords(store.Shown(k.DB), h.db.Migrated()))
		})
	}
	m, err := world().Migrate(ctx, k.DB, backup.KeyPath(k.DB), k.Write)
	if err != nil {
		return missing(err)
	}
	if k.Write {
		return writeText(c.out, migratedOnServerWords(k.DB, &m))
	}
	return writeText(c.out, triedWords(store.Shown(k.DB), &m))
}

// grant gives the user of the program his rights, after a migration if one is asked for.
func (k *migrateCommand) grant(ctx context.Context, out io.Writer) error {
	if k.Write && store.OnServer(k.DB) {
		m, err := world().Migrate(ctx, k.DB, backup.KeyPath(k.DB), true)
		if err == nil {
			err = writeText(out, migratedOnServerWords(k.DB, &m))
		}
		if err != nil {
			return missing(err)
		}
	}
	if err := world().Grant(ctx, k.DB, backup.KeyPath(k.DB), k.Grant); err != nil {
		return missing(err)
	}
	_, err := fmt.Fprintf(out, "授权好了：程序用“%s”连 %s，什么都能读、都能加，历史改不了也删不了。\n", k.Grant, store.FileName(k.DB))
	return err
}

func writeText(out io.Writer, text string) error {
	_, err := io.WriteString(out, text)
	return err
}

// triedWords describes what a migration would do.
func triedWords(path string, m *store.Migration) string {
	if len(m.Steps) == 0 {
		return migratedWords(path, nil)
	}
	return fmt.Sprintf("%s 的结构是 %d，本程序的是 %d，要做 %d 步：\n  %s\n在副本上试成了，逐环查过；库没有动。加 --write 就先备份再改造。\n",
		path, m.From, m.To, len(m.Steps), strings.Join(m.Steps, "\n  "))
}

// migratedWords describes what a migration has done; nil is none.
func migratedWords(path string, m *store.Migration) string {
	if m == nil {
		return path + " 的结构和本程序的一样，没有要改造的。\n"
	}
	return fmt.Sprintf("%s 的结构从 %d 改造到了 %d：\n  %s\n改造以前的样子备份在 %s，查过。\n",
		path, m.From, m.To, strings.Join(m.Steps, "\n  "), m.Copy)
}

// migratedOnServerWords describes what a migration on a server has done.
func migratedOnServerWords(address string, m *store.Migration) string {
	text := migratedWords(store.FileName(address), nil)
	if len(m.Steps) > 0 {
		text = fmt.Sprintf("%s 的结构从 %d 改造到了 %d：\n  %s\n", store.FileName(address), m.From, m.To,
			strings.Join(m.Steps, "\n  "))
	}
	if len(m.Granted) > 0 {
		text += "重新授权给：" + strings.Join(m.Granted, "、") + "\n"
	}
	return text
}

// recordMigration tells whoever runs the program, and the trail, that a database
// was migrated when it was opened.
func recordMigration(ctx context.Context, db *store.DB, path string, say io.Writer) error {
	m := db.Migrated()
	if m == nil {
		return nil
	}
	if err := writeText(say, migratedWords(path, m)); err != nil {
		return err
	}
	return db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		detail := fmt.Sprintf("%d → %d", m.From, m.To)
		return audit.Record(tx, access.Program("改造数据库"), audit.Migrated, audit.What{Detail: detail})
	})
}

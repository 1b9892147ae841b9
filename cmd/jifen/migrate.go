package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/backup"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// migrateCommand is jifen migrate.
type migrateCommand struct {
	database
	Write bool `help:"改造数据库；不写就只在副本上试一遍"`

	Contract bool `help:"PostgreSQL 上，和 --write 一起写：也去掉旧程序还用着的；旧版本的程序都停了才写"`

	Grant string `placeholder:"用户" help:"PostgreSQL 上：给程序用的这个用户授权，只许加、不许改历史"`
}

// Help describes what is done.
func (*migrateCommand) Help() string {
	return `新版本的程序用的库结构变了，旧库先要改造。打开网站和别的要写库的命令会自己改造，这里可以先试一遍：
在副本上一步一步做完，逐环查过，说出要做什么，原来的库不动。加 --write 才改造：先在数据库旁边备份成
“数据库文件名.v旧结构号-日期”，再一步一步改；哪一步断了电，库都是完整的，下一次打开接着做。
链断了的、更新的程序写的、别的程序的库不改造，文件不动。

PostgreSQL 上改造的时候网站不用停：--write 只做“只加”的步，旧版本的程序接着用，也可以再打开。有的版本还有“收”的步，
去掉旧程序用的东西，--write 留着不做；每一台都换成了新版本，再加 --contract 做。以后旧版本的程序就打不开了。

PostgreSQL 上，表归一个用户（主人），程序用另一个用户连：他什么都能读、都能加，记下的历史一个字也不能改、不能删。
用主人的地址运行 --grant 授权，可以重做；以后每次 --write 会给授过权的用户重新授一遍。

例子：
  jifen migrate --db data/jifen.db
  jifen migrate --db data/jifen.db --write
  jifen migrate --db postgres://主人@主机/数据库 --write --grant jifen
  jifen migrate --db postgres://主人@主机/数据库 --write --contract
`
}

// Run tries a migration, or makes it.
func (k *migrateCommand) Run(c *console) error {
	ctx := context.Background()
	if k.Contract && (!k.Write || !store.OnServer(k.DB)) {
		return misused(fault.New(fault.Invalid, "--contract 和 --write 一起写，库是 PostgreSQL 上的").
			WithHint("文件由一个程序打开，改造的时候一次做完，不用写"))
	}
	if k.Grant != "" {
		return k.grant(ctx, c.out)
	}
	if k.Write && !store.OnServer(k.DB) {
		return k.alone(func(_ context.Context, h *house) error {
			return writeText(c.out, migratedWords(store.Shown(k.DB), h.db.Migrated()))
		})
	}
	m, err := world().Migrate(ctx, k.DB, backup.KeyPath(k.DB), k.far())
	if err != nil {
		return missing(err)
	}
	if k.Write {
		return writeText(c.out, migratedOnServerWords(k.DB, &m))
	}
	return writeText(c.out, triedWords(store.Shown(k.DB), &m))
}

// far returns how far to go.
func (k *migrateCommand) far() store.Extent {
	return store.Extent{Write: k.Write, Contract: k.Contract}
}

// grant gives the user of the program his rights, after a migration if one is asked for.
func (k *migrateCommand) grant(ctx context.Context, out io.Writer) error {
	if k.Write && store.OnServer(k.DB) {
		m, err := world().Migrate(ctx, k.DB, backup.KeyPath(k.DB), k.far())
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
	if store.OnServer(path) {
		return triedOnServerWords(path, m)
	}
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

// triedOnServerWords describes what a migration on a server would do.
func triedOnServerWords(address string, m *store.Migration) string {
	name := store.FileName(address)
	if len(m.Steps)+len(m.Left) == 0 {
		return migratedWords(name, nil)
	}
	var text strings.Builder
	if len(m.Steps) > 0 {
		fmt.Fprintf(&text, "%s 的结构是 %d，--write 要做 %d 步，做的时候网站不用停，旧版本的程序接着用：\n  %s\n", name, m.From,
			len(m.Steps), strings.Join(m.Steps, "\n  "))
	}
	return text.String() + leftWords(m) + "这里没有试，库没有动：先在恢复出来的库上做一遍。\n"
}

// leftWords lists which steps wait until no program of before is at work any more.
func leftWords(m *store.Migration) string {
	if len(m.Left) == 0 {
		return ""
	}
	return fmt.Sprintf("还有 %d 步留着，做了旧版本的程序就不能再用；每一台都换成这个版本以后，加 --write --contract 来做：\n  %s\n",
		len(m.Left), strings.Join(m.Left, "\n  "))
}

// migratedOnServerWords describes what a migration on a server has done.
func migratedOnServerWords(address string, m *store.Migration) string {
	text := migratedWords(store.FileName(address), nil)
	if len(m.Steps)+len(m.Left) > 0 {
		text = ""
	}
	if len(m.Steps) > 0 {
		text = fmt.Sprintf("%s 的结构从 %d 改造到了 %d：\n  %s\n", store.FileName(address), m.From, m.To,
			strings.Join(m.Steps, "\n  "))
	}
	text += leftWords(m)
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

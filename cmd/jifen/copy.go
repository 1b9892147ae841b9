package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"jifen/internal/backup"
	"jifen/internal/store"
)

// copyCommand is jifen copy.
type copyCommand struct {
	From string `required:"" placeholder:"库" help:"从哪个数据库抄：文件，或 postgres:// 开头的地址"`
	To   string `required:"" placeholder:"库" help:"抄到哪个数据库：原来没有的文件，或空的 PostgreSQL 数据库"`
}

// Help shows what is copied.
func (*copyCommand) Help() string {
	return `街道变大了，从文件搬到 PostgreSQL；支部要带一份走，从 PostgreSQL 抄成文件。抄的是同一刻的样子，网站开着也行；
要搬过去不再回来的，先停下网站再抄，免得抄完以后还有人往旧库里记。

每一行、每一条链都抄过去，编号不变；抄完逐行比过、逐环查过，链头一样才算数。密钥也拷一份，放在新库的密钥该在的地方。
中断了、没有抄成，新库还是空的（或者没有这个文件），再来一次就是。新库里已经有东西的不抄。
抄到 PostgreSQL，地址里写表的主人的帐号；程序用的帐号再按 docs/city.md 授权。

例子：
  jifen copy --from data/jifen.db --to postgres://owner@/jifen
  jifen copy --from postgres://owner@/jifen --to /media/usb/jifen.db
`
}

// Run copies a database.
func (k *copyCommand) Run(c *console) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	tables, total := 0, int64(0)
	root, err := world().CopyOver(ctx, k.From, k.To, func(table string, rows int64) {
		tables, total = tables+1, total+rows
		fmt.Fprintf(c.out, "  %s：%d 行\n", table, rows) //nolint:errcheck // whoever does not read it is told at the end
		if now, buffered := c.out.(interface{ Flush() error }); buffered {
			_ = now.Flush() // so that it is seen how far it is
		}
	})
	if err != nil {
		return missing(err)
	}
	_, err = fmt.Fprintf(c.out, "抄好了：%s，%d 张表 %d 行，每一行都比过；%d 环在两边都查过，链头一样\n  根：%s\n  密钥：%s\n",
		store.FileName(k.To), tables, total, root.Links, root.Hash, backup.KeyPath(k.To))
	return err
}

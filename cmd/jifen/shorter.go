package main

import (
	"context"
	"jifen/internal/backup"
	"jifen/internal/store"
	"log/slog"
	"strconv"
)

// sayShorter writes into the log where a database does not have what the last root says that it
// had: its log (-wal) was taken away while nothing ran, or an older file was put in its place.
func sayShorter(ctx context.Context, h *house, path string, log *slog.Logger) {
	last, err := backup.LastRoot(backup.RootsPath(path))
	if err != nil || last == nil {
		return // that there is none, or none that can be read, is told by who looks for it
	}
	err = h.db.LongRead(ctx, func(v *store.Snapshot) error {
		head, lost, err := last.Left(v)
		if err == nil && lost {
			names, _ := chainNames(v) // without them the chain is told by its number
			log.Error("数据库比最近写下的根短，或者和它不同："+chainName(names, head.Chain)+"那时有 "+
				strconv.FormatInt(head.Seq, 10)+" 环", "root", last.At,
				"hint", "停下网站，留好这个文件；旁边的 -wal 被移走了的，放回来再开；没有的，用 jifen verify 查，和备份比")
		}
		return err
	})
	if err != nil {
		log.Error("和最近写下的根没有比成", "err", err)
	}
}

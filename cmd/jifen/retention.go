package main

import (
	"context"
	"fmt"
	"io"

	"jifen/internal/backup"
	"jifen/internal/calendar"
	"jifen/internal/jobs"
	"jifen/internal/store"
)

// repeatErasures erases again whom the list beside a database names and who came back
// with a copy of earlier, before anybody is shown anything.
func repeatErasures(ctx context.Context, h *house, path string, say io.Writer) error {
	list, err := backup.ReadErasures(backup.ErasuresPath(path))
	if err != nil || len(list) == 0 {
		return err
	}
	n, err := h.ledger.Repeat(ctx, list)
	if err == nil && n > 0 {
		_, err = fmt.Fprintf(say, "数据库是从以前的备份恢复的：照 %s 又删除了 %d 个人的个人信息\n", backup.ErasuresPath(path), n)
	}
	return err
}

// retentionJob is the daily job that forgets what is no history when its time is over,
// and sees that the list of erasures has them all.
func retentionJob(h *house) jobs.Job {
	return jobs.Job{Name: "到期清理", Shared: true, Run: func(ctx context.Context, _ calendar.Day) (string, error) {
		var gone store.Expired
		err := h.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) (err error) { gone, err = tx.Expire(); return err })
		if err == nil {
			err = h.ledger.List(ctx)
		}
		return fmt.Sprintf("清掉了到期的会话 %d、回执 %d、申报草稿 %d", gone.Sessions, gone.Replies, gone.Drafts), err
	}}
}

package store

import (
	"context"
	"errors"
	"time"

	"github.com/mattn/go-sqlite3"

	"jifen/internal/fault"
)

// fullFor is how long nothing is thought to be writable after the disk was full.
// Writing is tried all the same, so this ends by itself.
const fullFor = time.Minute

// readyQuery reads one row, however many there are.
const readyQuery = "SELECT id FROM orgs LIMIT 1"

// Ready returns why the database cannot be written or read now, nil while it can.
// It costs one row, so anybody may ask.
func (db *DB) Ready(ctx context.Context) error {
	if err := db.Health(); err != nil {
		return err
	}
	if at := db.write.full.Load(); at != nil && db.opts.Now().Sub(*at) < fullFor {
		return fault.New(fault.Unavailable, "磁盘满了，写不进去").WithHint("请系统管理员腾出空间")
	}
	return db.Read(ctx, func(v *Snapshot) error {
		var ids []int64
		return v.all(&ids, readyQuery)
	})
}

// noteFull keeps when the disk was full last.
func (w *writer) noteFull(batch []*job) {
	for _, j := range batch {
		var e sqlite3.Error
		if errors.As(j.err, &e) && e.Code == sqlite3.ErrFull {
			now := w.opts.Now()
			w.full.Store(&now)
			return
		}
	}
}

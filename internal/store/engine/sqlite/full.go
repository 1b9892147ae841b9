package sqlite

import (
	"time"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// fullFor bounds for what time nothing is thought to be writable after the disk
// was full. Writing is tried all the same, so this ends by itself.
const fullFor = time.Minute

// Ready returns why nothing can be written now, nil while all is well.
func (db *database) Ready() error {
	if err := db.Health(); err != nil {
		return err
	}
	if at := db.write.full.Load(); at != nil && db.opts.Now().Sub(*at) < fullFor {
		return fault.New(fault.Unavailable, "磁盘满了，写不进去").WithHint("请系统管理员腾出空间")
	}
	return nil
}

// noteFull keeps when the disk was full last.
func (w *writer) noteFull(batch []*job) {
	for _, j := range batch {
		if classify(j.err) == engine.Full {
			now := w.opts.Now()
			w.full.Store(&now)
			return
		}
	}
}

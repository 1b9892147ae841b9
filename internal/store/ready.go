package store

import (
	"context"
	"fmt"
	"time"
)

// readyQuery reads one row, however many there are.
const readyQuery = "SELECT id FROM orgs LIMIT 1"

// maxSkew is the difference between two clocks that is nobody's mistake.
const maxSkew = time.Minute

// Ready returns why the database cannot be written or read now, nil while it can, and
// what else somebody must see to, a sentence each. It costs one row, so anybody may ask.
func (db *DB) Ready(ctx context.Context) (notes []string, err error) {
	before := db.opts.Now()
	is, err := db.engine.Ready(ctx, readyQuery)
	if err != nil {
		return nil, err
	}
	if is.Version > db.version {
		notes = append(notes, fmt.Sprintf("数据库已经是更新版本的结构（%d），这个程序的还是 %d：升级只做了一半，把这个程序也换成新版本",
			is.Version, db.version))
	}
	notes = append(notes, db.replicaNotes()...)
	if is.Time.IsZero() {
		return notes, nil
	}
	// What the question has taken is no difference of the clocks.
	apart := max(before.Sub(is.Time), is.Time.Sub(db.opts.Now()))
	if apart > maxSkew {
		notes = append(notes, fmt.Sprintf("这台电脑的时钟和数据库服务器的差大约 %d 分钟：两台都用 NTP 对准；记录的时间按这台的算",
			apart.Round(time.Minute)/time.Minute))
	}
	return notes, nil
}

package store

import (
	"sync/atomic"
	"time"

	"jifen/internal/fault"
)

// lag bounds how far a clock may be behind what was recorded last: two machines differ by
// as much, and a clock is put right by less.
const lag = time.Minute

// newest remembers the latest instant that something was written at, in nanoseconds; 0 for
// nothing since the program was started.
type newest struct{ at atomic.Int64 }

// punctual refuses to write where the clock was set back behind what was recorded last: the
// order of what is recorded, and every term, is by the clock. It asks the database only at
// first and where the clock seems to be behind.
func (n *newest) punctual(tx *Tx) error {
	at := n.at.Load()
	if at != 0 && tx.now.UnixNano() >= at-int64(lag) {
		return nil
	}
	recorded, err := tx.Newest()
	if err != nil {
		return err
	}
	if behind := recorded.Sub(tx.now); behind > lag {
		const words = "2006-01-02 15:04"
		return fault.New(fault.Unavailable, "这台电脑的时钟倒回去了：现在是 %s，最近一次记录却在 %s，先不记",
			tx.now.Format(words), recorded.In(tx.now.Location()).Format(words)).
			WithHint("请系统管理员把时钟对准，对准以后自己就能接着记；要是以前记的时候时钟快了，过了那个时刻才能接着记")
	}
	n.at.Store(tx.now.UnixNano())
	return nil
}

// wrote remembers the instant of what was kept.
func (n *newest) wrote(at time.Time) {
	for {
		old := n.at.Load()
		if old >= at.UnixNano() || n.at.CompareAndSwap(old, at.UnixNano()) {
			return
		}
	}
}

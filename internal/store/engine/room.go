package engine

import (
	"sync/atomic"
	"time"

	"jifen/internal/fault"
)

// fullFor bounds for what time nothing is thought to be writable after the disk was
// full. Writing is tried all the same, so this ends by itself.
const fullFor = time.Minute

// Room remembers that no room was left on the disk.
type Room struct{ full atomic.Pointer[time.Time] }

// Note takes in how a piece of work has ended, of which full says whether no room was
// left, and kept that it is on the disk.
func (r *Room) Note(full, kept bool, now time.Time) {
	switch {
	case full:
		r.full.Store(&now)
	case kept && r.full.Load() != nil:
		r.full.Store(nil)
	}
}

// Left returns why nothing can be written: the disk was full, a moment ago.
func (r *Room) Left(now time.Time) error {
	if at := r.full.Load(); at != nil && now.Sub(*at) < fullFor {
		return fault.New(fault.Unavailable, "磁盘满了，写不进去").WithHint("请系统管理员腾出空间")
	}
	return nil
}

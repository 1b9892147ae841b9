package store

import (
	"context"
	"fmt"
	"time"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// Freshness bounds the age of what a request reads (see engine.Freshness). Without
// one, and until it is told that the request only reads, the primary is asked.
type Freshness = engine.Freshness

// WithFreshness returns a context whose reads are as new as f says, and whose writes
// tell f where they are.
func WithFreshness(ctx context.Context, f *Freshness) context.Context {
	return engine.WithFreshness(ctx, f)
}

// ReplicaStats holds how a replica stands that is read from.
type ReplicaStats = engine.ReplicaStats

// LookAtReplica looks at the replica that is read from, if there is one. Whoever serves
// calls it every second.
func (db *DB) LookAtReplica(ctx context.Context) { db.engine.LookAtReplica(ctx) }

// Aged reports whether the view is of a replica: what was read there takes the place
// of nothing newer.
func (v *Snapshot) Aged() bool { return v.aged }

// replicaAge bounds how old what a replica shows can be, with the time between two looks
// at it.
const replicaAge = time.Minute

// Complete returns an instant by which everything that was recorded is in the view.
func (v *Snapshot) Complete() time.Time {
	if v.aged {
		return v.now.Add(-replicaAge)
	}
	return v.now
}

// replicaNotes returns how old what the replica shows is, or that it is not used, for
// anybody who asks; nothing where none is.
func (db *DB) replicaNotes() []string {
	r := db.Stats().Replica
	switch {
	case r.Name == "":
		return nil
	case r.Why != nil:
		return []string{"副本没有用，由主库回答"}
	}
	return []string{fmt.Sprintf("副本落后 %.1f 秒", r.Lag.Seconds())}
}

// noReplica refuses a replica of a database that has none.
func noReplica(opts *Options) error {
	if opts.ReadFrom == "" || OnServer(opts.Path) && OnServer(opts.ReadFrom) {
		return nil
	}
	if OnServer(opts.Path) {
		return fault.New(fault.Invalid, "--read-from 写的不是地址：%s", opts.ReadFrom).
			WithHint("写成 postgres://用户@备库/数据库")
	}
	return fault.New(fault.Invalid, "%s 是一个文件，没有副本可读，不能写 --read-from", opts.Path).
		WithHint("去掉 --read-from；它给 PostgreSQL 上的数据库用，见 docs/city.md")
}

// Replica returns how the replica stands that the database was opened with; without a
// name for none. It looks once more: after a quiet night the first record of the day
// makes a replica look late that is not.
func (r *ReadOnly) Replica(ctx context.Context) ReplicaStats {
	if c, ok := r.still.(engine.Crowd); ok {
		c.LookAtReplica(ctx)
		return c.Stats().Replica
	}
	return ReplicaStats{}
}

// Connections returns how many connections the server has given away and how many it
// can; ok is false for a file, which has none.
func (r *ReadOnly) Connections() (used, limit int, ok bool, err error) {
	c, ok := r.still.(engine.Crowd)
	if ok {
		used, limit, err = c.Connections()
	}
	return used, limit, ok, err
}

package engine

import (
	"context"
	"sync/atomic"
	"time"
)

// Stats are counts since a database was opened, and what is at work now.
type Stats struct {
	Writes  int64 // pieces of work of Write and Exclusive whose outcome is known
	Commits int64 // transactions they were kept in
	Queued  int   // pieces of work that wait for their turn

	Reads, LongReads PoolStats
	Writing          PoolStats    // of connections that write; the zero value where there is one writer
	Replica          ReplicaStats // of the replica that is read from
}

// PoolStats are of the connections of one kind.
type PoolStats struct {
	InUse, Max int           // places taken, and how many there are
	Waits      int64         // who found none free
	Waited     time.Duration // for how long, all together
}

// Places are so many places for who is at work; the others wait, and are counted.
type Places struct {
	taken   chan struct{}
	now     func() time.Time
	waiting atomic.Int64
	waits   atomic.Int64
	waited  atomic.Int64 // nanoseconds
}

// NewPlaces returns n places.
func NewPlaces(n int, now func() time.Time) *Places {
	return &Places{taken: make(chan struct{}, n), now: now}
}

// Enter takes a place, which Leave gives back. Where none is free it waits until ctx
// ends, whose error it returns.
func (p *Places) Enter(ctx context.Context) error {
	select {
	case p.taken <- struct{}{}:
		return nil
	default:
	}
	p.waits.Add(1)
	p.waiting.Add(1)
	since := p.now()
	defer func() {
		p.waiting.Add(-1)
		p.waited.Add(int64(max(0, p.now().Sub(since))))
	}()
	select {
	case p.taken <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Leave gives a place back.
func (p *Places) Leave() { <-p.taken }

// Waiting returns how many wait now.
func (p *Places) Waiting() int { return int(p.waiting.Load()) }

// Stats returns how the places stand.
func (p *Places) Stats() PoolStats {
	return PoolStats{
		InUse: len(p.taken), Max: cap(p.taken), Waits: p.waits.Load(), Waited: time.Duration(p.waited.Load()),
	}
}

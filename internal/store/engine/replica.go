package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Position is a place in the log of a server: who has come there sees everything that was
// committed before. The zero Position is before everything.
type Position struct {
	Timeline uint32 // of the server's history; a promotion begins another
	At       uint64
}

// String writes a position as ParsePosition reads it.
func (p Position) String() string { return fmt.Sprintf("%x-%x", p.Timeline, p.At) }

// ParsePosition reads a position; ok is false for what is none.
func ParsePosition(s string) (p Position, ok bool) {
	timeline, at, ok := strings.Cut(s, "-")
	if !ok {
		return p, false
	}
	t, err := strconv.ParseUint(timeline, 16, 32)
	if err != nil {
		return p, false
	}
	a, err := strconv.ParseUint(at, 16, 64)
	if err != nil {
		return p, false
	}
	return Position{uint32(t), a}, true
}

// Freshness bounds the age of what a request reads. Unless Reads is called the
// primary is asked: who judges, and who asks for rights, reads nothing older.
type Freshness struct {
	mu      sync.Mutex
	reads   bool     // an older instant will do
	asks    bool     // the caller has no position that is of use, and is to be told one
	min     Position // what was committed before it is seen
	decided bool     // who answers the first read answers all of the request
	primary bool
	again   bool
	given   Position
}

type freshnessKey struct{}

// WithFreshness returns a context whose reads are as new as f says, and whose writes
// tell f where they are.
func WithFreshness(ctx context.Context, f *Freshness) context.Context {
	return context.WithValue(ctx, freshnessKey{}, f)
}

// OnPrimary returns a context whose reads are of the primary.
func OnPrimary(ctx context.Context) context.Context { return WithFreshness(ctx, nil) }

// FreshnessOf returns the freshness of a context, nil for none.
func FreshnessOf(ctx context.Context) *Freshness {
	f, _ := ctx.Value(freshnessKey{}).(*Freshness)
	return f
}

// Reads lets the request, which only reads, see an older instant: of at least the
// position that the caller shows. Without one any instant will do, unless strict.
func (f *Freshness) Reads(position string, strict bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at, ok := ParsePosition(position)
	f.reads, f.min = true, at
	f.asks = !ok && (strict || position != "")
}

// Position returns what the caller is to show from now on: where the last write of the
// request was, or where the primary was for a caller whose own was of no use. ok is
// false where there is nothing new to tell.
func (f *Freshness) Position() (position string, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.given.String(), f.given != Position{}
}

// FromReplica reports whether the replica answers. The first time it asks there whether
// what was committed before a position is seen, or whether the position is of another
// history.
func (f *Freshness) FromReplica(there func(min Position) (seen, foreign bool)) bool {
	if f == nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.reads || f.asks {
		return false
	}
	if !f.decided {
		seen, foreign := there(f.min)
		f.decided, f.primary, f.asks = true, !seen, foreign
	}
	return !f.primary
}

// Lost says that the replica went away: the primary answers the rest. Where a read had
// begun the request has to begin anew.
func (f *Freshness) Lost(begun bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.primary, f.again = true, f.again || begun
}

// Again reports, once, that the replica went away under a read, so that the request is
// to be run again: the primary answers it then.
func (f *Freshness) Again() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	again := f.again
	f.again = false
	return again
}

// Asks reports whether a position of the primary is still to be told.
func (f *Freshness) Asks() bool {
	if f == nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asks && f.given == Position{}
}

// Tracks reports whether the position of a write is to be told. What a request that
// only reads leaves behind, such as a line in the trail, is not.
func (f *Freshness) Tracks() bool {
	if f == nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.reads
}

// Tell notes a position of the primary; nil is one that could not be asked for, so
// that the caller is answered by the primary until he is told another.
func (f *Freshness) Tell(p *Position) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p == nil {
		p = &Position{At: 1} // no server has this timeline
	}
	f.given = *p
}

// ReplicaStats holds how a replica stands that is read from, as it was looked at last.
type ReplicaStats struct {
	Name  string        // its address without the password; "" where there is none
	Why   error         // it is not read from; nil while it is
	Lag   time.Duration // how old what it shows is
	Bytes int64         // how much of the log it has still to replay

	Answered int64 // reads that it answered
	Behind   int64 // reads that the primary answered, because the replica was not there in time
	Unused   int64 // because the replica was not used at all

	Reads, LongReads PoolStats
}

// Aged is a Reader that may be of an older instant than others have seen.
type Aged interface{ Aged() bool }

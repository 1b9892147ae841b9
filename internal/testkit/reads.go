package testkit

import (
	"context"
	"sync/atomic"
	"testing"

	"jifen/internal/store/engine"
	"jifen/internal/store/engine/enginetest"
	"jifen/internal/testkit/pgtest"
)

// Reads returns how many read transactions the town's database has begun.
func (t *Town) Reads() int64 { return t.reads.Load() }

// Asked returns what is asked of the town's database while f runs.
func (t *Town) Asked(tb testing.TB, f func()) []enginetest.Question {
	tb.Helper()
	asked, err := t.watch.During(f)
	if err != nil {
		tb.Fatal(err)
	}
	return asked
}

// RepeatedOnServer builds the town below a district with so many copies of all that is in
// it, after something was recorded, in a database on a server that reads a table from end
// to end only where no index leads to what is asked: tables of tests are so small that it
// is quicker.
func RepeatedOnServer(tb testing.TB, copies int, record func(*Town)) *Town {
	tb.Helper()
	address := pgtest.With(tb, pgtest.With(tb, pgtest.Database(tb), "enable_seqscan", "off"), "random_page_cost", "1.1")
	town := newAt(tb, address, size{members: 2, district: true})
	record(town)
	enginetest.Repeat(tb, address, copies)
	return town
}

// countingDriver opens databases that count their read transactions.
type countingDriver struct {
	engine.Driver
	reads *atomic.Int64
}

// Open implements engine.Driver.
func (d countingDriver) Open(ctx context.Context, opts engine.Options) (engine.Engine, error) {
	e, err := d.Driver.Open(ctx, opts)
	if err != nil {
		return nil, err
	}
	return countingEngine{e, d.reads}, nil
}

// countingEngine counts the read transactions of an engine.
type countingEngine struct {
	engine.Engine
	reads *atomic.Int64
}

// Read implements engine.Engine.
func (e countingEngine) Read(ctx context.Context, f func(engine.Reader) error) error {
	e.reads.Add(1)
	return e.Engine.Read(ctx, f)
}

// LongRead implements engine.Engine.
func (e countingEngine) LongRead(ctx context.Context, f func(engine.Reader) error) error {
	e.reads.Add(1)
	return e.Engine.LongRead(ctx, f)
}

package testkit

import (
	"context"
	"sync/atomic"

	"jifen/internal/store/engine"
)

// Reads returns how many read transactions the town's database has begun.
func (t *Town) Reads() int64 { return t.reads.Load() }

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

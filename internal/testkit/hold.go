package testkit

import (
	"context"
	"testing"

	"jifen/internal/store/engine"
)

// Holding opens the town's database, on a server, by another program of which every write
// stays open after its work, with all that it has locked, until a function returns.
func (t *Town) Holding(tb testing.TB, while func()) *Town {
	tb.Helper()
	return t.beside(tb, t.options.Path, func(d engine.Driver) engine.Driver { return holdingDriver{d, while} })
}

// Impatient opens the town's database, on a server, by another program that waits for
// nothing that another has locked: its writes fail.
func (t *Town) Impatient(tb testing.TB) *Town {
	tb.Helper()
	return t.beside(tb, t.options.Path+"&lock_timeout=500", nil)
}

// holdingDriver opens databases of which writes are held open.
type holdingDriver struct {
	engine.Driver
	while func()
}

// Open implements engine.Driver.
func (d holdingDriver) Open(ctx context.Context, opts engine.Options) (engine.Engine, error) {
	e, err := d.Driver.Open(ctx, opts)
	if err != nil {
		return nil, err
	}
	return holdingEngine{e, d.while}, nil
}

type holdingEngine struct {
	engine.Engine
	while func()
}

// Write implements engine.Engine.
func (e holdingEngine) Write(ctx context.Context, work func(engine.Writer) error) error {
	return e.Engine.Write(ctx, e.held(work))
}

// Exclusive implements engine.Engine.
func (e holdingEngine) Exclusive(ctx context.Context, work func(engine.Writer) error) error {
	return e.Engine.Exclusive(ctx, e.held(work))
}

// held runs work and what is to happen before it is committed, elsewhere: a write within a
// write is refused.
func (e holdingEngine) held(work func(engine.Writer) error) func(engine.Writer) error {
	return func(w engine.Writer) error {
		if err := work(w); err != nil {
			return err
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			e.while()
		}()
		<-done
		return nil
	}
}

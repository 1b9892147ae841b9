package postgres

import (
	"context"
	"time"

	"jifen/internal/store/engine"
)

// Stats implements engine.Engine.
func (db *database) Stats() engine.Stats {
	return engine.Stats{
		Writes: db.decided.Load(), Commits: db.commits.Load(), Queued: db.writes.places.Waiting(),
		Reads: db.pages.places.Stats(), LongReads: db.long.places.Stats(), Writing: db.writes.places.Stats(),
		Replica: db.replica.stats(),
	}
}

// beside is a database that is looked at.
type beside struct{ engine.Engine }

var (
	_ engine.Still = beside{}
	_ engine.Clock = beside{}
	_ engine.Crowd = beside{}
)

// OpenBeside opens a database as Open does: many work on one at any time.
func (d Driver) OpenBeside(ctx context.Context, opts engine.Options) (engine.Still, error) {
	opts.Create = false
	e, err := d.Open(ctx, opts)
	if err != nil {
		return nil, err
	}
	return beside{e}, nil
}

// Read implements engine.Still.
func (b beside) Read(f func(engine.Reader) error) error { return b.LongRead(context.Background(), f) }

// Time implements engine.Clock.
func (b beside) Time() (at time.Time, err error) {
	err = b.Peek(&at, "SELECT clock_timestamp()")
	return at, err
}

// Connections implements engine.Crowd.
func (b beside) Connections() (used, limit int, err error) {
	if err = b.Peek(&used, "SELECT sum(numbackends)::bigint FROM pg_stat_database"); err == nil {
		err = b.Peek(&limit, "SELECT setting::bigint FROM pg_settings WHERE name = 'max_connections'")
	}
	return used, limit, err
}

package sqlite

import (
	"context"

	"jifen/internal/store/engine"
)

// Stats implements engine.Engine.
func (db *database) Stats() engine.Stats {
	w := db.write
	return engine.Stats{
		Writes: w.decided.Load(), Commits: w.commits.Load(), Queued: len(w.jobs),
		Reads: db.pages.places.Stats(), LongReads: db.long.places.Stats(),
	}
}

// LookAtReplica implements engine.Engine: a file has none.
func (db *database) LookAtReplica(context.Context) {}

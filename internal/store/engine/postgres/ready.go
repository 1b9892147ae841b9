package postgres

import (
	"context"
	"time"

	"jifen/internal/store/engine"
)

// Ready implements engine.Engine. What is not of the question is asked along with it.
func (db *database) Ready(ctx context.Context, question string) (is engine.Readiness, err error) {
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	var row struct {
		Standby bool
		Found   bool
		Time    time.Time
		Version int64
	}
	asked := `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS standby,
		EXISTS (` + question + `) AS found, clock_timestamp() AS time, (SELECT version FROM jifen_schema) AS version`
	err = db.pages.reach(func() error { return db.pages.db.GetContext(ctx, &row, asked) })
	switch {
	case err != nil:
		return is, mapError(err)
	case row.Standby:
		db.pages.renew() // the next question looks for the primary
		return is, readOnly(nil)
	}
	return engine.Readiness{Version: row.Version, Time: row.Time}, db.room.Left(db.opts.Now())
}

package sqlite

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"jifen/internal/store/engine"
)

// Ready implements engine.Engine: nobody else changes a file that is held.
func (db *database) Ready(ctx context.Context, question string) (is engine.Readiness, err error) {
	if err := db.Health(); err != nil {
		return is, err
	}
	if err := db.write.room.Left(db.opts.Now()); err != nil {
		return is, err
	}
	err = db.Read(ctx, func(r engine.Reader) error {
		return r.Each(func(*sqlx.Rows) error { return nil }, question)
	})
	return is, err
}

// noteRoom keeps whether the disk was full when a batch was written.
func (w *writer) noteRoom(batch []*job) {
	w.room.Note(
		slices.ContainsFunc(batch, func(j *job) bool { return classify(j.err) == engine.Full }),
		slices.ContainsFunc(batch, func(j *job) bool { return j.err == nil && j.bare == nil }), w.opts.Now(),
	)
}

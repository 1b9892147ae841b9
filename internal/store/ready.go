package store

import "context"

// readyQuery reads one row, however many there are.
const readyQuery = "SELECT id FROM orgs LIMIT 1"

// Ready returns why the database cannot be written or read now, nil while it can.
// It costs one row, so anybody may ask.
func (db *DB) Ready(ctx context.Context) error {
	if err := db.engine.Ready(); err != nil {
		return err
	}
	return db.Read(ctx, func(v *Snapshot) error {
		var ids []int64
		return v.all(&ids, readyQuery)
	})
}

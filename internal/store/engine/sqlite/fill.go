package sqlite

import (
	"context"
	"strings"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// filler puts rows into a fresh file.
type filler struct{ *connection }

// Fill implements engine.Engine.
func (db *database) Fill(ctx context.Context, change engine.Change, work func(engine.Filler) error) error {
	is, err := db.Identity(ctx)
	if err == nil && !is.Empty {
		err = fault.New(fault.Conflict, "%s 里已经有东西，没有动它", db.opts.Path).WithHint("换一个文件名")
	}
	if err != nil {
		return err
	}
	return db.change(ctx, change, func(c *connection) error { return work(filler{c}) })
}

// Put implements engine.Filler.
func (f filler) Put(table string, columns []string, rows [][]any) error {
	query := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (?" +
		strings.Repeat(", ?", len(columns)-1) + ")"
	for _, row := range rows {
		if _, err := f.exec(query, row...); err != nil {
			return mapError(err)
		}
	}
	return nil
}

// Follow implements engine.Filler: a new row takes the number after the highest.
func (f filler) Follow(string, []string) error { return nil }

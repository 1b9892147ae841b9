package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// filler puts rows into the tables of a fresh database.
type filler struct {
	reading
	conn *sqlx.Conn
}

// Fill implements engine.Engine. Until its one transaction is committed everybody else
// finds the database empty, so that nothing half is ever believed.
func (db *database) Fill(ctx context.Context, change engine.Change, work func(engine.Filler) error) error {
	is, err := db.Identity(ctx)
	if err == nil && !is.Empty {
		err = fault.New(fault.Conflict, "数据库 %s 里已经有东西，没有动它", Name(db.opts.Path)).WithHint("换一个空的数据库")
	}
	if err != nil {
		return err
	}
	return db.change(ctx, change, func(conn *sqlx.Conn, tx *sqlx.Tx) error {
		return work(filler{reading{ctx: ctx, tx: tx}, conn})
	})
}

// Put implements engine.Filler, by COPY.
func (f filler) Put(table string, columns []string, rows [][]any) error {
	return mapError(f.conn.Raw(func(driver any) error {
		conn, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("driver is a %T", driver)
		}
		_, err := conn.Conn().CopyFrom(f.ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
		return err
	}))
}

// Follow implements engine.Filler: sequences know nothing of ids that were put in.
func (f filler) Follow(table string, columns []string) error {
	if err := f.follow(table); err != nil {
		return err
	}
	var last int64
	if err := f.Get(&last, "SELECT coalesce(max(id), 0) FROM "+table); err != nil || last == 0 {
		return err
	}
	if _, err := f.exec("SAVEPOINT follow"); err != nil {
		return err
	}
	rest := strings.Join(slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return c == "id" }), ", ")
	var id int64
	err := f.Get(&id, "INSERT INTO "+table+" ("+rest+") SELECT "+rest+" FROM "+table+" WHERE id = ? RETURNING id", last)
	var refused *pgconn.PgError
	switch {
	case errors.As(err, &refused) && refused.Code == uniqueViolation && refused.ConstraintName != table+"_pkey":
		// The row that was put in stands in the way, and not its id.
	case err != nil:
		return err
	case id != last+1:
		return fault.New(fault.Internal, "%s 的下一个编号是 %d，应当是 %d", table, id, last+1)
	}
	if _, err := f.exec("ROLLBACK TO SAVEPOINT follow"); err != nil {
		return err
	}
	return f.follow(table)
}

// follow sets the sequence of a table to its highest id.
func (f filler) follow(table string) error {
	var set int64
	return f.Get(&set, "SELECT setval(pg_get_serial_sequence(?, 'id'), greatest((SELECT max(id) FROM "+table+"), 1), "+
		"EXISTS (SELECT 1 FROM "+table+"))", table)
}

package postgres

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// marks makes the table in which a database says whose it is. It is made with the first script.
const marks = `CREATE TABLE IF NOT EXISTS jifen_schema (
	one boolean PRIMARY KEY CHECK (one), application bigint NOT NULL, version bigint NOT NULL)`

// catalogue lists the tables with their columns, the keys, indexes and triggers of
// the schema in which tables are made, a line each, in the order of bytes. Words that
// servers write in their own way, such as the conditions of checks, are left out.
const catalogue = `SELECT line COLLATE "C" FROM (
	SELECT concat_ws(' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
		a.attidentity,
		(SELECT l.collname FROM pg_collation l WHERE l.oid = a.attcollation)) AS line
	FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
	WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v')
		AND a.attnum > 0 AND NOT a.attisdropped
	UNION ALL
	SELECT concat_ws(' ', 'key', c.relname, k.contype, k.conname, k.conkey, f.relname, k.confkey)
	FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid
	WHERE k.connamespace = current_schema()::regnamespace
	UNION ALL
	SELECT concat_ws(' ', 'index', c.relname, i.relname, x.indisunique, x.indkey, x.indpred IS NOT NULL)
	FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
	WHERE c.relnamespace = current_schema()::regnamespace
	UNION ALL
	SELECT concat_ws(' ', 'trigger', c.relname, t.tgname, t.tgtype, t.tgattr, p.proname)
	FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
	WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
) x WHERE line NOT LIKE '% jifen_schema %' ORDER BY 1`

// Identity returns whose the database is.
func (db *database) Identity(ctx context.Context) (is engine.Identity, err error) {
	err = db.long.look(ctx, func(r engine.Reader) error {
		is, err = identify(r.(reading))
		return err
	})
	return is, err
}

func identify(r reading) (is engine.Identity, err error) {
	var lines []string
	if err := r.All(&lines, catalogue); err != nil {
		return is, err
	}
	var marked bool
	if err := r.Get(&marked, "SELECT to_regclass('jifen_schema') IS NOT NULL"); err != nil {
		return is, err
	}
	if marked {
		row := r.tx.QueryRowxContext(r.ctx, "SELECT application, version FROM jifen_schema")
		if err := row.Scan(&is.Application, &is.Version); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return is, mapError(err)
		}
	}
	is.Empty = len(lines) == 0 && is.Application == 0
	is.Catalogue = sumOf(lines)
	return is, nil
}

func sumOf(lines []string) string {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// Apply makes a change in one transaction.
func (db *database) Apply(ctx context.Context, change engine.Change) error {
	return db.change(ctx, change, func(*sqlx.Conn, *sqlx.Tx) error { return nil })
}

// change makes a change and runs work in its transaction.
func (db *database) change(ctx context.Context, change engine.Change, work func(*sqlx.Conn, *sqlx.Tx) error) error {
	if err := db.writes.places.Enter(ctx); err != nil {
		return mapError(err)
	}
	defer db.writes.places.Leave()
	conn, tx, err := db.writes.begin(ctx)
	if err != nil {
		return mapError(err)
	}
	defer func() { _ = conn.Close() }()  // gives it back
	defer func() { _ = tx.Rollback() }() // after a COMMIT it does nothing
	if err := apply(ctx, tx, change); err != nil {
		return err
	}
	if err := work(conn, tx); err != nil {
		return err
	}
	return mapError(tx.Commit())
}

func apply(ctx context.Context, tx *sqlx.Tx, change engine.Change) error {
	r := reading{ctx: ctx, tx: tx}
	for _, script := range []string{marks, change.Script} {
		if _, err := tx.ExecContext(ctx, script); err != nil {
			return mapError(err)
		}
	}
	_, err := r.exec(`INSERT INTO jifen_schema (one, application, version) VALUES (true, ?, ?)
		ON CONFLICT (one) DO UPDATE SET application = excluded.application, version = excluded.version`,
		change.Application, change.Version)
	if err != nil || change.Check == nil {
		return err
	}
	is, err := identify(r)
	if err != nil {
		return err
	}
	return change.Check(is)
}

// catalogueMark begins the line of a script that says what Identity tells of the
// catalogue that it makes: without a server nothing can be asked.
const catalogueMark = "-- catalogue "

// Catalogue returns what a script says of itself; tests hold it to that.
func (Driver) Catalogue(_ context.Context, script string) (string, error) {
	_, after, ok := strings.Cut(script, catalogueMark)
	if !ok {
		return "", fault.New(fault.Internal, "结构的脚本没有写它的目录")
	}
	sum, _, _ := strings.Cut(after, "\n")
	return sum, nil
}

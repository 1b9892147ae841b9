package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// marks makes the table in which a database says whose it is. It is made with the first
// script; a database that was made before there was an oldest program gets the column with
// the next.
const marks = `CREATE TABLE IF NOT EXISTS jifen_schema (
	one boolean PRIMARY KEY CHECK (one), application bigint NOT NULL, version bigint NOT NULL, oldest bigint);
	ALTER TABLE jifen_schema ADD COLUMN IF NOT EXISTS oldest bigint`

// catalogue lists the parts of the schema in which tables are made, a line each. Words
// that servers write in their own way, such as the conditions of checks, are left out, and
// so are the numbers of columns: one that was added later has another. An index that was
// not made to its end is none.
const catalogue = `WITH of AS (SELECT oid AS id, relname AS name FROM pg_class
		WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v') AND relname <> 'jifen_schema'),
	columns AS (SELECT a.*, of.name FROM pg_attribute a JOIN of ON of.id = a.attrelid
		WHERE a.attnum > 0 AND NOT a.attisdropped)
SELECT concat_ws(' ', 'column', name, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
		(SELECT l.collname FROM pg_collation l WHERE l.oid = attcollation))
	FROM columns
UNION ALL
SELECT concat_ws(' ', 'asks', name, attname) FROM columns WHERE attnotnull AND NOT atthasdef AND attidentity = ''
UNION ALL
SELECT concat_ws(' ', CASE WHEN k.contype = 'c' THEN 'check' ELSE 'key' END, of.name, k.contype, k.conname,
		(SELECT string_agg(c.attname, ',' ORDER BY n.place) FROM unnest(k.conkey) WITH ORDINALITY n (number, place)
			JOIN columns c ON c.attrelid = k.conrelid AND c.attnum = n.number),
		f.relname, (SELECT string_agg(c.attname, ',' ORDER BY n.place)
			FROM unnest(k.confkey) WITH ORDINALITY n (number, place)
			JOIN columns c ON c.attrelid = k.confrelid AND c.attnum = n.number))
	FROM pg_constraint k JOIN of ON of.id = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid
	WHERE k.contype IN ('c', 'f', 'p', 'u', 'x')
UNION ALL
SELECT concat_ws(' ', CASE WHEN x.indisunique THEN 'key' ELSE 'index' END, of.name, i.relname,
		(SELECT string_agg(coalesce(c.attname, 'expression'), ',' ORDER BY n.place)
			FROM unnest(x.indkey) WITH ORDINALITY n (number, place)
			LEFT JOIN columns c ON c.attrelid = x.indrelid AND c.attnum = n.number), x.indpred IS NOT NULL)
	FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN of ON of.id = x.indrelid WHERE x.indisvalid
UNION ALL
SELECT concat_ws(' ', 'trigger', of.name, t.tgname, t.tgtype,
		(SELECT string_agg(c.attname, ',' ORDER BY n.place) FROM unnest(t.tgattr) WITH ORDINALITY n (number, place)
			JOIN columns c ON c.attrelid = t.tgrelid AND c.attnum = n.number), p.proname)
	FROM pg_trigger t JOIN of ON of.id = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal`

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
		// The column may not be there yet.
		row := r.tx.QueryRowxContext(r.ctx, `SELECT application, version,
			coalesce((to_jsonb(s) ->> 'oldest')::bigint, version) FROM jifen_schema s`)
		if err := row.Scan(&is.Application, &is.Version, &is.Oldest); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return is, mapError(err)
		}
	}
	is.Empty = len(lines) == 0 && is.Application == 0
	is.Catalogue = engine.CatalogueOf(lines)
	return is, nil
}

// Limits of a change of tables that others work on. Who waits for a table stops all who
// come after him, so that he waits for a moment only, and lets them go before he tries again.
const (
	waitForTables = "SET LOCAL lock_timeout = '2s'"
	maxTries      = 3
)

// Apply makes a change in one transaction. fault.Unavailable where others are at work on
// its tables all the time.
func (db *database) Apply(ctx context.Context, change engine.Change) (err error) {
	for range maxTries {
		err = db.change(ctx, change, func(*sqlx.Conn, *sqlx.Tx) error { return nil })
		if codeOf(err) != lockNotAvailable {
			return err
		}
	}
	return fault.Wrap(err, fault.Unavailable, "要改的表一直有人正用着（多半是久的导出、核对、备份），没有改").
		WithHint("等它完了再来，或者换一个闲的时候")
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
	for _, script := range []string{waitForTables, marks, change.Script} {
		if _, err := tx.ExecContext(ctx, script); err != nil {
			return mapError(err)
		}
	}
	_, err := r.exec(`INSERT INTO jifen_schema (one, application, version, oldest) VALUES (true, ?, ?, ?)
		ON CONFLICT (one) DO UPDATE SET application = excluded.application, version = excluded.version,
			oldest = excluded.oldest`, change.Application, change.Version, cmp.Or(change.Oldest, change.Version))
	if err != nil || change.Check == nil {
		return err
	}
	is, err := identify(r)
	if err != nil {
		return err
	}
	return change.Check(is)
}

// catalogueMark stands before the lines of a script that say the catalogue that it makes:
// without a server nothing can be asked.
const catalogueMark = "-- catalogue\n"

// SayCatalogue returns the lines with which a script says its catalogue.
func SayCatalogue(c engine.Catalogue) string {
	return catalogueMark + "-- " + strings.ReplaceAll(c.Parts, "\n", "\n-- ") + "\n"
}

// Catalogue returns what a script says of itself; tests hold it to that.
func (Driver) Catalogue(_ context.Context, script string) (engine.Catalogue, error) {
	_, said, ok := strings.Cut(script, catalogueMark)
	if !ok {
		return engine.Catalogue{}, fault.New(fault.Internal, "结构的脚本没有写它的目录")
	}
	var lines []string
	for line := range strings.Lines(said) {
		if line, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- "); ok {
			lines = append(lines, line)
		}
	}
	return engine.CatalogueOf(lines), nil
}

package sqlite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// accepted asks whether a file is one to work on, by looking at it only: opening
// it to write would turn somebody else's database into one with a WAL. A host may be at
// work on it.
func accepted(ctx context.Context, opts *engine.Options, hosted bool) error {
	info, err := os.Stat(opts.Path)
	if opts.Accept == nil || err != nil || info.Size() == 0 {
		return nil //nolint:nilerr // what is not there yet is nobody's
	}
	how := url.Values{"_query_only": {"1"}, "mode": {"ro"}}
	if wal, err := os.Stat(opts.Path + "-wal"); !hosted && (err != nil || wal.Size() == 0) {
		how.Set("immutable", "1") // or SQLite leaves a WAL beside what is not ours
	}
	handle, err := open(ctx, opts.Path, how)
	if err != nil {
		return err
	}
	handle.SetMaxOpenConns(1)
	is, err := identify(ctx, handle, opts.Path)
	if is.Hosted = hosted; err == nil {
		err = opts.Accept(is)
	}
	return errors.Join(err, handle.Close())
}

// asker is a handle or a connection.
type asker interface {
	sqlx.QueryerContext
	GetContext(ctx context.Context, dest any, query string, args ...any) error
	SelectContext(ctx context.Context, dest any, query string, args ...any) error
}

// perOldest parts the number in the file's head: the version is its last four digits, the
// oldest version whose program may work on the file stands before them, 0 where it is the
// same.
const perOldest = 10000

// marked returns the number for a version and the oldest one.
func marked(version, oldest int64) int64 {
	if oldest == version {
		oldest = 0
	}
	return oldest*perOldest + version
}

// identify returns whose a database is. fault.Invalid for a file that is none.
func identify(ctx context.Context, db asker, path string) (is engine.Identity, err error) {
	if err := db.GetContext(ctx, &is.Application, "PRAGMA application_id"); err != nil {
		return is, fault.Wrap(err, fault.Invalid, "%s 不是 jifen 的数据库", path)
	}
	var number int64
	if err := db.GetContext(ctx, &number, "PRAGMA user_version"); err != nil {
		return is, mapError(err)
	}
	is.Version = number % perOldest
	is.Oldest = cmp.Or(number/perOldest, is.Version)
	var made []struct{ Type, Name, TblName, Sql string }
	err = db.SelectContext(ctx, &made, `SELECT type, name, tbl_name, sql FROM sqlite_schema
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY type, name`)
	if err != nil {
		return is, mapError(err)
	}
	var list, all []string
	if err := db.SelectContext(ctx, &list, parts); err != nil {
		return is, mapError(err)
	}
	for _, m := range made {
		all = append(all, m.Type+" "+m.Name+" "+m.TblName+" "+words(m.Sql))
		if m.Type == "trigger" {
			list = append(list, engine.PartTrigger+" "+m.TblName+" "+m.Name+" "+words(m.Sql))
		}
	}
	is.Catalogue = engine.CatalogueOf(list, all...)
	is.Empty = len(made) == 0 && is.Application == 0
	return is, nil
}

// parts lists the columns, keys and other indexes of the tables.
const parts = `WITH of AS (SELECT name FROM sqlite_schema
		WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'),
	indexes AS (SELECT of.name AS t, i.name, i."unique", i.partial, i.origin, (SELECT group_concat(
		coalesce(c.name, 'expression'), ',') FROM pragma_index_info(i.name) c) AS cols
		FROM of, pragma_index_list(of.name) i)
SELECT 'column ' || of.name || ' ' || c.name || ' ' || c.type || CASE WHEN c."notnull" = 1 OR c.pk > 0
		THEN ' not null' ELSE '' END FROM of, pragma_table_info(of.name) c
UNION ALL
SELECT 'asks ' || of.name || ' ' || c.name FROM of, pragma_table_info(of.name) c
	WHERE c."notnull" = 1 AND c.dflt_value IS NULL AND c.pk = 0
UNION ALL
SELECT 'key ' || of.name || ' primary ' || group_concat(c.name, ',') FROM of, pragma_table_info(of.name) c
	WHERE c.pk > 0 GROUP BY of.name
UNION ALL
SELECT 'key ' || of.name || ' refers ' || f."from" || ' ' || f."table" || coalesce(' ' || f."to", '')
	FROM of, pragma_foreign_key_list(of.name) f
UNION ALL
SELECT 'key ' || t || ' unique ' || cols || CASE partial WHEN 1 THEN ' partial' ELSE '' END FROM indexes
	WHERE "unique" = 1 AND origin <> 'pk'
UNION ALL
SELECT 'index ' || t || ' ' || name || ' ' || cols FROM indexes WHERE "unique" = 0`

// words leaves out of a statement how it is laid out, its comments, and the quotes
// that SQLite puts around the new name of a table.
func words(statement string) string {
	lines := strings.Split(statement, "\n")
	for i, l := range lines {
		lines[i], _, _ = strings.Cut(l, "--")
	}
	return strings.ReplaceAll(strings.Join(strings.Fields(strings.Join(lines, " ")), ""), `"`, "")
}

// Administer runs a statement outside any transaction, as a shell would, with
// nobody else at work. Tests injure databases with it.
func (db *database) Administer(ctx context.Context, statement string) error {
	return db.write.quiet(func(c *connection) error {
		_, err := c.conn.ExecContext(ctx, statement)
		return mapError(err)
	})
}

// Identity returns whose the database is.
func (db *database) Identity(ctx context.Context) (is engine.Identity, err error) {
	err = db.write.quiet(func(c *connection) error {
		is, err = identify(ctx, c.conn, db.opts.Path)
		return err
	})
	return is, err
}

// Catalogue returns the catalogue that a script makes of an empty database.
func (Driver) Catalogue(ctx context.Context, script string) (engine.Catalogue, error) {
	db, err := sqlx.ConnectContext(ctx, "sqlite3", ":memory:")
	if err != nil {
		return engine.Catalogue{}, mapError(err)
	}
	db.SetMaxOpenConns(1) // another connection would have another memory
	db.MapperFunc(snakeCase)
	var is engine.Identity
	if _, err = db.ExecContext(ctx, script); err == nil {
		is, err = identify(ctx, db, ":memory:")
	}
	return is.Catalogue, errors.Join(mapError(err), db.Close())
}

// Apply makes a change in one transaction. Tables may be made anew in it:
// references are not looked at while it runs, and all at its end.
func (db *database) Apply(ctx context.Context, change engine.Change) error {
	return db.change(ctx, change, func(*connection) error { return nil })
}

// change makes a change and runs work in its transaction.
func (db *database) change(ctx context.Context, change engine.Change, work func(*connection) error) error {
	return db.write.quiet(func(c *connection) error {
		exec := func(ctx context.Context, statement string) error {
			_, err := c.conn.ExecContext(ctx, statement)
			return mapError(err)
		}
		if err := exec(ctx, "PRAGMA foreign_keys = OFF"); err != nil { // nothing within a transaction
			return err
		}
		err := exec(ctx, "BEGIN IMMEDIATE;\n"+change.Script)
		if err == nil {
			err = work(c)
		}
		if err == nil {
			err = c.dangling(ctx)
		}
		if err == nil {
			marks := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", change.Application,
				marked(change.Version, cmp.Or(change.Oldest, change.Version)))
			err = exec(ctx, marks)
		}
		if err == nil && change.Check != nil {
			var is engine.Identity
			if is, err = identify(ctx, c.conn, db.opts.Path); err == nil {
				err = change.Check(is)
			}
		}
		if err == nil {
			err = exec(ctx, "COMMIT")
		}
		// The caller's end must not end what has to be put right here.
		if err != nil && !c.lost() {
			err = errors.Join(err, exec(context.WithoutCancel(ctx), "ROLLBACK"))
		}
		return errors.Join(err, exec(context.WithoutCancel(ctx), "PRAGMA foreign_keys = ON"))
	})
}

// dangling refuses references that lead nowhere.
func (c *connection) dangling(ctx context.Context) error {
	var tables []string
	err := c.conn.SelectContext(ctx, &tables, `SELECT "table" FROM pragma_foreign_key_check`)
	if err == nil && len(tables) > 0 {
		err = fault.New(fault.Internal, "改造以后 %s 里有行指着不存在的行", tables[0])
	}
	return mapError(err)
}

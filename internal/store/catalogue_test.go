package store

import (
	"context"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"jifen"
	"jifen/internal/store/engine"
	"jifen/internal/store/engine/postgres"
	"jifen/internal/store/engine/sqlite"
	"jifen/internal/testkit/expect"
	"jifen/internal/testkit/pgtest"
)

//nolint:gochecknoglobals // a flag of tests
var update = flag.Bool("update", false, "write the catalogue that PostgreSQL makes into schema.postgres.catalogue")

// tablesOf makes a database of a script.
func tablesOf(t *testing.T, d engine.Driver, place, script string) engine.Engine {
	t.Helper()
	e, err := d.Open(t.Context(), engine.Options{Path: place, Create: true, Now: noon})
	must(t, "open", err)
	t.Cleanup(func() { must(t, "close", e.Close()) })
	must(t, "make the tables", e.Apply(t.Context(), engine.Change{Script: script, Application: applicationID, Version: 1}))
	return e
}

// TestTheCatalogueIsTheOneWritten holds schema.postgres.catalogue to what a server makes of
// schema.postgres.sql.
func TestTheCatalogueIsTheOneWritten(t *testing.T) {
	e := tablesOf(t, postgres.Driver{}, pgtest.Database(t), jifen.SchemaPostgres)
	is, err := e.Identity(t.Context())
	must(t, "identity", err)
	if *update {
		text := postgres.SayCatalogue(is.Catalogue)
		must(t, "write", os.WriteFile("../../schema.postgres.catalogue", []byte(text), 0o644)) //nolint:gosec // a source file
		return
	}
	said, err := postgres.Driver{}.Catalogue(t.Context(), jifen.CataloguePostgres)
	must(t, "what it says", err)
	expect.Equal(t, "catalogue (go test ./internal/store -run TheCatalogue -update writes it)", said.Parts,
		is.Catalogue.Parts)
	expect.Equal(t, "the whole of it", said.Whole, is.Catalogue.Whole)
}

// TestBothSchemasHaveTheSameTables compares columns, keys, references, checks,
// indexes and triggers of the two engines.
func TestBothSchemasHaveTheSameTables(t *testing.T) {
	t.Parallel()
	file := tablesOf(t, sqlite.Driver{}, t.TempDir()+"/t.db", jifen.Schema)
	server := tablesOf(t, postgres.Driver{}, pgtest.Database(t), jifen.SchemaPostgres)
	for what, asked := range map[string][2]string{
		"columns": {
			`SELECT m.name || '.' || c.name || ' '
				|| CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE 'text C' END
				|| CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
				FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1`,
			`SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ||
				coalesce((SELECT ' ' || l.collname FROM pg_collation l WHERE l.oid = a.attcollation), '') ||
				CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
				FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
				WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
					AND c.relname <> 'jifen_schema'
				ORDER BY 1`,
		},
		"references": {
			`SELECT m.name || '.' || f."from" || ' ' || f."table" || '.' || f."to"
				FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1`,
			`SELECT c.relname || '.' || a.attname || ' ' || f.relname || '.' || b.attname
				FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
				JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
				JOIN pg_attribute b ON b.attrelid = f.oid AND b.attnum = k.confkey[1] WHERE k.contype = 'f' ORDER BY 1`,
		},
		"unique columns": {
			`SELECT m.name || ' ' || (SELECT group_concat(coalesce(c.name, 'expression'), ',')
				FROM pragma_index_info(i.name) c) || ' ' || i.partial
				FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i."unique" = 1
					AND i.origin <> 'pk' ORDER BY 1`,
			`SELECT c.relname || ' ' || coalesce((SELECT string_agg(a.attname, ',' ORDER BY n.ord)
				FROM unnest(x.indkey) WITH ORDINALITY n (col, ord)
				JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = n.col), 'expression') || ' '
					|| (x.indpred IS NOT NULL)::int
				FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
				WHERE c.relnamespace = current_schema()::regnamespace AND x.indisunique
					AND NOT x.indisprimary ORDER BY 1`,
		},
		"indexes": {
			`SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1`,
			`SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
				WHERE i.relnamespace = current_schema()::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint k
					WHERE k.conindid = i.oid)
				ORDER BY i.relname COLLATE "C"`,
		},
		"triggers": {
			`SELECT tbl_name || ' ' || name || CASE WHEN sql LIKE '%UPDATE OF%' THEN ' of columns' ELSE '' END
				FROM sqlite_schema WHERE type = 'trigger' ORDER BY 1`,
			`SELECT c.relname || ' ' || t.tgname || CASE WHEN t.tgattr <> '' THEN ' of columns' ELSE '' END
				FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal ORDER BY 1`,
		},
	} {
		expect.Equal(t, what, strings.Join(ask(t, file, asked[0]), "\n"), strings.Join(ask(t, server, asked[1]), "\n"))
	}
	expect.Equal(t, "checks", checks(jifen.Schema), checks(jifen.SchemaPostgres))
}

func ask(t *testing.T, e engine.Engine, query string) (lines []string) {
	t.Helper()
	must(t, "ask", e.Read(context.Background(), func(r engine.Reader) error {
		return r.Each(func(rows *sqlx.Rows) error {
			var line string
			err := rows.Scan(&line)
			lines = append(lines, line)
			return err
		}, query)
	}))
	return lines
}

// checks lists the conditions of a script, in its order.
func checks(script string) string {
	return fmt.Sprint(regexp.MustCompile(`CHECK \(.*`).FindAllString(script, -1))
}

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// TestAPasswordIsShownNowhere: what people read of an address has no password in it.
func TestAPasswordIsShownNowhere(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"postgres://jifen:secret@db/jifen", "postgresql://db/jifen?user=jifen&password=secret",
		"postgres://db/jifen?sslpassword=secret", "postgres://jifen:secret@db:x/jifen",
	} {
		expect.Lacks(t, Shown(address), "secret")
	}
	expect.Equal(t, "a file", Shown("数据/a.db"), "数据/a.db")
}

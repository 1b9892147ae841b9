package enginetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// roles counts the roles that this process has made.
var roles atomic.Int64 //nolint:gochecknoglobals // tests of one process run beside each other

// statement runs a statement in the database at an address.
func statement(tb testing.TB, address, format string, args ...any) {
	tb.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(context.WithoutCancel(tb.Context()), fmt.Sprintf(format, args...)); err != nil {
		tb.Fatalf(format+": %v", append(args, err)...)
	}
}

// Confine makes a role of a database on a server that has rights to the rows of some streets
// alone, to those of none and to organisations above it, in every table that carries
// the street: any other row is for it as if it were not there. It returns the address by
// which to act in the role, and the tables.
func Confine(tb testing.TB, address string, streets ...string) (confined string, tables []string) {
	tb.Helper()
	role := fmt.Sprintf("confined_%d_%d", os.Getpid(), roles.Add(1))
	statement(tb, address, "CREATE ROLE %s", role)
	tb.Cleanup(func() {
		statement(tb, address, "DROP OWNED BY %s", role)
		statement(tb, address, "DROP ROLE %s", role)
	})
	statement(tb, address, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %s", role)
	statement(tb, address, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %s", role)
	statement(tb, address, "ALTER VIEW shown_texts SET (security_invoker = true)") // else it has its owner's rights
	tables = carrying(tb, address)
	for _, table := range tables {
		statement(tb, address, "ALTER TABLE %s ENABLE ROW LEVEL SECURITY", table)
		statement(tb, address, "CREATE POLICY %s ON %s TO %s USING (coalesce(street_id, 0) IN (0, %s))", role, table, role,
			strings.Join(streets, ", "))
	}
	at, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	parameters := at.Query()
	parameters.Set("role", role)
	at.RawQuery = parameters.Encode()
	return at.String(), tables
}

// carrying lists the tables that carry the street.
func carrying(tb testing.TB, address string) (tables []string) {
	tb.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(tb.Context(), `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relkind = 'r' AND a.attname = 'street_id' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			tb.Fatal(err)
		}
		tables = append(tables, table)
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return tables
}

// RowsOf counts the rows of a table that carry a street, as far as who asks by an address
// has the right to see them.
func RowsOf(tb testing.TB, address, table, street string) (n int) {
	tb.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(tb.Context(), "SELECT count(*) FROM "+table+" WHERE street_id = "+street).Scan(&n)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

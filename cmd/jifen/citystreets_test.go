package main

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// apart separates the ids of a street from those of the next copy of it.
const apart = 10_000_000

// repeatedTables lists what a street has; who signs in is not of it.
func repeatedTables() []string {
	return []string{
		"orgs", "org_changes", "members", "member_changes", "sealed", "affiliations", "facts", "enactments", "activities",
		"attendance", "entries", "reversals", "requests", "request_steps", "periods", "texts", "erasures", "chain_entries",
		"chain_heads", "standings", "trail",
	}
}

// repeatStreet makes so many copies of the one street of a database. It is a short cut: rows are copied
// by the server with other ids, their digests as they are, so that they take the room and the
// time of real ones and do not verify. What is recorded afterwards goes the whole way.
func repeatStreet(t *testing.T, db *sql.DB, copies int) {
	t.Helper()
	run := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a COMMIT it does nothing
	// Neither references nor triggers are asked for every row.
	for _, statement := range append([]string{"SET LOCAL session_replication_role = replica"},
		copyStatements(t, db, copies)...) {
		if _, err := tx.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	for _, table := range repeatedTables() {
		var sequence sql.NullString
		err := db.QueryRowContext(t.Context(), `SELECT pg_get_serial_sequence($1, attname) FROM pg_attribute
			WHERE attrelid = $1::regclass AND attname = 'id' AND attidentity <> ''`, table).Scan(&sequence)
		if err == nil && sequence.Valid {
			run(fmt.Sprintf("SELECT setval('%s', (SELECT max(id) FROM %s))", sequence.String, table))
		}
	}
	run("VACUUM (ANALYZE)")
	run("CHECKPOINT")
}

// copyStatements writes one statement for each table, from what the catalogue tells of its columns.
func copyStatements(t *testing.T, db *sql.DB, copies int) (out []string) {
	t.Helper()
	for _, table := range repeatedTables() {
		rows, err := db.QueryContext(t.Context(), `SELECT a.attname, a.attidentity <> '', coalesce(f.relname, '')
			FROM pg_attribute a
			LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
			LEFT JOIN pg_class f ON f.oid = k.confrelid
			WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`, table)
		if err != nil {
			t.Fatal(err)
		}
		var columns, values []string
		where := ""
		for rows.Next() {
			var column, leads string
			var identity bool
			if err := rows.Scan(&column, &identity, &leads); err != nil {
				t.Fatal(err)
			}
			columns = append(columns, column)
			values = append(values, copied(table, column, leads, identity))
			if table == "trail" && column == "street_id" || table == "chain_heads" && column == "org_id" {
				where = " WHERE t." + column + " > 0"
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil { //nolint:sqlclosecheck // a loop over tables
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM generate_series(1, %d) k, %s t%s",
			table, strings.Join(columns, ", "), strings.Join(values, ", "), copies, table, where))
	}
	return out
}

// copied writes what stands in a column of copy k.
func copied(table, column, leads string, identity bool) string {
	shifted := fmt.Sprintf("CASE WHEN t.%s > 0 THEN t.%[1]s + k * %d::bigint ELSE t.%[1]s END", column, apart)
	switch {
	case leads == "members", table == "members" && column == "id":
		return "'C' || k || t." + column
	case table == "orgs" && column == "path":
		return fmt.Sprintf(`(SELECT string_agg((p::bigint + k * %d::bigint)::text || '.', '' ORDER BY n)
			FROM regexp_split_to_table(rtrim(t.path, '.'), '\.') WITH ORDINALITY x (p, n))`, apart)
	case table == "orgs" && column == "name":
		return "CASE WHEN t.level = '街道' THEN t.name || k ELSE t.name END"
	case leads == "accounts":
		return "t." + column
	case leads != "", identity, column == "street_id", column == "org_id", column == "chain_id", column == "row_id":
		return shifted
	}
	return "t." + column
}

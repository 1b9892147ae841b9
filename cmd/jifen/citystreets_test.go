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

// repeatStreet makes so many copies of the one street of a database, a file or one on a server.
// It is a short cut: rows are copied by the database with other ids, their digests as they are,
// so that they take the room and the time of real ones and do not verify. What is recorded
// afterwards goes the whole way.
func repeatStreet(tb testing.TB, db *sql.DB, copies int) {
	tb.Helper()
	e := repeaterOf(db)
	tx, err := db.BeginTx(tb.Context(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a COMMIT it does nothing
	for _, statement := range append(e.before, e.copyStatements(tb, tx, copies)...) {
		if _, err := tx.ExecContext(tb.Context(), statement); err != nil {
			tb.Fatalf("%s: %v", statement, err)
		}
	}
	if err := tx.Commit(); err != nil {
		tb.Fatal(err)
	}
	after := e.after
	for _, table := range repeatedTables() {
		if e.sequence == "" {
			break
		}
		var sequence sql.NullString
		err := db.QueryRowContext(tb.Context(), e.sequence, table).Scan(&sequence)
		if err == nil && sequence.Valid {
			after = append([]string{fmt.Sprintf("SELECT setval('%s', (SELECT max(id) FROM %s))", sequence.String, table)},
				after...)
		}
	}
	for _, statement := range after {
		if _, err := db.ExecContext(tb.Context(), statement); err != nil {
			tb.Fatalf("%s: %v", statement, err)
		}
	}
}

// repeater holds what differs between databases that repeat a street by themselves.
type repeater struct {
	before   []string // neither references nor triggers are asked for every row
	columns  string   // asks of a table: name, whether numbers are given, the table that it leads to
	sequence string   // asks of a table; "" where there are none
	copies   string   // of so many
	after    []string
}

func repeaterOf(db *sql.DB) repeater {
	if strings.Contains(fmt.Sprintf("%T", db.Driver()), "SQLite") {
		return repeater{
			columns: `SELECT a.name, a.name = 'id' AND a.type = 'INTEGER', coalesce(f."table", '')
				FROM pragma_table_info(?) a LEFT JOIN pragma_foreign_key_list(?) f ON f."from" = a.name ORDER BY a.cid`,
			copies: "(WITH RECURSIVE n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < %d) SELECT k FROM n)",
			after:  []string{"ANALYZE"},
		}
	}
	return repeater{
		before: []string{"SET LOCAL session_replication_role = replica"},
		columns: `SELECT a.attname, a.attidentity <> '', coalesce(f.relname, '') FROM pg_attribute a
			LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
			LEFT JOIN pg_class f ON f.oid = k.confrelid
			WHERE a.attrelid = $1::text::regclass AND $2::text <> '' AND a.attnum > 0 AND NOT a.attisdropped
			ORDER BY a.attnum`,
		sequence: `SELECT pg_get_serial_sequence($1, attname) FROM pg_attribute
			WHERE attrelid = $1::regclass AND attname = 'id' AND attidentity <> ''`,
		copies: "(SELECT k FROM generate_series(1, %d::bigint) n (k))",
		after:  []string{"VACUUM (ANALYZE)", "CHECKPOINT"},
	}
}

// copyStatements writes one statement for each table, from what the catalogue tells of its columns.
func (e *repeater) copyStatements(tb testing.TB, tx *sql.Tx, copies int) (out []string) {
	tb.Helper()
	for _, table := range repeatedTables() {
		rows, err := tx.QueryContext(tb.Context(), e.columns, table, table)
		if err != nil {
			tb.Fatal(err)
		}
		var columns, values []string
		where := ""
		for rows.Next() {
			var column, leads string
			var identity bool
			if err := rows.Scan(&column, &identity, &leads); err != nil {
				tb.Fatal(err)
			}
			columns = append(columns, column)
			values = append(values, copied(table, column, leads, identity))
			if table == "trail" && column == "street_id" || table == "chain_heads" && column == "org_id" {
				where = " WHERE t." + column + " > 0"
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil { //nolint:sqlclosecheck // a loop over tables
			tb.Fatal(err)
		}
		out = append(out, fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM "+e.copies+" k, %s t%s",
			table, strings.Join(columns, ", "), strings.Join(values, ", "), copies, table, where))
	}
	return out
}

// copied writes what stands in a column of copy k.
func copied(table, column, leads string, identity bool) string {
	shifted := fmt.Sprintf("CASE WHEN t.%s > 0 THEN t.%[1]s + k * %d ELSE t.%[1]s END", column, apart)
	switch {
	case leads == "members", table == "members" && column == "id":
		return "'C' || k || t." + column
	case table == "orgs" && column == "path":
		return fmt.Sprintf(`(SELECT string_agg((a.id + k * %d) || '.', '' ORDER BY length(a.path))
			FROM orgs a WHERE substr(t.path, 1, length(a.path)) = a.path)`, apart)
	case table == "orgs" && column == "name":
		return "CASE WHEN t.level = '街道' THEN t.name || k ELSE t.name END"
	case leads == "accounts":
		return "t." + column
	case leads != "", identity, column == "street_id", column == "org_id", column == "chain_id", column == "row_id":
		return shifted
	}
	return "t." + column
}

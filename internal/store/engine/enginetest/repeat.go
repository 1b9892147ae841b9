package enginetest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// apart separates the ids of what is there from those of the next copy of it.
const apart = 10_000_000

// ofStreets lists the tables of which a street has rows, accounts and their roles among
// them; what opens a door (tokens, sessions) is not copied.
func ofStreets() []string {
	return []string{
		"orgs", "org_changes", "members", "member_changes", "sealed", "affiliations", "facts", "drafts", "withdrawals",
		"enactments", "activities", "attendance", "entries", "reversals", "change_reversals", "acts_seen", "requests",
		"request_steps",
		"periods", "texts",
		"erasures", "chain_entries", "chain_heads", "standings", "trail", "accounts", "account_changes", "assignments",
		"replies",
	}
}

// Repeat makes so many copies of all streets of a database, each with what stands above
// them. It is a short cut: rows are copied by the server with other ids, their digests
// as they are, so that they take the room and the time of real ones and do not verify.
// What is recorded afterwards goes the whole way, and takes the ids that it would take
// without the copies.
func Repeat(tb testing.TB, address string, copies int) {
	tb.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := repeat(tb.Context(), db, copies); err != nil {
		tb.Fatal(err)
	}
}

func repeat(ctx context.Context, db *sql.DB, copies int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a COMMIT it does nothing
	// Neither references nor triggers are asked for every row.
	if _, err := tx.ExecContext(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
		return err
	}
	for _, table := range ofStreets() {
		statement, err := copying(ctx, tx, table, copies)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM (ANALYZE)")
	return err
}

// copying writes the statement for a table, from what the catalogue tells of its columns.
func copying(ctx context.Context, tx *sql.Tx, table string, copies int) (string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT a.attname, a.attidentity <> '', coalesce(f.relname, '')
		FROM pg_attribute a
		LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
		LEFT JOIN pg_class f ON f.oid = k.confrelid
		WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`, table)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	var columns, values []string
	where := ""
	for rows.Next() {
		var column, leads string
		var identity bool
		if err := rows.Scan(&column, &identity, &leads); err != nil {
			return "", err
		}
		columns, values = append(columns, column), append(values, copied(table, column, leads, identity))
		if table == "trail" && column == "street_id" || table == "chain_heads" && column == "org_id" {
			where = " WHERE t." + column + " > 0"
		}
	}
	return fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM generate_series(1, %d) k, %s t%s", table,
		strings.Join(columns, ", "), strings.Join(values, ", "), copies, table, where), rows.Err()
}

// copied writes what stands in a column of copy k.
func copied(table, column, leads string, identity bool) string {
	switch {
	case leads == "members", table == "members" && column == "id":
		return "'C' || k || t." + column
	case table == "orgs" && column == "path":
		return fmt.Sprintf(`(SELECT string_agg((p::bigint + k * %d::bigint)::text || '.', '' ORDER BY n)
			FROM regexp_split_to_table(rtrim(t.path, '.'), '\.') WITH ORDINALITY x (p, n))`, apart)
	case table == "orgs" && column == "name":
		return "CASE WHEN t.parent_id IS NULL THEN t.name || k ELSE t.name END"
	case column == "login":
		return "t.login || k"
	case leads != "", identity, column == "street_id", column == "org_id", column == "chain_id", column == "row_id",
		column == "account_id":
		return fmt.Sprintf("CASE WHEN t.%s > 0 THEN t.%[1]s + k * %d::bigint ELSE t.%[1]s END", column, apart)
	}
	return "t." + column
}

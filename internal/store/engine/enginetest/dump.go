package enginetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"jifen/internal/store/engine"
)

// Dump writes an SQLite file as text that can be read and compared: its marks, its
// tables with their rows in order, its indexes and triggers. Load makes the file
// again.
func Dump(tb testing.TB, path string) string {
	tb.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		tb.Fatal(err)
	}
	text, err := dump(tb.Context(), db)
	if err := errors.Join(err, db.Close()); err != nil {
		tb.Fatal(err)
	}
	return text
}

func dump(ctx context.Context, db *sql.DB) (string, error) {
	var b strings.Builder
	var application, version int64
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&application); err != nil {
		return "", err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return "", err
	}
	fmt.Fprintf(&b, marks, application, version)
	objects, err := texts(ctx, db, `SELECT type || '/' || name || '/' || sql FROM sqlite_schema
		WHERE sql IS NOT NULL ORDER BY type <> 'table', rowid`)
	if err != nil {
		return "", err
	}
	for _, o := range objects {
		kind, rest, _ := strings.Cut(o, "/")
		name, statement, _ := strings.Cut(rest, "/")
		b.WriteString("\n" + statement + ";\n")
		if kind != "table" {
			continue
		}
		columns, err := texts(ctx, db, "SELECT name FROM pragma_table_info('"+name+"')")
		if err != nil {
			return "", err
		}
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = "quote(" + c + ")"
		}
		rows, err := texts(ctx, db, "SELECT "+strings.Join(cells, " || ', ' || ")+" FROM "+name+
			" ORDER BY "+strings.Join(columns, ", "))
		if err != nil {
			return "", err
		}
		for _, row := range rows {
			b.WriteString("INSERT INTO " + name + " VALUES (" + row + ");\n")
		}
	}
	return b.String(), nil
}

// marks is the first line of a dump.
const marks = "-- application %d version %d\n"

// texts returns the one column of every row of a question.
func texts(ctx context.Context, db *sql.DB, query string) (out []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, rows.Err()
}

// Load makes a file of a dump.
func Load(tb testing.TB, d engine.Driver, path, text string) {
	tb.Helper()
	var application, version int64
	if _, err := fmt.Sscanf(text, marks, &application, &version); err != nil {
		tb.Fatal("this is no dump:", err)
	}
	e, err := d.Open(tb.Context(), engine.Options{Path: path, Create: true, Now: now})
	if err != nil {
		tb.Fatal(err)
	}
	err = e.Apply(tb.Context(), engine.Change{Script: text, Application: application, Version: version})
	if err := errors.Join(err, e.Close()); err != nil {
		tb.Fatal(err)
	}
}

package sqlite

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/store/engine"
)

// TestAStatementIsPlannedOnce: what is bound to a statement changes nothing of how it
// is run, on the writer's connection and on a reader's.
func TestAStatementIsPlannedOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, err := Driver{}.Open(ctx, engine.Options{Path: filepath.Join(t.TempDir(), "t.db"), Create: true, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	script := "CREATE TABLE words (word TEXT COLLATE NOCASE); CREATE INDEX words_by_word ON words (word)"
	if err := db.Apply(ctx, engine.Change{Script: script, Application: 1, Version: 1}); err != nil {
		t.Fatal(err)
	}
	// Of a prefix that it knows SQLite makes a search, of one that it does not a scan.
	plan := func(r engine.Reader) (out string) {
		var rows []struct {
			ID, Parent, Notused int64
			Detail              string
		}
		err := r.All(&rows, "EXPLAIN QUERY PLAN SELECT word FROM words WHERE word LIKE ?", "a%")
		if err != nil || len(rows) != 1 {
			t.Fatalf("%v, %v", rows, err)
		}
		return rows[0].Detail
	}
	reader := func(r engine.Reader) error {
		if p := plan(r); !strings.HasPrefix(p, "SCAN") {
			t.Errorf("a reader plans anew by what is bound: %s", p)
		}
		return nil
	}
	writer := func(w engine.Writer) error { return reader(w) }
	if err := db.Read(ctx, reader); err != nil {
		t.Error(err)
	}
	if err := db.LongRead(ctx, reader); err != nil {
		t.Error(err)
	}
	if err := db.Write(ctx, writer); err != nil {
		t.Error(err)
	}
}

package store

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/fault"
)

func TestReadyReadsOneRow(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	before := slices.Collect(maps.Keys(db.pages.stmts))
	for range 3 {
		if err := db.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var asked []string
	for query := range db.pages.stmts {
		if !slices.Contains(before, query) {
			asked = append(asked, query)
		}
	}
	if len(asked) != 1 || asked[0] != readyQuery || !strings.HasSuffix(readyQuery, "LIMIT 1") {
		t.Errorf("ready asked %q, want one row of one table", asked)
	}
}

func TestAFullDiskIsNotReady(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	now := noon()
	db.opts.Now = func() time.Time { return now }
	raw(t, db, "PRAGMA max_page_count = 1")
	big := func(tx *Tx) error {
		_, err := tx.exec("INSERT INTO settings (name, value) VALUES ('big', ?)", strings.Repeat("x", 100_000))
		return err
	}
	if err := db.Write(t.Context(), big); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("the disk is not full: %v", err)
	}
	if err := db.Ready(t.Context()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("ready after the disk was full: %v, want unavailable", err)
	}
	now = now.Add(fullFor)
	if err := db.Ready(t.Context()); err != nil {
		t.Errorf("ready a minute later: %v", err)
	}
}

package store

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// listening is an engine that notes what short reads ask.
type listening struct {
	engine.Engine
	asked []string
}

// Read implements engine.Engine.
func (l *listening) Read(ctx context.Context, f func(engine.Reader) error) error {
	return l.Engine.Read(ctx, func(r engine.Reader) error { return f(heard{r, l}) })
}

type heard struct {
	engine.Reader
	by *listening
}

// Get implements engine.Reader.
func (h heard) Get(dest any, query string, args ...any) error {
	h.by.asked = append(h.by.asked, query)
	return h.Reader.Get(dest, query, args...)
}

// All implements engine.Reader.
func (h heard) All(dest any, query string, args ...any) error {
	h.by.asked = append(h.by.asked, query)
	return h.Reader.All(dest, query, args...)
}

// Each implements engine.Reader.
func (h heard) Each(f func(*sqlx.Rows) error, query string, args ...any) error {
	h.by.asked = append(h.by.asked, query)
	return h.Reader.Each(f, query, args...)
}

func TestReadyReadsOneRow(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	l := &listening{Engine: db.engine}
	db.engine = l
	if err := db.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(l.asked) != 1 || l.asked[0] != readyQuery || !strings.HasSuffix(readyQuery, "LIMIT 1") {
		t.Errorf("ready asked %q, want one row of one table", l.asked)
	}
}

func TestAFullDiskIsNotReady(t *testing.T) {
	t.Parallel()
	now := noon()
	opts := Options{Path: filepath.Join(t.TempDir(), "t.db"), Create: true, Now: func() time.Time { return now },
		Random: zeros{}, Key: make([]byte, 32)}
	db, err := Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
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
	now = now.Add(time.Minute)
	if err := db.Ready(t.Context()); err != nil {
		t.Errorf("ready a minute later: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

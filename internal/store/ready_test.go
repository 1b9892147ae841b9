package store

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
	"jifen/internal/testkit/pgtest"
)

// listening is an engine that notes what is asked of it.
type listening struct {
	engine.Engine
	asked []string
}

// Ready implements engine.Engine.
func (l *listening) Ready(ctx context.Context, question string) (engine.Readiness, error) {
	l.asked = append(l.asked, question)
	return l.Engine.Ready(ctx, question)
}

// Read implements engine.Engine.
func (l *listening) Read(ctx context.Context, f func(engine.Reader) error) error {
	l.asked = append(l.asked, "a transaction")
	return l.Engine.Read(ctx, f)
}

func TestReadyReadsOneRow(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	l := &listening{Engine: db.engine}
	db.engine = l
	if notes, err := db.Ready(t.Context()); err != nil || len(notes) != 0 {
		t.Fatal(notes, err)
	}
	if len(l.asked) != 1 || l.asked[0] != readyQuery || !strings.HasSuffix(readyQuery, "LIMIT 1") {
		t.Errorf("ready asked %q, want one row of one table", l.asked)
	}
}

// TestReadyOnAServer asks once and is told of the row, of the server's clock, and of its
// schema.
func TestReadyOnAServer(t *testing.T) {
	t.Parallel()
	wire := pgtest.NewWire(t, pgtest.Database(t))
	off := time.Duration(0)
	opts := Options{Path: wire.Address(), Create: true, Now: func() time.Time { return time.Now().Add(off) },
		Random: zeros{},
		Keys:   []Generation{{Chain: make([]byte, 32)}}}
	db, err := Open(t.Context(), opts)
	must(t, "open", err)
	t.Cleanup(func() { must(t, "close", db.Close()) })
	says := func(when string, want ...string) {
		t.Helper()
		notes, err := db.Ready(t.Context())
		if err != nil || len(notes) != len(want) {
			t.Errorf("%s: %q, %v", when, notes, err)
			return
		}
		for i := range want {
			if !strings.Contains(notes[i], want[i]) {
				t.Errorf("%s: %q, want %q in it", when, notes[i], want[i])
			}
		}
	}
	says("in good health") // a connection is opened, and the question described
	before := wire.Asked()
	says("in good health")
	if n := wire.Asked() - before; n != 1 {
		t.Errorf("ready asks %d times, want once", n)
	}
	for _, by := range []time.Duration{-2 * time.Minute, 2 * time.Minute} {
		off = by
		says("the clock is off by "+by.String(), "时钟和数据库服务器的差大约 2 分钟")
	}
	off = 50 * time.Second
	says("the clock is a little off")
	write(t, db, func(tx *Tx) error {
		_, err := tx.exec("UPDATE jifen_schema SET version = version + 1")
		return err
	})
	says("a newer program was here", "更新版本的结构")
}

func TestAFullDiskIsNotReady(t *testing.T) {
	t.Parallel()
	now := noon()
	opts := Options{Path: filepath.Join(t.TempDir(), "t.db"), Create: true, Now: func() time.Time { return now },
		Random: zeros{}, Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}}
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
	if _, err := db.Ready(t.Context()); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("ready after the disk was full: %v, want unavailable", err)
	}
	now = now.Add(time.Minute)
	if _, err := db.Ready(t.Context()); err != nil {
		t.Errorf("ready a minute later: %v", err)
	}
	if err := db.Write(t.Context(), big); fault.CodeOf(err) != fault.Unavailable {
		t.Fatalf("the disk is not full: %v", err)
	}
	raw(t, db, "PRAGMA max_page_count = 1000000")
	write(t, db, big)
	if _, err := db.Ready(t.Context()); err != nil {
		t.Errorf("ready after something was written again: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jifen/internal/fault"
)

// zeros is chance that is none.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func noon() time.Time { return time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC) }

// fresh opens a new database; the test closes it.
func fresh(tb testing.TB, path string) *DB {
	tb.Helper()
	db, err := Open(context.Background(), Options{Path: path, Create: true, Now: noon, Random: zeros{},
		Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}})
	if err != nil {
		tb.Fatal(err)
	}
	return db
}

// temporary opens a new database that the test's end closes.
func temporary(tb testing.TB) *DB {
	tb.Helper()
	db := fresh(tb, filepath.Join(tb.TempDir(), "t.db"))
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}

// put writes one setting.
func put(tx *Tx, name string) error {
	_, err := tx.exec("INSERT INTO settings (name, value) VALUES (?, '')", name)
	return err
}

// raw runs a statement on the writer's connection, outside a transaction.
func raw(t *testing.T, db *DB, statement string) {
	t.Helper()
	shell, ok := db.engine.(interface {
		Administer(ctx context.Context, statement string) error
	})
	if !ok {
		t.Fatal("this engine has no shell")
	}
	if err := shell.Administer(context.Background(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesWhatIsNotOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Open(context.Background(), Options{Path: filepath.Join(dir, "none.db"), Now: noon, Random: zeros{},
		Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no file: %v", err)
	}
	path := filepath.Join(dir, "t.db")
	db := fresh(t, path)
	raw(t, db, "PRAGMA user_version = 99")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), Options{Path: path, Now: noon, Random: zeros{},
		Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}}); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "更新版本") {
		t.Errorf("a newer file: %v", err)
	}
	db = fresh(t, filepath.Join(dir, "u.db"))
	raw(t, db, "PRAGMA application_id = 7")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), Options{Path: filepath.Join(dir, "u.db"), Now: noon, Random: zeros{},
		Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}}); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("another program's file: %v", err)
	}
}

// BenchmarkGroupCommit writes with 64 callers who share commits, and one
// commit each.
func BenchmarkGroupCommit(b *testing.B) {
	db := temporary(b)
	n := 0
	burst := func(do func(context.Context, func(*Tx) error) error) time.Duration {
		start := time.Now()
		var wg sync.WaitGroup
		for range 64 {
			n++
			name := fmt.Sprint(n)
			wg.Go(func() {
				if err := do(context.Background(), func(tx *Tx) error { return put(tx, name) }); err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
		return time.Since(start)
	}
	var group, each time.Duration
	for b.Loop() {
		group += burst(db.Write)
		each += burst(db.Exclusive)
	}
	b.ReportMetric(float64(each)/float64(group), "×one-commit-each")
}

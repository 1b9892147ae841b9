package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit/effort"
)

// TestABackupOfWhatIsWrittenNow backs a database up again and again while
// somebody writes: each copy is of one instant and holds.
func TestABackupOfWhatIsWrittenNow(t *testing.T) {
	t.Parallel()
	effort.Whole(t, "a database is backed up again and again while somebody writes")
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "d.db")
	jifen(t, exitDone, "demo", "--db", path, "--members", "50", "--seed", "3")
	h, err := openHouse(ctx, path, false)
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if err := h.db.Write(ctx, func(tx *store.Tx) error {
				return tx.InsertTrace(domain.AuditEvent{Action: "查看个人明细"})
			}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	last := ""
	for _, name := range []string{"1.db", "2.db", "3.db"} {
		out, _ := jifen(t, exitDone, "backup", "--db", path, filepath.Join(filepath.Dir(path), name))
		if !strings.Contains(out, "环都查过") || out == last {
			t.Errorf("%s", out)
		}
		last = out
	}
	close(stop)
	writing.Wait()
	if err := h.db.Close(); err != nil {
		t.Fatal(err)
	}
	// A tampered backup is not put in the place of anything.
	bad := filepath.Join(filepath.Dir(path), "3.db")
	sqlite(t, bad, "DROP TRIGGER entries_stay",
		"UPDATE entries SET points = 9900 WHERE id = (SELECT min(id) FROM entries)", "PRAGMA journal_mode = DELETE")
	restored := filepath.Join(filepath.Dir(path), "r.db")
	if _, said := jifen(t, exitNo, "restore", bad, "--db", restored); !strings.Contains(said, "查不过") {
		t.Errorf("%s", said)
	}
	if left, err := filepath.Glob(restored + "*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := os.Stat(bad); err != nil {
		t.Error(err)
	}
}

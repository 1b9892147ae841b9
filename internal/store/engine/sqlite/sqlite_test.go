package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"jifen/internal/store/engine"
	"jifen/internal/store/engine/enginetest"
)

// TestEngine adds to what every engine must stand the ways in which SQLite loses a
// transaction for everybody in it.
func TestEngine(t *testing.T) {
	t.Parallel()
	enginetest.Run(t, enginetest.Harness{
		Driver: Driver{}, Readers: maxReaders, Long: maxLongReaders,
		Injuries: map[string]enginetest.Injury{
			"a trigger that rolls everything back": {
				Before: func(t *testing.T, e engine.Engine) {
					administer(t, e, `CREATE TEMP TRIGGER boom BEFORE INSERT ON things WHEN NEW.name IN ('11', '40')
						BEGIN SELECT RAISE(ROLLBACK, 'boom'); END`)
				},
				Refused: func(i int) bool { return i == 11 || i == 40 },
			},
			"work that ends the transaction itself": {
				Work: func(i int, w engine.Writer) error {
					if i == 20 {
						_, err := w.Exec("ROLLBACK")
						return err
					}
					return nil
				},
				Refused: func(i int) bool { return i == 20 },
			},
			"a full disk": {
				Before: func(t *testing.T, e engine.Engine) { administer(t, e, "PRAGMA max_page_count = 1") },
				Work: func(i int, w engine.Writer) error {
					big := strings.Repeat("x", i%3*40_000)
					_, err := w.Exec("INSERT INTO things (name, value) VALUES (?, ?)", fmt.Sprint("big", i), big)
					return err
				},
			},
			"commits that fail": {
				Before: func(t *testing.T, e engine.Engine) { // SQLite turns such a COMMIT into a ROLLBACK
					var n atomic.Int32
					onCommit(t, e, func(*sqlite3.SQLiteConn) int {
						if n.Add(1)%3 == 1 {
							return 1
						}
						return 0
					})
				},
			},
		},
	})
}

func administer(t *testing.T, e engine.Engine, statement string) {
	t.Helper()
	if err := e.(*database).Administer(context.Background(), statement); err != nil {
		t.Fatal(err)
	}
}

// onCommit has SQLite ask before every commit of the writer; 1 refuses it.
func onCommit(t *testing.T, e engine.Engine, ask func(*sqlite3.SQLiteConn) int) {
	t.Helper()
	err := e.(*database).write.quiet(func(c *connection) error {
		c.raw.RegisterCommitHook(func() int { return ask(c.raw) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestManyCallersShareACommit(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "t.db")
	opened, err := Driver{}.Open(ctx, engine.Options{Path: path, Create: true, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	db := opened.(*database)
	made := engine.Change{Script: "CREATE TABLE things (name TEXT)", Application: 1, Version: 1}
	if err := db.Apply(ctx, made); err != nil {
		t.Fatal(err)
	}
	var commits atomic.Int32
	onCommit(t, db, func(*sqlite3.SQLiteConn) int { commits.Add(1); return 0 })
	put := func(w engine.Writer) error { _, err := w.Exec("INSERT INTO things VALUES ('x')"); return err }
	// While one caller holds the transaction, the others queue up behind it.
	inside, leave := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		if err := db.Write(ctx, func(w engine.Writer) error { close(inside); <-leave; return put(w) }); err != nil {
			t.Error(err)
		}
	})
	<-inside
	for range 50 {
		all.Go(func() {
			if err := db.Write(ctx, put); err != nil {
				t.Error(err)
			}
		})
	}
	for len(db.write.jobs) < 50 { // all stand in the queue
		time.Sleep(time.Millisecond) //nolint:forbidigo,nolintlint // waits for a state, not for a time
	}
	close(leave)
	all.Wait()
	rows := 0
	count := func(r engine.Reader) error { return r.Get(&rows, "SELECT count(*) FROM things") }
	if err := db.Read(ctx, count); err != nil {
		t.Error(err)
	}
	if commits.Load() != 2 || rows != 51 {
		t.Errorf("%d commits for %d rows", commits.Load(), rows)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

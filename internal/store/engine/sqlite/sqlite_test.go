package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
		Place: func(t *testing.T) string { return filepath.Join(t.TempDir(), "t.db") },
		ID:    "INTEGER PRIMARY KEY",
		Anew: `CREATE TABLE things2 (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL, extra TEXT);
			INSERT INTO things2 SELECT id, name, value, 'x' FROM things;
			DROP TABLE things; ALTER TABLE things2 RENAME TO things;`,
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
						if n.Add(1)%4 != 0 { // so often that nobody is saved by being run again
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

// things is a database with a table, and a count of its commits.
func things(t *testing.T) (*database, *atomic.Int32) {
	t.Helper()
	opened, err := Driver{}.Open(context.Background(),
		engine.Options{Path: filepath.Join(t.TempDir(), "t.db"), Create: true, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	db := opened.(*database)
	made := engine.Change{Script: "CREATE TABLE things (name TEXT)", Application: 1, Version: 1}
	if err := db.Apply(context.Background(), made); err != nil {
		t.Fatal(err)
	}
	var commits atomic.Int32
	onCommit(t, db, func(*sqlite3.SQLiteConn) int { commits.Add(1); return 0 })
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db, &commits
}

func put(w engine.Writer) error {
	_, err := w.Exec("INSERT INTO things VALUES ('x')")
	return err
}

// together runs work that stands in the queue all at once, behind one that puts a row
// in, and returns the error of each and how many rows there are then.
func together(t *testing.T, db *database, work []func(engine.Writer) error) (errs []error, rows int) {
	t.Helper()
	ctx := context.Background()
	errs = make([]error, len(work))
	inside, leave := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		once := sync.OnceFunc(func() { close(inside); <-leave })
		if err := db.Write(ctx, func(w engine.Writer) error { once(); return put(w) }); err != nil {
			t.Error(err)
		}
	})
	<-inside
	for i := range work {
		all.Go(func() { errs[i] = db.Write(ctx, work[i]) })
	}
	for len(db.write.jobs) < len(work) { // all stand in the queue
		time.Sleep(time.Millisecond) //nolint:forbidigo,nolintlint // waits for a state, not for a time
	}
	close(leave)
	all.Wait()
	count := func(r engine.Reader) error { return r.Get(&rows, "SELECT count(*) FROM things") }
	if err := db.Read(ctx, count); err != nil {
		t.Error(err)
	}
	return errs, rows
}

func TestManyCallersShareACommit(t *testing.T) {
	t.Parallel()
	db, commits := things(t)
	errs, rows := together(t, db, slices.Repeat([]func(engine.Writer) error{put}, 50))
	if err := errors.Join(errs...); err != nil || commits.Load() != 2 || rows != 51 {
		t.Errorf("%d commits for %d rows, %v", commits.Load(), rows, err)
	}
}

// TestWhoFailsTakesNobodyAlong: of those who share a commit some fail before they have
// written, some after; the others are kept in one commit, and are run again only where
// somebody had written.
func TestWhoFailsTakesNobodyAlong(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	for _, c := range []struct {
		name  string
		fails func(engine.Writer) error
		runs  int32 // of each of the others
	}{
		{"before", func(engine.Writer) error { return refused }, 1},
		{"after", func(w engine.Writer) error { return errors.Join(put(w), refused) }, 2},
		{"after a question that writes", func(w engine.Writer) error {
			var name string
			return errors.Join(w.Get(&name, "INSERT INTO things VALUES ('y') RETURNING name"), refused)
		}, 2},
		{"panic", func(w engine.Writer) error { _ = put(w); panic("x") }, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, commits := things(t)
			var runs atomic.Int32
			work := slices.Repeat([]func(engine.Writer) error{
				func(w engine.Writer) error { runs.Add(1); return put(w) }}, 50)
			for i := 9; i < len(work); i += 10 {
				work[i] = c.fails
			}
			errs, rows := together(t, db, work)
			for i, err := range errs {
				if (err != nil) != (i%10 == 9) {
					t.Errorf("%d: %v", i, err)
				}
			}
			// Who came first fails alone, or the first pass ends before the last ran.
			if n := runs.Load(); n < 45 || n > c.runs*45 {
				t.Errorf("45 pieces of work ran %d times", n)
			}
			if commits.Load() != 2 || rows != 46 {
				t.Errorf("%d commits for %d rows", commits.Load(), rows)
			}
		})
	}
}

// killed is the argument by which the tests' program applies a change to a file and
// is killed in one of its statements.
const killed = "apply-and-be-killed"

func TestMain(m *testing.M) {
	if i := slices.Index(os.Args, killed); i > 0 {
		applyAndBeKilled(os.Args[i+1], os.Args[i+2])
	}
	os.Exit(m.Run())
}

// statements are those of a change that makes a table anew, and fills another.
func statements() []string {
	return []string{
		"CREATE TABLE things2 (id INTEGER PRIMARY KEY, name TEXT NOT NULL, extra TEXT NOT NULL DEFAULT '')",
		"INSERT INTO things2 (id, name) SELECT id, name FROM things",
		"DROP TABLE things",
		"ALTER TABLE things2 RENAME TO things",
		"CREATE TABLE more (id INTEGER PRIMARY KEY)",
		"INSERT INTO more SELECT id FROM things",
		"CREATE INDEX things_by_name ON things (name)",
	}
}

// applyAndBeKilled applies the statements as another process, which ends itself as
// a power cut would after so many of them.
func applyAndBeKilled(path, after string) {
	e, err := Driver{}.Open(context.Background(), engine.Options{Path: path, Now: time.Now})
	if err == nil {
		err = e.(*database).write.quiet(func(c *connection) error {
			return c.raw.RegisterFunc("die", func() int64 {
				if self, err := os.FindProcess(os.Getpid()); err == nil {
					_ = self.Kill()
				}
				select {} // until it arrives
			}, false)
		})
	}
	if err == nil {
		script := ""
		for i, s := range statements() {
			script += s + ";\n"
			if fmt.Sprint(i+1) == after {
				script += "SELECT die();\n"
			}
		}
		err = e.Apply(context.Background(), engine.Change{Script: script, Application: 1, Version: 2})
	}
	fmt.Fprintln(os.Stderr, "not killed after", after, err)
	os.Exit(3)
}

func TestAChangeKilledInAnyStatementNeverWas(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for after := range len(statements()) {
		path := filepath.Join(t.TempDir(), "t.db")
		e, err := Driver{}.Open(ctx, engine.Options{Path: path, Create: true, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		const script = `CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
			INSERT INTO things VALUES (1, 'a'), (2, 'b')`
		if err := e.Apply(ctx, engine.Change{Script: script, Application: 1, Version: 1}); err != nil {
			t.Fatal(err)
		}
		was, err := e.Identity(ctx)
		if err := errors.Join(err, e.Close()); err != nil {
			t.Fatal(err)
		}
		rows := enginetest.Dump(t, path)
		out, err := exec.CommandContext(ctx, os.Args[0], killed, path, fmt.Sprint(after+1)).CombinedOutput()
		var ended *exec.ExitError
		if !errors.As(err, &ended) || ended.ExitCode() != -1 {
			t.Fatalf("it was not killed: %v, %s", err, out)
		}
		if e, err = (Driver{}).Open(ctx, engine.Options{Path: path, Now: time.Now}); err != nil {
			t.Fatal(err)
		}
		if is, err := e.Identity(ctx); err != nil || is != was {
			t.Errorf("killed after %d statements: %+v, %v", after+1, is, err)
		}
		whole := engine.Change{Script: strings.Join(statements(), ";"), Application: 1, Version: 2}
		if err := e.Apply(ctx, whole); err != nil {
			t.Errorf("killed after %d statements, and again: %v", after+1, err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if rows == enginetest.Dump(t, path) {
			t.Error("the change does nothing: the case shows nothing")
		}
	}
}

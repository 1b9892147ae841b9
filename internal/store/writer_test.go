package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
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
	db, err := Open(context.Background(), Options{Path: path, Create: true, Now: noon, Random: zeros{}})
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

// kept lists the settings that are there.
func kept(tb testing.TB, db *DB) map[string]bool {
	tb.Helper()
	var names []string
	if err := db.Read(context.Background(), func(v *Snapshot) error { return v.all(&names, "SELECT name FROM settings") }); err != nil {
		tb.Fatal(err)
	}
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out
}

// crowd lets 64 callers write a row each at once and returns what each was
// told. work says what caller i does besides.
func crowd(db *DB, context func(i int) context.Context, work func(i int, tx *Tx) error) []error {
	told := make([]error, 64)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range told {
		wg.Go(func() {
			<-start
			told[i] = db.Write(context(i), func(tx *Tx) error {
				if err := put(tx, fmt.Sprint(i)); err != nil {
					return err
				}
				return work(i, tx)
			})
		})
	}
	close(start)
	wg.Wait()
	return told
}

func background(int) context.Context { return context.Background() }

// holdsItsWord checks, after the file was closed and opened again, that what
// was acknowledged is there and what was refused is not.
func holdsItsWord(t *testing.T, path string, told []error) {
	t.Helper()
	db := fresh(t, path)
	have := kept(t, db)
	for i, err := range told {
		if name := fmt.Sprint(i); (err == nil) != have[name] {
			t.Errorf("caller %s was told %v, its row is there: %v", name, err, have[name])
		}
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func TestAcknowledgedIsDurableRefusedIsAbsent(t *testing.T) {
	t.Parallel()
	nothing := func(int, *Tx) error { return nil }
	for name, c := range map[string]struct {
		before  func(t *testing.T, db *DB)
		context func(i int) context.Context
		work    func(i int, tx *Tx) error
		refused func(i int) bool // nil: some, it does not matter which
	}{
		"nothing goes wrong": {work: nothing, refused: func(int) bool { return false }},
		"an error":           {work: func(i int, _ *Tx) error { return odd(i) }, refused: func(i int) bool { return i%2 == 1 }},
		"a panic": {work: func(i int, _ *Tx) error {
			if i%7 == 3 {
				panic("boom")
			}
			return nil
		}, refused: func(i int) bool { return i%7 == 3 }},
		"a cancelled caller": {context: func(i int) context.Context {
			ctx, cancel := context.WithCancel(context.Background())
			if i%5 == 0 {
				cancel()
			}
			context.AfterFunc(ctx, cancel)
			return ctx
		}, work: nothing, refused: func(i int) bool { return i%5 == 0 }},
		"a trigger that rolls everything back": {before: func(t *testing.T, db *DB) {
			raw(t, db, "CREATE TEMP TRIGGER boom BEFORE INSERT ON settings WHEN NEW.name IN ('11', '40') BEGIN SELECT RAISE(ROLLBACK, 'boom'); END")
		}, work: nothing, refused: func(i int) bool { return i == 11 || i == 40 }},
		"work that ends the transaction itself": {work: func(i int, tx *Tx) error {
			if i == 20 {
				_, err := tx.exec("ROLLBACK")
				return err
			}
			return nil
		}, refused: func(i int) bool { return i == 20 }},
		"a full disk": {before: func(t *testing.T, db *DB) {
			raw(t, db, "PRAGMA max_page_count = 1")
		}, work: func(i int, tx *Tx) error {
			_, err := tx.exec("INSERT INTO settings (name, value) VALUES (?, ?)", fmt.Sprint("big", i), strings.Repeat("x", i%3*40_000))
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "t.db")
			db := fresh(t, path)
			if c.before != nil {
				c.before(t, db)
			}
			if c.context == nil {
				c.context = background
			}
			told := crowd(db, c.context, c.work)
			if err := db.Close(); err != nil {
				t.Error(err)
			}
			n := 0
			for i, err := range told {
				if err != nil {
					n++
				}
				if c.refused != nil && (err != nil) != c.refused(i) {
					t.Errorf("caller %d was told %v", i, err)
				}
			}
			if c.refused == nil && n == 0 {
				t.Error("nobody was refused: the case does not do what its name says")
			}
			holdsItsWord(t, path, told)
		})
	}
}

func odd(i int) error {
	if i%2 == 1 {
		return fault.New(fault.Invalid, "不行")
	}
	return nil
}

// raw runs a statement on the writer's connection, outside a transaction.
func raw(t *testing.T, db *DB, statement string) {
	t.Helper()
	if _, err := db.write.conn.conn.ExecContext(context.Background(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestFailingCommitKeepsNothingThatWasNotAcknowledged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	db := fresh(t, path)
	var n atomic.Int32
	db.write.conn.raw.RegisterCommitHook(func() int { // SQLite turns this COMMIT into a ROLLBACK
		if n.Add(1)%3 == 1 {
			return 1
		}
		return 0
	})
	told := crowd(db, background, func(int, *Tx) error { return nil })
	db.write.conn.raw.RegisterCommitHook(nil)
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	holdsItsWord(t, path, told)
	refused := 0
	for _, err := range told {
		if err != nil {
			refused++
		}
	}
	if refused == 0 {
		t.Error("no commit failed for good")
	}
}

func TestManyCallersShareACommit(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	commits := 0
	db.write.conn.raw.RegisterCommitHook(func() int { commits++; return 0 })
	// While one caller holds the transaction, the others queue up behind it.
	inside, leave := make(chan struct{}), make(chan struct{})
	var first sync.WaitGroup
	first.Go(func() {
		if err := db.Write(context.Background(), func(tx *Tx) error { close(inside); <-leave; return put(tx, "first") }); err != nil {
			t.Error(err)
		}
	})
	<-inside
	var rest sync.WaitGroup
	for i := range 50 {
		rest.Go(func() {
			if err := db.Write(context.Background(), func(tx *Tx) error { return put(tx, fmt.Sprint(i)) }); err != nil {
				t.Error(err)
			}
		})
	}
	for len(db.write.jobs) < 50 { // all stand in the queue
		time.Sleep(time.Millisecond) //nolint:forbidigo,nolintlint // waits for a state, not for a time
	}
	close(leave)
	first.Wait()
	rest.Wait()
	if commits != 2 || len(kept(t, db)) != 51 {
		t.Errorf("%d commits for %d rows", commits, len(kept(t, db)))
	}
}

func TestWriteWithinWriteIsRefused(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	err := db.Write(context.Background(), func(tx *Tx) error {
		return db.Write(context.Background(), func(tx *Tx) error { return put(tx, "inner") })
	})
	if fault.CodeOf(err) != fault.Internal || len(kept(t, db)) != 0 {
		t.Errorf("told %v, kept %v", err, kept(t, db))
	}
}

func TestExclusiveIsAlone(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	var inside atomic.Int32
	check := func(tx *Tx, name string) error {
		if inside.Add(1) != 1 {
			return errors.New("not alone")
		}
		defer inside.Add(-1)
		return put(tx, name)
	}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			do := db.Write
			if i%4 == 0 {
				do = db.Exclusive
			}
			if err := do(context.Background(), func(tx *Tx) error { return check(tx, fmt.Sprint(i)) }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(kept(t, db)) != 20 {
		t.Errorf("%d rows", len(kept(t, db)))
	}
}

func TestReadsCannotWriteAndSeeOneInstant(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	if err := db.Write(context.Background(), func(tx *Tx) error { return put(tx, "a") }); err != nil {
		t.Fatal(err)
	}
	err := db.Read(context.Background(), func(v *Snapshot) error {
		var n int
		if err := v.get(&n, "SELECT count(*) FROM settings"); err != nil || n != 1 {
			return fmt.Errorf("%d rows, %w", n, err)
		}
		if err := db.Write(context.Background(), func(tx *Tx) error { return put(tx, "b") }); err != nil {
			return err
		}
		if err := v.get(&n, "SELECT count(*) FROM settings"); err != nil || n != 1 {
			return fmt.Errorf("the view moved: %d rows, %w", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.pages.db.ExecContext(context.Background(), "INSERT INTO settings VALUES ('c', '')"); err == nil {
		t.Error("the read pool wrote")
	}
}

func TestOneProgramHoldsTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "名 字?.db")
	db := fresh(t, path)
	_, err := Open(context.Background(), Options{Path: path, Now: noon, Random: zeros{}})
	if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "正在使用") {
		t.Errorf("told %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := fresh(t, path).Close(); err != nil {
		t.Error(err)
	}
	if err := db.Write(context.Background(), func(*Tx) error { return nil }); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a closed database told %v", err)
	}
}

func TestOpenRefusesWhatIsNotOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Open(context.Background(), Options{Path: filepath.Join(dir, "none.db"), Now: noon, Random: zeros{}}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no file: %v", err)
	}
	path := filepath.Join(dir, "t.db")
	db := fresh(t, path)
	raw(t, db, "PRAGMA user_version = 99")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), Options{Path: path, Now: noon, Random: zeros{}}); fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "更新版本") {
		t.Errorf("a newer file: %v", err)
	}
	db = fresh(t, filepath.Join(dir, "u.db"))
	raw(t, db, "PRAGMA application_id = 7")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), Options{Path: filepath.Join(dir, "u.db"), Now: noon, Random: zeros{}}); fault.CodeOf(err) != fault.Invalid {
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

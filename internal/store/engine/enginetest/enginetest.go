// Package enginetest says in tests what an engine must do, whatever database is
// behind it.
package enginetest

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

	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// Harness is an engine under test.
type Harness struct {
	Driver   engine.Driver
	Place    func(t *testing.T) string // where a database can be made that is there for this test alone
	Server   bool                      // it is a server: many processes work on a database, and it has no file
	ID       string                    // the type of a column of ids that the database gives
	Anew     string                    // makes things anew with one more column, though refers leads to it
	Readers  int                       // how many may read at once
	Long     int                       // how many may read for long at once
	Injuries map[string]Injury         // ways of this engine to lose what was written
}

// Injury is something that goes wrong while 64 callers write a row each at once.
type Injury struct {
	Before  func(t *testing.T, e engine.Engine) // nil for nothing
	Caller  func(i int) context.Context         // of caller i; nil for one that never ends
	Work    func(i int, w engine.Writer) error  // besides the row of caller i; nil for nothing
	Refused func(i int) bool                    // who must be refused; nil: some, it does not matter who
}

// Run runs every test on an engine.
func Run(t *testing.T, h Harness) {
	t.Helper()
	tests := map[string]func(t *testing.T, h Harness){
		"one snapshot":          readsSeeOneInstant,
		"a number of now":       peeks,
		"long reads":            longReadsHoldNobodyUp,
		"readers":               readersDoNotWaitForEachOther,
		"write within a write":  writeWithinWrite,
		"errors":                classes,
		"placeholders and ids":  placeholdersAndIDs,
		"a row that is held":    heldRows,
		"a script":              scripts,
		"whose it is":           identities,
		"looked at beside":      beside,
		"counts":                counts,
		"a call that has ended": endedCalls,
	}
	if h.Server {
		tests["many programs"] = manyPrograms
		tests["locks"] = locks
	} else {
		tests["exclusive"] = exclusiveIsAlone
		tests["one program"] = oneProgram
		tests["a copy"] = copies
		tests["looked at"] = lookedAt
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, h)
		})
	}
	t.Run("acknowledged is durable, refused is absent", func(t *testing.T) {
		t.Parallel()
		durable(t, h)
	})
}

// The mark, the version and the one table of the tests.
const (
	mark    = 77
	version = 3
)

// things makes the one table of the tests, laid out so.
func (h Harness) things() string {
	return "CREATE TABLE things (id " + h.ID + ", name TEXT NOT NULL UNIQUE, value TEXT NOT NULL)"
}

// insertion is a question that writes: a row of a name, whose id it returns.
const insertion = "INSERT INTO things (name, value) VALUES (?, '') RETURNING id"

func now() time.Time { return time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC) }

func (h Harness) options(path string) engine.Options {
	return engine.Options{Path: path, Create: true, Now: now}
}

// open opens a file, with the table in it. The test closes it.
func (h Harness) open(t *testing.T, path string) engine.Engine {
	t.Helper()
	e, err := h.Driver.Open(context.Background(), h.options(path))
	if err != nil {
		t.Fatal(err)
	}
	is, err := e.Identity(context.Background())
	if err == nil && is.Empty {
		err = e.Apply(context.Background(), change(h.things(), version))
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// temporary opens a new file that the test's end closes.
func (h Harness) temporary(t *testing.T) engine.Engine {
	t.Helper()
	e := h.open(t, h.Place(t))
	t.Cleanup(func() { shut(t, e) })
	return e
}

func shut(t *testing.T, e engine.Engine) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// put writes one row.
func put(w engine.Writer, name string) error {
	_, err := w.Exec("INSERT INTO things (name, value) VALUES (?, '')", name)
	return err
}

// kept lists the rows that are there.
func kept(t *testing.T, e engine.Engine) map[string]bool {
	t.Helper()
	var names []string
	err := e.Read(context.Background(), func(r engine.Reader) error { return r.All(&names, "SELECT name FROM things") })
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out
}

// bothReads are the ways to read, by name.
func bothReads(e engine.Engine) map[string]func(context.Context, func(engine.Reader) error) error {
	return map[string]func(context.Context, func(engine.Reader) error) error{"short": e.Read, "long": e.LongRead}
}

func readsSeeOneInstant(t *testing.T, h Harness) {
	e := h.temporary(t)
	ctx := context.Background()
	for name, read := range bothReads(e) {
		count := func(r engine.Reader) (n int, err error) {
			err = r.Get(&n, "SELECT count(*) FROM things")
			return n, err
		}
		err := read(ctx, func(r engine.Reader) error {
			before, err := count(r)
			if err != nil {
				return err
			}
			if err := e.Write(ctx, func(w engine.Writer) error { return put(w, name) }); err != nil {
				return err
			}
			after, err := count(r)
			if before != after {
				t.Errorf("%s: %d rows, then %d in one read", name, before, after)
			}
			if wrong := r.Get(&before, insertion, "read"); wrong == nil {
				t.Errorf("%s: a read wrote", name)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if have := kept(t, e); len(have) != 2 {
		t.Errorf("kept %v", have)
	}
}

// longReadsHoldNobodyUp fills every place for long reads and works beside them.
func longReadsHoldNobodyUp(t *testing.T, h Harness) {
	e := h.temporary(t)
	ctx := context.Background()
	inside, leave := make(chan struct{}), make(chan struct{})
	var readers sync.WaitGroup
	for range h.Long {
		readers.Go(func() {
			err := e.LongRead(ctx, func(engine.Reader) error { inside <- struct{}{}; <-leave; return nil })
			if err != nil {
				t.Error(err)
			}
		})
		<-inside
	}
	if err := e.Write(ctx, func(w engine.Writer) error { return put(w, "a") }); err != nil || !kept(t, e)["a"] {
		t.Errorf("beside long reads: %v", err)
	}
	late, cancel := context.WithCancel(ctx)
	cancel()
	if err := e.LongRead(late, func(engine.Reader) error { return nil }); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("one more than there is room for: %v", err)
	}
	close(leave)
	readers.Wait()
}

// readersDoNotWaitForEachOther lets all readers at once ask what nobody asked
// before: each holds a connection and may need another to prepare its statement.
func readersDoNotWaitForEachOther(t *testing.T, h Harness) {
	e := h.temporary(t)
	var wait, inside sync.WaitGroup
	inside.Add(h.Readers)
	for range h.Readers {
		wait.Go(func() {
			err := e.Read(context.Background(), func(r engine.Reader) error {
				inside.Done()
				inside.Wait() // now every reader holds a connection
				var n int
				return r.Get(&n, "SELECT count(*) + 1 FROM things")
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

func writeWithinWrite(t *testing.T, h Harness) {
	e := h.temporary(t)
	err := e.Write(context.Background(), func(engine.Writer) error {
		return e.Write(context.Background(), func(w engine.Writer) error { return put(w, "inner") })
	})
	if fault.CodeOf(err) != fault.Internal || len(kept(t, e)) != 0 {
		t.Errorf("told %v, kept %v", err, kept(t, e))
	}
}

func exclusiveIsAlone(t *testing.T, h Harness) {
	e := h.temporary(t)
	var inside atomic.Int32
	work := func(i int) func(engine.Writer) error {
		return func(w engine.Writer) error {
			if inside.Add(1) != 1 {
				return errors.New("not alone")
			}
			defer inside.Add(-1)
			if !w.Now().Equal(now()) {
				return fmt.Errorf("it is %v", w.Now())
			}
			return put(w, fmt.Sprint(i))
		}
	}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			do := e.Write
			if i%4 == 0 {
				do = e.Exclusive
			}
			if err := do(context.Background(), work(i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(kept(t, e)) != 20 {
		t.Errorf("%d rows", len(kept(t, e)))
	}
}

func oneProgram(t *testing.T, h Harness) {
	path := filepath.Join(t.TempDir(), "名 字?.db")
	e := h.open(t, path)
	_, err := h.Driver.Open(context.Background(), h.options(path))
	if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "正在使用") {
		t.Errorf("a second one was told %v", err)
	}
	shut(t, e)
	shut(t, h.open(t, path))
	nothing := func(engine.Writer) error { return nil }
	if err := e.Write(context.Background(), nothing); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a closed database told %v", err)
	}
	_, err = h.Driver.Open(context.Background(), engine.Options{Path: path + ".none", Now: now})
	if fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no file: %v", err)
	}
}

func classes(t *testing.T, h Harness) {
	e := h.temporary(t)
	for name, c := range map[string]struct {
		work func(w engine.Writer) error
		code fault.Code
	}{
		"no row": {func(w engine.Writer) error {
			var n int
			return w.Get(&n, "SELECT id FROM things WHERE name = ?", "none")
		}, fault.NotFound},
		"a duplicate":  {func(w engine.Writer) error { return errors.Join(put(w, "a"), put(w, "a")) }, fault.Conflict},
		"no statement": {func(w engine.Writer) error { _, err := w.Exec("SELEC"); return err }, fault.Internal},
		"a NULL": {func(w engine.Writer) error {
			_, err := w.Exec("INSERT INTO things (name, value) VALUES ('b', NULL)")
			return err
		}, fault.Internal},
		"one of theirs": {func(engine.Writer) error { return fault.New(fault.TooMany, "太多") }, fault.TooMany},
		"in a row": {func(w engine.Writer) error {
			if err := put(w, "c"); err != nil {
				return err
			}
			return w.Each(func(*sqlx.Rows) error { return fault.New(fault.Forbidden, "不行") }, "SELECT id FROM things")
		}, fault.Forbidden},
	} {
		if err := e.Write(context.Background(), c.work); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v, %v", name, fault.CodeOf(err), err)
		}
	}
	if have := kept(t, e); len(have) != 0 {
		t.Errorf("kept %v", have)
	}
}

func placeholdersAndIDs(t *testing.T, h Harness) {
	e := h.temporary(t)
	err := e.Write(context.Background(), func(w engine.Writer) error {
		for want := range 3 {
			id, err := w.Insert("INSERT INTO things (name, value) VALUES (?, ?)", fmt.Sprint("n", want), "")
			if err != nil {
				return err
			}
			if id != int64(want+1) {
				t.Errorf("the id of row %d is %d", want, id)
			}
		}
		if _, err := w.Insert("INSERT INTO things (name, value) VALUES (?, ?)", "too few"); err == nil {
			t.Error("a placeholder without an argument was taken as NULL")
		}
		var names []string
		const twice = "SELECT name FROM things WHERE name = ?2 OR value = ?1 AND name > ?2 ORDER BY name"
		if err := w.All(&names, twice, "", "n1"); err != nil {
			return err
		}
		if strings.Join(names, " ") != "n1 n2" {
			t.Errorf("found %v", names)
		}
		res, err := w.Exec("UPDATE things SET value = '?' WHERE name <> ?", "n0")
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 2 {
			t.Errorf("%d rows changed, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func endedCalls(t *testing.T, h Harness) {
	e := h.temporary(t)
	for name, read := range bothReads(e) {
		ctx, cancel := context.WithCancel(context.Background())
		err := read(ctx, func(r engine.Reader) error {
			cancel()
			var n int
			return r.Get(&n, "SELECT count(*) FROM things")
		})
		if fault.CodeOf(err) != fault.Unavailable {
			t.Errorf("%s: ended, and yet %v", name, err)
		}
	}
}

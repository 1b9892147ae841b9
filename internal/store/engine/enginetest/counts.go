package enginetest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// counts asks what an engine tells of its work.
func counts(t *testing.T, h Harness) {
	e := h.temporary(t)
	ctx := context.Background()
	before := e.Stats()
	no := errors.New("no")
	for _, name := range []string{"a", "b"} {
		if err := e.Write(ctx, func(w engine.Writer) error { return put(w, name) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Write(ctx, func(engine.Writer) error { return no }); !errors.Is(err, no) {
		t.Fatalf("refused work: %v", err)
	}
	after := e.Stats()
	if writes, commits := after.Writes-before.Writes, after.Commits-before.Commits; writes != 3 || commits != 2 {
		t.Errorf("of two pieces of work and one refused: %d pieces, %d commits", writes, commits)
	}
	if after.Queued != 0 || after.Reads.InUse != 0 || after.LongReads.InUse != 0 {
		t.Errorf("nobody is at work: %+v", after)
	}
	if after.Reads.Max != h.Readers || after.LongReads.Max != h.Long || after.LongReads.Waits != 0 {
		t.Errorf("places: %+v", after)
	}
	inside, leave := make(chan struct{}), make(chan struct{})
	var readers sync.WaitGroup
	for range h.Long {
		readers.Go(func() {
			if err := e.LongRead(ctx, func(engine.Reader) error { inside <- struct{}{}; <-leave; return nil }); err != nil {
				t.Error(err)
			}
		})
		<-inside
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := e.LongRead(gone, func(engine.Reader) error { return nil }); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("one more than there is room for: %v", err)
	}
	if is := e.Stats().LongReads; is.InUse != h.Long || is.Waits != 1 {
		t.Errorf("every place taken and one who waited: %+v", is)
	}
	close(leave)
	readers.Wait()
}

// peeks lets many raise a number, each of whom must find it as high as he left it, and
// never lower than before.
func peeks(t *testing.T, h Harness) {
	e := h.temporary(t)
	ctx := context.Background()
	if err := e.Write(ctx, func(w engine.Writer) error {
		_, err := w.Exec("INSERT INTO things (name, value) VALUES ('a', '0'), ('b', 'x')")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	peek := func(name string) (value string) {
		if err := e.Peek(&value, "SELECT value FROM things WHERE name = ?", name); err != nil {
			t.Error(err)
		}
		return value
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			last := 0
			for range 50 {
				mine := 0
				err := e.Write(ctx, func(w engine.Writer) error {
					var value string
					if err := w.Hold(&value, "SELECT value FROM things WHERE name = 'a'"); err != nil {
						return err
					}
					if err := raise(w, "a"); err != nil {
						return err
					}
					return w.Get(&mine, "SELECT CAST(value AS integer) FROM things WHERE name = 'a'")
				})
				if err != nil {
					t.Error(err)
				}
				found, err := strconv.Atoi(peek("a"))
				if err != nil || found < mine || found < last {
					t.Errorf("found %d, %v; left at %d, found before %d", found, err, mine, last)
				}
				if last = found; peek("b") != "x" {
					t.Error("another question has the answer of the first")
				}
			}
		})
	}
	all.Wait()
	if found := peek("a"); found != "400" {
		t.Errorf("raised 400 times: %s", found)
	}
	var value string
	if err := e.Peek(&value, "SELECT value FROM things WHERE name = ?", "c"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no row: %v", err)
	}
}

// beside looks at a database while it is written, and after.
func beside(t *testing.T, h Harness) {
	ctx := context.Background()
	path := h.Place(t)
	e := h.open(t, path)
	look := func(when string, want int) {
		t.Helper()
		s, err := h.Driver.OpenBeside(ctx, h.options(path))
		if err != nil {
			t.Errorf("%s: %v", when, err)
			return
		}
		var n int
		if wrong := s.Read(func(r engine.Reader) error { return r.Get(&n, insertion, "beside") }); wrong == nil {
			t.Errorf("%s: it can be written", when)
		}
		err = s.Read(func(r engine.Reader) error { return r.Get(&n, "SELECT count(*) FROM things") })
		if err = errors.Join(err, s.Close()); err != nil || n != want {
			t.Errorf("%s: %d rows, want %d, %v", when, n, want, err)
		}
	}
	look("nothing is written", 0)
	if err := e.Write(ctx, func(w engine.Writer) error { return put(w, "a") }); err != nil {
		t.Fatal(err)
	}
	look("written a moment ago", 1)
	shut(t, e)
	look("nobody is at work", 1)
	opts := h.options(path)
	opts.Accept = func(is engine.Identity) error {
		if is.Application != mark || is.Version != version {
			t.Errorf("asked about %+v", is)
		}
		return fault.New(fault.Invalid, "不要")
	}
	if _, err := h.Driver.OpenBeside(ctx, opts); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("not accepted: %v", err)
	}
	shut(t, h.open(t, path)) // who looked holds nobody up
}

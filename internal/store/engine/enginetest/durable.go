package enginetest

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

func durable(t *testing.T, h Harness) {
	t.Helper()
	cases := map[string]Injury{
		"nothing goes wrong": {Refused: func(int) bool { return false }},
		"an error": {
			Work: func(i int, _ engine.Writer) error {
				if i%2 == 1 {
					return fault.New(fault.Invalid, "不行")
				}
				return nil
			},
			Refused: func(i int) bool { return i%2 == 1 },
		},
		"a panic": {
			Work: func(i int, _ engine.Writer) error {
				if i%7 == 3 {
					panic("boom")
				}
				return nil
			},
			Refused: func(i int) bool { return i%7 == 3 },
		},
		"a cancelled caller": {
			Caller: func(i int) context.Context {
				ctx, cancel := context.WithCancel(context.Background())
				if i%5 == 0 {
					cancel()
				}
				context.AfterFunc(ctx, cancel)
				return ctx
			},
			Refused: func(i int) bool { return i%5 == 0 },
		},
		"a statement that fails": {
			Work: func(i int, w engine.Writer) error {
				if i%9 == 2 {
					return put(w, fmt.Sprint(i)) // twice
				}
				return nil
			},
			Refused: func(i int) bool { return i%9 == 2 },
		},
	}
	for name, c := range h.Injuries {
		cases[name] = c
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h.injure(t, c)
		})
	}
}

// injure lets 64 callers write a row each at once, closes the file, opens it again,
// and looks whether what was acknowledged is there and what was refused is not.
func (h Harness) injure(t *testing.T, c Injury) {
	t.Helper()
	path := h.Place(t)
	e := h.open(t, path)
	if c.Before != nil {
		c.Before(t, e)
	}
	told := crowd(e, c)
	shut(t, e)
	e = h.open(t, path)
	have, refused := kept(t, e), 0
	for i, err := range told {
		if err != nil {
			refused++
		}
		if name := fmt.Sprint(i); (err == nil) != have[name] {
			t.Errorf("caller %s was told %v, its row is there: %v", name, err, have[name])
		}
		if c.Refused != nil && (err != nil) != c.Refused(i) {
			t.Errorf("caller %d was told %v", i, err)
		}
	}
	if c.Refused == nil && refused == 0 {
		t.Error("nobody was refused: the case does not do what its name says")
	}
	shut(t, e)
}

// crowd lets 64 callers write a row each at once and returns what each was told.
func crowd(e engine.Engine, c Injury) []error {
	told := make([]error, 64)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range told {
		wg.Go(func() {
			ctx := context.Background()
			if c.Caller != nil {
				ctx = c.Caller(i)
			}
			<-start
			told[i] = e.Write(ctx, func(w engine.Writer) error {
				if err := put(w, fmt.Sprint(i)); err != nil || c.Work == nil {
					return err
				}
				return c.Work(i, w)
			})
		})
	}
	close(start)
	wg.Wait()
	return told
}

func heldRows(t *testing.T, h Harness) {
	e := h.temporary(t)
	ctx := context.Background()
	if err := e.Write(ctx, func(w engine.Writer) error {
		_, err := w.Exec("INSERT INTO things (name, value) VALUES ('n', '0')")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	const asked = "SELECT value FROM things WHERE name = ?"
	more := func(w engine.Writer) error {
		var n int
		if err := w.Hold(&n, asked, "n"); err != nil {
			return err
		}
		_, err := w.Exec("UPDATE things SET value = ? WHERE name = ?", strconv.Itoa(n+1), "n")
		return err
	}
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if err := e.Write(ctx, more); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	err := e.Write(ctx, func(w engine.Writer) error {
		var n int
		if err := w.Hold(&n, asked, "n"); err != nil || n != 40 {
			t.Errorf("counted %d of 40, %v", n, err)
		}
		if err := w.Hold(&n, asked, "none"); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("held a row that is not there: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

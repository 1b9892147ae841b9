package enginetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

// manyPrograms lets three open one database and write into it at once.
func manyPrograms(t *testing.T, h Harness) {
	place := h.Place(t)
	var wg sync.WaitGroup
	first := h.open(t, place)
	for program := range 3 {
		e := h.open(t, place)
		wg.Go(func() {
			for i := range 20 {
				err := e.Write(context.Background(), func(w engine.Writer) error { return put(w, fmt.Sprint(program, " ", i)) })
				if err != nil {
					t.Error(err)
				}
			}
			shut(t, e)
		})
	}
	wg.Wait()
	if have := kept(t, first); len(have) != 60 {
		t.Errorf("%d rows of 60", len(have))
	}
	shut(t, first)
	nothing := func(engine.Writer) error { return nil }
	if err := first.Write(context.Background(), nothing); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a closed database told %v", err)
	}
}

// locks lets two programs raise the numbers of two rows, which they lock in one
// question, and half of which they need: nothing is lost and nobody is refused.
func locks(t *testing.T, h Harness) {
	place := h.Place(t)
	programs := []engine.Engine{h.open(t, place), h.open(t, place)}
	ctx := context.Background()
	err := programs[0].Write(ctx, func(w engine.Writer) error {
		_, err := w.Exec("INSERT INTO things (name, value) VALUES ('a', '0'), ('b', '0')")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const rounds = 50
	var wg sync.WaitGroup
	for i, e := range programs {
		for caller := range 4 {
			wg.Go(func() {
				for range rounds {
					err := e.Write(ctx, func(w engine.Writer) error {
						if ids, err := w.Lock("SELECT id FROM things WHERE name IN ('a', 'b') ORDER BY id"); err != nil || len(ids) != 2 {
							return fmt.Errorf("locked %v, %w", ids, err)
						}
						return raise(w, []string{"a", "b"}[(i+caller)%2])
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	for _, name := range []string{"a", "b"} {
		var value string
		err := programs[0].Read(ctx, func(r engine.Reader) error {
			return r.Get(&value,
				"SELECT value FROM things WHERE name = ?", name)
		})
		if err != nil || value != fmt.Sprint(4*rounds) {
			t.Errorf("%s was raised %d times to %s, %v", name, 4*rounds, value, err)
		}
	}
	for _, e := range programs {
		shut(t, e)
	}
}

// raise reads a number and writes the next one.
func raise(w engine.Writer, name string) error {
	var value string
	if err := w.Get(&value, "SELECT value FROM things WHERE name = ?", name); err != nil {
		return err
	}
	var n int
	if _, err := fmt.Sscan(value, &n); err != nil {
		return err
	}
	_, err := w.Exec("UPDATE things SET value = ? WHERE name = ?", fmt.Sprint(n+1), name)
	return err
}

package enginetest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
)

func change(script string, version int64) engine.Change {
	return engine.Change{Script: script, Application: mark, Version: version}
}

func scripts(t *testing.T, h Harness) {
	e := h.temporary(t)
	ctx := context.Background()
	if err := e.Write(ctx, func(w engine.Writer) error { return put(w, "a") }); err != nil {
		t.Fatal(err)
	}
	before, err := e.Identity(ctx)
	if err != nil || before.Empty || before.Application != mark || before.Version != version ||
		before.Oldest != version || before.Catalogue.Parts == "" {
		t.Fatalf("%+v, %v", before, err)
	}
	// One that fails at its end leaves nothing of itself.
	more := "CREATE TABLE more (id " + h.ID + "); INSERT INTO things (name, value) VALUES ('b', '');"
	if err := e.Apply(ctx, change(more+"INSERT INTO none VALUES (1);", version+1)); err == nil {
		t.Error("a script that fails was applied")
	}
	if is, err := e.Identity(ctx); err != nil || is != before || kept(t, e)["b"] {
		t.Errorf("after a script that failed: %+v, %v, %v", is, kept(t, e), err)
	}
	// A table is made anew though others refer to it; what refers to nothing is refused.
	anew := "CREATE TABLE refers (thing INTEGER NOT NULL REFERENCES things (id)); INSERT INTO refers SELECT id FROM " +
		"things;" + h.Anew
	if err := e.Apply(ctx, change(anew+"INSERT INTO refers VALUES (99);", version+1)); err == nil {
		t.Error("a reference to nothing was taken")
	}
	if err := e.Apply(ctx, change(anew, version+1)); err != nil {
		t.Fatal(err)
	}
	is, err := e.Identity(ctx)
	if err != nil || is.Version != version+1 || is.Catalogue == before.Catalogue || !kept(t, e)["a"] {
		t.Errorf("after a script: %+v, %v", is, err)
	}
	dangling := func(w engine.Writer) error { _, err := w.Exec("INSERT INTO refers VALUES (99)"); return err }
	if err := e.Write(ctx, dangling); err == nil {
		t.Error("references are not looked at any more")
	}
	// What came of it may be refused.
	no := change("DROP TABLE refers", version+2)
	no.Check = func(of engine.Identity) error {
		if of.Version != version+2 || of.Catalogue == is.Catalogue {
			t.Errorf("asked about %+v", of)
		}
		return fault.New(fault.Invalid, "不要")
	}
	if err := e.Apply(ctx, no); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("refused afterwards: %v", err)
	}
	if of, err := e.Identity(ctx); err != nil || of != is {
		t.Errorf("after it was refused: %+v, %v", of, err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := e.Apply(ended, change(more, version+2)); err == nil {
		t.Error("a script was applied for a caller who had gone")
	}
	if err := e.Write(ctx, func(w engine.Writer) error { return put(w, "c") }); err != nil {
		t.Errorf("after a caller had gone: %v", err)
	}
}

func identities(t *testing.T, h Harness) {
	ctx := context.Background()
	path := h.Place(t)
	shut(t, h.open(t, path))
	contents := func() (all []byte) {
		if h.Server {
			return nil
		}
		all, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := contents()
	no := fault.New(fault.Invalid, "不要")
	var seen []engine.Identity
	opts := h.options(path)
	opts.Accept = func(is engine.Identity) error {
		seen = append(seen, is)
		return no
	}
	if _, err := h.Driver.Open(ctx, opts); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("opened though it was not accepted: %v", err)
	}
	if _, err := h.Driver.OpenStill(ctx, opts); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("looked at though it was not accepted: %v", err)
	}
	if len(seen) == 0 || seen[0] != seen[len(seen)-1] || seen[0].Application != mark || seen[0].Version != version ||
		seen[0].Empty {
		t.Errorf("asked about %+v", seen)
	}
	if !bytes.Equal(before, contents()) {
		t.Error("a file that was not accepted is changed")
	}
	// The same catalogue is told alike, however it is laid out.
	e, err := h.Driver.Open(ctx, h.options(h.Place(t)))
	if err != nil {
		t.Fatal(err)
	}
	empty, err := e.Identity(ctx)
	if err != nil || !empty.Empty {
		t.Errorf("%+v, %v", empty, err)
	}
	spread := "-- things\n\t" + strings.NewReplacer(", ", ", -- a column\n\t", "(", "(\n\t").Replace(h.things())
	if err := e.Apply(ctx, change(spread, version)); err != nil {
		t.Fatal(err)
	}
	if is, err := e.Identity(ctx); err != nil || is != seen[0] {
		t.Errorf("%+v, %v", is, err)
	}
	if !h.Server {
		if of, err := h.Driver.Catalogue(ctx, h.things()); err != nil || of != seen[0].Catalogue {
			t.Errorf("the script makes %s, and made %s, %v", of, seen[0].Catalogue, err)
		}
	}
	shut(t, e)
}

func copies(t *testing.T, h Harness) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "t.db")
	e := h.open(t, path)
	if err := e.Write(ctx, func(w engine.Writer) error { return put(w, "a") }); err != nil {
		t.Fatal(err)
	}
	if err := e.Copy(ctx, path+".copy"); err != nil {
		t.Fatal(err)
	}
	if err := h.Driver.Copy(ctx, path, path+".beside"); err != nil { // as another program does, beside this one
		t.Fatal(err)
	}
	if err := e.Copy(ctx, path+".copy"); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("over a file that is there: %v", err)
	}
	if err := e.Write(ctx, func(w engine.Writer) error { return put(w, "b") }); err != nil {
		t.Fatal(err)
	}
	is, err := e.Identity(ctx)
	if err != nil {
		t.Fatal(err)
	}
	shut(t, e)
	for _, name := range []string{path + ".copy", path + ".beside"} {
		c := h.open(t, name)
		if have := kept(t, c); !have["a"] || have["b"] {
			t.Errorf("%s has %v", name, have)
		}
		if of, err := c.Identity(ctx); err != nil || of != is {
			t.Errorf("%s is %+v, its original %+v, %v", name, of, is, err)
		}
		err := c.LongRead(ctx, func(r engine.Reader) error {
			wrong, err := r.Integrity()
			if len(wrong) > 0 {
				t.Errorf("%s: %v", name, wrong)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		shut(t, c)
	}
}

func lookedAt(t *testing.T, h Harness) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "t.db")
	e := h.open(t, path)
	if _, err := h.Driver.OpenStill(ctx, h.options(path)); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("while a program holds it: %v", err)
	}
	shut(t, e)
	s, err := h.Driver.OpenStill(ctx, h.options(path))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Read(func(r engine.Reader) error {
		var n int
		if err := r.Get(&n, insertion, "a"); err == nil {
			t.Error("it can be written")
		}
		return r.Get(&n, "SELECT count(*) FROM things")
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := h.Driver.Open(ctx, h.options(path)); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a program begins while somebody looks: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

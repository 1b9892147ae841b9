//go:build linux

package sqlite_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
	"jifen/internal/store/engine/sqlite"
)

// TestVisitorsWriteBesideAHost: beside a host many visitors may write, nobody who must be
// alone, no second host and nobody who looks as if nothing moved; what a visitor has written
// the host finds at once. A visitor where nobody is is alone.
func TestVisitorsWriteBesideAHost(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "t.db")
	open := func(as engine.Company) (engine.Engine, error) {
		return sqlite.Driver{}.Open(ctx, engine.Options{Path: path, Create: true, Now: time.Now, Company: as})
	}
	opened := func(what string, as engine.Company) engine.Engine {
		t.Helper()
		e, err := open(as)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		return e
	}
	refused := func(what string, as engine.Company) {
		t.Helper()
		e, err := open(as)
		if err == nil {
			err = e.Close()
			t.Errorf("%s is let in, %v", what, err)
			return
		}
		if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "另一个 jifen 程序正在使用") {
			t.Errorf("%s: %v", what, err)
		}
	}
	done := func(e engine.Engine) {
		t.Helper()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
	put := func(e engine.Engine, value int64) {
		t.Helper()
		err := e.Write(ctx, func(w engine.Writer) error {
			_, err := w.Exec("INSERT INTO seen (value) VALUES (?)", value)
			return err
		})
		if err != nil {
			t.Errorf("%d is not written: %v", value, err)
		}
	}

	only := opened("a visitor where nobody is", engine.Visitor)
	if err := only.Apply(ctx, engine.Change{Script: "CREATE TABLE seen (value INTEGER NOT NULL)",
		Version: 1}); err != nil {
		t.Fatal(err)
	}
	refused("a visitor beside one who is alone", engine.Visitor)
	refused("a host beside one who is alone", engine.Host)
	done(only)

	host := opened("a host", engine.Host)
	refused("another host", engine.Host)
	refused("one who must be alone", engine.Alone)
	if _, err := (sqlite.Driver{}).OpenStill(ctx, engine.Options{Path: path, Now: time.Now}); err == nil {
		t.Error("somebody looks at it as if nothing moved")
	}
	var hosted engine.Identity
	first, err := sqlite.Driver{}.Open(ctx, engine.Options{
		Path: path, Now: time.Now, Company: engine.Visitor,
		Accept: func(is engine.Identity) error { hosted = is; return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	if !hosted.Hosted || hosted.Version != 1 {
		t.Errorf("a visitor is told %+v", hosted)
	}
	second := opened("another visitor", engine.Visitor)
	for i := range int64(20) {
		for n, e := range []engine.Engine{host, first, second} {
			put(e, 10*i+int64(n))
			var found int64
			if err := host.Peek(&found, "SELECT max(value) FROM seen"); err != nil || found != 10*i+int64(n) {
				t.Errorf("the host finds %d, %v", found, err)
			}
		}
	}
	done(second)

	// A host that stops leaves its visitors at work, and comes back beside them.
	done(host)
	put(first, 1000)
	refused("a visitor where only a visitor is", engine.Visitor)
	refused("one who must be alone beside a visitor", engine.Alone)
	host = opened("the host again", engine.Host)
	put(host, 1001)
	put(first, 1002)
	done(first)
	done(host)
	var n int64
	last := opened("one who is alone at the end", engine.Alone)
	if err := last.Peek(&n, "SELECT count(*) FROM seen"); err != nil || n != 63 {
		t.Errorf("%d rows, %v", n, err)
	}
	done(last)
}

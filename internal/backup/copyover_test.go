package backup

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/app/entries"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/store/engine/enginetest"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
	"jifen/internal/testkit/pgtest"
)

// served is a town on a file that is worked on while it is copied.
func served(t *testing.T) (town *testkit.Town, w World, path string) {
	t.Helper()
	town, f := open(t)
	path = f.Database
	v, _, err := readKey(KeyPath(path), testkit.Zeros{})
	if err == nil {
		err = town.DB.Write(t.Context(), func(tx *store.Tx) error { return tx.SealUnder(markOf(v)) })
	}
	if err != nil {
		t.Fatal(err)
	}
	post(t, town)
	return town, f.World, path
}

// rootOf opens a database, records something in it and returns the root of before.
func rootOf(t *testing.T, town *testkit.Town, w World, path string) string {
	t.Helper()
	db, _, err := w.Open(t.Context(), path, KeyPath(path))
	if err != nil {
		t.Fatal(err)
	}
	var root *Root
	err = db.LongRead(t.Context(), func(v *store.Snapshot) (err error) {
		root, err = RootOf(v)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	in := entries.EntryInput{Member: "W1", Item: "好事", On: testkit.Day(t, "2026-05-03")}
	if _, err := testkit.Over(db).Entries.Post(t.Context(), town.Clerk, in, ""); err != nil {
		t.Errorf("%s: nothing can be recorded: %v", path, err)
	}
	err = db.LongRead(t.Context(), func(v *store.Snapshot) error {
		broken, err := v.Verify()
		expect.Equal(t, "breaks afterwards", len(broken), 0)
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return root.stands()
}

// TestCopyOver copies a town that is worked on to a server and back into a file: the
// rows are the same, and so are the heads of all chains; something can be recorded in
// each.
func TestCopyOver(t *testing.T) {
	t.Chdir(t.TempDir())
	town, w, path := served(t)
	server, back := pgtest.Database(t), filepath.Join(t.TempDir(), "new", "back.db")
	want := enginetest.Dump(t, path)
	rows := int64(0)
	tell := func(_ string, n int64) { rows += n }
	for _, step := range [][2]string{{path, server}, {server, back}} {
		rows = 0
		if _, err := w.CopyOver(t.Context(), step[0], step[1], tell); err != nil {
			t.Fatal(err)
		}
		expect.Equal(t, "rows", rows, int64(strings.Count(want, "\nINSERT INTO ")))
	}
	expect.Equal(t, "rows of the file that came back", enginetest.Dump(t, back), want)
	for _, file := range []string{back, KeyPath(back), KeyPath(server), RootsPath(back)} {
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, info, err)
		}
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || strings.Contains(lies(t, filepath.Dir(path)), "copying") {
		t.Errorf("beside the source lies %v, %v", left, err)
	}
	var now *Root
	if err := town.DB.LongRead(t.Context(), func(v *store.Snapshot) (err error) {
		now, err = RootOf(v)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	expect.Equal(t, "root on the server", rootOf(t, town, w, server), now.stands())
	expect.Equal(t, "root of the file that came back", rootOf(t, town, w, back), now.stands())
	post(t, town) // the source is as it was
}

// TestCopyOverIsRefused: what is there stays as it is.
func TestCopyOverIsRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	_, w, path := served(t)
	there := filepath.Join(t.TempDir(), "there.db")
	if err := os.WriteFile(there, []byte("something"), 0o600); err != nil {
		t.Fatal(err)
	}
	full := pgtest.Database(t)
	if _, err := w.CopyOver(t.Context(), path, full, func(string, int64) {}); err != nil {
		t.Fatal(err)
	}
	keyed := filepath.Join(t.TempDir(), "keyed.db")
	if err := os.WriteFile(KeyPath(keyed), []byte(strings.Repeat("ab", 32)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	keyless := filepath.Join(t.TempDir(), "keyless.db")
	for name, c := range map[string]struct {
		from, to string
		code     fault.Code
		words    string
	}{
		"a file that is there":      {path, there, fault.Invalid, "没有动它"},
		"a database with something": {path, full, fault.Conflict, "里已经有东西"},
		"the key of another":        {path, keyed, fault.Invalid, "另一个库的密钥"},
		"no source":                 {keyless, filepath.Join(t.TempDir(), "to.db"), fault.Unavailable, "没有这个文件"},
		"an unknown kind":           {path, "mysql://x/y", fault.Invalid, "不认识"},
	} {
		_, err := w.CopyOver(t.Context(), c.from, c.to, func(string, int64) {})
		if fault.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
	text, err := os.ReadFile(there)
	expect.Equal(t, "what was there", string(text), "something")
	if err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(KeyPath(there)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key beside what was refused: %v", err)
	}
}

// TestCopyOverMayBeRunAgain: one that is interrupted leaves nothing that is believed,
// and the next one does all of it.
func TestCopyOverMayBeRunAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	_, w, path := served(t)
	for name, to := range map[string]string{
		"a server": pgtest.Database(t), "a file": filepath.Join(t.TempDir(), "to.db"),
	} {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		last := ""
		_, err := w.CopyOver(ctx, path, to, func(table string, _ int64) {
			if last = table; table == "chain_entries" {
				stop()
			}
		})
		stop()
		if err == nil {
			t.Fatalf("%s: it goes on to %s when it is told to stop", name, last)
		}
		if _, _, err := w.Open(t.Context(), to, KeyPath(path)); err == nil {
			t.Errorf("%s: half a database is opened", name)
		}
		if _, err := os.Stat(KeyPath(to)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: a key is left: %v", name, err)
		}
		if _, err := w.CopyOver(t.Context(), path, to, func(string, int64) {}); err != nil {
			t.Errorf("%s: run again: %v", name, err)
		}
	}
}

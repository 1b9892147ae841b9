package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"jifen/internal/fault"
)

// shelved makes a town in which something of everything was recorded, and lets
// its file lie.
func shelved(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "t.db")
	db := fresh(t, path)
	record(t, db, settle(t, db))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// lying tells everything about the files of a folder: names, bytes, when each
// was changed, and when the folder was.
func lying(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, name := range append([]string{"."}, names(entries)...) {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s %s", name, info.Mode(), info.ModTime())
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, " %x", content)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func names(entries []os.DirEntry) (out []string) {
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func readOnly(path string) (*ReadOnly, error) {
	return OpenReadOnly(context.Background(), Options{Path: path, Now: noon})
}

func TestReadOnlySeesAllAndWritesNothing(t *testing.T) {
	t.Parallel()
	for _, locked := range []bool{true, false} { // the lock file of former times is there or not
		path := shelved(t)
		if !locked {
			if err := os.Remove(path + ".lock"); err != nil {
				t.Fatal(err)
			}
		}
		before := lying(t, filepath.Dir(path))
		db, err := readOnly(path)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Read(func(v *Snapshot) error {
			broken, err := v.Verify()
			if len(broken) != 0 {
				t.Errorf("%+v", broken)
			}
			if err != nil {
				return err
			}
			members, err := v.Members(everybody, "")
			if len(members) != 2 {
				t.Errorf("%d members", len(members))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if during := lying(t, filepath.Dir(path)); during != before {
			t.Error("something is written while it is open")
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if after := lying(t, filepath.Dir(path)); after != before {
			t.Error("something was written")
		}
	}
}

func TestReadOnlyRefusesWhatItWouldReadWrong(t *testing.T) {
	t.Parallel()
	change := func(statement string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) { outsider(t, path, statement) }
	}
	content := func(name, text string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path+name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		before func(t *testing.T, path string)
		code   fault.Code
		want   string
	}{
		"no file": {func(t *testing.T, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}, fault.NotFound, "没有数据库文件"},
		"a WAL that was not written back": {content("-wal", "x"), fault.Unavailable, "t.db-wal 里还有没写回的"},
		"a journal of a crash":            {content("-journal", "x"), fault.Unavailable, "t.db-journal 里还有没写回的"},
		"an empty file":                   {content("", ""), fault.Invalid, "是空的"},
		"no database":                     {content("", strings.Repeat("hello ", 1000)), fault.Unavailable, "或者坏了"},
		"somebody else's database":        {change("PRAGMA application_id = 7"), fault.Invalid, "不是 jifen 的数据库"},
		"a newer program's":               {change("PRAGMA user_version = 1000"), fault.Invalid, "更新版本"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := shelved(t)
			c.before(t, path)
			_, err := readOnly(path)
			if fault.CodeOf(err) != c.code || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v: %v", fault.CodeOf(err), err)
			}
		})
	}
}

// outsider runs a statement on the file without the store, and leaves no WAL.
func outsider(t *testing.T, path, statement string) {
	t.Helper()
	other, err := sqlx.Connect("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(context.Background(), statement); err != nil {
		t.Error(err)
	}
	if err := other.Close(); err != nil {
		t.Error(err)
	}
}

// TestAWALThatIsRefusedHoldsSomething copies the file of a running server as
// people do, with the WAL and without.
func TestAWALThatIsRefusedHoldsSomething(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	raw(t, db, "PRAGMA wal_checkpoint(TRUNCATE)")
	record(t, db, s)
	to := filepath.Join(t.TempDir(), "t.db")
	for _, name := range []string{"", "-wal"} {
		content, err := os.ReadFile(db.opts.Path + name)
		if err == nil {
			err = os.WriteFile(to+name, content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := readOnly(to); fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "只读打开会漏看") {
		t.Errorf("%v", err)
	}
	if err := os.Remove(to + "-wal"); err != nil {
		t.Fatal(err)
	}
	shelf, err := readOnly(to)
	if err != nil {
		t.Fatal(err)
	}
	err = shelf.Read(func(v *Snapshot) error {
		var n int
		err := v.get(&n, "SELECT count(*) FROM entries")
		if n != 0 {
			t.Errorf("%d entries in the file alone: the case shows nothing", n)
		}
		return err
	})
	if err := errors.Join(err, shelf.Close()); err != nil {
		t.Error(err)
	}
}

func TestReadOnlyAndAServerKeepOutOfEachOthersWay(t *testing.T) {
	t.Parallel()
	path := shelved(t)
	db := fresh(t, path)
	if _, err := readOnly(path); fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "正在使用") {
		t.Errorf("looked at under a server: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	shelf, err := readOnly(path)
	if err != nil {
		t.Fatal(err)
	}
	another, err := readOnly(path)
	if err != nil {
		t.Fatal("two who look stand in each other's way:", err)
	}
	if err := another.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Open(context.Background(), Options{Path: path, Now: noon, Random: zeros{},
		Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}}); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a server starts while somebody looks: %v", err)
	}
	own := errors.New("own")
	if err := shelf.Read(func(*Snapshot) error { return own }); !errors.Is(err, own) ||
		fault.CodeOf(err) == fault.Unavailable {
		t.Errorf("%v", err)
	}
	// Whoever does not ask for the lock is found out afterwards.
	err = shelf.Read(func(*Snapshot) error {
		outsider(t, path, "INSERT INTO settings (name, value) VALUES ('x', '')")
		return nil
	})
	if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "看到的不算") {
		t.Errorf("changed meanwhile: %v", err)
	}
	if err := shelf.Close(); err != nil {
		t.Error(err)
	}
}

package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"jifen"
	"jifen/internal/fault"
	"jifen/internal/store/engine"
	"jifen/internal/store/engine/enginetest"
	"jifen/internal/store/engine/sqlite"
	"jifen/internal/store/migrations"
)

// coming is a shape that is still to come: a table more, and a column and an index
// more, for which a table is made anew.
func coming(tb testing.TB) *shape {
	tb.Helper()
	const more = "-- expands\nCREATE TABLE rooms (\n  id INTEGER PRIMARY KEY,\n  name TEXT NOT NULL\n) STRICT;\n"
	const anew = `-- expands
CREATE TABLE settings2 (name TEXT PRIMARY KEY, value TEXT NOT NULL,
		note TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO settings2 (name, value) SELECT name, value FROM settings;
DROP TABLE settings;
ALTER TABLE settings2 RENAME TO settings;
CREATE INDEX settings_by_value ON settings (value);
`
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	folder := fstest.MapFS{"0002_rooms.sql": file(more), "0003_notes.sql": file(anew)}
	steps, err := migrations.Read(folder, migrations.SQLite)
	if err != nil {
		tb.Fatal(err)
	}
	const was = "CREATE TABLE settings (\n  name  TEXT PRIMARY KEY,\n  value TEXT NOT NULL\n)"
	if !strings.Contains(jifen.Schema, was) {
		tb.Fatal("the settings are otherwise by now: this test changes them")
	}
	is := strings.Replace(was, "NOT NULL\n)", "NOT NULL,\n  note TEXT NOT NULL DEFAULT ''\n)", 1)
	schema := strings.Replace(jifen.Schema, was, is, 1) + more + "CREATE INDEX settings_by_value ON settings (value);\n"
	sh := shapeOf(sqlite.Driver{}, schema, steps)
	if len(sh.steps) != 2 || sh.version != 3 {
		tb.Fatalf("%d steps to %d", len(sh.steps), sh.version)
	}
	return sh
}

// older makes a file of the baseline in which something of everything is recorded.
func older(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "t.db")
	sh := shapeOf(sqlite.Driver{}, jifen.Schema, nil)
	db, err := sh.openDB(t.Context(), openable(path))
	if err != nil {
		t.Fatal(err)
	}
	lived(t, db, settle(t, db))
	write(t, db, func(tx *Tx) error { return put(tx, "kept") })
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func openable(path string) Options {
	return Options{Path: path, Create: true, Now: noon, Random: zeros{}, Unlined: true,
		Keys: []Generation{{Chain: make([]byte, 32)}}}
}

// beside lists the files of a database's folder but itself and its lock.
func beside(t *testing.T, path string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names(entries) {
		if name != filepath.Base(path) && name != filepath.Base(path)+".lock" {
			out = append(out, name)
		}
	}
	return out
}

func bytesOf(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// shaped refuses a file that is not wholly of a version of the coming shape.
func (sh *shape) shaped(t *testing.T, path string) (version int64) {
	t.Helper()
	e, err := sqlite.Driver{}.Open(t.Context(), engine.Options{Path: path, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	is, err := e.Identity(t.Context())
	if err == nil {
		script := jifen.Schema
		for _, s := range sh.steps[:is.Version-migrations.Baseline] {
			script += s.Script
		}
		var want engine.Catalogue
		if want, err = (sqlite.Driver{}).Catalogue(t.Context(), script); want.Same(is.Catalogue) != "" {
			t.Errorf("it says version %d and is not of it", is.Version)
		}
	}
	if err := errors.Join(err, e.Close()); err != nil {
		t.Fatal(err)
	}
	return is.Version
}

func TestAnOlderDatabaseIsBroughtToTheShape(t *testing.T) {
	t.Parallel()
	sh, path := coming(t), older(t)
	before, rows := bytesOf(t, path), enginetest.Dump(t, path)

	m, err := sh.migrateFile(t.Context(), openable(path), Extent{})
	if err != nil || m.From != 1 || m.To != 3 || strings.Join(m.Steps, " ") != "0002_rooms 0003_notes" || m.Copy != "" {
		t.Fatalf("tried: %+v, %v", m, err)
	}
	if !bytes.Equal(before, bytesOf(t, path)) || len(beside(t, path)) != 0 {
		t.Errorf("trying it changed something; beside the file lie %v", beside(t, path))
	}

	db, err := sh.openDB(t.Context(), openable(path))
	if err != nil {
		t.Fatal(err)
	}
	done := db.Migrated()
	if done == nil || done.Copy != path+".v1-2026-03-05" || done.From != 1 || done.To != 3 {
		t.Errorf("done: %+v", done)
	}
	if got := breaks(t, db); got != "" {
		t.Errorf("the chains: %s", got)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if left := beside(t, path); len(left) != 1 || left[0] != "t.db.v1-2026-03-05" {
		t.Errorf("beside the file lie %v", left)
	}
	if v := sh.shaped(t, path); v != 3 {
		t.Errorf("it is of version %d", v)
	}
	if got := enginetest.Dump(t, done.Copy); got != rows {
		t.Error("the copy is not what was before")
	}
	if got := rowsOf(enginetest.Dump(t, path)); !slices.Equal(got, withNotes(rowsOf(rows))) {
		t.Error("rows were lost or changed")
	}

	// Once is enough.
	db, err = sh.openDB(t.Context(), openable(path))
	if err != nil || db.Migrated() != nil {
		t.Fatalf("opened again: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if m, err := sh.migrateFile(t.Context(), openable(path), Extent{Write: true}); err != nil || len(m.Steps) != 0 {
		t.Errorf("migrated again: %+v, %v", m, err)
	}
}

// rowsOf are the rows of a dump, sorted: tables that were made anew come last.
func rowsOf(dump string) (out []string) {
	for part := range strings.SplitSeq(dump, "\nINSERT INTO ") {
		row, _, _ := strings.Cut(part, ");\n")
		out = append(out, row)
	}
	out = out[1:]
	slices.Sort(out)
	return out
}

// withNotes are rows of the baseline with the column that the settings get.
func withNotes(rows []string) []string {
	for i, row := range rows {
		if strings.HasPrefix(row, "settings VALUES") {
			rows[i] += ", ''"
		}
	}
	return rows
}

func TestWhatCannotBeMigratedStaysAsItWas(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		injure string // a statement on the file
		steps  func(sh *shape)
		want   []string
	}{
		"a newer program's": {injure: "PRAGMA user_version = 4", want: []string{"更新版本", "换用新版本的程序"}},
		"another program's": {injure: "PRAGMA application_id = 7", want: []string{"不是 jifen 的数据库"}},
		"made before the release": {
			injure: "PRAGMA application_id = 1785292389",
			want:   []string{"正式版以前的", "用建它的那个旧程序导出名册和台账"},
		},
		"of no version": {injure: "PRAGMA user_version = 0", want: []string{"写的结构是 0"}},
		"changed by somebody": {
			injure: "PRAGMA user_version = 3; CREATE TABLE rooms (id INTEGER)",
			want:   []string{"结构和版本 3 的不一样"},
		},
		"changed before the steps": {injure: "CREATE TABLE mine (id INTEGER)", want: []string{"没有做成", "不一样"}},
		"a broken chain": {
			injure: "DROP TRIGGER entries_stay; UPDATE entries SET points = 999 WHERE id = 1; " + triggerOf("entries_stay"),
			want:   []string{"链断了，没有改造", "“东支部”的链第", "记录第 1 行", "这一行被改过", "一共 1 处"},
		},
		"a step that fails": {
			steps: func(sh *shape) { sh.steps[1].Script += "INSERT INTO none VALUES (1);" },
			want:  []string{"第 0003 步（notes）没有做成"},
		},
		"a step that leads elsewhere": {
			steps: func(sh *shape) { sh.steps[1].Script += "DROP TABLE rooms;" }, want: []string{"没有做成", "不一样"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sh, path := coming(t), older(t)
			if c.injure != "" {
				outsider(t, path, c.injure)
			}
			if c.steps != nil {
				c.steps(sh)
			}
			before := bytesOf(t, path)
			_, tried := sh.migrateFile(t.Context(), openable(path), Extent{})
			_, opened := sh.openDB(t.Context(), openable(path))
			for _, err := range []error{tried, opened} {
				for _, want := range c.want {
					if err == nil || !strings.Contains(err.Error(), want) {
						t.Errorf("%q is not in: %v", want, err)
					}
				}
			}
			if !bytes.Equal(before, bytesOf(t, path)) || len(beside(t, path)) != 0 {
				t.Errorf("something changed; beside the file lie %v", beside(t, path))
			}
		})
	}
}

// triggerOf is the statement of a trigger of the schema.
func triggerOf(name string) string {
	_, rest, _ := strings.Cut(jifen.Schema, "CREATE TRIGGER "+name+" ")
	body, _, _ := strings.Cut(rest, "END;")
	return "CREATE TRIGGER " + name + " " + body + "END"
}

// roomless is an engine on whose disk is no room for a copy.
type roomless struct{ engine.Engine }

// Copy implements engine.Engine.
func (roomless) Copy(context.Context, string) error {
	return fault.New(fault.Unavailable, "备份没有写成：磁盘满了，没有写入")
}

func TestNoRoomForTheCopy(t *testing.T) {
	t.Parallel()
	sh, path := coming(t), older(t)
	before := bytesOf(t, path)
	e, err := sh.openEngine(t.Context(), openable(path))
	if err != nil {
		t.Fatal(err)
	}
	_, err = sh.migrate(t.Context(), roomless{e}, openable(path), 1, Extent{Write: true})
	if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "没有备份成") ||
		!strings.Contains(err.Error(), "腾出来再来") {
		t.Errorf("%v", err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, bytesOf(t, path)) || len(beside(t, path)) != 0 {
		t.Errorf("something changed; beside the file lie %v", beside(t, path))
	}
}

func TestAnOlderDatabaseIsNotLookedAt(t *testing.T) {
	t.Parallel()
	_, err := coming(t).openReadOnly(t.Context(), openable(older(t)))
	if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "jifen migrate --write") {
		t.Errorf("%v", err)
	}
}

// killed is the argument by which the tests' program migrates a file and is killed
// at a point.
const killed = "migrate-and-be-killed"

func TestMain(m *testing.M) {
	if i := slices.Index(os.Args, killed); i > 0 {
		migrateAndBeKilled(os.Args[i+1], os.Args[i+2])
	}
	os.Exit(m.Run())
}

// migrateAndBeKilled migrates a file as another process, which ends itself as a
// power cut would when it has come to a point.
func migrateAndBeKilled(path, at string) {
	var tb testing.T
	sh := coming(&tb)
	sh.reached = func(point string) {
		if point != at {
			return
		}
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		if err == nil {
			select {} // until it arrives
		}
		os.Exit(4)
	}
	_, err := sh.openDB(context.Background(), openable(path))
	fmt.Fprintln(os.Stderr, "not killed at", at, err)
	os.Exit(3)
}

// TestAMigrationMayBeKilled at every point: what is found then is whole, of one
// version or the next, and the next start ends what was begun. That a step is whole
// whichever of its statements it is killed in is a test of the engine.
func TestAMigrationMayBeKilled(t *testing.T) {
	t.Parallel()
	want := withNotes(rowsOf(enginetest.Dump(t, older(t))))
	for at, version := range map[string]int64{"copied": 1, "tried": 1, "kept": 1, "step 2": 1, "step 3": 2, "done": 3} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			sh, path := coming(t), older(t)
			child := exec.CommandContext(t.Context(), os.Args[0], killed, path, at)
			out, err := child.CombinedOutput()
			var ended *exec.ExitError
			if !errors.As(err, &ended) || ended.ExitCode() != -1 {
				t.Fatalf("it was not killed: %v, %s", err, out)
			}
			if v := sh.shaped(t, path); v != version {
				t.Errorf("found at version %d, want %d", v, version)
			}
			db, err := sh.openDB(t.Context(), openable(path))
			if err != nil {
				t.Fatal(err)
			}
			if got := breaks(t, db); got != "" {
				t.Errorf("the chains: %s", got)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if v := sh.shaped(t, path); v != 3 {
				t.Errorf("after the next start it is of version %d", v)
			}
			if got := rowsOf(enginetest.Dump(t, path)); !slices.Equal(got, want) {
				t.Error("rows were lost or changed")
			}
			for _, name := range beside(t, path) {
				if strings.Contains(name, ".migrate.") {
					t.Errorf("%s is left", name)
				}
			}
		})
	}
}

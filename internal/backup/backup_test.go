package backup

import (
	"context"
	"encoding/hex"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"jifen/internal/app/entries"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/jobs"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// open makes a town whose database may be copied, with a folder for that.
func open(t *testing.T) (town *testkit.Town, f Folder) {
	t.Helper()
	town = testkit.New(t)
	path := strings.TrimPrefix(town.DB.String(), "sqlite ")
	if err := os.WriteFile(KeyPath(path), []byte(hex.EncodeToString(testkit.Key())+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	world := World{Now: func() time.Time { return town.Later(0) }, Random: testkit.Zeros{}}
	return town, Folder{World: world, Database: path, Path: filepath.Join(t.TempDir(), "copies"), Keep: 2}
}

// lies returns the names in a folder and the mode of each.
func lies(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v", e.Name(), info.Mode())
		}
		out = append(out, e.Name())
	}
	return strings.Join(out, " ")
}

// post records something, so that the root is another one.
func post(t *testing.T, town *testkit.Town) {
	t.Helper()
	d := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-01")}
	if _, err := town.Entries.Post(t.Context(), town.Clerk, d, ""); err != nil {
		t.Fatal(err)
	}
}

// count returns how many roots a file has; every line must be one.
func count(t *testing.T, path string) (n int) {
	t.Helper()
	if err := EachRoot(path, func(line int, r *Root) error {
		if n++; r == nil {
			t.Errorf("%s: line %d is no root", path, line)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// compared looks roots up in the town.
func compared(t *testing.T, town *testkit.Town, path string) (n int, lost []Lost) {
	t.Helper()
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) (err error) {
		n, lost, err = Compare(v, path)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n, lost
}

// TestEveryCopyHasItsRoot: it lies beside the copy, it is reached as long as
// nothing is changed, and it outlives the copy.
func TestEveryCopyHasItsRoot(t *testing.T) {
	t.Parallel()
	town, f := open(t)
	if err := f.Prepare(); err != nil {
		t.Fatal(err)
	}
	for day := range 3 {
		post(t, town)
		made, err := f.Make(t.Context())
		if err != nil || made.Root == nil || (len(made.Gone) == 1) != (day == 2) {
			t.Fatalf("day %d: %+v, %v", day, made, err)
		}
		if n := count(t, RootsPath(made.Path)); n != 1 {
			t.Errorf("%d roots beside %s", n, made.Path)
		}
		if again, err := f.Make(t.Context()); err != nil || again.Root != nil || count(t, RootsPath(made.Path)) != 1 {
			t.Errorf("a second time on day %d: %+v, %v", day, again, err)
		}
		town.Later(24 * time.Hour)
	}
	const want = "jifen-2026-06-01.db.roots jifen-2026-06-02.db jifen-2026-06-02.db.roots " +
		"jifen-2026-06-03.db jifen-2026-06-03.db.roots"
	if got := lies(t, f.Path); got != want {
		t.Errorf("%s", got)
	}
	files, err := RootFiles(f.Path)
	if err != nil || len(files) != 3 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		if n, lost := compared(t, town, file); n != 1 || len(lost) != 0 {
			t.Errorf("%s: %d compared, lost %+v", file, n, lost)
		}
	}
	// Another database does not reach them.
	other, _ := open(t)
	_, lost := compared(t, other, files[0])
	if len(lost) == 0 || lost[0].At != "2026-06-01T12:00:00+08:00" || lost[0].Line != 1 {
		t.Errorf("another database reaches the root: %+v", lost)
	}
}

// TestARestoredCopyIsTheOneThatWasMade: what reaches not the root beside it is
// refused, also where its own chain holds.
func TestARestoredCopyIsTheOneThatWasMade(t *testing.T) {
	t.Parallel()
	town, f := open(t)
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	post(t, town)
	if _, err := f.Copy(t.Context(), f.Database, in("a.db")); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Restore(t.Context(), in("a.db"), in("b.db"), ""); err != nil {
		t.Fatal(err)
	}
	other, of := open(t) // holds in itself, and is not what was copied
	post(t, other)
	if err := os.Remove(in("a.db")); err != nil {
		t.Fatal(err)
	}
	if err := store.Copy(t.Context(), of.Database, in("a.db")); err != nil {
		t.Fatal(err)
	}
	town.Later(time.Hour)
	post(t, town)
	if _, err := f.Copy(t.Context(), f.Database, in("c.db")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(RootsPath(in("c.db")), RootsPath(in("a.db"))); err != nil {
		t.Fatal(err)
	}
	_, err := f.Restore(t.Context(), in("a.db"), in("d.db"), "")
	if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "对不上") {
		t.Errorf("restored all the same: %v", err)
	}
	if _, err := os.Stat(in("d.db")); err == nil {
		t.Error("it was left behind")
	}
}

// TestRootsAreWrittenOnceForWhatStands: the same root is not written twice, a line
// that is none does not stop the next, and a file that others could read is theirs
// no more.
func TestRootsAreWrittenOnceForWhatStands(t *testing.T) {
	t.Parallel()
	town, _ := open(t)
	database := filepath.Join(t.TempDir(), "t")
	path := RootsPath(database)
	world := World{Now: testkit.Now, Random: &testkit.Steps{}}
	write := func() {
		t.Helper()
		if _, err := world.WriteRoot(t.Context(), town.DB, database); err != nil {
			t.Fatal(err)
		}
	}
	write()
	town.Later(24 * time.Hour)
	write()
	if n := count(t, path); n != 1 {
		t.Errorf("%d lines of what stands", n)
	}
	post(t, town)
	write()
	if n := count(t, path); n != 2 {
		t.Errorf("%d lines after a deed", n)
	}
	if got := lies(t, filepath.Dir(path)); got != "t.roots t.signkey t.signkey.pub" {
		t.Error(got)
	}
	content, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, append(content, "2026-06-01 nonsense 3\n\n"...), 0o600)
	}
	if err == nil {
		err = os.Chmod(path, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	write()
	bad := strings.Count(string(content), "\n") + 1
	if n, lost := compared(t, town, path); n != 3 || len(lost) != 1 || lost[0].Line != bad || lost[0].At != "" {
		t.Errorf("%d compared, lost %+v", n, lost)
	}
	lies(t, filepath.Dir(path))
	// A line of former times has a day.
	old := strings.Replace(strings.SplitAfter(string(content), "\n")[0], "T12:00:00+08:00", "", 1)
	if err := os.WriteFile(path, []byte(old), 0o600); err != nil || strings.Index(old, " ") != len("2026-06-01") {
		t.Fatal(old, err)
	}
	if n, lost := compared(t, town, path); n != 1 || len(lost) != 0 {
		t.Errorf("of former times: %d compared, lost %+v", n, lost)
	}
}

// TestWhatIsNoRootsFileIsSaid: nothing, a folder without any, an endless line.
func TestWhatIsNoRootsFileIsSaid(t *testing.T) {
	t.Parallel()
	town, _ := open(t)
	folder := t.TempDir()
	long := filepath.Join(folder, "long")
	if err := os.WriteFile(long, []byte(strings.Repeat("x", maxRoot+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(folder, "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fault.Code{
		folder: fault.Invalid, long: fault.Invalid, empty: fault.Invalid, empty + ".none": fault.Unavailable,
	} {
		files, err := RootFiles(path)
		for _, file := range files {
			err = town.DB.Read(t.Context(), func(v *store.Snapshot) error {
				_, _, err := Compare(v, file)
				return err
			})
		}
		if fault.CodeOf(err) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestTheKeeperWritesRootsWithoutCopies: every day, and what goes wrong can be read.
func TestTheKeeperWritesRootsWithoutCopies(t *testing.T) {
	t.Parallel()
	town, f := open(t)
	more := jobs.Job{Name: "别的", Run: func(context.Context, calendar.Day) (string, error) { return "做了", nil }}
	log := slog.New(slog.DiscardHandler)
	k, err := NewKeeper(Options{World: f.World, DB: town.DB, Database: f.Database, More: []jobs.Job{more}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	if k.Copying() || k.Copies() != (Copies{}) || k.Root() != nil ||
		!reflect.DeepEqual(k.Daily(), []Work{{Name: rootJob, Every: 1}, {Name: "别的", Every: 1}}) {
		t.Errorf("before: %+v, %+v", k.Copies(), k.Daily())
	}
	ctx, stop := context.WithCancel(t.Context())
	ticks, ended := make(chan time.Time), make(chan struct{})
	go func() { defer close(ended); k.Runner.Run(ctx, ticks) }()
	t.Cleanup(func() { stop(); <-ended })
	// The second tick is taken when the round before it is over.
	round := func() { ticks <- time.Time{}; ticks <- time.Time{} }
	round()
	path := RootsPath(f.Database)
	for day := 1; day <= 2; day++ {
		if n := count(t, path); n != day {
			t.Errorf("on day %d there are %d roots", day, n)
		}
		if last, err := LastRoot(path); err != nil || !reflect.DeepEqual(k.Root(), last.Posted()) ||
			k.Root().Number != int64(day) || k.Root().Note != last.Note.Text {
			t.Errorf("on day %d what is posted: %+v, %v", day, k.Root(), err)
		}
		for i, kept := range k.Daily() {
			if kept.Failed != "" || !kept.At.Equal(town.Later(0)) || !strings.HasPrefix(kept.Result, []string{"写下了，", "做了"}[i]) {
				t.Errorf("on day %d: %+v", day, kept)
			}
		}
		post(t, town)
		town.Later(24 * time.Hour)
		round()
	}
	town.Later(24 * time.Hour)
	round()
	if kept := k.Daily()[0]; strings.Contains(kept.Result, "签名") || !kept.At.Equal(town.Later(0)) || count(t, path) != 3 {
		t.Errorf("when nothing was recorded since: %+v", kept)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	town.Later(24 * time.Hour)
	round()
	if kept := k.Daily()[0]; !strings.Contains(kept.Failed, path) || !strings.Contains(kept.Failed, "文件夹") {
		t.Errorf("in the way lies a folder: %+v", kept)
	}
}

// TestWhatWasCopiedIsKnownAtOnce: before the next tick.
func TestWhatWasCopiedIsKnownAtOnce(t *testing.T) {
	t.Parallel()
	town, f := open(t)
	log := slog.New(slog.DiscardHandler)
	k, err := NewKeeper(Options{World: f.World, DB: town.DB, Database: f.Database, Folder: &f, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	if c := k.Copies(); c != (Copies{}) || !k.Copying() {
		t.Errorf("before: %+v", c)
	}
	if said, err := k.copy(t.Context(), 0); err != nil || !strings.Contains(said, "环都查过") {
		t.Fatal(said, err)
	}
	if c := k.Copies(); c.Day != f.today() || c.Links == 0 || c.Failed != "" {
		t.Errorf("after: %+v", c)
	}
}

// TestACopyCutShortLeavesNothing: it is given up at both of its steps.
func TestACopyCutShortLeavesNothing(t *testing.T) {
	t.Parallel()
	_, f := open(t)
	if err := f.Prepare(); err != nil {
		t.Fatal(err)
	}
	for name, stopBefore := range map[string]bool{"while it is written": true, "while it is looked through": false} {
		ctx, stop := context.WithCancel(t.Context())
		by := func(ctx context.Context, from, to string) error {
			if stopBefore {
				stop()
			}
			err := store.Copy(ctx, from, to)
			stop()
			return err
		}
		_, err := f.verified(ctx, job{from: f.Database, to: filepath.Join(f.Path, "c.db"), key: KeyPath(f.Database), by: by})
		if fault.CodeOf(err) != fault.Unavailable {
			t.Errorf("stopped %s: %v", name, err)
		}
		if got := lies(t, f.Path); got != "" {
			t.Errorf("stopped %s, it left %s", name, got)
		}
	}
}

// TestAfterAPowerCut: half a copy that lies there since yesterday goes; one that
// is being made, and whatever else is there, stays.
func TestAfterAPowerCut(t *testing.T) {
	t.Parallel()
	_, f := open(t)
	for name, old := range map[string]bool{
		"jifen-2026-01-01.db.new.123": true, "jifen-2026-01-02.db.new.456": false,
		"jifen-notes": true, "jifen-2026-01-01.db.new.mine": true,
	} {
		path := filepath.Join(f.Path, name)
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(path, "db"), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		when := f.Now()
		if old {
			when = when.Add(-25 * time.Hour)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, there := range map[string]bool{
		"jifen-2026-01-01.db.new.123": false, "jifen-2026-01-02.db.new.456": true,
		"jifen-notes": true, "jifen-2026-01-01.db.new.mine": true,
	} {
		if _, err := fs.Stat(os.DirFS(f.Path), name+"/db"); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
}

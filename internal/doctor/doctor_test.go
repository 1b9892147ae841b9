package doctor

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/backup"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// patient is a database in good health, with a copy, a root and a key.
type patient struct {
	Options
	db     *store.DB // a server that runs; nil once it has stopped
	now    time.Time
	free   map[string]uint64
	locked bool // it cannot be written
	status int  // what the web site answers
	refuse error
}

// ward makes a database in good health and returns a folder with it and its copies.
func ward(t *testing.T) string {
	t.Helper()
	town := testkit.New(t)
	from := strings.TrimPrefix(town.DB.String(), "sqlite ")
	town.Close(t)
	folder := t.TempDir()
	if err := os.Rename(from, filepath.Join(folder, "t.db")); err != nil {
		t.Fatal(err)
	}
	p := admit(t, folder)
	p.act(t)
	p.root(t)
	copies := backup.Folder{World: p.World, Database: p.Database, Path: p.Backups, Keep: 3}
	if err := copies.Prepare(); err != nil {
		t.Fatal(err)
	}
	if _, err := copies.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.stop(t)
	return folder
}

// healthy takes a database in good health of its own out of a ward, and begins to
// serve it.
func healthy(t *testing.T, ward string) *patient {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(ward)); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		return os.Chmod(path, 0o600) // CopyFS keeps no modes
	})
	if err != nil {
		t.Fatal(err)
	}
	return admit(t, folder)
}

// admit opens the database of a folder as a server does.
func admit(t *testing.T, folder string) *patient {
	t.Helper()
	p := &patient{now: testkit.Now(), free: map[string]uint64{}, status: 200}
	p.Options = Options{
		World:    backup.World{Now: func() time.Time { return p.now }, Random: testkit.Zeros{}},
		Database: filepath.Join(folder, "t.db"), Backups: filepath.Join(folder, "copies [1]"), Site: "http://127.0.0.1:8080/",
		Free: func(folder string) (uint64, error) {
			if room, ok := p.free[folder]; ok {
				return room, nil
			}
			return 1 << 40, nil
		},
		Writable: func(string) bool { return !p.locked },
		Ask: func(_ context.Context, address string) (int, error) {
			if address != "http://127.0.0.1:8080/readyz" {
				t.Errorf("%s was asked", address)
			}
			return p.status, p.refuse
		},
	}
	key := backup.KeyPath(p.Database)
	put(t, key, hex.EncodeToString(testkit.Key())+"\n")
	var err error
	if p.db, _, err = p.Open(t.Context(), p.Database, key); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.stop(t) })
	return p
}

// act writes something, now.
func (p *patient) act(t *testing.T) {
	t.Helper()
	err := p.db.Write(t.Context(), func(tx *store.Tx) error {
		return audit.Record(tx, access.Program("没有这个帐号"), audit.SignInFailed, audit.What{})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (p *patient) root(t *testing.T) {
	t.Helper()
	if _, err := p.WriteRoot(t.Context(), p.db, p.Database); err != nil {
		t.Fatal(err)
	}
}

// stop ends the server.
func (p *patient) stop(t *testing.T) {
	t.Helper()
	if p.db == nil {
		return
	}
	if err := p.db.Close(); err != nil {
		t.Error(err)
	}
	p.db = nil
}

func (p *patient) later(by time.Duration) { p.now = p.now.Add(by) }

// raw changes the file as a shell would.
func (p *patient) raw(t *testing.T, statement string) {
	t.Helper()
	p.stop(t)
	db, err := sql.Open("sqlite3", p.Database)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = db.ExecContext(t.Context(), statement); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func loosen(t *testing.T, path string) {
	t.Helper()
	if err := os.Chmod(path, 0o644); err != nil { //nolint:gosec // it is what is wrong
		t.Fatal(err)
	}
}

// TestEveryAilmentIsFound makes each on purpose. What is not named stays well.
func TestEveryAilmentIsFound(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	bed := ward(t)
	for name, c := range map[string]struct {
		harm  func(t *testing.T, p *patient)
		found string // the finding that changes
		state State
		words string // in what it says, or in what to do
	}{
		"nothing":            {func(*testing.T, *patient) {}, "", Well, ""},
		"the server stopped": {func(t *testing.T, p *patient) { p.stop(t) }, "", Well, ""},

		"no key":         {func(t *testing.T, p *patient) { remove(t, p.Database+".key") }, "密钥", Broken, "没有密钥文件"},
		"others read it": {func(t *testing.T, p *patient) { loosen(t, p.Database+".key") }, "密钥", Broken, "chmod 600"},
		"no key in it":   {func(t *testing.T, p *patient) { put(t, p.Database+".key", "x") }, "密钥", Broken, "内容不对"},
		"another one's key": {func(t *testing.T, p *patient) { put(t, p.Database+".key", strings.Repeat("0f", 32)) }, "密钥",
			Broken, "不是这个数据库的"},
		"a key beside the copies": {func(t *testing.T, p *patient) { put(t, filepath.Join(p.Backups, "x.key"), "x") }, "密钥",
			Warning,
			"挪到别的盘上"},

		"a newer shape": {func(t *testing.T, p *patient) { p.raw(t, "PRAGMA user_version = 99") }, "结构", Broken,
			"换用新版本的程序"},
		"a newer shape that it may work on": {func(t *testing.T, p *patient) {
			is, err := store.Version()
			if err != nil {
				t.Fatal(err)
			}
			p.raw(t, fmt.Sprintf("PRAGMA user_version = %d", is*10000+is+1))
		}, "结构", Warning, "换成新版本"},
		"a changed shape": {func(t *testing.T, p *patient) { p.raw(t, "CREATE TABLE x (y INTEGER)") }, "结构", Broken,
			"被别的程序改过"},
		"no database ours": {func(t *testing.T, p *patient) { p.raw(t, "PRAGMA application_id = 7") }, "结构", Broken,
			"不是 jifen 的数据库"},

		"the clock was set back":   {func(_ *testing.T, p *patient) { p.later(-2 * time.Minute) }, "时钟", Broken, "对准这台电脑的时钟"},
		"the clock is a bit apart": {func(_ *testing.T, p *patient) { p.later(-30 * time.Second) }, "", Well, ""},

		"no root": {func(t *testing.T, p *patient) { remove(t, p.Database+".roots") }, "根", Warning, "还没有写下过根"},
		"no root for a day": {func(t *testing.T, p *patient) { p.later(27 * time.Hour); p.act(t) }, "根", Warning,
			"有一天多没有写"},
		"nothing happened for a day": {func(_ *testing.T, p *patient) { p.later(27 * time.Hour) }, "", Well, ""},
		"a root that is none": {func(t *testing.T, p *patient) { put(t, p.Database+".roots", "x\n") }, "根", Broken,
			"写得不对"},
		"a chain cut short": {func(t *testing.T, p *patient) {
			p.raw(t, `DROP TRIGGER trail_kept; DELETE FROM trail WHERE id = (SELECT max(id) FROM trail);
				CREATE TRIGGER trail_kept BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'trail is append-only'); END`)
		}, "根", Broken, "jifen verify"},

		"others read the database": {func(t *testing.T, p *patient) { loosen(t, p.Database) }, "权限", Warning, "chmod 600 "},
		"others read a copy": {func(t *testing.T, p *patient) { loosen(t, filepath.Join(p.Backups, "jifen-2026-06-01.db")) },
			"权限", Warning,
			"jifen-2026-06-01.db"},

		"little room": {func(_ *testing.T, p *patient) { p.free[filepath.Dir(p.Database)] = 900 << 20 }, "磁盘", Warning,
			"库的盘还有 900 MB"},
		"no room": {func(_ *testing.T, p *patient) { p.free[filepath.Dir(p.Database)] = 5 << 20 }, "磁盘", Broken, "马上腾出空间"},
		"no room for copies": {func(_ *testing.T, p *patient) { p.free[p.Backups] = 5 << 20 }, "磁盘", Broken,
			"备份的盘还有 5 MB"},

		"a copy of three days ago": {func(t *testing.T, p *patient) { p.later(3 * day); p.root(t) }, "备份", Warning, "3 天以前的"},
		"a copy of long ago":       {func(t *testing.T, p *patient) { p.later(8 * day); p.root(t) }, "备份", Broken, "8 天以前的"},
		"no copy": {func(t *testing.T, p *patient) { remove(t, filepath.Join(p.Backups, "jifen-2026-06-01.db")) }, "备份",
			Broken,
			"一份备份也没有"},
		"a copy without its root": {func(t *testing.T,
			p *patient) {
			remove(t, filepath.Join(p.Backups, "jifen-2026-06-01.db.roots"))
		},
			"备份", Warning, "没有写着它的根"},
		"nobody says where copies are": {func(_ *testing.T, p *patient) { p.Backups = "" }, "备份", Unasked, "--backups"},

		"a disk that cannot be written": {func(_ *testing.T, p *patient) { p.locked = true }, "写入", Broken, "写不了"},
		"a writer that stopped":         {func(_ *testing.T, p *patient) { p.status = 503 }, "写入", Broken, "答 503"},
		"no server": {func(_ *testing.T, p *patient) { p.refuse = errors.New("refused") }, "写入", Broken,
			"连不上"},
		"nobody says where the site is": {func(_ *testing.T, p *patient) { p.Site = "" }, "写入", Unasked, "--site"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := healthy(t, bed)
			c.harm(t, p)
			list := Look(t.Context(), p.Options)
			seen := false
			for _, f := range list {
				mine := f.Name == c.found
				seen = seen || mine
				switch {
				case mine && (f.State != c.state || !strings.Contains(f.Words+"\n"+f.Hint, c.words)):
					t.Errorf("%s is %d, want %d with %q: %s; %s", f.Name, f.State, c.state, c.words, f.Words, f.Hint)
				case !mine && f.State != Well:
					t.Errorf("%s is %d: %s; %s", f.Name, f.State, f.Words, f.Hint)
				case f.State != Well && f.Hint == "":
					t.Errorf("%s: nothing is said of what to do: %s", f.Name, f.Words)
				}
			}
			if c.found != "" && !seen {
				t.Errorf("%s was not looked at: %+v", c.found, list)
			}
			want := c.state
			if want == Unasked {
				want = Well
			}
			if got := Worst(list); got != want {
				t.Errorf("in all it is %d, want %d", got, want)
			}
		})
	}
}

func TestWithoutADatabaseNothingElseIsLookedAt(t *testing.T) {
	t.Parallel()
	o := Options{World: backup.World{Now: testkit.Now}, Database: filepath.Join(t.TempDir(), "none.db")}
	list := Look(t.Context(), o)
	if len(list) != 1 || list[0].State != Broken || !strings.Contains(list[0].Words, "没有数据库文件") {
		t.Errorf("found %+v", list)
	}
}

func TestAnOlderShapeIsAWarning(t *testing.T) {
	t.Parallel()
	for place, want := range map[string]string{"t.db": "自己改造", "postgres://db/jifen": "用表的主人运行 jifen migrate --write"} {
		f := (&Options{Database: place}).shape(nil, fault.Wrap(store.ErrOlder, fault.Invalid, "旧结构"))
		if f.State != Warning || !strings.Contains(f.Hint, want) {
			t.Errorf("%s: found %+v", place, f)
		}
	}
}

func TestSizesArePrintedAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	for n, want := range map[uint64]string{512: "0 KB", 5000: "4 KB", 3 << 20: "3 MB", 9 << 30: "9216 MB",
		12 << 30: "12 GB"} {
		if got := inBytes(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

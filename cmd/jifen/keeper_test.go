package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/backup"
	"jifen/internal/store"
	"jifen/internal/testkit/effort"
)

// street is a demo street on the disk, with what is needed to get in.
type street struct {
	db     string
	slips  map[string]string // passwords by login
	folder string            // for copies, empty
}

// TestKeepingCopies makes one street; every subtest works on a copy of it.
func TestKeepingCopies(t *testing.T) {
	t.Parallel()
	effort.Whole(t, "copies are taken again and again, by the program as it ships")
	made := t.TempDir()
	jifen(t, exitDone, "demo", "--db", filepath.Join(made, "d.db"), "--members", "50", "--seed", "5")
	slips, err := os.ReadFile(filepath.Join(made, "demo-accounts.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]func(*testing.T, street){
		"while it is written":        copiedInTheMidst,
		"the folder is taken away":   folderTakenAway,
		"by the program as it ships": realProgram,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := street{db: filepath.Join(dir, "d.db"), slips: map[string]string{}, folder: filepath.Join(dir, "copies")}
			for _, file := range []string{"d.db", "d.db.key"} {
				content, err := os.ReadFile(filepath.Join(made, file))
				if err == nil {
					err = os.WriteFile(filepath.Join(dir, file), content, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Mkdir(s.folder, 0o700); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(slips)) {
				if words := strings.Fields(line); len(words) == 3 {
					s.slips[words[0]] = words[1]
				}
			}
			test(t, s)
		})
	}
}

// copiedInTheMidst: a name that is taken is loud on
// the pages; an hour after it is free the copy is made in the midst of writing,
// and what had been acknowledged comes back from it.
func copiedInTheMidst(t *testing.T, s street) {
	token := s.token(t, "shuji")
	copied := filepath.Join(s.folder, "jifen-"+today().Format("2006-01-02")+".db")
	if err := os.Mkdir(copied, 0o700); err != nil { // in the place of the file
		t.Fatal(err)
	}
	w := s.open(t)
	w.says(t, "the name is taken", "没有做成："+copied+" 已经有了，却不是备份；一份也没有", "数据库备份没有做成。请告诉系统管理员")
	if err := os.Remove(copied); err != nil {
		t.Fatal(err)
	}
	w.later(59 * time.Minute)
	if _, err := os.Lstat(copied); err == nil {
		t.Error("it was tried again within the hour")
	}
	before, after := w.busy(t, token, func() { w.later(time.Minute) })
	if len(after) == len(before) {
		t.Error("nothing was written while the copy was made")
	}
	w.says(t, "made", "做好了，查过 ", "")
	// Nothing but the copy and its root lies in the folder, the key least of all.
	names, err := os.ReadDir(s.folder)
	if err != nil || len(names) != 2 || names[1].Name() != filepath.Base(backup.RootsPath(copied)) {
		t.Errorf("%v, %v", names, err)
	}
	restored := filepath.Join(filepath.Dir(s.db), "r.db")
	jifen(t, exitDone, "restore", copied, "--db", restored, "--key", backup.KeyPath(s.db))
	holds(t, restored, before)
	// It is gone, and a cron job makes it again.
	if err := os.Remove(copied); err != nil {
		t.Fatal(err)
	}
	w.later(time.Minute)
	w.says(t, "gone", "一份也没有", "数据库备份一份也没有。请告诉系统管理员")
	if _, err := w.copies().Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.later(time.Minute)
	w.says(t, "made by another program", "做好了</td>", "")
	if said := w.log.String(); strings.Count(said, "level=ERROR") != 1 || !strings.Contains(said, "却不是备份") {
		t.Errorf("the log says\n%s", said)
	}
}

// holds looks for entries in a database by their notes.
func holds(t *testing.T, path string, notes []string) {
	t.Helper()
	h, err := openHouse(t.Context(), path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer h.db.Close() //nolint:errcheck // read only
	there := map[string]bool{}
	all := access.System("the test looks at all")
	if err := h.db.Read(t.Context(), func(v *store.Snapshot) error {
		members, err := v.Members(all, "")
		if err != nil {
			return err
		}
		for i := range members {
			entries, err := v.Entries(all, members[i].ID, 1<<20)
			if err != nil {
				return err
			}
			for k := range entries {
				there[entries[k].Note] = true
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, note := range notes {
		if !there[note] {
			t.Errorf("%s was acknowledged before, and is not in the copy", note)
		}
	}
}

// folderTakenAway: that is loud as well, and mends by itself, or by the hand of
// jifen daily.
func folderTakenAway(t *testing.T, s street) {
	w := s.open(t)
	w.says(t, "at the start", "做好了，查过 ", "")
	away := s.folder + ".away"
	if err := os.Rename(s.folder, away); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.folder, nil, 0o600); err != nil { // what cannot be a folder, whoever asks
		t.Fatal(err)
	}
	w.later(time.Minute)
	w.says(t, "taken away", "备份文件夹 "+s.folder+" 读不了：路径里有一段不是文件夹", "数据库备份没有做完。")
	w.later(24 * time.Hour)
	if err := os.Remove(s.folder); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(away, s.folder); err != nil {
		t.Fatal(err)
	}
	w.later(time.Minute)
	w.says(t, "back again", "写不了 "+s.folder, "数据库备份没有做")
	made, err := w.copies().Make(t.Context())
	if err == nil {
		err = os.Chtimes(made.Path, w.clock(), w.clock())
	}
	if err != nil {
		t.Fatal(err)
	}
	w.later(time.Minute)
	w.says(t, "made by another program", "做好了</td>", "")
	if err := os.Remove(made.Path); err != nil {
		t.Fatal(err)
	}
	w.later(time.Hour)
	w.says(t, "an hour later", "做好了，查过 ", "")
}

// realProgram runs the program: started, it makes the day's copy; told to stop,
// it does, and the copy comes back.
func realProgram(t *testing.T, s street) {
	program := exec.CommandContext(t.Context(), "jifen", "serve", "--db", s.db, "--listen", "127.0.0.1:0", "--backups",
		s.folder, "--keep", "2")
	said, err := program.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	address := ""
	for made := false; (!made || address == "") && lines.Scan(); {
		if _, rest, ok := strings.Cut(lines.Text(), "http://"); ok {
			address, _, _ = strings.Cut(rest, " ")
		}
		made = made || strings.Contains(lines.Text(), "环都查过")
		if strings.Contains(lines.Text(), "level=ERROR") {
			t.Error(lines.Text())
		}
	}
	if address == "" {
		t.Fatal("it ended by itself")
	}
	if err := program.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, said); err != nil {
		t.Fatal(err)
	}
	if err := program.Wait(); err != nil {
		t.Fatal(err)
	}
	names, err := os.ReadDir(s.folder)
	if err != nil || len(names) != 2 || names[1].Name() != backup.RootsPath(names[0].Name()) {
		t.Fatalf("%v, %v", names, err)
	}
	restored := filepath.Join(t.TempDir(), "r.db")
	jifen(t, exitDone, "restore", filepath.Join(s.folder, names[0].Name()), "--db", restored, "--key",
		backup.KeyPath(s.db))
	jifen(t, exitDone, "verify", "--db", restored)
}

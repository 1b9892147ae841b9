//go:build unix

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestWhatIsWrittenIsTheOwnersOnly is not parallel: the umask is the process's.
func TestWhatIsWrittenIsTheOwnersOnly(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0)) // nothing is left to it
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	jifen(t, exitDone, "init", "--db", in("t.db"), "--street", "示例街道")
	if err := os.WriteFile(in("roster.csv"), []byte("姓名,身份证号\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(in("far"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(in("t.db"), 0o644); err != nil { // as a program of former times left it
		t.Fatal(err)
	}
	jifen(t, exitDone, "verify", "--db", in("t.db"), "--write-root")
	jifen(t, exitDone, "backup", "--db", in("t.db"), in("b.db"), "--key-out", in("far/k.key"))
	jifen(t, exitDone, "daily", "--db", in("t.db"), "--to", in("days"))
	jifen(t, exitDone, "restore", in("b.db"), "--db", in("r.db"))
	seen := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		seen++
		info, err := d.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return err
	})
	if err != nil || seen < 7 {
		t.Errorf("%d files seen, %v", seen, err)
	}

	if err := os.Chmod(in("t.db.key"), 0o640); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{
		{"import", "members", in("roster.csv"), "--db", in("t.db"), "--as", "guanli"},
		{"backup", "--db", in("t.db"), in("c.db"), "--key-out", in("far/l.key")},
	} {
		_, errs := jifen(t, exitCannot, command...)
		if !strings.Contains(errs, "别人也能读") || !strings.Contains(errs, "chmod 600") {
			t.Errorf("%q under a key that others can read: %s", command, errs)
		}
	}
	if _, err := os.Stat(in("c.db")); err == nil {
		t.Error("a backup was made all the same")
	}
}

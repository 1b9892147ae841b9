//go:build unix

package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestWhatIsWrittenIsTheOwnersOnly writes every kind of file that the program leaves on a disk, with
// drafts, answers and sessions in the database: only its owner reads each of them, whatever the
// umask, and one that was wider is so no more. There is no socket. It is not parallel: the umask
// is the process's.
func TestWhatIsWrittenIsTheOwnersOnly(t *testing.T) {
	for _, umask := range []int{0, 0o022, 0o077} {
		t.Run(fmt.Sprintf("umask %03o", umask), func(t *testing.T) {
			defer syscall.Umask(syscall.Umask(umask))
			writtenFiles(t)
		})
	}
}

func writtenFiles(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	jifen(t, exitDone, "demo", "--db", in("t.db"), "--members", "50", "--seed", "3")
	write(t, in("roster.csv"), "姓名,身份证号\n")
	write(t, in("requests.log"), "")
	jifen(t, exitDone, "verify", "--db", in("t.db"), "--write-root", "--no-standings")
	for _, name := range []string{"far", "days"} {
		if err := os.Mkdir(in(name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"t.db", "t.db.roots", "t.db.lock", "requests.log"} { // as former programs left them
		if err := os.Chmod(in(name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	jifen(t, exitDone, "key", "rotate", "--db", in("t.db"), "--as", "guanli")
	jifen(t, exitDone, "key", "rotate-sign", "--db", in("t.db"), "--as", "guanli")
	jifen(t, exitDone, "backup", "--db", in("t.db"), in("b.db"), "--key-out", in("far/k.key"))
	jifen(t, exitDone, "daily", "--db", in("t.db"), "--to", in("days"))
	jifen(t, exitDone, "restore", in("b.db"), "--db", in("r.db"))
	by := []string{"--db", in("t.db"), "--as", "jiedao"}
	for file, words := range map[string][]string{
		"r.xlsx": {"export", "ranking"}, "m.xlsx": {"export", "members"}, "t.csv": {"export", "table", "记录"},
	} {
		jifen(t, exitDone, append(append(words, "--org", "潍州路街道", "--out", in(file)), by...)...)
	}
	jifen(t, exitDone, append([]string{"member", "leave", "P0009", "--from", today().Format("2006-01-02")}, by...)...)
	jifen(t, exitDone, append([]string{"member", "forget", "P0009", "--reason", "本人要求", "--confirm", "P0009"}, by...)...)
	if err := os.Chmod(in("t.db.erased"), 0o666); err != nil {
		t.Fatal(err)
	}
	log, err := openAccessLog(in("requests.log"))
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	inHouse(t, in("t.db"), func(ctx context.Context, h *house) error { // with what lies beside an open one
		ownersOnly(t, folder, "-wal", "-shm")
		return nil
	})
	ownersOnly(t, folder)

	for _, loose := range []string{"t.db.signkey", "secret"} {
		write(t, in("secret"), "x\n")
		if err := os.Chmod(in(loose), 0o640); err != nil {
			t.Fatal(err)
		}
		command := map[string][]string{
			"t.db.signkey": {"key", "rotate-sign", "--db", in("t.db"), "--as", "guanli"},
			"secret":       {"user", "list", "--db", in("t.db"), "--as", "anquan", "--password-file", in("secret")},
		}[loose]
		_, errs := jifen(t, exitCannot, command...)
		if !strings.Contains(errs, "别人也能读") || !strings.Contains(errs, "chmod 600") {
			t.Errorf("%q with %s that others can read: %s", command, loose, errs)
		}
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

// ownersOnly finds every kind of file in a folder, and none that anybody but its owner reads.
func ownersOnly(t *testing.T, folder string, more ...string) {
	t.Helper()
	kinds := append(writtenKinds(), more...)
	seen := map[string]bool{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode() != 0o600 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		for _, kind := range kinds {
			seen[kind] = seen[kind] || strings.HasSuffix(path, kind)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for _, kind := range kinds {
		if !seen[kind] {
			t.Errorf("no %s was written", kind)
		}
	}
}

// writtenKinds returns how the names of files end that the program leaves.
func writtenKinds() []string {
	return []string{
		"t.db", ".key", ".lock", ".roots", ".signkey", ".pub", ".erased", "accounts.txt", "b.db", ".xlsx", ".csv", ".log",
		"k.key",
	}
}

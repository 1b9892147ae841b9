//go:build unix

package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"jifen/internal/fault"
)

// wide lists the files of a folder that others than the owner may open.
func wide(t *testing.T, folder string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			out = append(out, filepath.Base(path)+" "+info.Mode().String())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFilesAreTheOwnersOnly is not parallel: the umask is the process's.
func TestFilesAreTheOwnersOnly(t *testing.T) {
	before := syscall.Umask(0)
	defer syscall.Umask(before)
	for _, mask := range []int{0o022, 0} {
		syscall.Umask(mask)
		folder := t.TempDir()
		path := filepath.Join(folder, "t.db")
		db := fresh(t, path)
		write := func() error {
			return db.Write(context.Background(), func(tx *Tx) error { return put(tx, rowName(t, folder)) })
		}
		if err := write(); err != nil {
			t.Fatal(err)
		}
		if err := Copy(context.Background(), path, filepath.Join(folder, "copy.db")); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"t.db", "t.db-wal", "t.db-shm", "t.db.lock", "copy.db"} {
			if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
				t.Error("the case does not look at", name, err)
			}
		}
		if out := wide(t, folder); len(out) != 0 {
			t.Errorf("umask %o, made: %v", mask, out)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		// What was wider is tightened: a database of former times, what a crash left.
		for _, name := range []string{"t.db", "t.db.lock", "t.db-wal", "t.db-journal"} {
			f, err := os.OpenFile(filepath.Join(folder, name), os.O_RDONLY|os.O_CREATE, 0o644)
			if err == nil {
				err = errors.Join(f.Chmod(0o644), f.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		db = fresh(t, path)
		if err := write(); err != nil {
			t.Fatal(err)
		}
		if out := wide(t, folder); len(out) != 0 {
			t.Errorf("umask %o, opened: %v", mask, out)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func rowName(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names(entries), " ")
}

func TestTwoNamesOfOneFileHaveOneLock(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path, other := filepath.Join(folder, "t.db"), filepath.Join(folder, "other.db")
	db := fresh(t, path)
	if err := os.Symlink("t.db", other); err != nil {
		t.Fatal(err)
	}
	_, err := Open(context.Background(), Options{Path: other, Now: noon, Random: zeros{},
		Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}})
	if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "正在使用") {
		t.Errorf("by a link: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := fresh(t, other).Close(); err != nil {
		t.Error("by a link, alone:", err)
	}
	if _, err := os.Lstat(other + ".lock"); err == nil {
		t.Error("the link has a lock of its own")
	}
	if err := os.Link(path, filepath.Join(folder, "hard.db")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"t.db", "hard.db", "other.db"} {
		_, err := Open(context.Background(), Options{Path: filepath.Join(folder, name), Now: noon, Random: zeros{},
			Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}})
		if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "2 个名字") {
			t.Errorf("%s, of two names: %v", name, err)
		}
	}
	shelf, err := readOnly(path) // nothing is written, so nothing can be spoilt
	if err != nil {
		t.Fatal("looked at, of two names:", err)
	}
	if err := shelf.Close(); err != nil {
		t.Error(err)
	}
}

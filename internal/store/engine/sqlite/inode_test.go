//go:build linux

package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/fault"
	"jifen/internal/store/engine"
	"jifen/internal/store/engine/sqlite"
)

// TestAFileThatWasMovedIsWrittenByOne: under whatever name the file is opened, another
// program is refused; and the program that has it writes nothing while the file is not
// where it was, says so, and goes on once it is there again.
func TestAFileThatWasMovedIsWrittenByOne(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path, elsewhere := filepath.Join(folder, "t.db"), filepath.Join(folder, "moved.db")
	open := func(path string) (engine.Engine, error) {
		return sqlite.Driver{}.Open(t.Context(), engine.Options{Path: path, Create: true, Now: time.Now})
	}
	db, err := open(path)
	if err != nil {
		t.Fatal(err)
	}
	write := func() error { return db.Write(context.Background(), func(engine.Writer) error { return nil }) }
	rename := func(from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	refused := func(what string, err error, words string) {
		t.Helper()
		if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want %q", what, err, words)
		}
	}
	rename(path, elsewhere)
	refused("a write while the file is away", write(), "不见了，已停止写入")
	refused("its health", db.Health(), "不见了")
	_, err = open(elsewhere)
	refused("the file under another name", err, "另一个 jifen 程序正在使用")
	_, err = sqlite.Driver{}.OpenStill(t.Context(), engine.Options{Path: elsewhere, Now: time.Now})
	if err == nil {
		t.Error("it is opened to be looked at")
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("a write while another file is there", write(), "换成了另一个文件")
	rename(elsewhere, path)
	if err := write(); err != nil || db.Health() != nil {
		t.Errorf("once it is back: %v, %v", err, db.Health())
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	again, err := open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

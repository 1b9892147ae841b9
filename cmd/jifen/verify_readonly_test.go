package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"jifen/internal/backup"
)

// lying tells everything about a folder: names, bytes, when each was changed.
func lying(t *testing.T, folder string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s %s %s", path, info.Mode(), info.ModTime())
		if d.IsDir() {
			b.WriteByte('\n')
			return nil
		}
		content, err := os.ReadFile(path)
		fmt.Fprintf(&b, " %x\n", content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// askedReadOnly: with --read-only nothing is written, whoever asks.
func askedReadOnly(t *testing.T, path string) {
	before := lying(t, filepath.Dir(path))
	out, errs := jifen(t, exitDone, "verify", "--db", path, "--read-only")
	if !strings.Contains(out, "环环相扣") || !strings.Contains(out, "只读打开的，什么也没有写\n") || errs != "" {
		t.Errorf("%s%s", out, errs)
	}
	if _, errs := jifen(t, exitUsage, "verify", "--db", path, "--read-only", "--write-root"); !strings.Contains(errs,
		"不能一起写") {
		t.Error(errs)
	}
	jifen(t, exitCannot, "verify", "--db", path+".none", "--read-only")
	jifen(t, exitNo, "verify", "--db", path, "--read-only", "--root", strings.Repeat("0", 64))
	if lying(t, filepath.Dir(path)) != before {
		t.Error("something was written")
	}

	// With a root of before, and with a row that was changed.
	jifen(t, exitDone, "verify", "--db", path, "--write-root")
	if out, _ := jifen(t, exitDone, "verify", "--db", path, "--read-only"); !strings.Contains(out,
		".roots 里的 1 个根，都对得上\n") {
		t.Error(out)
	}
	t.Run("a changed row", func(t *testing.T) { // whose end closes the connection, and so writes the WAL back
		sqlite(t, path, "DROP TRIGGER entries_stay", "UPDATE entries SET points = 10000 WHERE id = 7")
	})
	before = lying(t, filepath.Dir(path))
	if out, _ := jifen(t, exitNo, "verify", "--db", path, "--read-only"); !strings.Contains(out, "（记录第 7 行）：这一行被改过\n") {
		t.Error(out)
	}
	if lying(t, filepath.Dir(path)) != before {
		t.Error("something was written")
	}

	// What is still in a WAL is not passed over.
	if err := os.WriteFile(path+"-wal", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs := jifen(t, exitCannot, "verify", "--db", path, "--read-only"); !strings.Contains(errs, "没写回") ||
		!strings.Contains(errs, "jifen backup") {
		t.Error(errs)
	}
}

// readOnlyDisk: where nothing can be written verify works without being told.
// Root may write everywhere, so for root it is asked as nobody.
func readOnlyDisk(t *testing.T, path string) {
	jifen(t, exitDone, "verify", "--db", path) // leaves a lock file, as on a disk that was copied
	folder := filepath.Dir(path)
	for name, mode := range map[string]os.FileMode{path: 0o444, path + ".lock": 0o444, folder: 0o555,
		filepath.Dir(folder): 0o755} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := os.Chmod(folder, 0o700); err != nil { // or it could not be removed
			t.Error(err)
		}
	})
	before := lying(t, folder)
	out, errs := asNobody(t, exitDone, "verify", "--db", path)
	if !strings.Contains(out, "环环相扣") || !strings.Contains(out, "只读打开的，什么也没有写\n") || errs != "" {
		t.Errorf("%s%s", out, errs)
	}
	if _, errs := asNobody(t, exitCannot, "verify", "--db", path, "--write-root"); !strings.Contains(errs,
		"放在写不了的地方，根写不进 "+backup.RootsPath(path)) {
		t.Error(errs)
	}
	// The folder alone decides, too: no WAL could come to stand in it.
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	if out, errs := asNobody(t, exitDone, "verify", "--db", path); !strings.Contains(out, "只读打开的") || errs != "" {
		t.Errorf("%s%s", out, errs)
	}
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	if lying(t, folder) != before {
		t.Error("something was written")
	}
}

// asNobody runs a command line as somebody whom permissions stop, and wants an
// exit code.
func asNobody(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	program, err := exec.LookPath("jifen")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, args...)
	if os.Geteuid() == 0 {
		own := filepath.Join(t.TempDir(), "jifen") // the one on the path lies in a folder of root's
		content, err := os.ReadFile(program)
		if err == nil {
			err = os.WriteFile(own, content, 0o755) //nolint:gosec // it is to be run
		}
		if err == nil {
			err = os.Chmod(filepath.Dir(filepath.Dir(own)), 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
		cmd.Path, cmd.Dir = own, filepath.Dir(own)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		t.Fatalf("%q: exit code %d, want %d\n%s%s", args, got, want, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

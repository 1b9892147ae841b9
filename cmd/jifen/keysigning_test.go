package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/backup"
	"jifen/internal/testkit/expect"
)

// TestTheSigningKeyIsReplaced: what was posted and what was written down before verifies after it,
// by a public key that was kept before as well; killed in the middle, the command goes on.
func TestTheSigningKeyIsReplaced(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "t.db")
	jifen(t, exitDone, "demo", "--db", path, "--members", "50", "--seed", "2")
	_, errs := jifen(t, exitCannot, "key", "rotate-sign", "--db", path, "--as", "guanli")
	expect.Contains(t, errs, "还没有签名的钥匙")
	jifen(t, exitDone, "verify", "--db", path, "--write-root", "--no-standings")
	root, err := backup.LastRoot(backup.RootsPath(path))
	expect.NoError(t, "the root", err)
	posted, kept := filepath.Join(folder, "posted.txt"), filepath.Join(folder, "kept.pub")
	expect.NoError(t, "what was posted", os.WriteFile(posted, []byte(root.Note.Text), 0o600))
	public, err := os.ReadFile(backup.PublicKeyPath(path))
	expect.NoError(t, "the public key", err)
	expect.NoError(t, "a copy of it", os.WriteFile(kept, public, 0o600))

	_, errs = jifen(t, exitNo, "key", "rotate-sign", "--db", path, "--as", "anquan")
	expect.Contains(t, errs, "没有换钥匙的权限")
	program, err := exec.LookPath("mortaljifen")
	expect.NoError(t, "the program", err)
	expect.True(t, killedAfter(t, program, 1, "key", "rotate-sign", "--db", path, "--as", "guanli"),
		"it is killed before the key is drawn", path)
	jifen(t, exitDone, "verify", "--db", path, "--no-standings")
	out, _ := jifen(t, exitDone, "key", "rotate-sign", "--db", path, "--as", "guanli")
	expect.Contains(t, out, "换好了：以后的根用第 2 把签")
	jifen(t, exitDone, "org", "add", "--db", path, "--as", "jiedao", "--parent", "潍州路街道", "--name", "示例新社区")
	out, _ = jifen(t, exitDone, "verify", "--db", path, "--write-root", "--no-standings")
	expect.Contains(t, out, "环环相扣")
	last, err := backup.LastRoot(backup.RootsPath(path))
	expect.NoError(t, "the root of now", err)
	first, _, _ := strings.Cut(root.Note.Text, "\n")
	expect.True(t, !strings.HasPrefix(last.Note.Text, first+"\n"), "it is signed under the other key", last.Note.Text)
	for _, more := range [][]string{nil, {"--pubkey", kept}} {
		args := append([]string{"verify", "--db", path, "--no-standings", "--note", posted}, more...)
		out, _ := jifen(t, exitDone, args...)
		expect.Contains(t, out, "公示上的签名是用这个库的钥匙签的，第 1 个根")
		expect.Contains(t, out, "有根作证")
	}

	// Half of it: both keys are in the file. doctor says so, and the command goes on.
	text, err := os.ReadFile(backup.SignKeyPath(path))
	expect.NoError(t, "the key", err)
	jifen(t, exitDone, "key", "rotate-sign", "--db", path, "--as", "guanli")
	now, err := os.ReadFile(backup.SignKeyPath(path))
	expect.NoError(t, "the key of now", err)
	expect.NoError(t, "half of it", os.WriteFile(backup.SignKeyPath(path), append(text, now...), 0o600))
	out, _ = outcome(t, "doctor", "--db", path)
	expect.Contains(t, out, "没有换完，根现在用第 3 把签")
	out, _ = jifen(t, exitDone, "key", "rotate-sign", "--db", path, "--as", "guanli")
	expect.Contains(t, out, "以后的根用第 3 把签")
	out, _ = outcome(t, "doctor", "--db", path)
	expect.True(t, !strings.Contains(out, "没有换完"), "doctor has nothing to say", out)
}

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"
)

// english finds the parser's own words.
func english() *regexp.Regexp {
	return regexp.MustCompile(`(?i)usage|unknown|unexpected|expected|missing|must be|` +
		`did you|perhaps|valid|context-sensitive|%!`)
}

// Whatever is typed, the answer is one of the four exit codes and Chinese, and
// a complaint comes with nothing on the standard output.
func TestAnyCommandLine(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(out, nil, 0o600); err != nil { // a file, so that jifen demo never writes
		t.Fatal(err)
	}
	words := []string{
		"rules", "check", "test", "enact", "init", "import", "members", "export", "ranking", "period", "lock", "open",
		"user", "add", "token", "verify", "routes",
		"--street", "--org", "--map", "a=b", "--write", "--role", "书记", "--days", "--write-root", "score", "demo", "version",
		"help", "scroe", "--help", "-h", "--", "-", "--rules", "--members", "--entries",
		"--period", "2026", "--format", "json", "xml", "--branch", "支部", "--seed", "-1", "7", "--out", out, "--out=" + out,
		"--force", "--force=7", "--=", "-é",
		"——rules", "--no-force", "--help=false", "--explain", "--as-of", "x y", "\xff", "1e9",
	}
	arg := rapid.OneOf(rapid.SampledFrom(words),
		rapid.String().Filter(func(s string) bool { return !strings.Contains(s, "out") }))
	rapid.Check(t, func(t *rapid.T) {
		args := rapid.SliceOfN(arg, 0, 6).Draw(t, "args")
		var stdout, stderr bytes.Buffer
		code := run(args, &stdout, &stderr, givenSecret)
		complained := strings.HasPrefix(stderr.String(), "错误：") && strings.HasSuffix(stderr.String(), "\n")
		switch {
		case code == exitDone && stderr.Len() == 0 && stdout.Len() > 0:
		// jifen rules check of a bad file
		case code == exitNo && stderr.Len() == 0 && strings.HasPrefix(stdout.String(), out):
		case (code == exitUsage || code == exitCannot || code == exitNo) && complained && stdout.Len() == 0:
		default:
			t.Fatalf("exit code %d, out %q, err %q", code, stdout.String(), stderr.String())
		}
		typed := strings.Join(args, " ")
		for _, word := range english().FindAllString(stdout.String()+stderr.String(), -1) {
			if !strings.Contains(typed, word) {
				t.Fatalf("%q shows in\n%s%s", word, stdout.String(), stderr.String())
			}
		}
	})
}

// full is a disk without room.
type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }

func TestResultThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		said string
	}{
		{&os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}, "错误：结果写不出去：磁盘满了\n"},
		{&os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EIO}, "错误：结果写不出去：系统说“" + syscall.EIO.Error() + "”\n"},
		{&os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}, ""}, // whoever closed the pipe knows
	} {
		for _, args := range [][]string{{"version"}, {}, {"score", "--help"}} {
			var stderr bytes.Buffer
			if code := run(args, full{c.err}, &stderr, givenSecret); code != exitCannot || stderr.String() != c.said {
				t.Errorf("%q with %v: exit code %d, %q", args, c.err, code, stderr.String())
			}
		}
	}
}

// A real pipe whose reader has gone, as in jifen score | head -1.
func TestClosedPipe(t *testing.T) {
	t.Parallel()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	program := exec.Command("realjifen", "version")
	program.Stdout, program.Stderr = writer, &stderr
	err = program.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitCannot || stderr.Len() > 0 {
		t.Fatalf("%v, and on the standard error %q", err, stderr.String())
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	branches := []string{"幸福街第一党支部", "幸福街第二党支部", "健康街第一党支部"}
	for word, want := range map[string][]string{
		"幸福街第三党支部":      {"幸福街第一党支部"},
		"第一党支部":         {"幸福街第一党支部", "健康街第一党支部"},
		"潍州路街道幸福街第二党支部": {"幸福街第二党支部"},
		"别处": nil,
		"":   nil,
	} {
		if got := suggest(word, branches); !slices.Equal(got, want) {
			t.Errorf("%s: %q", word, got)
		}
	}
	if got := suggest("甲", []string{"甲1", "甲2", "甲3", "甲4", "甲5", "甲6", "甲1"}); len(got) != 5 {
		t.Errorf("%q", got)
	}
}

func TestShellWord(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"data/example/members.csv": "data/example/members.csv",
		"数据/党员.csv":                "数据/党员.csv",
		"my data/m.csv":            "'my data/m.csv'",
		"it's":                     `'it'\''s'`,
		"$HOME":                    "'$HOME'",
	} {
		if got := shellWord(path); got != want {
			t.Errorf("%s became %s", path, got)
		}
	}
}

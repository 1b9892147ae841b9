package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"jifen": main})
}

// TestScripts runs testdata/script. Every script starts in a folder that holds
// the files of testdata/street.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("GORACE", "atexit_sleep_ms=0") // a second for each command otherwise
			return os.CopyFS(e.WorkDir, os.DirFS(filepath.Join("testdata", "street")))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"code": code},
	})
}

// code runs jifen and wants one exit code: code 1 score --rules rules.yaml.
func code(ts *testscript.TestScript, negated bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if err != nil || negated {
		ts.Fatalf("usage: code N arguments of jifen")
	}
	got := 0
	if err := ts.Exec("jifen", args[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("jifen did not run: %v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d; on the standard error:\n%s", got, want, ts.ReadFile("stderr"))
	}
	if want == exitDone && ts.ReadFile("stderr") != "" {
		ts.Fatalf("done, and yet it complains:\n%s", ts.ReadFile("stderr"))
	}
}

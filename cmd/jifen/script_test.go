package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jifen/internal/app/accounts"
	"jifen/internal/spreadsheet"
	"jifen/internal/store"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"jifen":       func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, givenSecret)) },
		"realjifen":   main,
		"mortaljifen": runKilled,
	})
}

// givenSecret answers for whoever a command acts for: it gives his account a password that
// costs little to compare. A file of a secret is read as ever.
func givenSecret(ctx context.Context, h *house, login, file string) (string, error) {
	if file != "" {
		return askSecret(ctx, h, login, file)
	}
	const secret = "the secret of a test"
	cheap := accounts.Cost{Memory: 8, Iterations: 1}
	hash, err := accounts.NewHasher(cheap).Hash(ctx, secret)
	if err != nil {
		return "", err
	}
	return secret, h.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		a, err := tx.AccountByLogin(login)
		if err != nil || strings.Contains(a.Password, "m=8,t=1,") {
			return err
		}
		a.Password = hash
		return tx.UpdateAccount(a)
	})
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
			leaveOut(t, e)
			e.Setenv("GORACE", "atexit_sleep_ms=0") // a second for each command otherwise
			return os.CopyFS(e.WorkDir, os.DirFS(filepath.Join("testdata", "street")))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": code, "workbook": workbook, "csv": csv, "hold": hold, "sqlite": shell, "secret": secretOf,
			"aged": aged,
		},
	})
}

// worksOnDatabase finds a command that does something with a database.
func worksOnDatabase() *regexp.Regexp { return regexp.MustCompile(`(?m)^(code 0|exec jifen) .*--db `) }

// leaveOut skips, with -short, a script that works on a database: each of its
// commands is a process that opens it.
func leaveOut(t *testing.T, e *testscript.Env) {
	t.Helper()
	if !testing.Short() {
		return
	}
	name := strings.TrimPrefix(filepath.Base(e.WorkDir), "script-")
	src, err := os.ReadFile(filepath.Join("testdata", "script", name+".txtar"))
	if err != nil {
		t.Error(err)
	}
	if worksOnDatabase().Match(src) && name != "init" {
		e.T().Skip("it works on a database; run it with: go test ./cmd/jifen -run TestScripts/" + name + ", without -short")
	}
}

// workbook turns a table of the script into what people send: workbook in.csv
// out.xlsx.
func workbook(ts *testscript.TestScript, _ bool, args []string) {
	t, err := spreadsheet.ReadCSV(args[0], strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	columns := make([]spreadsheet.Column, len(t.Header))
	for i, h := range t.Header {
		columns[i].Name = h
	}
	rows := make([][]string, len(t.Rows))
	for i, r := range t.Rows {
		rows[i] = r.Cells
	}
	var b bytes.Buffer
	ts.Check(spreadsheet.WriteXLSX(&b, "示例街道党员名册", columns, rows, nil))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.Bytes(), 0o600))
}

// csv turns a workbook into a file that a script can look into: csv in.xlsx
// out.csv.
func csv(ts *testscript.TestScript, _ bool, args []string) {
	t, err := spreadsheet.ReadXLSX(args[0], strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	lines := []string{strings.Join(t.Header, ",")}
	for _, r := range t.Rows {
		lines = append(lines, strings.Join(r.Cells, ","))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Join(lines, "\n")+"\n"), 0o600))
}

// hold opens a database as a server does, until the script ends: hold FILE.
func hold(ts *testscript.TestScript, _ bool, args []string) {
	db, err := store.Open(context.Background(),
		store.Options{Path: ts.MkAbs(args[0]), Now: time.Now, Random: rand.Reader,
			Keys: []store.Generation{{Chain: make([]byte, 32)}}})
	ts.Check(err)
	ts.Defer(func() { ts.Check(db.Close()) })
}

// shell runs a statement on a file as the sqlite3 shell does: sqlite FILE STATEMENT.
func shell(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite3", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.ExecContext(context.Background(), args[1])
	ts.Check(errors.Join(err, db.Close()))
}

// secretOf keeps what the last command printed and an expression finds, in a file of the
// owner's only: secret FILE EXPRESSION.
func secretOf(ts *testscript.TestScript, _ bool, args []string) {
	found := regexp.MustCompile(args[1]).FindString(ts.ReadFile("stdout"))
	if found == "" {
		ts.Fatalf("%s is not in what was printed", args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(found+"\n"), 0o600))
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

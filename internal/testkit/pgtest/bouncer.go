package pgtest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// BouncedDatabase is Database behind a pgbouncer of its own in transaction mode with so
// many connections to the server: what two transactions of a client run on is often not
// one connection. Without pgbouncer the test is skipped, and fails where CI is set.
func BouncedDatabase(tb testing.TB, connections int) string {
	tb.Helper()
	return bounced(tb, Database(tb), connections, "")
}

// PreparingDatabase is BouncedDatabase behind a pgbouncer that keeps prepared statements,
// and the address says that they are used. Of an older pgbouncer than 1.21 the test is
// skipped: that of the distribution may be one.
func PreparingDatabase(tb testing.TB, connections int) string {
	tb.Helper()
	out, err := exec.CommandContext(tb.Context(), bouncer(tb), "--version").Output()
	if err != nil {
		tb.Fatal(err)
	}
	var major, minor int
	if _, err := fmt.Sscanf(strings.ToLower(string(out)), "pgbouncer %d.%d", &major, &minor); err != nil {
		tb.Fatalf("the version of pgbouncer, %q: %v", out, err)
	}
	if major == 1 && minor < 21 {
		tb.Skipf("pgbouncer %d.%d keeps no prepared statements: 1.21 does", major, minor)
	}
	return bounced(tb, Database(tb), connections, "max_prepared_statements = 500\n") +
		"&default_query_exec_mode=cache_statement"
}

// bounced starts pgbouncer with some more settings before a database, on a socket and
// nothing else, and returns the address that leads through it.
func bounced(tb testing.TB, address string, connections int, more string) string {
	tb.Helper()
	program := bouncer(tb)
	server, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	host, port := server.Query().Get("host"), server.Port()
	if host == "" {
		host = server.Hostname()
	}
	if port == "" {
		port = "5432"
	}
	dir, err := os.MkdirTemp("", "pgb") // a socket's path is short
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	settings := fmt.Sprintf("[databases]\n* = host=%s port=%s user=%s\n[pgbouncer]\nlisten_port = 6432\n"+
		"unix_socket_dir = %s\npool_mode = transaction\nauth_type = any\nmax_client_conn = 400\n"+
		"default_pool_size = %d\nserver_reset_query_always = 0\n",
		host, port, server.User.Username(), dir, connections) + more
	if os.Geteuid() == 0 {
		settings += "user = " + lesser(tb, dir) + "\n" // it refuses to run as root
	}
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(settings), 0o644); err != nil { //nolint:gosec // another user reads it
		tb.Fatal(err)
	}
	begin(tb, exec.CommandContext(context.WithoutCancel(tb.Context()), program, file)) //nolint:gosec // the found program
	server.Host = ""
	server.RawQuery = url.Values{"host": {dir}, "port": {"6432"}}.Encode()
	return server.String()
}

// bouncer returns the path of pgbouncer.
func bouncer(tb testing.TB) string {
	tb.Helper()
	for _, name := range []string{"pgbouncer", "/usr/sbin/pgbouncer"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		tb.Fatal("pgbouncer is not there: CI runs these tests")
	}
	tb.Skip("pgbouncer is not there: nothing to go through (it comes with the package pgbouncer)")
	return ""
}

// lesser gives a folder to a user who is not root and returns his name.
func lesser(tb testing.TB, dir string) string {
	tb.Helper()
	var last error
	for _, name := range []string{"postgres", "nobody"} {
		who, err := user.Lookup(name)
		if err != nil {
			last = err
			continue
		}
		id, err := strconv.Atoi(who.Uid)
		if err == nil {
			err = os.Chown(dir, id, -1)
		}
		if err != nil {
			tb.Fatal(err)
		}
		return name
	}
	tb.Fatal(last)
	return ""
}

// begin starts pgbouncer, waits until it says that it is there, and lets the test's end
// end it.
func begin(tb testing.TB, cmd *exec.Cmd) {
	tb.Helper()
	words, err := cmd.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	lines, heard := bufio.NewScanner(words), strings.Builder{}
	for up := false; !up && lines.Scan(); {
		heard.WriteString(lines.Text() + "\n")
		up = strings.Contains(lines.Text(), "process up")
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, words)
	}()
	tb.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-drained
		_ = cmd.Wait() // it was killed
	})
	if !strings.Contains(heard.String(), "process up") {
		tb.Fatalf("pgbouncer did not start:\n%s", heard.String())
	}
}

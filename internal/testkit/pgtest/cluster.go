package pgtest

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Cluster is a server of one test's own, on a socket and nothing else, which the test
// may end and begin again. It waits for the disk as a server in use does.
type Cluster struct {
	tb  testing.TB
	bin string // the folder of the server's programs
	dir string
	by  []string // begins every command: a server refuses to run as root
}

// NewCluster starts a server with some settings of postgresql.conf, a line each; the
// test's end removes it. Without the server's programs the test is skipped, and fails
// where CI is set.
func NewCluster(tb testing.TB, settings string) *Cluster {
	tb.Helper()
	c := emptyCluster(tb)
	c.server("initdb", "-D", c.data(), "-U", "owner", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
	c.configure("listen_addresses = ''\nunix_socket_directories = '" + c.dir + "'\nshared_buffers = 32MB\n" + settings)
	c.Start()
	tb.Cleanup(c.Stop)
	return c
}

// emptyCluster makes the folder of a server, for the user as whom it runs.
func emptyCluster(tb testing.TB) *Cluster {
	tb.Helper()
	c := &Cluster{tb: tb, bin: programs()}
	if c.bin == "" {
		if os.Getenv("CI") != "" {
			tb.Fatal("initdb is not there: CI runs these tests")
		}
		tb.Skip("initdb is not there: no PostgreSQL to start and end (it comes with the package postgresql)")
	}
	var err error
	if c.dir, err = os.MkdirTemp("", "pg"); err != nil { // a socket's path is short
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(c.dir) })
	if os.Geteuid() == 0 {
		c.by = []string{"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "env", "HOME=" + c.dir}
		c.command("chown", "postgres", c.dir)
		if err := os.Chmod(c.dir, 0o755); err != nil { //nolint:gosec // the server is another user
			tb.Fatal(err)
		}
	}
	return c
}

// configure appends settings to postgresql.conf, where the last of a name counts.
func (c *Cluster) configure(settings string) {
	c.tb.Helper()
	conf, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		c.tb.Fatal(err)
	}
	_, err = conf.WriteString(settings + "\n")
	if closed := conf.Close(); err != nil || closed != nil {
		c.tb.Fatal(err, closed)
	}
}

// programs returns the folder with the programs of a server, "" without one.
func programs() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil { // the others lie beside the program
			path = real
		}
		return filepath.Dir(path)
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/local/pgsql/bin/initdb"} {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return filepath.Dir(found[len(found)-1])
		}
	}
	return ""
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// Start begins the server and returns when it answers.
func (c *Cluster) Start() {
	c.tb.Helper()
	c.server("pg_ctl", "-D", c.data(), "-l", filepath.Join(c.dir, "log"), "-w", "-s", "start")
}

// Stop ends the server at once, as a power cut does: what it has not told of the disk
// is not there. One that has ended stays so.
func (c *Cluster) Stop() {
	c.tb.Helper()
	if _, err := os.Stat(filepath.Join(c.data(), "postmaster.pid")); err == nil {
		c.server("pg_ctl", "-D", c.data(), "-m", "immediate", "-s", "stop")
	}
}

// Reload lets the server read its files of settings and of who may connect anew.
func (c *Cluster) Reload() {
	c.tb.Helper()
	c.server("pg_ctl", "-D", c.data(), "-s", "reload")
}

// Log returns what the server has told of itself.
func (c *Cluster) Log() string {
	text, err := os.ReadFile(filepath.Join(c.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Data returns the folder of the server's files.
func (c *Cluster) Data() string { return c.data() }

// Address returns how a user reaches a database of the server.
func (c *Cluster) Address(user, database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + database}
	u.RawQuery = url.Values{"host": {c.dir}}.Encode()
	return u.String()
}

// Database makes an empty database on the server and returns its owner's address.
func (c *Cluster) Database(name string) string {
	c.tb.Helper()
	create(c.tb, c.Address("owner", "postgres"), name)
	return c.Address("owner", name)
}

// Run runs a statement as the owner in a database of the server.
func (c *Cluster) Run(database, statement string) {
	c.tb.Helper()
	run(c.tb, c.Address("owner", database), statement)
}

// server runs one of the server's programs.
func (c *Cluster) server(name string, args ...string) {
	c.tb.Helper()
	line := append(append([]string{}, c.by...), filepath.Join(c.bin, name))
	c.command(append(line, args...)...)
}

func (c *Cluster) command(line ...string) {
	c.tb.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(c.tb.Context()), line[0], line[1:]...) //nolint:gosec // of the test
	cmd.Dir = c.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		c.tb.Fatalf("%v: %v\n%s\n%s", line, err, out, c.Log())
	}
}

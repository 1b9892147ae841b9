// Package pgtest gives tests databases of a PostgreSQL server.
package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// Variable names the environment variable with the address of a server on which
// databases may be made and dropped, such as postgres://owner@/postgres?host=/tmp.
const Variable = "JIFEN_TEST_POSTGRES"

// made counts the databases of this process.
var made atomic.Int64 //nolint:gochecknoglobals // tests of one process run beside each other

// OnServer reports whether tests that can run on either engine run on a server.
func OnServer() bool { return os.Getenv("JIFEN_TEST_ENGINE") == "postgres" }

// Database makes an empty database that is dropped when the test ends, and returns
// its address. Without a server the test is skipped, and fails where CI is set.
func Database(tb testing.TB) string {
	tb.Helper()
	server := os.Getenv(Variable)
	if server == "" {
		if os.Getenv("CI") != "" {
			tb.Fatalf("%s is not set: CI runs these tests", Variable)
		}
		tb.Skipf("%s is not set: no PostgreSQL to run on (make test-pg starts one)", Variable)
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), made.Add(1))
	run(tb, server, "DROP DATABASE IF EXISTS "+name)
	create(tb, server, name)
	tb.Cleanup(func() { run(tb, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	address, err := url.Parse(server)
	if err != nil {
		tb.Fatal(err)
	}
	address.Path = "/" + name
	return address.String()
}

// With returns the address of a database with one of the server's settings for whoever
// comes by it.
func With(tb testing.TB, address, setting, value string) string {
	tb.Helper()
	u, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	parameters := u.Query()
	parameters.Set(setting, value)
	u.RawQuery = parameters.Encode()
	return u.String()
}

// create makes an empty database. Its default orders Chinese by its sound, which shows
// a column that forgot to say how.
func create(tb testing.TB, server, name string) {
	tb.Helper()
	run(tb, server, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8' "+
		"LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'zh-Hans-CN'")
}

func run(tb testing.TB, server, statement string) {
	tb.Helper()
	db, err := sql.Open("pgx", server)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(context.WithoutCancel(tb.Context()), statement); err != nil {
		tb.Fatalf("%s: %v", statement, err)
	}
}

// Run runs a statement in a database, outside a transaction.
func Run(tb testing.TB, address, statement string) {
	tb.Helper()
	run(tb, address, statement)
}

// Program is the user as whom programs work on a database whose tables are another's.
const Program = "jifen_program"

// AsProgram makes the user Program where he is not there yet, and returns the address
// with him in it.
func AsProgram(tb testing.TB, address string) string {
	tb.Helper()
	run(tb, address, "DO $$ BEGIN CREATE ROLE "+Program+" LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation "+
		"THEN NULL; END $$")
	u, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	u.User = url.User(Program)
	return u.String()
}

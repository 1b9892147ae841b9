package pgtest

import (
	"database/sql"
	"net/url"
	"testing"
)

// NewReplica starts a replica of a server: it has replayed all that was committed when
// it is returned, and goes on. The test's end removes it.
func NewReplica(tb testing.TB, of *Cluster) *Cluster {
	tb.Helper()
	c := emptyCluster(tb)
	c.server("pg_basebackup", "-h", of.dir, "-U", "owner", "-D", c.data(), "-R", "-X", "stream", "-c", "fast")
	c.configure("unix_socket_directories = '" + c.dir +
		"'\nwal_receiver_status_interval = 1\nwal_retrieve_retry_interval = 10")
	c.Start()
	tb.Cleanup(c.Stop)
	c.CatchUp(of)
	return c
}

// Promote makes a replica a primary.
func (c *Cluster) Promote() {
	c.tb.Helper()
	c.server("pg_ctl", "-D", c.data(), "-w", "-s", "promote")
}

// Follow lets a replica replay what another primary writes.
func (c *Cluster) Follow(primary *Cluster) {
	c.tb.Helper()
	c.Run("postgres", "ALTER SYSTEM SET primary_conninfo = 'host="+primary.dir+" user=owner'")
	c.Reload()
}

// CatchUp returns when a replica has replayed all that a primary has written.
func (c *Cluster) CatchUp(primary *Cluster) {
	c.tb.Helper()
	end := primary.Ask("postgres", "SELECT pg_current_wal_flush_lsn()::text")
	for c.Ask("postgres", "SELECT (pg_last_wal_replay_lsn() >= '"+end+"'::pg_lsn)::text") != "true" {
		if err := c.tb.Context().Err(); err != nil {
			c.tb.Fatalf("%v: the replica does not come to %s\n%s", err, end, c.Log())
		}
	}
}

// Ask returns the one text that a question has for an answer.
func (c *Cluster) Ask(database, question string) (answer string) {
	c.tb.Helper()
	db, err := sql.Open("pgx", c.Address("owner", database))
	if err != nil {
		c.tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(c.tb.Context(), question).Scan(&answer); err != nil {
		c.tb.Fatalf("%s: %v\n%s", question, err, c.Log())
	}
	return answer
}

// Either returns how a user reaches a database of whichever of two servers can be
// written to.
func Either(user, database string, first, second *Cluster) string {
	u := url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + database}
	u.RawQuery = url.Values{
		"host": {first.dir + "," + second.dir}, "port": {"5432,5432"}, "target_session_attrs": {"read-write"},
	}.Encode()
	return u.String()
}

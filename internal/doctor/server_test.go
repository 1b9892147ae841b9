package doctor

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/backup"
	"jifen/internal/testkit"
	"jifen/internal/testkit/pgtest"
)

// TestADatabaseOnAServer: what lies beside a file is not looked for, and the clocks of the
// two machines are compared.
func TestADatabaseOnAServer(t *testing.T) {
	address := pgtest.Database(t)
	t.Chdir(t.TempDir()) // where the key comes to lie
	now := time.Now()
	o := Options{
		World:    backup.World{Now: func() time.Time { return now.In(testkit.Zone()) }, Random: &testkit.Steps{}},
		Database: address, Writable: func(string) bool { return true },
	}
	db, _, err := o.Create(t.Context(), address, backup.KeyPath(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := o.WriteRoot(t.Context(), db, address); err != nil {
		t.Fatal(err)
	}
	if list, err := filepath.Glob("*.key"); err != nil || len(list) != 1 {
		t.Errorf("keys here: %v, %v", list, err)
	}
	says := func(when string, want map[string]State) {
		t.Helper()
		for _, f := range Look(t.Context(), o) {
			if f.State != want[f.Name] {
				t.Errorf("%s: %s is %d, want %d: %s; %s", when, f.Name, f.State, want[f.Name], f.Words, f.Hint)
			}
		}
	}
	elsewhere := map[string]State{"磁盘": Unasked, "备份": Unasked, "写入": Unasked}
	says("in good health", elsewhere)
	now = now.Add(2 * time.Minute)
	elsewhere["时钟"] = Broken
	says("two clocks apart", elsewhere)
}

// TestADoctorLooksAtTheReplica: it is well while it replays, and a warning while it is
// gone or is the primary itself.
func TestADoctorLooksAtTheReplica(t *testing.T) {
	primary := pgtest.NewCluster(t, "max_connections = 20")
	address := primary.Database("town")
	t.Chdir(t.TempDir()) // where the key comes to lie
	o := Options{
		World:    backup.World{Now: time.Now, Random: &testkit.Steps{}},
		Database: address, Writable: func(string) bool { return true },
	}
	db, _, err := o.Create(t.Context(), address, backup.KeyPath(address))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	replica := pgtest.NewReplica(t, primary)
	found := func(readFrom, name string) Finding {
		t.Helper()
		o.ReadFrom = readFrom
		for _, f := range Look(t.Context(), o) {
			if f.Name == name {
				return f
			}
		}
		return Finding{}
	}
	for _, c := range []struct {
		readFrom, name string
		state          State
		words          string
	}{
		{"", "连接", Well, "20 条连接"},
		{"", "副本", Well, ""},
		{replica.Address("owner", "town"), "副本", Well, "落后 0.0 秒"},
		{address, "副本", Warning, "是能写的主库"},
	} {
		f := found(c.readFrom, c.name)
		for tries := 0; tries < 50 && c.state == Well && f.State != Well; tries++ { // a slow replica
			replica.CatchUp(primary)
			f = found(c.readFrom, c.name)
		}
		if f.State != c.state || !strings.Contains(f.Words, c.words) {
			t.Errorf("--read-from %q: %s is %d, want %d: %s", c.readFrom, c.name, f.State, c.state, f.Words)
		}
	}
	replica.Stop()
	if f := found(replica.Address("owner", "town"), "副本"); f.State != Warning || !strings.Contains(f.Words, "连不上副本") {
		t.Errorf("the replica is gone: %d: %s", f.State, f.Words)
	}
	var many []*sql.Conn
	pool, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	for range 15 {
		conn, err := pool.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		many = append(many, conn)
	}
	if f := found("", "连接"); f.State != Warning {
		t.Errorf("%d connections are taken: %d: %s", len(many), f.State, f.Words)
	}
}

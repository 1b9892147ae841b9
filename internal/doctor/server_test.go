package doctor

import (
	"path/filepath"
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
	if _, err := backup.WriteRoot(t.Context(), db, backup.RootsPath(address)); err != nil {
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

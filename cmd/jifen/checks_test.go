package main

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/fault"
	"jifen/internal/jobs"
)

// TestTheServedDatabaseIsChecked: what the daily and the weekly check say of an honest
// database, and of one that somebody changed; they name nobody.
func TestTheServedDatabaseIsChecked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "d.db")
	jifen(t, exitDone, "demo", "--db", path, "--members", "50", "--seed", "3")
	says := func(of func(*house, string) jobs.Job) string {
		t.Helper()
		h, err := openHouse(t.Context(), path, false)
		if err != nil {
			t.Fatal(err)
		}
		said, failed := of(h, path).Run(t.Context(), 0)
		if err := h.db.Close(); err != nil {
			t.Fatal(err)
		}
		var told *fault.Error
		if errors.As(failed, &told) {
			return told.Message + "；" + told.Hint
		}
		return said
	}
	holds := func(when, got string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %s, want %s", when, got, w)
			}
		}
	}
	holds("quick", says(quickCheckJob), "条链的链尾、名下存的、最近的根都对得上")
	holds("whole", says(wholeCheckJob), "每一行都和封存时一样；还没有根可比")
	jifen(t, exitDone, "verify", "--db", path, "--write-root")
	jifen(t, exitDone, "period", "lock", "--as", "jiedao", "--db", path, "--org", "幸福街第一党支部", "--period", "2026")
	holds("whole, with a root", says(wholeCheckJob), "；比了 1 个根，", "还没有根作证")

	t.Run("a name", func(t *testing.T) { sqlite(t, path, "UPDATE members SET name = '示例假' WHERE id = "+oneMember) })
	holds("quick, a name", says(quickCheckJob), "查出 1 处不对：链尾 0 处，名下存的 1 处，最近的根 0 处", "jifen verify")
	t.Run("a tail", func(t *testing.T) {
		sqlite(t, path, "DROP TRIGGER chain_entries_kept", "DELETE FROM chain_entries WHERE kind = 'period'")
	})
	got := says(quickCheckJob)
	holds("quick, a tail", got, "链尾 1 处")
	t.Run("a chain", func(t *testing.T) {
		sqlite(t, path, "DROP TRIGGER chain_entries_kept", "DELETE FROM chain_entries WHERE chain_id = "+oneBranch,
			"DELETE FROM chain_heads WHERE month = '' AND org_id = "+oneBranch)
	})
	holds("quick, a chain", says(quickCheckJob), "最近的根 1 处")
	whole := says(wholeCheckJob)
	holds("whole, a chain", whole, "比根短的 1 处")
	if strings.Contains(got+whole, "示例假") {
		t.Errorf("somebody is named: %s", got)
	}
}

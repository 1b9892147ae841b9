package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/backup"
	"jifen/internal/testkit/effort"
)

// tampered makes a street in which there is something of every kind that people may change
// by hand, with its roots and with how it stood before.
type tampered struct {
	made  string // the database
	older string // as it was before the last roots
	roots string // that lie elsewhere
}

func newTampered(t *testing.T) *tampered {
	t.Helper()
	dir := t.TempDir()
	x := &tampered{filepath.Join(dir, "t.db"), filepath.Join(dir, "older.db"), filepath.Join(dir, "kept")}
	jifen(t, exitDone, "demo", "--db", x.made, "--members", "50", "--seed", "2")
	lookAround(t, x.made)
	copyFile(t, x.made, x.older)
	for _, args := range [...]string{
		"user token --as anquan --login jiedao --name x --read-only", "user token --as anquan --login jiedao --name y",
		"user revoke-token --as anquan --login jiedao --id 2", "user reset --as anquan --login fuhe",
		"user reset --as anquan --login fuhe", "period lock --as jiedao --org 幸福街第一党支部 --period 2026", "verify --write-root",
	} {
		jifen(t, exitDone, append(strings.Fields(args), "--db", x.made)...)
	}
	copyFile(t, backup.RootsPath(x.made), x.roots)
	return x
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestVerifyFindsWhateverWasChangedByHand does each of it to a copy of one database: what
// verify is to find without roots it names, what it is to find with roots it misses without
// them, and what it does not find at all the threat model names.
func TestVerifyFindsWhateverWasChangedByHand(t *testing.T) {
	t.Parallel()
	x := newTampered(t)
	named, err := os.ReadFile("../../docs/adr/0017-format-of-the-chain.md")
	if err != nil {
		t.Fatal(err)
	}
	step := effort.Sample(t, 8)
	seen := map[string]bool{}
	for i, c := range tamperings() {
		if seen[c.name] || c.named != "" && !strings.Contains(string(named), c.named) {
			t.Errorf("%s: twice, or the threat model does not name %q", c.name, c.named)
		}
		if seen[c.name] = true; i%step != 0 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x.tried(t, &c)
		})
	}
}

// tried does one thing to a copy and asks verify without roots and, where that is to find
// nothing, with them.
func (x *tampered) tried(t *testing.T, c *tampering) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.db")
	copyFile(t, x.made, path)
	copyFile(t, backup.KeyPath(x.made), backup.KeyPath(path))
	copyFile(t, backup.PublicKeyPath(x.made), backup.PublicKeyPath(path))
	t.Run("by hand", func(t *testing.T) { x.tamper(t, path, c) }) // its end closes the connection
	verified := func(args ...string) (code int, said string) {
		var out, errs bytes.Buffer
		code = run(append([]string{"verify", "--db", path}, args...), &out, &errs, givenSecret)
		return code, out.String() + errs.String()
	}
	code, said := verified()
	if c.named == "" && !c.roots {
		if code == exitDone || !strings.Contains(said, c.want) {
			t.Errorf("%q is not told without roots: %d, %.400s", c.want, code, said)
		}
		return
	}
	if code != exitDone {
		t.Errorf("it is found without roots, and the table says that it is not: %d, %.400s", code, said)
	}
	code, said = verified("--root", x.roots)
	if c.roots && (code != exitNo || !strings.Contains(said, c.want)) {
		t.Errorf("%q is not told with the roots: %d, %.400s", c.want, code, said)
	}
	if c.named != "" && code != exitDone {
		t.Errorf("it is found with the roots, and the table says that it is not: %d, %.400s", code, said)
	}
}

// tamper does what the row of the table says.
func (x *tampered) tamper(t *testing.T, path string, c *tampering) {
	t.Helper()
	db, ctx := raw(t, path), t.Context()
	do := func(statement string) {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			t.Fatal(statement, err)
		}
	}
	db.SetMaxOpenConns(1)
	switch c.act {
	case "":
		sqlite(t, path, c.sql...)
	case "relinked":
		do("DROP TRIGGER entries_stay")
		do("UPDATE entries SET points = 10000 WHERE id = 7")
		do("CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries is append-only'); END")
		relink(t, path, 7)
	case "appended":
		do("INSERT INTO entries (street_id, member_id, item, occurred_on, fields, recorded_at, " +
			"recorded_by) SELECT street_id, " +
			"member_id, item, occurred_on, fields, recorded_at, 2 FROM entries WHERE id = 7")
		do("INSERT INTO chain_entries SELECT l.chain_id, h.seq + 1, 1, 'entry', (SELECT max(id) FROM entries), x'00', " +
			"x'00', " +
			"x'00', l.street_id FROM chain_entries l JOIN chain_heads h ON h.org_id = l.chain_id AND h.month = '' " +
			"WHERE l.kind = 'entry' AND l.row_id = 7")
		do("UPDATE chain_heads SET seq = seq + 1 WHERE month = '' AND org_id = (SELECT chain_id FROM chain_entries " +
			"WHERE kind = 'entry' AND row_id = 7)")
		var id int64
		if err := db.QueryRowContext(ctx, "SELECT max(id) FROM entries").Scan(&id); err != nil {
			t.Fatal(err)
		}
		relink(t, path, id)
	case "put back":
		copyFile(t, x.older, path)
	case "chain put back":
		do("ATTACH '" + x.older + "' AS older")
		again := []func(){without(t, db, "periods_kept"), without(t, db, "chain_entries_kept")}
		do("DELETE FROM periods")
		do("DELETE FROM chain_entries WHERE kind = 'period'")
		do("INSERT OR REPLACE INTO main.chain_heads SELECT * FROM older.chain_heads WHERE month = '' AND org_id IN " +
			"(SELECT id FROM older.orgs WHERE name = '幸福街第一党支部')")
		for _, f := range again {
			f()
		}
	case "triggers":
		do("DROP TRIGGER entries_stay")
		do("DROP TRIGGER trail_kept")
	}
}

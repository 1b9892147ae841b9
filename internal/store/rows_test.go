package store

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/testkit/expect"
)

func TestEveryChangeOfInputsRaisesTheVersion(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	version := func() (n int64) {
		read(t, db, func(v *Snapshot) error {
			m, err := v.Member(everybody, "P1")
			n = m.Version
			return err
		})
		return n
	}
	last := version()
	record(t, db, s)
	if now := version(); now != last+6 {
		t.Errorf("six inputs raised the version from %d to %d", last, now)
	}
}

func TestAppendOnly(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	record(t, db, s)
	write(t, db, func(tx *Tx) error {
		return decide(tx, 1, domain.RequestStep{Kind: domain.StepAccept, Organs: []string{"支部委员会"}, Rest: 1}, s.clerk)
	})
	for _, statement := range []string{
		"UPDATE entries SET item = 'x'", "DELETE FROM entries", "UPDATE facts SET text = 'x'", "DELETE FROM attendance",
		"UPDATE requests SET route = 'x'", "DELETE FROM request_steps", "DELETE FROM requests",
		"INSERT OR REPLACE INTO entries (id, member_id, item, occurred_on, recorded_at, recorded_by) " +
			"VALUES (1, 'P1', 'x', '2026-01-01', '', 1)",
		"UPDATE chain_entries SET digest = x'00'", "DELETE FROM trail", "UPDATE texts SET body = 'x'", "DELETE FROM texts",
		"UPDATE orgs SET name = 'x'",
	} {
		err := db.Write(context.Background(), func(tx *Tx) error {
			if strings.Contains(statement, "tokens") {
				if _, err := tx.InsertToken([]byte(statement), domain.Token{Account: s.clerk, Name: "考勤机", Tail: "abcd",
					Expires: tx.Now()}); err != nil {
					return err
				}
			}
			if statement == "DELETE FROM trail" {
				if err := tx.InsertTrace(domain.AuditEvent{Account: s.clerk, Action: "登录"}); err != nil {
					return err
				}
			}
			_, err := tx.exec(statement)
			return err
		})
		if err == nil {
			t.Errorf("%s was done", statement)
		}
	}
}

func breaks(t *testing.T, db *DB) string {
	t.Helper()
	var out []string
	read(t, db, func(v *Snapshot) error {
		found, err := v.Verify()
		for i := range found {
			out = append(out, breakLine(&found[i]))
		}
		return err
	})
	return strings.Join(out, "; ")
}

// breakLine tells a break in a line.
func breakLine(b *domain.ChainBreak) string { return fmt.Sprintf("%s %d %s", b.Kind, b.Row, b.Why) }

func erased(t *testing.T, db *DB) (n int64) {
	t.Helper()
	read(t, db, func(v *Snapshot) (err error) {
		n, err = v.Erased()
		return err
	})
	return n
}

func root(t *testing.T, db *DB) (sum []byte) {
	t.Helper()
	read(t, db, func(v *Snapshot) error {
		heads, err := v.Heads()
		sum = Root(heads)
		return err
	})
	return sum
}

func TestVerifyFindsWhatAnExpertTamperedWith(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	record(t, db, s)
	if got := breaks(t, db); got != "" {
		t.Fatalf("untouched, and yet %s", got)
	}
	// Erasing a text is no break.
	write(t, db, func(tx *Tx) error { return tx.EraseText(1, "本人要求", on("2026-03-09"), s.clerk) })
	if n := erased(t, db); n != 1 {
		t.Errorf("%d erased texts", n)
	}
	before := root(t, db)
	if got := breaks(t, db); got != "" || !bytes.Equal(root(t, db), before) {
		t.Errorf("an erased text: %s", got)
	}
	raw(t, db, "DROP TRIGGER entries_stay; UPDATE entries SET points = 999 WHERE id = 1")
	if got := breaks(t, db); got != "entry 1 这一行被改过" {
		t.Errorf("a changed row: %s", got)
	}
	// With every later hash recomputed the codes tell that it was done without the key.
	raw(t, db, "DROP TRIGGER chain_entries_stay; DROP TRIGGER chain_entries_kept")
	write(t, db, func(tx *Tx) error {
		return rechain(tx, s.east.ID, newChains([]Generation{{Chain: []byte("another key")}}))
	})
	if got := breaks(t, db); strings.Count(got, "不是用这个库的密钥写的") != 10 || strings.Count(got, ";") != 9 {
		t.Errorf("recomputed without the key: %s", got)
	}
	// With the key the chain holds, and the root tells.
	write(t, db, func(tx *Tx) error { return rechain(tx, s.east.ID, tx.chains) })
	if got := breaks(t, db); got != "" {
		t.Errorf("recomputed, and yet %s", got)
	}
	if bytes.Equal(root(t, db), before) {
		t.Error("the root is the same")
	}
	raw(t, db, "DELETE FROM chain_entries WHERE chain_id = "+string(s.east.ID)+" AND seq > 2")
	if got := breaks(t, db); !strings.Contains(got, "entry 1 这一行不在链上") {
		t.Errorf("dropped entries: %s", got)
	}
}

// rechain does what a tamperer with the source would do.
func rechain(tx *Tx, chain domain.OrgID, with *chains) error {
	var list []chainEntry
	if err := tx.all(&list, "SELECT chain_id, seq, format, kind, row_id FROM chain_entries WHERE chain_id = ? "+
		"ORDER BY seq", orgKey(chain)); err != nil {
		return err
	}
	var before []byte
	for i := range list {
		e := &list[i]
		var err error
		if e.Digest, err = tx.digest(tx.chains.kinds[kind(e.Kind)], e.RowID); err != nil {
			return err
		}
		m := entryMessage(e, before)
		before = m.hash()
		if _, err := tx.exec("UPDATE chain_entries SET digest = ?, hash = ?, mac = ? WHERE chain_id = ? AND seq = ?",
			e.Digest, before, with.mac(m), e.ChainID, e.Seq); err != nil {
			return err
		}
	}
	tx.chains = with
	tx.advance(&headRow{OrgID: orgKey(chain), Seq: int64(len(list)), Hash: before})
	return tx.settle()
}

func TestRememberedOnlyWhileTheVersionHolds(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	settle(t, db)
	remembered := func() map[domain.MemberID]domain.CachedStanding {
		out := map[domain.MemberID]domain.CachedStanding{}
		read(t, db, func(v *Snapshot) error {
			list, err := v.Population(everybody, "", "weizhou", "2026", 0, on("2026-03-01"))
			for _, k := range list {
				if k.Any {
					out[k.Member.ID] = k.Remembered
				}
			}
			expect.Len(t, "list", list, 2)
			expect.Equal(t, "list[0].Member.Home.Name", list[0].Member.Home.Name, "东支部")
			return err
		})
		return out
	}
	s := domain.CachedStanding{Member: "P1", Version: 2, Rules: "r", AsOf: on("2026-03-01"), Until: calendar.Forever,
		Body: []byte("{}")}
	write(t, db, func(tx *Tx) error { return tx.Remember("weizhou", "2026", s) })
	if got := remembered(); !reflect.DeepEqual(got, map[domain.MemberID]domain.CachedStanding{"P1": s}) {
		t.Fatalf("%+v", got)
	}
	s.Version, s.Body = 1, []byte("old")
	write(t, db, func(tx *Tx) error { return tx.Remember("weizhou", "2026", s) })
	if got := remembered()["P1"]; string(got.Body) != "{}" {
		t.Errorf("an older computation was kept: %+v", got)
	}
}

func TestSchemaKeepsToItsRules(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	var tables []struct{ Name, Sql string }
	read(t, db, func(v *Snapshot) error {
		return v.all(&tables, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
	})
	for _, s := range tables {
		if strings.Contains(s.Sql, "RAISE(ROLLBACK") || strings.Contains(strings.ToUpper(s.Sql), "DEFERRABLE") {
			t.Errorf("%s: %s", s.Name, s.Sql)
		}
		if strings.HasPrefix(s.Sql, "CREATE TABLE") && !strings.Contains(s.Sql, "STRICT") {
			t.Errorf("%s is not STRICT", s.Name)
		}
	}
	if len(tables) < 30 {
		t.Errorf("only %d objects", len(tables))
	}
}

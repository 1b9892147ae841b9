package store

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// long makes a database whose chain is walked in several pieces.
func long(t *testing.T) (*DB, domain.ChainHead) {
	t.Helper()
	db := temporary(t)
	s := settle(t, db)
	write(t, db, func(tx *Tx) error {
		for i := range 2*rowsAhead + 7 {
			fact := domain.Fact{Attribute: "职务", From: on("2026-01-01") + calendar.Day(i), Value: domain.Value{Text: "无"}}
			if err := tx.InsertFact("P1", fact, s.clerk); err != nil {
				return err
			}
		}
		return nil
	})
	var head domain.ChainHead
	read(t, db, func(v *Snapshot) error {
		heads, err := v.Heads()
		for _, h := range heads {
			if h.Seq > head.Seq {
				head = h
			}
		}
		return err
	})
	return db, head
}

func TestVerifyWalksALongChainToItsEnd(t *testing.T) {
	t.Parallel()
	db, head := long(t)
	if got := breaks(t, db); got != "" || head.Seq < 2*rowsAhead {
		t.Fatalf("untouched, %d entries, and yet %s", head.Seq, got)
	}
	raw(t, db, "DROP TRIGGER chain_entries_stay; DROP TRIGGER chain_entries_kept")
	for _, seq := range []int64{1, rowsAhead, rowsAhead + 1, 2 * rowsAhead, head.Seq} {
		hash := fmt.Sprintf("(SELECT hash FROM chain_entries WHERE chain_id = %s AND seq = %d)", head.Chain, seq)
		raw(t, db, fmt.Sprintf("CREATE TABLE was AS SELECT %s AS hash; UPDATE chain_entries SET hash = x'00' "+
			"WHERE chain_id = %s AND seq = %d", hash, head.Chain, seq))
		want, also := 2, 0 // this one, and the next that stands on it
		if seq == head.Seq {
			want, also = 1, 1 // and the head
		}
		if got := breaks(t, db); strings.Count(got, "这一环与前一环不相连") != want || strings.Count(got, "链头和最后一环") != also ||
			strings.Count(got, ";") != want+also-1 {
			t.Errorf("entry %d of %d: %s", seq, head.Seq, got)
		}
		raw(t, db, fmt.Sprintf("UPDATE chain_entries SET hash = (SELECT hash FROM was) WHERE chain_id = %s "+
			"AND seq = %d; DROP TABLE was", head.Chain, seq))
	}
	raw(t, db, fmt.Sprintf("DELETE FROM chain_entries WHERE chain_id = %s AND seq = %d", head.Chain, rowsAhead))
	if got := breaks(t, db); !strings.Contains(got, fmt.Sprintf("缺了第 %d 环", rowsAhead)) ||
		!strings.Contains(got, "这一行不在链上") {
		t.Errorf("one entry less: %s", got)
	}
}

// An entry is found wherever it was put: one of no organisation would vouch for a
// forged row.
func TestVerifyFindsAnEntryOfNoChain(t *testing.T) {
	t.Parallel()
	db, _ := long(t)
	raw(t, db, "PRAGMA foreign_keys = OFF; INSERT INTO chain_entries "+
		"VALUES (-9223372036854775808, -9223372036854775808, 1, 'fact', 999999, x'00', x'00', x'00', 0)")
	if got := breaks(t, db); !strings.Contains(got, "fact 999999 这一行不见了") {
		t.Errorf("%s", got)
	}
}

// An entry that this program cannot judge is told with its place, and what comes
// after it is looked at all the same.
func TestVerifyGoesOnAfterAnEntryItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ statement, want string }{
		"an unknown kind": {
			"INSERT INTO chain_entries SELECT chain_id, max(seq) + 1, 1, 'foo', 1, x'00', x'00', x'00', 1 FROM chain_entries " +
				"WHERE chain_id = %[1]s",
			"chain %[1]s foo 1 这一环与前一环不相连; chain %[1]s foo 1 不认得“foo”这种环; chain %[1]s head %[1]s 链头和最后一环（第 11 环）对不上",
		},
		"an unknown format": {
			"UPDATE chain_entries SET format = 9 WHERE chain_id = %[1]s AND seq = 5",
			"chain %[1]s fact 4 这一环的格式（9）本程序不认得，没有查",
		},
		"another kind's row": {
			"UPDATE chain_entries SET kind = 'entry' WHERE chain_id = %[1]s AND seq = 5",
			"chain %[1]s entry 4 这一环与前一环不相连; chain %[1]s entry 4 这一行不见了; chain  fact 4 这一行不在链上",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := temporary(t)
			s := settle(t, db)
			write(t, db, func(tx *Tx) error {
				for i := range 9 {
					if err := tx.InsertFact("P1", domain.Fact{Attribute: "职务", From: on("2026-01-01") + calendar.Day(i)},
						s.clerk); err != nil {
						return err
					}
				}
				return nil
			})
			raw(t, db, "DROP TRIGGER chain_entries_stay; DROP TRIGGER facts_stay; "+fmt.Sprintf(c.statement, s.east.ID)+
				"; UPDATE facts SET text = '书记' WHERE id = 9")
			var out []string
			read(t, db, func(v *Snapshot) error {
				found, err := v.Verify()
				for _, b := range found {
					out = append(out, fmt.Sprintf("chain %s %s %d %s", b.Chain, b.Kind, b.Row, b.Why))
				}
				return err
			})
			got := strings.Join(out, "; ")
			const later = "chain %[1]s fact 9 这一行被改过"
			for _, want := range strings.Split(c.want+"; "+later, "; ") {
				if want = strings.ReplaceAll(want, "%[1]s", string(s.east.ID)); !strings.Contains(got, want) {
					t.Errorf("%q is not told:\n%s", want, got)
				}
			}
			if n := strings.Count(c.want, ";") + 2; len(out) != n {
				t.Errorf("%d breaks, want %d:\n%s", len(out), n, got)
			}
		})
	}
}

func TestALongReadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	db, _ := long(t)
	ctx, cancel := context.WithCancel(context.Background())
	err := db.LongRead(ctx, func(v *Snapshot) error {
		if broken, err := v.Verify(); err != nil || len(broken) > 0 {
			t.Errorf("%v, %v", broken, err)
		}
		cancel()
		_, verified := v.Verify()
		_, looked := v.Integrity()
		_, reckoned := v.TrailHeads()
		read := v.verification().verifyTexts()
		for _, err := range []error{verified, looked, reckoned, read} {
			if fault.CodeOf(err) != fault.Unavailable {
				t.Errorf("ended, and yet %v", err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if err := db.LongRead(ctx, func(*Snapshot) error { return nil }); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("begun after the end: %v", err)
	}
}

package store

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// many makes a database with so many facts, whose rows are of several parts.
func many(tb testing.TB, facts int) *DB {
	tb.Helper()
	db := temporary(tb)
	s := settle(tb, db)
	err := db.Exclusive(context.Background(), func(tx *Tx) error {
		for i := range facts {
			fact := domain.Fact{Attribute: "职务", From: on("2026-01-01") + calendar.Day(i%2000), Value: domain.Value{Text: "无"}}
			if err := tx.InsertFact("P1", fact, s.clerk); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return db
}

// TestVerifyNamesTheRowInItsPart: rows are compared many together; of those that are not
// alike the one is named, wherever it stands, and two changes do not cancel each other.
func TestVerifyNamesTheRowInItsPart(t *testing.T) {
	t.Parallel()
	const rows = 1<<partBits + 5
	db := many(t, rows)
	if got := breaks(t, db); got != "" {
		t.Fatalf("untouched, and yet %s", got)
	}
	raw(t, db, "DROP TRIGGER facts_stay; DROP TRIGGER facts_kept; PRAGMA foreign_keys = OFF")
	for name, c := range map[string]struct {
		change, undo string
		want         []string
	}{
		"changed": {"UPDATE facts SET text = '书记' WHERE id IN (3, 4098)", "UPDATE facts SET text = '无' WHERE id IN (3, 4098)",
			[]string{"fact 3 这一行被改过", "fact 4098 这一行被改过"}},
		"exchanged": {"UPDATE facts SET id = -1 WHERE id = 5; UPDATE facts SET id = 5 WHERE id = 6; " +
			"UPDATE facts SET id = 6 WHERE id = -1", "UPDATE facts SET id = -1 WHERE id = 5; UPDATE facts SET id = 5 WHERE " +
			"id = 6; " +
			"UPDATE facts SET id = 6 WHERE id = -1", []string{"fact 5 这一行被改过", "fact 6 这一行被改过"}},
		"moved": {"UPDATE facts SET id = 9000 WHERE id = 9", "UPDATE facts SET id = 9 WHERE id = 9000",
			[]string{"fact 9 这一行不见了", "fact 9000 这一行不在链上"}},
		"of another street": {"UPDATE facts SET street_id = street_id + 1 WHERE id = 8",
			"UPDATE facts SET street_id = street_id - 1 WHERE id = 8", []string{"fact 8 这一行记的街道和它所在的链的不一样"}},
		"added below": {"INSERT INTO facts SELECT -9000, street_id, member_id, attribute, from_on, text, number, words, " +
			"request_id, recorded_at, recorded_by, reason FROM facts WHERE id = 1", "DELETE FROM facts WHERE id = -9000",
			[]string{"fact -9000 这一行不在链上"}},
	} {
		raw(t, db, c.change)
		got := breaks(t, db)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not told: %s", name, want, got)
			}
		}
		if n := strings.Count(got, ";") + 1; n != len(c.want) {
			t.Errorf("%s: %d are told, want %d: %s", name, n, len(c.want), got)
		}
		raw(t, db, c.undo)
		if got := breaks(t, db); got != "" {
			t.Fatalf("%s: it was not undone: %s", name, got)
		}
	}
}

// TestAPartThatDiffersIsToldWhateverTheIndexesSay: where no row of it is found to be wrong,
// the part is.
func TestAPartThatDiffersIsToldWhateverTheIndexesSay(t *testing.T) {
	t.Parallel()
	db := many(t, 3)
	read(t, db, func(v *Snapshot) error {
		w := v.verification()
		_, err := w.examine(part{v.chains.kinds[kindFact], 0})
		if len(w.found) != 1 || !strings.Contains(w.found[0].Why, "第 0 到 4095 行和链上的不一样") {
			t.Errorf("told: %+v", w.found)
		}
		return err
	})
}

// BenchmarkVerify measures the processor time of verification for a link, beside that of a
// bare scan of the same columns in the same run. A million links are to take 1.5 seconds of two processors.
func BenchmarkVerify(b *testing.B) {
	const facts = 50_000
	db := many(b, facts)
	var took [2]time.Duration
	turn := func(f func(*Snapshot) error) time.Duration {
		before := processor(b)
		if err := db.LongRead(context.Background(), f); err != nil {
			b.Fatal(err)
		}
		return processor(b) - before
	}
	n := 0
	for b.Loop() {
		took[0] += turn(func(v *Snapshot) error {
			broken, err := v.Verify()
			if len(broken) > 0 {
				return fmt.Errorf("%d breaks", len(broken))
			}
			return err
		})
		took[1] += turn(func(v *Snapshot) error {
			w := v.verification()
			k := v.chains.kinds[kindFact]
			r := newRowCells([]any{new(number), new(number)}, k.columns, new(number))
			err := v.each(func(rows *sqlx.Rows) error { _, err := r.scan(rows); return err }, readRows(k), 0)
			if err != nil {
				return err
			}
			return w.readLinks(func(b *linkBatch) *linkBatch {
				if b == nil {
					b = &linkBatch{}
				}
				return b
			}, beforeAll())
		})
		n++
	}
	b.ReportMetric(float64(took[0].Microseconds())/float64(n*facts), "cpu-µs/link")
	b.ReportMetric(float64(took[0])/float64(took[1]), "x-scan")
}

// processor returns the processor time of this process.
func processor(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

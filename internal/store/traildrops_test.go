package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit/expect"
)

// quarter makes a street with an account and two lines of the trail in each of four months.
func quarter(t *testing.T, path string) (db *DB, s town) {
	t.Helper()
	now := noon()
	opts := openable(path)
	opts.Now, opts.AnyClock = func() time.Time { return now }, true
	db, err := Open(context.Background(), opts)
	must(t, "open", err)
	t.Cleanup(func() { _ = db.Close() })
	s = settle(t, db)
	for month := time.January; month <= time.April; month++ {
		now = time.Date(2026, month, 5, 12, 0, 0, 0, time.UTC)
		for range 2 {
			write(t, db, func(tx *Tx) error { return tx.InsertTrace(domain.AuditEvent{Action: "看", Org: s.east.ID}) })
		}
	}
	return db, s
}

// dropping drops a month as the trail has it.
func dropping(db *DB, s town, month string) error {
	return db.Exclusive(context.Background(), func(tx *Tx) error {
		months, err := tx.TrailMonths()
		d := domain.TrailDrop{TrailMonth: domain.TrailMonth{Street: s.street.ID, Month: month}, Note: "note",
			Asked: s.clerk, Agreed: s.clerk}
		for _, m := range months {
			if m.Street == s.street.ID && m.Month == month {
				d.TrailMonth = m
			}
		}
		if err != nil {
			return err
		}
		return tx.DropTrail(&d)
	})
}

// dropsAMonth drops the trail of no street of two months ago.
func dropsAMonth(tx *Tx, s *town) error {
	now := tx.now
	for ago := 2; ago > 0; ago-- {
		tx.now = now.AddDate(0, -ago, 0)
		if err := errors.Join(tx.InsertTrace(domain.AuditEvent{Action: "登录"}), tx.settle()); err != nil {
			return err
		}
	}
	tx.now = now
	months, err := tx.TrailMonths()
	if err != nil {
		return err
	}
	return tx.DropTrail(&domain.TrailDrop{TrailMonth: months[0], Note: "note", Asked: s.clerk, Agreed: s.clerk})
}

// lines lists the months of the trail with how many lines there are.
func lines(t *testing.T, db *DB) (out string) {
	t.Helper()
	read(t, db, func(v *Snapshot) error {
		var rows []struct {
			Month string
			N     int
		}
		err := v.all(&rows, "SELECT month, count(*) AS n FROM trail GROUP BY month ORDER BY month")
		for _, r := range rows {
			out += fmt.Sprint(r.Month, ":", r.N, " ")
		}
		return err
	})
	return out
}

// TestAMonthOfTheTrailIsDropped: from the oldest on, never the last, and what is left is still
// tied to what was; the trigger keeps every other line, before and after.
func TestAMonthOfTheTrailIsDropped(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, path string) {
		db, s := quarter(t, path)
		expect.Equal(t, "before", lines(t, db), "2026-01:2 2026-02:2 2026-03:2 2026-04:2 ")
		var old []domain.ChainHead
		read(t, db, func(v *Snapshot) error {
			for seq := int64(1); seq <= 2; seq++ {
				h := domain.ChainHead{Chain: "trail/" + s.street.ID + "/2026-01", Seq: seq}
				if err := v.get(&h.Hash, "SELECT hash FROM trail WHERE month = '2026-01' AND seq = ?", seq); err != nil {
					return err
				}
				old = append(old, h)
			}
			return nil
		})
		for _, c := range []struct{ month, want string }{
			{"2026-02", "2026-01 的审计还没有清理"}, {"2025-12", "没有 2025-12 的审计"},
		} {
			err := dropping(db, s, c.month)
			expect.Equal(t, c.month, fmt.Sprint(fault.CodeOf(err), " ", messageOf(err)), string(fault.Conflict)+" "+c.want)
		}
		must(t, "the first", dropping(db, s, "2026-01"))
		expect.Equal(t, "twice", messageOf(dropping(db, s, "2026-01")), "2026-01 的审计已经清理了")
		expect.Equal(t, "what is broken after one", breaks(t, db), "")
		must(t, "the second", dropping(db, s, "2026-02"))
		must(t, "the third", dropping(db, s, "2026-03"))
		expect.Equal(t, "the last", messageOf(dropping(db, s, "2026-04")), "2026-04 是最后一个有审计的月，不能清理")
		expect.Equal(t, "what is left", lines(t, db), "2026-04:2 ")
		expect.Equal(t, "what is broken after three", breaks(t, db), "")
		write(t, db, func(tx *Tx) error { return tx.InsertTrace(domain.AuditEvent{Action: "看", Org: s.east.ID}) })
		expect.Equal(t, "what is broken after one more line", breaks(t, db), "")

		err := db.Exclusive(context.Background(), func(tx *Tx) error {
			_, err := tx.exec("DELETE FROM trail WHERE month = '2026-04'")
			return err
		})
		holds(t, "another line goes", err != nil && lines(t, db) == "2026-04:3 ")
		read(t, db, func(v *Snapshot) error {
			forged := old[1]
			forged.Hash = old[0].Hash
			for h, want := range map[*domain.ChainHead]bool{&old[0]: true, &old[1]: true, &forged: false} {
				ok, missing, err := v.Reached(*h)
				expect.Equal(t, fmt.Sprint("reached ", h.Seq), fmt.Sprint(ok, missing, err), fmt.Sprint(want, false, nil))
			}
			return nil
		})
	})
}

// TestADropIsProved: who takes lines away and says that they were dropped, changes what is kept
// of them or takes it away is told.
func TestADropIsProved(t *testing.T) {
	t.Parallel()
	const forge = `DROP TRIGGER trail_kept; DELETE FROM trail WHERE month = '2026-03';
		INSERT INTO trail_drops (street_id, trail_street, month, seq, before, hash, note, asked_by, recorded_at, recorded_by)
		SELECT org_id, org_id, month, seq, x'00', hash, '', 1, '2026-12-01', 1 FROM chain_heads WHERE month = '2026-03'`
	for name, c := range map[string]struct{ statement, want string }{
		"a month that nobody dropped": {forge, "trail_drop 1 这一行不在链上"},
		"one more":                    {strings.ReplaceAll(forge, "2026-03", "2026-02"), "这一行不在链上"},
		"how many lines there were": {"DROP TRIGGER trail_drops_stay; UPDATE trail_drops SET seq = 1",
			"这一行被改过"},
		"where they ended":    {"DROP TRIGGER trail_drops_stay; UPDATE trail_drops SET hash = x'00'", "链头和最后一环"},
		"the signed root":     {"DROP TRIGGER trail_drops_stay; UPDATE trail_drops SET note = ''", "这一行被改过"},
		"that it was dropped": {"DROP TRIGGER trail_drops_kept; DELETE FROM trail_drops", "链尾少了"},
		"a line put back": {"INSERT INTO trail (street_id, month, seq, at, action, detail, format, hash, " +
			"mac) SELECT street_id, " +
			"'2026-01', 1, at, action, '', 1, hash, mac FROM trail LIMIT 1", "登记为已清理，却还有行"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, s := quarter(t, t.TempDir()+"/t.db")
			if !strings.HasPrefix(c.statement, "DROP TRIGGER trail_kept") {
				must(t, "drop", dropping(db, s, "2026-01"))
			}
			raw(t, db, c.statement)
			if got := breaks(t, db); !strings.Contains(got, c.want) {
				t.Errorf("%q is not told of: %s", c.want, got)
			}
		})
	}
}

// TestWhatHasNoLineIsNotKept: a transaction that records something without a line in the trail, or
// with somebody else's, is refused, and Unlined finds what was kept so.
func TestWhatHasNoLineIsNotKept(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	unlined := func() (out []string) {
		read(t, db, func(v *Snapshot) error {
			list, err := v.Unlined()
			for _, b := range list {
				out = append(out, fmt.Sprint(b.Kind, " ", b.Row, " ", b.Why))
			}
			return err
		})
		return out
	}
	holds(t, "what the town was settled with is found", len(unlined()) > 10)
	write(t, db, func(tx *Tx) error { // as of here
		if err := tx.InsertTrace(domain.AuditEvent{Action: "看"}); err != nil {
			return err
		}
		_, err := tx.exec("INSERT INTO settings (name, value) VALUES (?, ?)", linesSince, tx.stamp())
		return err
	})
	expect.Equal(t, "what was before is not asked", strings.Join(unlined(), "; "), "")

	db.opts.Unlined = false
	lock := func(line *domain.AuditEvent) error {
		return db.Write(context.Background(), func(tx *Tx) error {
			if line != nil {
				if err := tx.InsertTrace(*line); err != nil {
					return err
				}
			}
			return tx.InsertPeriodStep(s.east.ID, "2025", true, s.clerk)
		})
	}
	for name, err := range map[string]error{"no line": lock(nil), "the program's": lock(&domain.AuditEvent{Action: "看"})} {
		expect.Equal(t, name, messageOf(err), "记了考核期，审计里却没有一行，没有写入")
	}
	must(t, "with its line", lock(&domain.AuditEvent{Action: "看", Account: s.clerk}))
}

package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
)

// trailed opens a database with the trail of two streets over two months, where the
// clock was set back once, and lists what stands where.
func trailed(t *testing.T) (db *DB, stands string) {
	t.Helper()
	now := noon()
	db, err := Open(context.Background(), Options{
		Path: filepath.Join(t.TempDir(), "t.db"), Create: true, Now: func() time.Time { return now }, Random: zeros{},
		Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}, AnyClock: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	orgs := map[string]domain.OrgID{}
	write(t, db, func(tx *Tx) error {
		for _, o := range []struct {
			name, up string
			level    domain.Level
		}{
			{"区", "", domain.District},
			{"甲街道", "区", domain.Street}, {"甲社区", "甲街道", domain.Community}, {"甲支部", "甲社区", domain.Branch},
			{"乙街道", "区", domain.Street},
		} {
			made, err := tx.InsertOrg(domain.Org{Name: o.name, Parent: orgs[o.up], Level: o.level})
			if err != nil {
				return err
			}
			orgs[o.name] = made.ID
		}
		return nil
	})
	for _, line := range []struct{ on, org string }{
		{"2026-03-05", "甲支部"}, {"2026-03-06", "乙街道"}, {"2026-03-07", "区"}, {"2026-03-08", ""}, {"2026-03-09", "甲街道"},
		{"2026-04-01", "甲支部"}, {"2026-04-02", "甲社区"}, {"2026-03-30", "甲支部"}, {"2026-04-03", "乙街道"},
	} {
		if now, err = time.Parse("2006-01-02", line.on); err != nil {
			t.Fatal(err)
		}
		write(t, db, func(tx *Tx) error { return tx.InsertTrace(domain.AuditEvent{Action: "看", Org: orgs[line.org]}) })
	}
	read(t, db, func(v *Snapshot) error {
		var rows []struct {
			StreetID   int64
			Month      string
			Seq, Lines int64
		}
		err := v.all(&rows, `SELECT street_id, month, max(seq) AS seq, count(*) AS lines FROM trail
			GROUP BY street_id, month ORDER BY street_id, month`)
		for _, r := range rows {
			stands += fmt.Sprintf("%d %s %d/%d; ", r.StreetID, r.Month, r.Seq, r.Lines)
		}
		return err
	})
	return db, stands
}

// TestTheTrailHasAChainForEachStreetAndMonth: what is of no street stands in chains
// of its own, and a line written with the clock set back in the month that has begun.
func TestTheTrailHasAChainForEachStreetAndMonth(t *testing.T) {
	t.Parallel()
	db, stands := trailed(t)
	const want = "0 2026-03 2/2; 2 2026-03 2/2; 2 2026-04 3/3; 5 2026-03 1/1; 5 2026-04 1/1; "
	if stands != want {
		t.Errorf("the trail stands in %s, want %s", stands, want)
	}
	if got := breaks(t, db); got != "" {
		t.Errorf("untouched, and yet %s", got)
	}
	read(t, db, func(v *Snapshot) error {
		heads, err := v.TrailHeads()
		var got []string
		for _, h := range heads {
			ok, _, err := v.Reached(h)
			got = append(got, fmt.Sprint(h.Chain, ":", h.Seq, " ", ok, err))
		}
		const last = "trail/0/2026-03:2 true <nil>; trail/2/2026-04:3 true <nil>; trail/5/2026-04:1 true <nil>"
		if strings.Join(got, "; ") != last {
			t.Errorf("the last heads are %s, want %s", strings.Join(got, "; "), last)
		}
		return err
	})
}

// TestTheMonthsOfAStreetAreTied: who takes away a month with its head, or moves a
// line to another street or month, is told.
func TestTheMonthsOfAStreetAreTied(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ statement, want string }{
		"a month taken away with its head": {
			"DROP TRIGGER trail_kept; DELETE FROM trail WHERE street_id = 2 AND month = '2026-03'; " +
				"DELETE FROM chain_heads WHERE org_id = 2 AND month = '2026-03'",
			"trail 6 这一行被改过，或者它前面少了一行",
		},
		"a month taken away": {
			"DROP TRIGGER trail_kept; DELETE FROM trail WHERE street_id = 5 AND month = '2026-04'", "head 5 链尾少了",
		},
		"a line of another month": {
			"DROP TRIGGER trail_stay; UPDATE trail SET month = '2026-02' WHERE id = 1", "trail 1 这一行被改过",
		},
		"a line of another street": {
			"DROP TRIGGER trail_stay; UPDATE trail SET street_id = 7 WHERE id = 2", "trail 2 这一行被改过",
		},
		"a head of another month": {
			"UPDATE chain_heads SET month = '2026-05' WHERE org_id = 5 AND month = '2026-04'", "head 5 这条链的链头不见了",
		},
		"the street of a branch": {
			"DROP TRIGGER orgs_stay; UPDATE orgs SET street_id = 5 WHERE name = '甲支部'", "org 4 这一行被改过",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, _ := trailed(t)
			raw(t, db, c.statement)
			if got := breaks(t, db); !strings.Contains(got, c.want) {
				t.Errorf("%q is not told of: %s", c.want, got)
			}
		})
	}
}

// TestLinesNameNobody: the numbers of members stand in the trail as keyed hashes, of one as of
// many whatever their order, and are found again with the key only.
func TestLinesNameNobody(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	everyKind(t, db)
	var one string
	read(t, db, func(v *Snapshot) error { return v.get(&one, "SELECT min(id) FROM members") })
	write(t, db, func(tx *Tx) error {
		return errors.Join(tx.InsertTrace(domain.AuditEvent{Action: "看", Member: domain.MemberID(one)}),
			tx.InsertTrace(domain.AuditEvent{Action: "看", Members: []domain.MemberID{domain.MemberID(one), "Z"}}),
			tx.InsertTrace(domain.AuditEvent{Action: "看", Members: []domain.MemberID{"Z", domain.MemberID(one)}}))
	})
	var rows []struct {
		MemberID *string
		Subject  string
		Subjects int
	}
	read(t, db, func(v *Snapshot) error {
		return v.all(&rows, "SELECT member_id, subject, subjects FROM trail WHERE action = '看' ORDER BY id")
	})
	if len(rows) != 3 || rows[0].Subjects != 1 || rows[1].Subjects != 2 || rows[1].Subject != rows[2].Subject ||
		rows[0].Subject == rows[1].Subject {
		t.Fatalf("lines of one, of two, and of two the other way round: %+v", rows)
	}
	for _, r := range rows {
		if r.MemberID != nil || strings.Contains(r.Subject, one) {
			t.Errorf("a line names the member: %+v", r)
		}
	}
	read(t, db, func(v *Snapshot) error {
		list, err := v.Traces(access.System("test"), domain.AuditFilter{Member: domain.MemberID(one), Action: "看"}, 9)
		if len(list) != 1 || list[0].Member != domain.MemberID(one) || list[0].Count != 1 {
			t.Errorf("the lines of one member alone: %+v", list)
		}
		return err
	})
	if breaks(t, db) != "" {
		t.Errorf("the trail does not hold: %s", breaks(t, db))
	}
}

package store

import (
	"context"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit/expect"
)

// TestASecondaryMembershipHoldsFromItsDayOn: of a branch's memberships on a day the row decides that
// begins last by then, then the one recorded last; what was recorded after the
// view's instant is not seen. Both readings agree.
func TestASecondaryMembershipHoldsFromItsDayOn(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	now := func() time.Time { return noon().Add(time.Duration(later.Load())) }
	db, err := Open(context.Background(), Options{Path: filepath.Join(t.TempDir(), "t.db"), Create: true, Now: now,
		Random: zeros{}, Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s := settle(t, db)
	belongs := func(kind domain.AffiliationKind, from string, ended bool) {
		write(t, db, func(tx *Tx) error {
			return tx.InsertAffiliation(domain.Affiliation{Member: "P2", Kind: kind, Org: s.east.ID, From: on(from),
				Ended: ended}, s.clerk)
		})
	}
	belongs("host", "2026-02-01", false)
	later.Store(int64(time.Hour))
	belongs("host", "2026-04-01", true) // ended
	belongs("host", "2026-03-01", true) // or rather earlier
	belongs("host", "2026-03-01", false)
	belongs("host", "2026-05-01", false) // there again
	belongs("participant", "2026-06-01", false)
	belongs("participant", "2026-07-01", true)
	for _, c := range []struct {
		day   string
		known time.Duration // after noon
		want  string
	}{
		{"2026-01-31", time.Hour, ""},
		{"2026-02-01", time.Hour, "host 2026-02-01"},
		{"2026-03-31", time.Hour, "host 2026-03-01"},
		{"2026-04-01", time.Hour, ""},
		{"2026-05-31", time.Hour, "host 2026-05-01"},
		{"2026-06-30", time.Hour, "host 2026-05-01,participant 2026-06-01"},
		{"2026-07-01", time.Hour, "host 2026-05-01"},
		{"2026-04-01", 0, "host 2026-02-01"},
		{"2026-07-01", 0, "host 2026-02-01"},
		{"2026-07-01", -time.Hour, ""},
	} {
		read(t, db, func(v *Snapshot) error {
			past := v.KnownBy(noon().Add(c.known))
			memberships, err := past.SecondaryMemberships(everybody, "P2", on(c.day))
			if err != nil {
				return err
			}
			var got []string
			for _, k := range memberships {
				expect.Equal(t, "k.Org.Path", k.Org.Path, s.east.Path)
				expect.Equal(t, "k.Org.Name", k.Org.Name, "东支部")
				expect.Equal(t, "k.Org.Kind", k.Org.Kind, "社区")
				got = append(got, string(k.Kind)+" "+k.From.String())
			}
			if strings.Join(got, ",") != c.want {
				t.Errorf("on %s, known %s after noon: %q, want %q", c.day, c.known, got, c.want)
			}
			there, err := past.Participants(everybody, s.east.ID, on(c.day))
			if (len(there) == 1) != (c.want != "") || len(there) == 1 && (there[0].ID != "P2" || there[0].Home.Name != "西支部") {
				t.Errorf("on %s, known %s after noon: %+v", c.day, c.known, there)
			}
			return err
		})
	}
}

func TestTiesAreReadWithinTheScope(t *testing.T) {
	t.Parallel()
	inBothTrees(t, testTiesAreReadWithinTheScope)
}

func testTiesAreReadWithinTheScope(t *testing.T, db *DB, s town) {
	write(t, db, func(tx *Tx) error {
		return tx.InsertAffiliation(domain.Affiliation{Member: "P2", Kind: "host", Org: s.east.ID, From: on("2026-01-01")},
			s.clerk)
	})
	of := func(branch domain.Org) access.Scope {
		return s.secretary(branch).Scope(access.Record)
	}
	read(t, db, func(v *Snapshot) error {
		// The branch where he is asks for its guests, the branch at home for his memberships.
		for member, seen := range map[domain.MemberID]bool{"P1": false, "P2": true} {
			if _, err := v.SecondaryMemberships(of(s.west), member, on("2026-02-01")); (err == nil) != seen ||
				!seen && fault.CodeOf(err) != fault.NotFound {
				t.Errorf("%s: %v", member, err)
			}
		}
		if there, err := v.Participants(of(s.east), s.east.ID, on("2026-02-01")); err != nil || len(there) != 1 {
			t.Errorf("%+v, %v", there, err)
		}
		if _, err := v.Participants(of(s.west), s.east.ID, on("2026-02-01")); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("another branch's guests: %v", err)
		}
		steps, err := v.History(everybody, "P2")
		expect.Len(t, "steps", steps, 2)
		expect.Equal(t, "steps[0].Kind", steps[0].Kind, "host")
		expect.Equal(t, "steps[0].Ended", steps[0].Ended, false)
		return err
	})
	write(t, db, func(tx *Tx) error {
		return tx.InsertAffiliation(domain.Affiliation{Member: "P2", Kind: "host", Org: s.east.ID, From: on("2026-02-01"),
			Ended: true}, s.clerk)
	})
	read(t, db, func(v *Snapshot) error {
		steps, err := v.History(everybody, "P2")
		expect.Len(t, "steps", steps, 3)
		expect.Equal(t, "steps[0].Ended", steps[0].Ended, true)
		return err
	})
}

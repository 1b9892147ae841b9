package store

import (
	"fmt"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// TestACachedStandingHasACodeOverItsWholeRow: whatever is changed in one is found when it
// is read, and one of a program from before is as if there were none.
func TestACachedStandingHasACodeOverItsWholeRow(t *testing.T) {
	t.Parallel()
	for change, want := range map[string]string{
		"": "as kept",
		"UPDATE standings SET version = version + 1":                                            "damaged",
		"UPDATE standings SET rules = 'other'":                                                  "damaged",
		"UPDATE standings SET as_of = '2026-02-28'":                                             "damaged",
		"UPDATE standings SET stable_until = '9999-12-31'":                                      "damaged",
		"UPDATE standings SET stable_until = '2026-03-02'":                                      "damaged",
		"UPDATE standings SET body = (SELECT s.body FROM standings s WHERE s.member_id = 'P2')": "damaged",
		"UPDATE standings SET body = unhex(hex(substr(body, 1, length(body) - 1)) || '00')":     "damaged",
		"UPDATE standings SET body = substr(body, 1, 10)":                                       "damaged",
		"UPDATE standings SET body = unhex('ff' || hex(zeroblob(16)) || hex(substr(body, 18)))": "damaged",
		"DELETE FROM standings WHERE member_id = 'P2'; UPDATE standings SET member_id = 'P2'":   "none; P2 damaged",
		"UPDATE standings SET period = '2025' WHERE member_id = 'P1'":                           "none",
		// of a program from before
		"UPDATE standings SET body = substr(body, 18)": "none",
		"UPDATE standings SET body = x''":              "none",
	} {
		db := temporary(t)
		settle(t, db)
		write(t, db, func(tx *Tx) error {
			for _, id := range []domain.MemberID{"P1", "P2"} {
				m, err := tx.Member(everybody, id)
				if err != nil {
					return err
				}
				if err := tx.Remember("weizhou", "2026", domain.CachedStanding{Member: id, Version: m.Version, Rules: "r",
					AsOf: on("2026-03-01"), Until: on("2026-03-05"), Body: []byte("body of " + id)}); err != nil {
					return err
				}
			}
			return nil
		})
		if change != "" {
			raw(t, db, change)
		}
		got := ""
		read(t, db, func(v *Snapshot) error {
			list, err := v.Population(everybody, "", "weizhou", "2026", 0, on("2026-03-01"))
			for _, k := range list {
				state := "none"
				switch {
				case k.Any && k.Damaged:
					state = "both"
				case k.Any && string(k.Remembered.Body) == "body of "+string(k.Member.ID):
					state = "as kept"
				case k.Damaged:
					state = "damaged"
				}
				if k.Member.ID == "P1" {
					got = state
				} else if state == "damaged" && want == "none; P2 damaged" {
					got += "; P2 damaged"
				}
			}
			return err
		})
		if got != want {
			t.Errorf("%q: %s, want %s", change, got, want)
		}
	}
}

// TestTheCodeOfACachedStandingIsOfTheKey: who has no key makes none, and who reads without
// one takes what is there.
func TestTheCodeOfACachedStandingIsOfTheKey(t *testing.T) {
	t.Parallel()
	s := domain.CachedStanding{Member: "P1", Version: 1, Rules: "r", AsOf: 1, Until: calendar.Forever, Body: []byte("x")}
	stored := newChains([]Generation{{Chain: []byte("the key")}}).coded("t", "2026", &s)
	for key, want := range map[string]string{"the key": "true false", "another": "true true", "": "true false"} {
		r := s
		r.Body = stored
		keys := []Generation{{Chain: []byte(key)}}
		if key == "" {
			keys = nil
		}
		coded, damaged := newChains(keys).seals().uncode("t", "2026", &r)
		if got := fmt.Sprint(coded, damaged); got != want || string(r.Body) != "x" {
			t.Errorf("under %q: %s with %q, want %s", key, got, r.Body, want)
		}
	}
}

package store

import (
	"testing"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

func TestNumbersAreMeantByCaseAndWidth(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	settle(t, db)
	if err := db.Write(t.Context(), func(tx *Tx) error {
		for _, id := range []domain.MemberID{"P0006", "q1", "Q1", "Ｚ1", "党7"} {
			if err := tx.InsertMember(id, "示例", ""); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[domain.MemberID]domain.MemberID{
		"P0006": "P0006", "p0006": "P0006", " ｐ０００6\u3000": "P0006", "q1": "q1", "Q1": "Q1", "Ｚ1": "Ｚ1", "党７": "党7",
		"ｑ1": "", "P6": "", "": "", " ": "", "p0006 p0006": "", "P000%": "", "p000_": "",
	} {
		read(t, db, func(v *Snapshot) error {
			got, err := v.NumbersMeant([]domain.MemberID{"P0006", typed, typed, "none"})
			if err != nil || got[typed] != want {
				t.Errorf("%q means %q, want %q: %v", typed, got[typed], want, err)
			}
			one, err := v.NumberMeant(typed)
			code := map[bool]fault.Code{false: fault.NotFound, true: ""}[want != ""]
			if typed == "ｑ1" {
				code = fault.Invalid
			}
			if one != want || fault.CodeOf(err) != code {
				t.Errorf("%q alone means %q, want %q: %v", typed, one, want, err)
			}
			return nil
		})
	}
}

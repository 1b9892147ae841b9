package store_test

import (
	"strconv"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

func TestCountedSignInsStayFew(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	all := access.System("the test looks at all")
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		for i := range 6 {
			at := tx.Now().Add(time.Duration(-i) * time.Minute)
			b := domain.SignInBrake{Login: "wrong" + strconv.Itoa(i), Address: "a", Failures: 5, At: at}
			if err := tx.PutSignInBrake(b); err != nil {
				return err
			}
			b = domain.SignInBrake{Login: "right" + strconv.Itoa(i), Address: "a", Failures: 5, At: at, SignedIn: at}
			if err := tx.PutSignInBrake(b); err != nil {
				return err
			}
		}
		// Of those who signed in the last two are too old, of the others the last
		// one is, and then the oldest is one too many.
		return tx.PruneSignInBrakes(tx.Now().Add(-4*time.Minute), tx.Now().Add(-3*time.Minute), 4)
	}); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		rows, err := v.BrakedLogins(all, 5)
		for _, b := range rows {
			got = append(got, b.Login)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	want := []string{"right0", "right1", "right2", "right3", "right4", "wrong0", "wrong1", "wrong2", "wrong3"}
	if len(got) != len(want) {
		t.Fatalf("kept %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("kept %v, want %v", got, want)
		}
	}
}

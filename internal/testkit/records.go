package testkit

import (
	"reflect"
	"testing"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// CheckRecords reports whose record, as pages read it, is not what a transaction reads:
// pages take it from memory where it still holds, a transaction never does.
func (town *Town) CheckRecords(t *testing.T, at string) {
	t.Helper()
	of := func(v *store.Snapshot) (list []domain.MemberHistory, ids []domain.MemberID) {
		t.Helper()
		members, err := v.Members(access.System("test"), "")
		if err != nil {
			t.Fatal(err)
		}
		if list, err = v.Records(members); err != nil {
			t.Fatal(err)
		}
		for i := range members {
			ids = append(ids, members[i].ID)
		}
		return list, ids
	}
	var shown, written []domain.MemberHistory
	var ids []domain.MemberID
	for range 2 { // the first leaves it to be held
		if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error { shown, ids = of(v); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	err := town.DB.Write(t.Context(), func(tx *store.Tx) error { written, _ = of(&tx.Snapshot); return nil })
	if err != nil {
		t.Fatal(err)
	}
	for i := range ids {
		if !reflect.DeepEqual(shown[i], written[i]) {
			t.Errorf("%s: of %s pages read\n%+v\na transaction\n%+v", at, ids[i], shown[i], written[i])
		}
	}
}

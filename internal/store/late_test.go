package store

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// TestRecordsSayWhenAnEntryWasFirstRecorded: on the day of the clock's zone; a
// claim that takes up a returned one, itself taken up, keeps the first day; what
// was taken from paper says nothing.
func TestRecordsSayWhenAnEntryWasFirstRecorded(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	china := time.FixedZone("UTC+8", 8*60*60)
	now := func() time.Time { return noon().Add(time.Duration(later.Load())).In(china) }
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
	post := func(after time.Duration, p domain.NewEntry) (id domain.EntryID) {
		later.Store(int64(after))
		write(t, db, func(tx *Tx) error {
			m, err := tx.Member(everybody, "P1")
			if err != nil {
				return err
			}
			p.Entry.Item, p.Entry.On = "交纳党费", on("2026-03-01")
			id, err = tx.InsertEntry(&m, p, s.clerk)
			return err
		})
		return id
	}
	post(3*time.Hour+59*time.Minute, domain.NewEntry{}) // 23:59 of the 5th
	post(4*time.Hour, domain.NewEntry{})                // midnight, by a clock in London still the 5th
	route := domain.Route{"支部委员会"}
	step := func(id domain.RequestID, kind domain.StepKind) {
		write(t, db, func(tx *Tx) error {
			return decide(tx, id, domain.RequestStep{Kind: kind, Organs: []string{"支部委员会"}}, s.clerk)
		})
	}
	post(20*time.Hour, domain.NewEntry{Route: route})
	step(1, domain.StepReturn)
	post(60*time.Hour, domain.NewEntry{Route: route, Follows: 1})
	step(2, domain.StepReturn)
	third := post(90*time.Hour, domain.NewEntry{Route: route, Follows: 2})
	step(3, domain.StepAccept)
	post(91*time.Hour, domain.NewEntry{Paper: "2025年台账"})
	got := map[string]string{}
	for _, e := range records(t, db, "P1").Entries {
		got[e.ID] = e.Recorded.String()
	}
	want := map[string]string{"1": "2026-03-05", "2": "2026-03-06", "5": "2026-03-06", "6": ""}
	for id, day := range want {
		if got[id] != day {
			t.Errorf("entry %s was recorded on %q, want %q", id, got[id], day)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%v", got)
	}
	read(t, db, func(v *Snapshot) error {
		e, err := v.Entry(everybody, third)
		if err != nil || e.Entry.Recorded != on("2026-03-06") {
			t.Errorf("%v %v", e.Entry.Recorded, err)
		}
		// What happened only after the first handing in cannot have been meant by it.
		for day, want := range map[string]string{"2026-03-01": "2026-03-06", "2026-03-06": "2026-03-06",
			"2026-03-07": "2026-03-09"} {
			if d, err := v.FirstHandedIn(2, on(day)); err != nil || d != on(want) {
				t.Errorf("what happened on %s was first handed in on %v, want %s, %v", day, d, want, err)
			}
		}
		if d, err := v.FirstHandedIn(99, on("2026-03-01")); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("of none: %v %v", d, err)
		}
		return nil
	})
	if (&domain.Entry{On: on("2026-03-01"), Recorded: on("2026-03-06")}).Late() != 5 {
		t.Error("five days late")
	}
}

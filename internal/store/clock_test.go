package store

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// TestAClockSetBackStopsWriting: nothing is recorded before what was recorded last, also not
// by a program that was just started; reading goes on, and so does writing once the clock is
// right again. A difference that no two clocks are free of is none.
func TestAClockSetBackStopsWriting(t *testing.T) {
	t.Parallel()
	now := noon()
	opts := Options{
		Path: filepath.Join(t.TempDir(), "t.db"), Create: true, Now: func() time.Time { return now }, Random: zeros{},
		Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}},
	}
	open := func() *DB {
		t.Helper()
		db, err := Open(context.Background(), opts)
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	looked := func(db *DB) error {
		return db.Write(t.Context(), func(tx *Tx) error { return tx.InsertTrace(domain.AuditEvent{Action: "看"}) })
	}
	refused := func(db *DB, when string) {
		t.Helper()
		err := looked(db)
		if fault.CodeOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "时钟倒回去了") {
			t.Errorf("%s: %v", when, err)
		}
	}
	taken := func(db *DB, when string) {
		t.Helper()
		if err := looked(db); err != nil {
			t.Errorf("%s: %v", when, err)
		}
	}
	db := open()
	taken(db, "at noon")
	now = now.Add(-30 * time.Second)
	taken(db, "half a minute before")
	now = now.Add(-time.Hour)
	refused(db, "an hour before")
	read(t, db, func(v *Snapshot) error { _, err := v.Newest(); return err })
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	opts.Create = false
	db = open()
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	refused(db, "by a program that was just started")
	now = noon().Add(time.Second)
	taken(db, "with the clock right again")
	now = noon().Add(-time.Hour)
	refused(db, "set back once more")
}

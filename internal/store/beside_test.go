package store

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// TestADatabaseIsLookedAtBesideTheServerThatWritesIt: what was acknowledged a moment
// ago is seen, and nothing can be written.
func TestADatabaseIsLookedAtBesideTheServerThatWritesIt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	db, err := Open(t.Context(), openable(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s := settle(t, db)
	write(t, db, func(tx *Tx) error { return tx.InsertTrace(domain.AuditEvent{Account: s.clerk, Action: "登录"}) })
	r, err := OpenBeside(t.Context(), Options{Path: path, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	err = r.Read(func(v *Snapshot) error {
		newest, err := v.Newest()
		if !newest.Equal(noon()) {
			t.Errorf("the newest is of %v, want %v", newest, noon())
		}
		return err
	})
	if err := errors.Join(err, r.Close()); err != nil {
		t.Error(err)
	}
}

func TestBesideRefusesByShape(t *testing.T) {
	t.Parallel()
	open := func(path string) error {
		r, err := OpenBeside(context.Background(), Options{Path: path, Now: noon})
		if err == nil {
			err = r.Close()
		}
		return err
	}
	if err := open(filepath.Join(t.TempDir(), "none.db")); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("no file: %v", err)
	}
	now := fresh(t, filepath.Join(t.TempDir(), "now.db"))
	if err := now.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(now.opts.Path); err != nil {
		t.Errorf("of the present shape: %v", err)
	}
	path := older(t)
	_, err := coming(t).openBeside(t.Context(), Options{Path: path, Now: noon})
	if !errors.Is(err, ErrOlder) || fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "旧结构") {
		t.Errorf("of an older shape: %v", err)
	}
	db := fresh(t, filepath.Join(t.TempDir(), "t.db"))
	raw(t, db, "PRAGMA user_version = 99")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(db.opts.Path); errors.Is(err, ErrOlder) || fault.CodeOf(err) != fault.Invalid {
		t.Errorf("of a newer shape: %v", err)
	}
}

// TestTheNewestIsWhatWasRecordedLast: nothing is of no instant.
func TestTheNewestIsWhatWasRecordedLast(t *testing.T) {
	t.Parallel()
	now := noon()
	opts := openable(filepath.Join(t.TempDir(), "t.db"))
	opts.Now = func() time.Time { return now }
	db, err := Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	says := func(when string, want time.Time) {
		t.Helper()
		read(t, db, func(v *Snapshot) error {
			newest, err := v.Newest()
			if !newest.Equal(want) {
				t.Errorf("%s: %v, want %v", when, newest, want)
			}
			return err
		})
	}
	says("nothing is recorded", time.Time{})
	s := settle(t, db)
	now = noon().Add(time.Hour)
	write(t, db, func(tx *Tx) error { return tx.InsertTrace(domain.AuditEvent{Account: s.clerk, Action: "登录"}) })
	says("a line of the trail", now)
	now = noon().Add(2 * time.Hour)
	record(t, db, s)
	says("an entry", now)
}

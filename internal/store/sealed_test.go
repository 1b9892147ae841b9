package store

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

func TestSealedNumbers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.db")
	db := fresh(t, path)
	s := settle(t, db)
	east := s.secretary(s.east).Scope(access.SeeMembers)
	old := []byte("the box that is replaced")
	write(t, db, func(tx *Tx) error { return tx.PutSealed("P1", "手机号", old, []byte("seek 0")) })
	write(t, db, func(tx *Tx) error { return tx.PutSealed("P1", "手机号", []byte("box 1"), []byte("seek 1")) })
	write(t, db, func(tx *Tx) error { return tx.PutSealed("P2", "手机号", []byte("box 2"), []byte("seek 1")) })
	for _, c := range []struct {
		scope access.Scope
		kind  string
		seek  string
		want  string
	}{
		{everybody, "手机号", "seek 1", "P1P2"}, {east, "手机号", "seek 1", "P1"}, {access.Scope{}, "手机号", "seek 1", ""},
		{everybody, "身份证号", "seek 1", ""}, {everybody, "手机号", "seek 0", ""}, {everybody, "手机号", "", ""},
	} {
		read(t, db, func(v *Snapshot) error {
			var seeks [][]byte
			if c.seek != "" {
				seeks = [][]byte{[]byte("nobody has it"), []byte(c.seek)}
			}
			found, err := v.SeekSealed(c.scope, c.kind, seeks)
			got := ""
			for _, m := range found {
				got += string(m.ID)
			}
			if got != c.want {
				t.Errorf("%s %q: found %q, want %q", c.kind, c.seek, got, c.want)
			}
			return err
		})
	}
	read(t, db, func(v *Snapshot) error {
		for id, want := range map[domain.MemberID]string{"P1": "box 1", "P2": "", "P3": ""} {
			box, err := v.Sealed(east, id, "手机号")
			if string(box) != want || (want == "") != (fault.CodeOf(err) == fault.NotFound) {
				t.Errorf("%s: %q, %v", id, box, err)
			}
		}
		if _, err := v.Sealed(east, "P1", "身份证号"); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("a number that is not there: %v", err)
		}
		return nil
	})
	if err := db.Write(context.Background(), func(tx *Tx) error {
		return tx.PutSealed("P1", "工资", []byte("x"), []byte("x"))
	}); err == nil {
		t.Error("another kind was kept")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if file, err := os.ReadFile(path); err != nil || bytes.Contains(file, old) || !bytes.Contains(file, []byte("box 1")) {
		t.Errorf("what was replaced is still in the file (%v)", err)
	}
}

func TestNumbersAreSealedUnderOneKey(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	mark := func() (m string) {
		read(t, db, func(v *Snapshot) (err error) {
			m, err = v.SealedUnder()
			return err
		})
		return m
	}
	if m := mark(); m != "" {
		t.Errorf("at first %q", m)
	}
	write(t, db, func(tx *Tx) error { return tx.SealUnder("one") })
	err := db.Write(context.Background(), func(tx *Tx) error { return tx.SealUnder("two") })
	if m := mark(); m != "one" || fault.CodeOf(err) != fault.Conflict {
		t.Errorf("then %q, %v", m, err)
	}
}

func TestVerifyWalksTextsAndTrail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ statement, want string }{
		"a changed text": {"DROP TRIGGER texts_stay; UPDATE texts SET body = 'x' WHERE id = 1", "text 1 这段文字被改过"},
		"a changed trace": {"DROP TRIGGER trail_stay; UPDATE trail SET action = 'x' WHERE id = 2",
			"trail 2 这一行被改过，或者它前面少了一行"},
		"a missing trace":  {"DROP TRIGGER trail_kept; DELETE FROM trail WHERE id = 2", "trail 3 这一行被改过，或者它前面少了一行"},
		"nothing happened": {"SELECT 1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := temporary(t)
			s := settle(t, db)
			record(t, db, s)
			for _, action := range []string{"登录", "导出", "退出"} {
				write(t, db, func(tx *Tx) error {
					return tx.InsertTrace(domain.AuditEvent{Account: s.clerk, Action: action, Org: s.east.ID, Member: "P1",
						Detail: "d"})
				})
			}
			raw(t, db, c.statement)
			if got := breaks(t, db); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestHeadsAreReachedLater(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	var heads []domain.ChainHead
	read(t, db, func(v *Snapshot) (err error) {
		if trail, err := v.TrailHeads(); err != nil || len(trail) != 0 {
			t.Errorf("an empty trail: %+v, %v", trail, err)
		}
		heads, err = v.Heads()
		return err
	})
	write(t, db, func(tx *Tx) error { return tx.InsertTrace(domain.AuditEvent{Account: s.clerk, Action: "登录"}) })
	read(t, db, func(v *Snapshot) error {
		trail, err := v.TrailHeads()
		heads = append(heads, trail...)
		if len(trail) != 1 {
			t.Errorf("the heads of the trail: %+v", trail)
		}
		return err
	})
	record(t, db, s)
	read(t, db, func(v *Snapshot) error {
		for _, h := range heads {
			if ok, missing, err := v.Reached(h); !ok || missing || err != nil {
				t.Errorf("%+v: %v, %v, %v", h, ok, missing, err)
			}
			h.Hash = []byte("another")
			if ok, missing, err := v.Reached(h); ok || missing || err != nil {
				t.Errorf("%+v: %v, %v, %v", h, ok, missing, err)
			}
			h.Seq = 1000
			if ok, missing, err := v.Reached(h); ok || !missing || err != nil {
				t.Errorf("%+v: %v, %v, %v", h, ok, missing, err)
			}
		}
		return nil
	})
	if len(heads) < 3 {
		t.Errorf("%d heads", len(heads))
	}
}

package store

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jifen/internal/domain"
	"jifen/internal/fault"
)

// ChangeReversals gives a fact and an affiliation taken back.
func (marks) ChangeReversals() map[kind][]marked {
	back := func(of func(domain.ChangeID) bool) marked {
		return marked{in: "east", write: func(tx *Tx, s *town) error {
			items, err := tx.History(everybody, "P1")
			if err != nil {
				return err
			}
			at := slices.IndexFunc(items, func(item domain.HistoryItem) bool { return of(item.ID) && item.Reversal == nil })
			if at < 0 {
				return fault.New(fault.NotFound, "nothing to take back")
			}
			return tx.ReverseChange("P1", items[at].ID, "登记错了人", s.clerk)
		}}
	}
	return map[kind][]marked{kindChangeReversal: {
		back(func(id domain.ChangeID) bool { return id.Fact != 0 }),
		back(func(id domain.ChangeID) bool { return id.Affiliation != 0 }),
	}}
}

// changed returns the latest thing recorded of a member that is of some kind.
func changed(t *testing.T, db *DB, member domain.MemberID, of func(*domain.HistoryItem) bool) domain.HistoryItem {
	t.Helper()
	var out domain.HistoryItem
	read(t, db, func(v *Snapshot) error {
		items, err := v.History(everybody, member)
		at := slices.IndexFunc(items, func(item domain.HistoryItem) bool { return of(&item) })
		if err == nil && at < 0 {
			t.Fatal("nothing of the kind was recorded")
		}
		out = items[max(at, 0)]
		return err
	})
	return out
}

// TestWhatIsTakenBackHoldsNowhere takes back a fact, a move, a leaving and a secondary
// membership, and asks for each before, at the instant before, and after.
func TestWhatIsTakenBackHoldsNowhere(t *testing.T) {
	t.Parallel()
	now := noon()
	db, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "t.db"), Create: true,
		Now: func() time.Time { return now }, Random: zeros{}, Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := settle(t, db)
	write(t, db, func(tx *Tx) error {
		for _, f := range []domain.Fact{
			{Attribute: "职务", From: on("2026-01-01"), Value: domain.Value{Text: "无"}},
			{Attribute: "职务", From: on("2026-02-01"), Value: domain.Value{Text: "书记"}},
		} {
			if err := tx.InsertFact("P1", f, s.clerk); err != nil {
				return err
			}
		}
		for _, a := range []domain.Affiliation{
			{Member: "P1", Kind: domain.Home, Org: s.west.ID, From: on("2026-03-01")},
			{Member: "P1", Kind: domain.Home, From: on("2026-04-01")},
			{Member: "P1", Kind: domain.Participant, Org: s.east.ID, From: on("2026-03-02")},
		} {
			if err := tx.InsertAffiliation(a, s.clerk); err != nil {
				return err
			}
		}
		return nil
	})
	type state struct {
		home, left, office string
		secondary, movers  int
	}
	look := func(v *Snapshot) (out state, err error) {
		m, err := v.Member(everybody, "P1")
		if err != nil {
			return out, err
		}
		if err := v.HomeOn(&m, on("2026-06-01")); err != nil {
			return out, err
		}
		records, err := v.Records([]domain.Member{m})
		if err != nil {
			return out, err
		}
		for _, f := range records[0].Facts {
			if f.Attribute == "职务" {
				out.office = f.Value.Text
			}
		}
		memberships, err := v.SecondaryMemberships(everybody, "P1", on("2026-06-01"))
		if err != nil {
			return out, err
		}
		residences, err := v.Residences([]domain.MemberID{"P1"}, on("2026-06-01"))
		out.home, out.left, out.secondary, out.movers = m.Home.Name, m.Left.String(), len(memberships),
			len(residences["P1"])
		if records[0].Member.Left != m.Left {
			t.Errorf("the record says that he left on %s, his homes on %s", records[0].Member.Left, m.Left)
		}
		return out, err
	}
	want := state{s.west.Name, "2026-04-01", "书记", 1, 2}
	for _, c := range []struct {
		what  string
		of    func(*domain.HistoryItem) bool
		after func()
	}{
		{"the leaving", func(i *domain.HistoryItem) bool { return i.Kind == domain.Home && i.Org == "" },
			func() { want.left = "" }},
		{"the move", func(i *domain.HistoryItem) bool { return i.Kind == domain.Home && i.Org == s.west.Name },
			func() { want.home, want.movers = s.east.Name, 1 }},
		{"the secondary membership", func(i *domain.HistoryItem) bool { return i.Kind == domain.Participant },
			func() { want.secondary = 0 }},
		{"the fact", func(i *domain.HistoryItem) bool { return i.Fact.Value.Text == "书记" }, func() { want.office = "无" }},
	} {
		before, instant := want, now
		now = now.Add(time.Hour)
		item := changed(t, db, "P1", c.of)
		write(t, db, func(tx *Tx) error { return tx.ReverseChange("P1", item.ID, "登记错了", s.clerk) })
		c.after()
		read(t, db, func(v *Snapshot) error {
			got, err := look(v)
			if err == nil && got != want {
				t.Errorf("%s taken back: %+v, want %+v", c.what, got, want)
			}
			if err != nil {
				return err
			}
			if got, err = look(v.KnownBy(instant)); err == nil && got != before {
				t.Errorf("%s as known before: %+v, want %+v", c.what, got, before)
			}
			return err
		})
		item = changed(t, db, "P1", c.of)
		if r := item.Reversal; r == nil || r.Reason != "登记错了" || r.By != s.clerk || r.ByName == "" {
			t.Errorf("%s: the history says %+v", c.what, r)
		}
		if err := db.Write(t.Context(), func(tx *Tx) error {
			return tx.ReverseChange("P1", item.ID, "再来", s.clerk)
		}); err == nil {
			t.Errorf("%s is taken back twice", c.what)
		}
		if err := db.Write(t.Context(), func(tx *Tx) error {
			return tx.ReverseChange("P2", item.ID, "别人的", s.clerk)
		}); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%s of another member: %v", c.what, err)
		}
	}
	if got := breaks(t, db) + recounted(t, db); got != "" {
		t.Error(got)
	}
}

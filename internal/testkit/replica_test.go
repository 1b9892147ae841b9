package testkit_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/standings"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/pgtest"
)

// record records an entry of E2 and returns the position that the caller is told.
func record(t *testing.T, program *testkit.Town, note string) (position string) {
	t.Helper()
	f := &store.Freshness{}
	ctx := store.WithFreshness(context.Background(), f)
	in := entries.EntryInput{Member: "E2", Item: "酌情", Points: "-1", On: testkit.Day(t, "2026-05-20"), Note: note}
	if _, err := program.Entries.Post(ctx, program.Clerk, in, note); err != nil {
		t.Fatal(err)
	}
	position, ok := f.Position()
	if !ok {
		t.Fatal("whoever writes is told no position")
	}
	return position
}

// shown holds what somebody is shown who only reads.
type shown struct {
	total   string
	replica bool   // answered
	given   string // the position to show from now on, "" for what was shown
}

// shows asks for E2's total at a position, "" for none.
func shows(t *testing.T, program *testkit.Town, position string) (out shown) {
	t.Helper()
	f := &store.Freshness{}
	f.Reads(position, false)
	before := program.DB.Stats().Replica.Answered
	q := standings.Question{Scope: access.System("the test looks at all"), AsOf: testkit.Day(t, "2026-06-01")}
	p, err := program.Standings.Current(store.WithFreshness(context.Background(), f), q)
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Rows {
		if p.Rows[i].Member.ID == "E2" {
			out.total = p.Rows[i].Standing.Total.String()
		}
	}
	out.replica = program.DB.Stats().Replica.Answered > before
	out.given, _ = f.Position()
	return out
}

// wants fails where somebody is shown something else.
func (a shown) wants(t *testing.T, when, total string, replica bool) {
	t.Helper()
	if a.total != total || a.replica != replica {
		t.Errorf("%s: shown %s, by the replica: %t; want %s, %t", when, a.total, a.replica, total, replica)
	}
}

// TestWhoWroteSeesItAndOthersMaySeeAnOlderInstant stops a replica from replaying: who
// shows the position of what he wrote is answered by the primary, who shows none by the
// replica, and what is held in memory for the one is not shown to the other.
func TestWhoWroteSeesItAndOthersMaySeeAnOlderInstant(t *testing.T) {
	t.Parallel()
	primary := pgtest.NewCluster(t, "")
	first := testkit.At(t, primary.Database("town"))
	replica := pgtest.NewReplica(t, primary)
	program := first.Reading(t, replica.Address("owner", "town"))
	testkit.Follow(t, program, replica, primary)
	shows(t, program, "").wants(t, "at first", "80", true)

	replica.Run("town", "SELECT pg_wal_replay_pause()")
	one := record(t, program, "one")
	shows(t, program, one).wants(t, "own write, replay paused", "79", false)
	shows(t, program, "").wants(t, "another reader, replay paused", "80", true)
	shows(t, program, one).wants(t, "own write, once more", "79", false)
	shows(t, program, "").wants(t, "another reader, once more", "80", true)
	if s := program.DB.Stats().Replica; s.Behind != 2 || s.Unused != 0 {
		t.Errorf("%d waited for the replica in vain, %d found it unused; want 2 and 0", s.Behind, s.Unused)
	}

	replica.Run("town", "SELECT pg_wal_replay_resume()")
	testkit.Follow(t, program, replica, primary)
	shows(t, program, one).wants(t, "own write, replayed", "79", true)
	shows(t, program, "").wants(t, "another reader, replayed", "79", true)
}

// TestAPositionThatNobodyComesToIsNotWaitedForLong asks with a position far ahead and with
// what is no position: the primary answers, and tells one to the second.
func TestAPositionThatNobodyComesToIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	primary := pgtest.NewCluster(t, "")
	first := testkit.At(t, primary.Database("town"))
	replica := pgtest.NewReplica(t, primary)
	program := first.Reading(t, replica.Address("owner", "town"))
	testkit.Follow(t, program, replica, primary)
	begun := time.Now()
	shows(t, program, "1-ffffffffffffff").wants(t, "far ahead", "80", false)
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("a position far ahead was waited for %v", took)
	}
	a := shows(t, program, "what is this")
	a.wants(t, "no position", "80", false)
	if !strings.HasPrefix(a.given, "1-") {
		t.Errorf("whoever shows no position is told %q", a.given)
	}
}

// TestAReplicaGoesAndComesBack stops the replica between reads and within one, and
// starts it again: the primary answers meanwhile, and the first look takes it up.
func TestAReplicaGoesAndComesBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	primary := pgtest.NewCluster(t, "")
	first := testkit.At(t, primary.Database("town"))
	replica := pgtest.NewReplica(t, primary)
	program := first.Reading(t, replica.Address("owner", "town"))
	testkit.Follow(t, program, replica, primary)
	shows(t, program, "").wants(t, "at first", "80", true)

	f := &store.Freshness{}
	f.Reads("", false)
	var aged []bool
	err := program.DB.Read(store.WithFreshness(ctx, f), func(v *store.Snapshot) error {
		aged = append(aged, v.Aged())
		if v.Aged() {
			replica.Stop()
		}
		_, err := v.InForceMark()
		return err
	})
	if fault.CodeOf(err) != fault.Unavailable || len(aged) != 1 || !aged[0] || !f.Again() || f.Again() {
		t.Errorf("a read under which the replica went: of the replica %v, %v; want it to fail once", aged, err)
	}
	err = program.DB.Read(store.WithFreshness(ctx, f), func(v *store.Snapshot) error {
		if v.Aged() {
			t.Error("the request begins anew on the replica")
		}
		return nil
	})
	if err != nil {
		t.Errorf("the request begins anew: %v", err)
	}
	shows(t, program, "").wants(t, "while it is gone", "80", false)
	program.DB.LookAtReplica(ctx)
	if why := program.DB.Stats().Replica.Why; fault.CodeOf(why) != fault.Unavailable {
		t.Errorf("the replica is gone: %v", why)
	}
	shows(t, program, "").wants(t, "after a look", "80", false)

	replica.Start()
	testkit.Follow(t, program, replica, primary)
	shows(t, program, "").wants(t, "when it is back", "80", true)
}

// TestAPromotionHoldsNobodyUp lets another replica become the primary: who shows a
// position from before is answered by the new primary and told another one, and the
// replica is used again when it follows it.
func TestAPromotionHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	old := pgtest.NewCluster(t, "")
	first := testkit.At(t, old.Database("town"))
	next, replica := pgtest.NewReplica(t, old), pgtest.NewReplica(t, old)
	program := first.Through(t, pgtest.Either("owner", "town", old, next), replica.Address("owner", "town"))
	before := record(t, program, "before")
	next.CatchUp(old)
	testkit.Follow(t, program, replica, old)
	shows(t, program, before).wants(t, "before the promotion", "79", true)

	old.Stop()
	next.Promote()
	program.DB.LookAtReplica(ctx)
	if why := program.DB.Stats().Replica.Why; why == nil {
		t.Error("a replica that follows the old primary is read from")
	}
	a := shows(t, program, before)
	a.wants(t, "a position from before", "79", false)
	if !strings.HasPrefix(a.given, "2-") {
		t.Errorf("whoever shows a position from before is told %q", a.given)
	}
	after := record(t, program, "after")
	shows(t, program, after).wants(t, "own write after the promotion", "78", false)

	replica.Follow(next)
	testkit.Follow(t, program, replica, next)
	shows(t, program, after).wants(t, "when the replica follows", "78", true)
	shows(t, program, a.given).wants(t, "the position that was told", "78", true)
}

// TestWhatIsNoReplicaIsNotReadFrom opens with what is no replica of the database.
func TestWhatIsNoReplicaIsNotReadFrom(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	primary, other := pgtest.NewCluster(t, ""), pgtest.NewCluster(t, "")
	first := testkit.At(t, primary.Database("town"))
	other.Database("town")
	primary.Database("another")
	replica := pgtest.NewReplica(t, primary)
	o := first.Options()
	for name, c := range map[string]struct{ path, readFrom, words string }{
		"a replica of nothing of ours": {o.Path, other.Address("owner", "town"), "不是这个数据库的副本"},
		"another database of it":       {o.Path, replica.Address("owner", "another"), "不是这个数据库的副本"},
		"two at once":                  {o.Path, pgtest.Either("owner", "town", primary, replica), "只写一台"},
		"a file":                       {o.Path, "jifen.db", "不是地址"},
		"of a file":                    {filepath.Join(t.TempDir(), "jifen.db"), o.Path, "没有副本"},
	} {
		with := o
		with.Path, with.ReadFrom = c.path, c.readFrom
		db, err := store.Open(ctx, with)
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(fault.Reason(err), c.words) {
			t.Errorf("%s: %v, want it refused with “%s”", name, err, c.words)
		}
		if err == nil {
			_ = db.Close()
		}
	}
	// The primary itself is taken, because a replica may become one, and is said to be none.
	itself := first.Reading(t, o.Path)
	if why := itself.DB.Stats().Replica.Why; why == nil || !strings.Contains(fault.Reason(why), "不是副本") {
		t.Errorf("the primary as its own replica: %v", why)
	}
	shows(t, itself, "").wants(t, "the primary as its own replica", "80", false)
	// A replica that becomes a primary is left.
	program := first.Reading(t, replica.Address("owner", "town"))
	testkit.Follow(t, program, replica, primary)
	shows(t, program, "").wants(t, "a replica", "80", true)
	replica.Promote()
	program.DB.LookAtReplica(ctx)
	shows(t, program, "").wants(t, "a replica that became a primary", "80", false)
}

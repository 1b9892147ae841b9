package testkit_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// onServers runs a test of three programs on one database of a server, in a district with
// two streets: once as it is, once with pgbouncer between them.
func onServers(t *testing.T, test func(t *testing.T, all []*testkit.Town)) {
	t.Helper()
	for name, build := range map[string]func(testing.TB) *testkit.Town{
		"alone": testkit.OnServer, "behind pgbouncer": testkit.BehindPgbouncer,
		"behind pgbouncer with prepared statements": testkit.BehindPreparingPgbouncer,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := build(t)
			test(t, []*testkit.Town{first, first.Beside(t), first.Beside(t)})
		})
	}
}

// TestProgramsShareADatabase lets three programs record in two streets at once, every
// entry handed to two of them under one key: each is there once, and the chains hold.
func TestProgramsShareADatabase(t *testing.T) {
	t.Parallel()
	onServers(t, shareADatabase)
}

func shareADatabase(t *testing.T, all []*testkit.Town) {
	ctx := context.Background()
	const each = 12
	work := []struct {
		by     *access.Actor
		member domain.MemberID
	}{{all[0].Secretary, "E2"}, {all[0].Clerk, "W1"}, {all[0].Neighbours.Clerk, "N1"}}
	var recorded, replayed atomic.Int32
	var wg sync.WaitGroup
	for p, program := range all {
		for w, who := range work {
			for twice := range 2 {
				wg.Go(func() {
					for i := range each {
						key := fmt.Sprint("k", w, " ", (p+twice)%len(all), " ", i)
						in := entries.EntryInput{Member: who.member, Item: "好事", On: testkit.Day(t, "2026-05-20"), Note: key}
						e, err := program.Entries.Post(ctx, who.by, in, key)
						switch {
						case err != nil:
							t.Errorf("%s: %v", key, err)
						case e.Replay:
							replayed.Add(1)
						default:
							recorded.Add(1)
						}
					}
				})
			}
		}
	}
	wg.Wait()
	want := int32(each * len(all) * len(work))
	if recorded.Load() != want || replayed.Load() != want {
		t.Errorf("%d recorded and %d told that they were, want %d of both", recorded.Load(), replayed.Load(), want)
	}
	holds(t, all[1])
}

// TestARequestIsDecidedOnce lets three programs decide one request at once.
func TestARequestIsDecidedOnce(t *testing.T) {
	t.Parallel()
	onServers(t, decideARequest)
}

func decideARequest(t *testing.T, all []*testkit.Town) {
	ctx := context.Background()
	q := all[0].HandIn(t, domain.EntryRequest)
	var accepted, refused atomic.Int32
	var wg sync.WaitGroup
	for _, program := range all {
		for range 3 {
			wg.Go(func() {
				list := []requests.Ruling{{Request: q.ID, Step: len(q.Steps) + 1}}
				_, err := program.Ledger.Requests.Decide(ctx, program.Community, list, requests.Answer{Accept: true}, "")
				switch {
				case err == nil:
					accepted.Add(1)
				case fault.CodeOf(err) == fault.Conflict:
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if accepted.Load() != 1 || refused.Load() != 8 {
		t.Errorf("%d accepted it and %d were told that somebody was quicker, want 1 and 8", accepted.Load(), refused.Load())
	}
	holds(t, all[2])
}

// TestWhatIsInForceIsToldAnewInAnyOrder lets a text that was recorded first be kept
// last: who has looked in between is told that something has come into force since.
func TestWhatIsInForceIsToldAnewInAnyOrder(t *testing.T) {
	t.Parallel()
	ctx, first := context.Background(), testkit.OnServer(t)
	all := []*testkit.Town{first, first.Beside(t), first.Beside(t)}
	put := func(program *testkit.Town, street domain.Org, between func()) error {
		return program.DB.Write(store.InStreets(ctx, []string{street.Path}), func(tx *store.Tx) error {
			err := tx.InsertEnactment(domain.RuleVersion{Org: street.ID, Code: "另一份", From: testkit.Day(t, "2026-06-01"),
				Hash: "of " + street.Name, Source: "x"}, 0)
			between()
			return err
		})
	}
	mark := func() (mark string) {
		err := all[2].DB.Read(ctx, func(v *store.Snapshot) (err error) {
			mark, err = v.InForceMark()
			return err
		})
		if err != nil {
			t.Error(err)
		}
		return mark
	}
	var between string
	err := put(all[0], all[0].Street, func() {
		var other sync.WaitGroup
		other.Go(func() { // a write within a write is refused
			if err := put(all[1], all[0].Neighbours.Street, func() {}); err != nil {
				t.Error(err)
			}
			between = mark()
		})
		other.Wait()
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := mark(); after == between {
		t.Errorf("the mark is %q before and after a text that was kept later", after)
	}
}

// holds looks whether every chain holds and what is kept beside them is right.
func holds(t *testing.T, town *testkit.Town) {
	t.Helper()
	err := town.DB.LongRead(context.Background(), func(v *store.Snapshot) error {
		broken, err := v.Verify()
		if err != nil || len(broken) != 0 {
			t.Errorf("%d breaks, the first %+v, %v", len(broken), broken[:min(1, len(broken))], err)
		}
		wrong, err := v.Recount()
		if len(wrong) != 0 {
			t.Errorf("kept wrong: %+v", wrong)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

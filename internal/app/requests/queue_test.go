package requests_test

import (
	"errors"
	"sync"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestManyClaimsAtOnce: what can be decided is, and why the rest is not is told.
func TestManyClaimsAtOnce(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	town.Host(t, "W1", "W2")
	for _, id := range []domain.MemberID{"E1", "W1", "W2"} {
		if _, err := town.Entries.Post(t.Context(), town.Secretary,
			entries.EntryInput{Member: id, Item: "好事", On: testkit.Day(t, "2026-05-20")}, ""); err != nil {
			t.Fatal(err)
		}
	}
	var list []requests.Ruling
	for _, q := range append(town.Queue(t, town.Clerk), town.Queue(t, town.Community)...) {
		list = append(list, requests.Ruling{Request: q.ID, Step: 1})
	}
	list = append(list, requests.Ruling{Request: 99, Step: 1}, requests.Ruling{Request: list[0].Request, Step: 1})
	done, err := town.Ledger.Requests.Decide(t.Context(), town.Clerk, list, requests.Answer{Accept: true}, "k")
	expect.NoError(t, "the decision", err)
	expect.Equal(t, "how many are decided", done.Posted, 2)
	expect.Len(t, "those that are not", done.Refused, 3)
	expect.Equal(t, "the first that is not", done.Refused[0].Request, list[2].Request)
	expect.Contains(t, done.Refused[0].Why, "community（社区党委）")
	again, err := town.Ledger.Requests.Decide(t.Context(), town.Clerk, list, requests.Answer{Accept: true}, "k")
	done.Replay = true
	expect.NoError(t, "the same once more", err)
	expect.Equal(t, "the answer to the same once more", again, done)
	if _, err := town.Ledger.Requests.Decide(t.Context(), town.Clerk, list[:1], requests.Answer{Accept: true},
		"k"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("another decision with this key: %v", err)
	}
	denied, err := town.Trail(domain.AuditFilter{Action: "被拒绝"}, 9)
	expect.NoError(t, "the trail", err)
	expect.Len(t, "the lines of what was not his to decide", denied, 1)
	expect.Equal(t, "how it ended, and whose", denied[0].Result+" "+string(denied[0].Member), "forbidden E1")
	town.WantTotals(t, "80", "80", "82")
	if _, err := town.Ledger.Requests.Decide(t.Context(), town.Clerk, nil, requests.Answer{Accept: true},
		""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("nothing chosen: %v", err)
	}
}

// TestWhatEachClaimOfAMemberWouldDo: of two claims of one member each is weighed
// against all that he has, the limit of the month too.
func TestWhatEachClaimOfAMemberWouldDo(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	entry := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-10")} // 2 of the month's 3
	if _, err := town.Entries.Post(t.Context(), town.Secretary, entry, ""); err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2026-05-11", "2026-05-12"} {
		entry.On = testkit.Day(t, day)
		if _, err := town.Entries.Post(t.Context(), town.Member, entry, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		mine, _, err := town.Ledger.Requests.Queue(v, town.Secretary)
		if err != nil {
			return err
		}
		worth, err := town.Ledger.Worth(v, mine)
		for i, w := range worth {
			if w == nil || *w != 100 {
				t.Errorf("claim %d is worth %v, want 1 point", i, w)
			}
		}
		if len(worth) != 2 {
			t.Errorf("%d claims are weighed, want 2", len(worth))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestTheQueueGoesToWhoFollowsInOffice: a new secretary finds what waited for the
// old one, who no longer does.
func TestTheQueueGoesToWhoFollowsInOffice(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if _, err := town.Entries.Post(t.Context(), town.Member,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20")}, ""); err != nil {
		t.Fatal(err)
	}
	old := town.Queue(t, town.Secretary)
	var next *access.Actor
	if err := town.DB.Write(t.Context(), func(tx *store.Tx) error {
		id, err := tx.InsertAccount(domain.Account{Login: "next", Name: "next"}, 0)
		if err != nil {
			return err
		}
		if err := errors.Join(tx.InsertAssignment(town.Secretary.Account, domain.RoleSecretary, town.East.ID, true, 0),
			tx.InsertAssignment(id, domain.RoleSecretary, town.East.ID, false, 0)); err != nil {
			return err
		}
		if next, err = tx.Actor(id); err == nil {
			town.Secretary, err = tx.Actor(town.Secretary.Account)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := town.Decide(town.Secretary, &old[0], true, ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("who is no longer in office: %v", err)
	}
	mine := town.Queue(t, next)
	expect.Len(t, "mine", mine, 1)
	if err := town.Decide(next, &mine[0], true, ""); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "80", "82", "80")
}

// TestOfTwoWhoDecideOneWins: at the same second, on the same step.
func TestOfTwoWhoDecideOneWins(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	town.Host(t, "W1")
	if _, err := town.Entries.Post(t.Context(), town.Secretary,
		entries.EntryInput{Member: "W1", Item: "好事", On: testkit.Day(t, "2026-05-20")}, ""); err != nil {
		t.Fatal(err)
	}
	q := town.Queue(t, town.Clerk)[0]
	var wait sync.WaitGroup
	actors, got := []*access.Actor{town.Clerk, town.Second}, [2]error{}
	for i := range actors {
		wait.Add(1)
		go func() {
			defer wait.Done()
			got[i] = town.Decide(actors[i], &q, i == 0, "看过")
		}()
	}
	wait.Wait()
	loser := 0
	if got[0] == nil {
		loser = 1
	}
	expect.NoError(t, "the decision of the first", got[1-loser])
	expect.Fault(t, got[loser], fault.Conflict, actors[1-loser].Name)
	if n := len(town.RequestStates(t, "W1")); n != 1 {
		t.Errorf("%d claims", n)
	}
}

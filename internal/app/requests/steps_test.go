package requests_test

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestAClaimGoesTheWayThatTheRuleNames: a member's claim is put aside as a draft,
// handed in, returned with a reason, put right and handed in again, agreed to by
// branch, community and street, and counts only then.
func TestAClaimGoesTheWayThatTheRuleNames(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	draft, err := town.Ledger.Requests.SaveDraft(t.Context(), town.Member, 0, map[string]string{"item": "表彰"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Ledger.Requests.SaveDraft(t.Context(), town.Secretary, draft,
		map[string]string{"item": "好事"}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("somebody else's draft: %v", err)
	}
	e, err := town.Entries.PostDraft(t.Context(), town.Member, testkit.Commendation(t, "E2"), draft, "k")
	expect.NoError(t, "handing the draft in", err)
	expect.Equal(t, "it waits", e.Waiting, true)
	expect.Equal(t, "who is asked", strings.Join(e.Asked, " "), "支部委员会 社区党委 街道党工委")
	expect.Equal(t, "what it is worth", e.After-e.Before, 300)
	twice, err := town.Entries.PostDraft(t.Context(), town.Member, testkit.Commendation(t, "E2"), draft, "k")
	expect.NoError(t, "sending it twice", err)
	expect.Equal(t, "what is sent twice is a replay", twice.Replay, true)
	if err := town.Ledger.Requests.DropDraft(t.Context(), town.Member, draft); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the draft is still there: %v", err)
	}
	if _, err := town.Entries.Post(t.Context(), town.Member, testkit.Commendation(t, "E1"),
		""); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("a member claims for somebody else: %v", err)
	}
	// Nobody but the branch decides first, and a claim under way is nobody's to take up.
	for _, actor := range []*access.Actor{town.Community, town.Clerk} {
		if len(town.Queue(t, actor)) != 0 {
			t.Errorf("%s has it before the branch", actor.Name)
		}
	}
	follow := testkit.Commendation(t, "E2")
	follow.Follows = e.Request
	if _, err := town.Entries.Post(t.Context(), town.Member, follow, ""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("taken up while it waits: %v", err)
	}
	if err := town.Decide(town.Secretary, &town.Queue(t, town.Secretary)[0], false, "证书没有交来看"); err != nil {
		t.Fatal(err)
	}
	again, err := town.Entries.Post(t.Context(), town.Member, follow, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Post(t.Context(), town.Member, follow, ""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("taken up twice: %v", err)
	}
	if _, err := town.Ledger.Requests.Withdraw(t.Context(), town.Member, again.Request, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Post(t.Context(), town.Member, follow, ""); err != nil {
		t.Fatalf("what took it up was taken back, and yet: %v", err)
	}
	for i, actor := range []*access.Actor{town.Secretary, town.Community, town.Clerk} {
		town.WantTotals(t, "80", "80", "80")
		mine := town.Queue(t, actor)
		expect.Len(t, "the queue of "+actor.Name, mine, 1)
		expect.Equal(t, "the steps before "+actor.Name, len(mine[0].Steps), i)
		expect.Equal(t, "what it takes up", mine[0].Follows, e.Request)
		if err := town.Decide(actor, &mine[0], true, ""); err != nil {
			t.Fatal(err)
		}
	}
	town.WantTotals(t, "80", "83", "80")
	expect.Equal(t, "states", town.RequestStates(t, "E2"),
		[]domain.RequestState{domain.RequestAccepted, domain.RequestWithdrawn, domain.RequestReturned})
	if _, err := town.Ledger.Requests.Withdraw(t.Context(), town.Member, e.Request,
		""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("withdrawn after it was returned: %v", err)
	}
}

func TestAClaimIsWithdrawnByItsAuthorOnly(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	e, err := town.Entries.Post(t.Context(), town.Member, testkit.Commendation(t, "E2"), "")
	if err != nil {
		t.Fatal(err)
	}
	queued := town.Queue(t, town.Secretary)[0]
	if _, err := town.Ledger.Requests.Withdraw(t.Context(), town.Clerk, e.Request,
		""); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("by somebody else: %v", err)
	}
	for i := range 2 {
		if replay, err := town.Ledger.Requests.Withdraw(t.Context(), town.Member, e.Request, "w"); err != nil ||
			replay != (i == 1) {
			t.Fatal(replay, err)
		}
	}
	if err := town.Decide(town.Secretary, &queued, true, ""); fault.CodeOf(err) != fault.Conflict ||
		!strings.Contains(err.Error(), "撤回") {
		t.Errorf("decided after it was withdrawn: %v", err)
	}
	expect.Equal(t, "the states", town.RequestStates(t, "E2"), []domain.RequestState{domain.RequestWithdrawn})
}

// TestADeadlineRunsFromTheFirstHandingIn: what was returned and is mended later is
// judged by the first day, to the day; what happened only after that, by its own.
func TestADeadlineRunsFromTheFirstHandingIn(t *testing.T) {
	t.Parallel()
	town := testkit.New(t) // 1 June; 表彰 is entered within 30 days
	claim := testkit.Commendation(t, "E2")
	on := func(day string, follows domain.RequestID) error {
		claim.On, claim.Follows = testkit.Day(t, day), follows
		_, err := town.Entries.Post(t.Context(), town.Member, claim, "")
		return err
	}
	if err := on("2026-05-01", 0); fault.CodeOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "31 天以前") {
		t.Errorf("31 days late: %v", err)
	}
	if err := on("2026-05-02", 0); err != nil {
		t.Fatalf("30 days late: %v", err)
	}
	for range 2 { // returned, mended after 40 days, returned again, mended again
		first := town.Queue(t, town.Secretary)[0]
		if err := town.Decide(town.Secretary, &first, false, "证书没有交来看"); err != nil {
			t.Fatal(err)
		}
		town.Later(40 * 24 * time.Hour)
		if err := on("2026-05-02", 0); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("anew, long after: %v", err)
		}
		if err := on("2026-05-01", first.ID); fault.CodeOf(err) != fault.Forbidden ||
			!strings.Contains(err.Error(), "31 天以前") {
			t.Errorf("mended to a day that was late at the first handing in: %v", err)
		}
		if err := on("2026-06-02", first.ID); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("mended to what happened after the first handing in, and late by itself: %v", err)
		}
		if err := on("2026-05-02", first.ID); err != nil {
			t.Fatalf("mended: %v", err)
		}
	}
}

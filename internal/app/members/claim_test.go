package members_test

import (
	"errors"
	"reflect"
	"strings"
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

// honour is a claim that the branch, the community and the street decide.
func honour(t *testing.T, member domain.MemberID) entries.EntryInput {
	t.Helper()
	return entries.EntryInput{Member: member, Item: "表彰", On: testkit.Day(t, "2026-05-20"),
		Fields: map[string]string{"级别": "国家"}, Note: "证书在支部"}
}

// states are the states of a member's claims, the latest first.
func states(t *testing.T, town *testkit.Town, member domain.MemberID) (out []domain.RequestState) {
	t.Helper()
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		claims, err := v.RequestsOf(access.System("the test looks at all"), member, 10)
		for i := range claims {
			out = append(out, claims[i].State)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAClaimGoesTheWayThatTheRuleNames: a member's claim is put aside as a draft,
// handed in, returned with a reason, put right and handed in again, agreed to by
// branch, community and street, and counts only then.
func TestAClaimGoesTheWayThatTheRuleNames(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	draft, err := town.Ledger.Requests.SaveDraft(ctx, town.Member, 0, map[string]string{"item": "表彰"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Ledger.Requests.SaveDraft(ctx, town.Secretary, draft,
		map[string]string{"item": "好事"}); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("somebody else's draft: %v", err)
	}
	e, err := town.Entries.PostDraft(ctx, town.Member, honour(t, "E2"), draft, "k")
	if err != nil || !e.Waiting || strings.Join(e.Asked, " ") != "支部委员会 社区党委 街道党工委" || e.After-e.Before != 300 {
		t.Fatalf("%+v, %v", e, err)
	}
	if again, err := town.Entries.PostDraft(ctx, town.Member, honour(t, "E2"), draft, "k"); err != nil || !again.Replay {
		t.Errorf("sent twice: %+v, %v", again, err)
	}
	if err := town.Ledger.Requests.DropDraft(ctx, town.Member, draft); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the draft is still there: %v", err)
	}
	if _, err := town.Entries.Post(ctx, town.Member, honour(t, "E1"), ""); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("a member claims for somebody else: %v", err)
	}
	// Nobody but the branch decides first, and a claim under way is nobody's to take up.
	for _, actor := range []*access.Actor{town.Community, town.Clerk} {
		if len(queue(t, town, actor)) != 0 {
			t.Errorf("%s has it before the branch", actor.Name)
		}
	}
	follow := honour(t, "E2")
	follow.Follows = e.Request
	if _, err := town.Entries.Post(ctx, town.Member, follow, ""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("taken up while it waits: %v", err)
	}
	if err := decide(town, town.Secretary, queue(t, town, town.Secretary)[0], false, "证书没有交来看"); err != nil {
		t.Fatal(err)
	}
	again, err := town.Entries.Post(ctx, town.Member, follow, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Post(ctx, town.Member, follow, ""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("taken up twice: %v", err)
	}
	if _, err := town.Ledger.Requests.Withdraw(ctx, town.Member, again.Request, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Post(ctx, town.Member, follow, ""); err != nil {
		t.Fatalf("what took it up was taken back, and yet: %v", err)
	}
	for i, actor := range []*access.Actor{town.Secretary, town.Community, town.Clerk} {
		want(t, town, "80", "80", "80")
		mine := queue(t, town, actor)
		if len(mine) != 1 || len(mine[0].Steps) != i || mine[0].Follows != e.Request {
			t.Fatalf("%s: %+v", actor.Name, mine)
		}
		if err := decide(town, actor, mine[0], true, ""); err != nil {
			t.Fatal(err)
		}
	}
	want(t, town, "80", "83", "80")
	expect.Equal(t, "states", states(t, town, "E2"),
		[]domain.RequestState{domain.RequestAccepted, domain.RequestWithdrawn, domain.RequestReturned})
	if _, err := town.Ledger.Requests.Withdraw(ctx, town.Member, e.Request, ""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("withdrawn after it was returned: %v", err)
	}
}

func TestAClaimIsWithdrawnByItsAuthorOnly(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	e, err := town.Entries.Post(ctx, town.Member, honour(t, "E2"), "")
	if err != nil {
		t.Fatal(err)
	}
	queued := queue(t, town, town.Secretary)[0]
	if _, err := town.Ledger.Requests.Withdraw(ctx, town.Clerk, e.Request, ""); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("by somebody else: %v", err)
	}
	for i := range 2 {
		if replay, err := town.Ledger.Requests.Withdraw(ctx, town.Member, e.Request, "w"); err != nil || replay != (i == 1) {
			t.Fatal(replay, err)
		}
	}
	if err := decide(town, town.Secretary, queued, true, ""); fault.CodeOf(err) != fault.Conflict ||
		!strings.Contains(err.Error(), "撤回") {
		t.Errorf("decided after it was withdrawn: %v", err)
	}
	if got := states(t, town, "E2"); len(got) != 1 || got[0] != domain.RequestWithdrawn {
		t.Errorf("%v", got)
	}
}

// TestWhatTheBranchAgreesToItselfCountsAtOnce: who records has agreed at his own
// level and below; the rule's organs above him are asked.
func TestWhatTheBranchAgreesToItselfCountsAtOnce(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	small := honour(t, "E2")
	small.Fields = map[string]string{"级别": "街道"}
	e, err := town.Entries.Post(ctx, town.Secretary, small, "")
	if err != nil || e.Waiting {
		t.Errorf("%+v, %v", e, err)
	}
	if e, err = town.Entries.Post(ctx, town.Secretary, honour(t, "E2"), ""); err != nil ||
		strings.Join(e.Asked, " ") != "社区党委 街道党工委" {
		t.Errorf("%+v, %v", e, err)
	}
	if e, err = town.Entries.Post(ctx, town.Community, honour(t, "E2"), ""); err != nil ||
		strings.Join(e.Asked, " ") != "街道党工委" {
		t.Errorf("%+v, %v", e, err)
	}
	deed := entries.EntryInput{Member: "E2", Item: "上级记", On: testkit.Day(t, "2026-05-20")}
	if e, err = town.Entries.Post(ctx, town.Secretary, deed, ""); err != nil || strings.Join(e.Asked, " ") != "社区党委" {
		t.Errorf("below those who enter: %+v, %v", e, err)
	}
	if e, err = town.Entries.Post(ctx, town.Clerk, deed, ""); err != nil || e.Waiting {
		t.Errorf("above those who enter: %+v, %v", e, err)
	}
}

// TestManyClaimsAtOnce: what can be decided is, and why the rest is not is told.
func TestManyClaimsAtOnce(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	town.Host(t, "W1", "W2")
	for _, id := range []domain.MemberID{"E1", "W1", "W2"} {
		if _, err := town.Entries.Post(ctx, town.Secretary,
			entries.EntryInput{Member: id, Item: "好事", On: testkit.Day(t, "2026-05-20")}, ""); err != nil {
			t.Fatal(err)
		}
	}
	var list []requests.Ruling
	for _, q := range append(queue(t, town, town.Clerk), queue(t, town, town.Community)...) {
		list = append(list, requests.Ruling{Request: q.ID, Step: 1})
	}
	list = append(list, requests.Ruling{Request: 99, Step: 1}, requests.Ruling{Request: list[0].Request, Step: 1})
	done, err := town.Ledger.Requests.Decide(ctx, town.Clerk, list, requests.Answer{Accept: true}, "k")
	if err != nil || done.Posted != 2 || len(done.Refused) != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	if first := done.Refused[0]; first.Request != list[2].Request || !strings.Contains(first.Why, "community（社区党委）") {
		t.Errorf("who decides it is not told: %+v", first)
	}
	again, err := town.Ledger.Requests.Decide(ctx, town.Clerk, list, requests.Answer{Accept: true}, "k")
	if done.Replay = true; err != nil || !reflect.DeepEqual(again, done) {
		t.Errorf("the same once more: %+v, %v", again, err)
	}
	if _, err := town.Ledger.Requests.Decide(ctx, town.Clerk, list[:1], requests.Answer{Accept: true},
		"k"); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("another decision with this key: %v", err)
	}
	want(t, town, "80", "80", "82")
	if _, err := town.Ledger.Requests.Decide(ctx, town.Clerk, nil, requests.Answer{Accept: true},
		""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("nothing chosen: %v", err)
	}
}

// TestWhatEachClaimOfAMemberWouldDo: of two claims of one member each is weighed
// against all that he has, the limit of the month too.
func TestWhatEachClaimOfAMemberWouldDo(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	deed := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-10")} // 2 of the month's 3
	if _, err := town.Entries.Post(ctx, town.Secretary, deed, ""); err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2026-05-11", "2026-05-12"} {
		deed.On = testkit.Day(t, day)
		if _, err := town.Entries.Post(ctx, town.Member, deed, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
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
	if _, err := town.Entries.Post(ctx, town.Member,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20")}, ""); err != nil {
		t.Fatal(err)
	}
	old := queue(t, town, town.Secretary)
	var next *access.Actor
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
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
	if err := decide(town, town.Secretary, old[0], true, ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("who is no longer in office: %v", err)
	}
	mine := queue(t, town, next)
	expect.Len(t, "mine", mine, 1)
	if err := decide(town, next, mine[0], true, ""); err != nil {
		t.Fatal(err)
	}
	want(t, town, "80", "82", "80")
}

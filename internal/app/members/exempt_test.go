package members_test

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// long is an exemption that branch and community decide, by which nothing is
// scored.
func long(t *testing.T, member domain.MemberID, from string, steps ...string) members.FactChange {
	t.Helper()
	return members.FactChange{Member: member, Attribute: "豁免", Value: "长假", From: testkit.Day(t, from), Approved: steps}
}

// scored reports whether a member is scored as of a day, as known by an instant.
func scored(t *testing.T, town *testkit.Town, member domain.MemberID, day string, known time.Time) bool {
	t.Helper()
	e, err := town.Standings.Explain(ctx, standings.Question{Scope: access.System("the test looks at all"),
		AsOf: testkit.Day(t, day), KnownBy: known}, member)
	if err != nil {
		t.Fatal(err)
	}
	return e.Account.Standing.Scored
}

// TestAnExemptionGoesTheWayThatTheRulesName: the branch answers for its own steps
// and the community is asked; until then the member is scored as before, and as
// known before it was agreed to he still is.
func TestAnExemptionGoesTheWayThatTheRulesName(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	for name, c := range map[string]struct {
		by     *access.Actor
		change members.FactChange
		want   string
	}{
		"the community's step, by the branch": {town.Secretary, long(t, "E2", "2026-05-01", "本人申请", "支部委员会", "社区党委"),
			"“社区党委”这一步不由您来写"},
		"without its own step":        {town.Secretary, long(t, "E2", "2026-05-01", "本人申请"), "还没有走完：支部委员会"},
		"a member, for somebody else": {town.Member, long(t, "E1", "2026-05-01"), "没有这个权限"},
		"a member, with steps":        {town.Member, long(t, "E2", "2026-05-01", "支部委员会"), "这一步不由您来写"},
		"a member ends his own": {town.Member,
			members.FactChange{Member: "E2", Attribute: "豁免", Value: "无", From: testkit.Day(t, "2026-05-01")}, "由别人来结束"},
		"before he was here": {town.Member, long(t, "E2", "2019-05-01"), "起才在这里"},
	} {
		if _, err := town.Ledger.ChangeFact(ctx, c.by, c.change, ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	done, err := town.Ledger.ChangeFact(ctx, town.Secretary, long(t, "E2", "2026-05-01", "本人申请", "支部委员会"), "")
	if err != nil || strings.Join(done.Asked, " ") != "社区党委" {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := town.Ledger.ChangeFact(ctx, town.Secretary, long(t, "E2", "2026-05-02", "本人申请", "支部委员会"),
		""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("a second one while the first waits: %v", err)
	}
	if len(town.Queue(t, town.Secretary)) != 0 || !scored(t, town, "E2", "2026-06-01", time.Time{}) {
		t.Error("it holds before the community has agreed")
	}
	before := town.Later(time.Hour)
	town.Later(time.Hour)
	mine := town.Queue(t, town.Community)
	expect.Len(t, "mine", mine, 1)
	expect.Equal(t, "mine[0].Kind", mine[0].Kind, domain.ExemptionRequest)
	expect.Equal(t, "mine[0].Subject", mine[0].Subject, "长假")
	if err := town.Decide(town.Community, &mine[0], true, ""); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day   string
		known time.Time
		want  bool
	}{{"2026-06-01", time.Time{}, false}, {"2026-04-30", time.Time{}, true}, {"2026-06-01", before, true}} {
		if got := scored(t, town, "E2", c.day, c.known); got != c.want {
			t.Errorf("scored on %s as known by %v: %v", c.day, c.known, got)
		}
	}
	// The end of it is the branch's own to record.
	if done, err := town.Ledger.ChangeFact(ctx, town.Secretary,
		members.FactChange{Member: "E2", Attribute: "豁免", Value: "无", From: testkit.Day(t, "2026-05-20")}, ""); err != nil ||
		done.Asked != nil {
		t.Errorf("%+v, %v", done, err)
	}
	if !scored(t, town, "E2", "2026-06-01", time.Time{}) {
		t.Error("it has ended")
	}
}

// TestAMemberAsksToBeExempted: he asks, may take it back, and everybody is asked;
// what is returned holds nothing. A secretary's own moves one level up.
func TestAMemberAsksToBeExempted(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	ask := func(actor *access.Actor) domain.RequestID {
		done, err := town.Ledger.ChangeFact(ctx, actor, long(t, actor.Member, "2026-05-01"), "")
		if err != nil || strings.Join(done.Asked, " ") != "支部委员会 社区党委" {
			t.Fatalf("%+v, %v", done, err)
		}
		var id domain.RequestID
		if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
			claims, err := v.RequestsOf(access.System("the test looks at all"), actor.Member, 1)
			id = claims[0].ID
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return id
	}
	first := ask(town.Member)
	if _, err := town.Ledger.Requests.Withdraw(ctx, town.Secretary, first, ""); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("withdrawn by somebody else: %v", err)
	}
	if _, err := town.Ledger.Requests.Withdraw(ctx, town.Member, first, ""); err != nil {
		t.Fatal(err)
	}
	if err := town.Decide(town.Secretary, &requests.Queued{Request: domain.Request{ID: first}}, true,
		""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("decided after it was withdrawn: %v", err)
	}
	ask(town.Member)
	if err := town.Decide(town.Secretary, &town.Queue(t, town.Secretary)[0], true, ""); err != nil {
		t.Fatal(err)
	}
	if err := town.Decide(town.Community, &town.Queue(t, town.Community)[0], false, "材料不全"); err != nil {
		t.Fatal(err)
	}
	if !scored(t, town, "E2", "2026-06-01", time.Time{}) {
		t.Error("exempt by what was returned")
	}
	if got := town.RequestStates(t, "E2"); len(got) != 2 || got[0] != domain.RequestReturned ||
		got[1] != domain.RequestWithdrawn {
		t.Errorf("%v", got)
	}
	ask(town.Secretary)
	if n := len(town.Queue(t, town.Secretary)); n != 0 {
		t.Error("a secretary decides on his own")
	}
	if err := town.Decide(town.Community, &town.Queue(t, town.Community)[0], true, ""); err != nil {
		t.Fatal(err)
	}
	if scored(t, town, "E1", "2026-06-01", time.Time{}) {
		t.Error("the community agreed for the branch and for itself")
	}
}

// TestAnExemptionThatIsWithdrawnLeavesWhatHeldBefore: an earlier exemption goes on.
func TestAnExemptionThatIsWithdrawnLeavesWhatHeldBefore(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if _, err := town.Ledger.ChangeFact(ctx, town.Community, long(t, "E2", "2026-03-01", "本人申请", "支部委员会", "社区党委"),
		""); err != nil {
		t.Fatal(err)
	}
	again := long(t, "E2", "2026-02-01", "本人申请", "支部委员会")
	if done, err := town.Ledger.ChangeFact(ctx, town.Secretary, again, ""); err != nil || len(done.Asked) != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := town.Ledger.Requests.Withdraw(ctx, town.Secretary, town.Queue(t, town.Community)[0].ID, ""); err != nil {
		t.Fatal(err)
	}
	if scored(t, town, "E2", "2026-06-01", time.Time{}) || len(town.Queue(t, town.Community)) != 0 {
		t.Error("what held before was lost, or it still waits")
	}
}

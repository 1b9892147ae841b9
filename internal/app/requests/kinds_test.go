package requests_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// asked is a request of one kind that waits in a town.
type asked struct {
	*testing.T
	town *testkit.Town
	kind requests.Kind
	was  domain.MemberHistory // of its member before it was handed in
	q    domain.Request
}

// records returns what the engine is given of the member, but for who he is.
func records(t *testing.T, town *testkit.Town) (out domain.MemberHistory) {
	t.Helper()
	if err := town.DB.Read(t.Context(), func(v *store.Snapshot) error {
		m, err := v.Member(access.System("the test looks at all"), "E1")
		if err != nil {
			return err
		}
		list, err := v.Records([]domain.Member{m})
		if err == nil {
			out = list[0]
			out.Member = domain.Membership{Home: [domain.Levels]domain.OrgID{m.Home.ID}}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// says decides the request as an actor, at a step.
func (a *asked) says(by *access.Actor, accept bool, step int) error {
	answer := requests.Answer{Accept: accept}
	if accept && a.kind.Answers {
		answer.Reason = "改好了，在登记变动里"
	}
	if !accept {
		answer.Reason = "看不清"
	}
	_, err := a.town.Ledger.Requests.Decide(a.Context(), by, []requests.Ruling{{Request: a.q.ID, Step: step}}, answer, "")
	return err
}

// refused fails unless an error has a code and says something.
func (a *asked) refused(what string, err error, code fault.Code, words string) {
	a.Helper()
	if fault.CodeOf(err) != code || !strings.Contains(err.Error(), words) {
		a.Errorf("%s, %s: %v, want %s with %q", a.kind.Code, what, err, code, words)
	}
}

// stands fails unless the request has a state, and counts only when accepted.
func (a *asked) stands(state domain.RequestState) {
	a.Helper()
	var now domain.Request
	if err := a.town.DB.Read(a.Context(), func(v *store.Snapshot) (err error) {
		now, err = v.Request(access.System("the test looks at all"), a.q.ID)
		return err
	}); err != nil {
		a.Fatal(err)
	}
	if now.State != state {
		a.Errorf("%s is %s, want %s", a.kind.Code, now.State, state)
	}
	e, err := a.town.Standings.Explain(a.Context(), standings.Question{
		Scope: access.System("the test looks at all"), AsOf: testkit.Day(a.T, "2026-06-01"),
	}, "E1")
	if err != nil {
		a.Fatal(err)
	}
	if given := !reflect.DeepEqual(records(a.T, a.town), a.was); given != (state == domain.RequestAccepted &&
		!a.kind.Answers) {
		a.Errorf("%s %s: what the engine is given has changed is %v", a.kind.Code, state, given)
	}
	st, scores := &e.Account.Standing, a.kind.Knows != nil || a.kind.Code == domain.ExemptionRequest
	if counts := !st.Scored || st.Total != domain.Whole(80); scores && counts != (state == domain.RequestAccepted) {
		a.Errorf("%s %s: counts is %v", a.kind.Code, state, counts)
	}
	if waits := len(e.Waiting) > 0; waits != (state == domain.RequestWaits) {
		a.Errorf("%s %s: shown as waiting is %v", a.kind.Code, state, waits)
	}
}

// over runs a test for every kind of the table, each in a town of its own.
func over(t *testing.T, test func(a *asked)) {
	t.Helper()
	kinds := testkit.New(t).Ledger.Requests.Kinds()
	if len(kinds) < 3 {
		t.Fatalf("%d kinds", len(kinds))
	}
	for _, k := range kinds {
		t.Run(string(k.Code), func(t *testing.T) {
			t.Parallel()
			town := testkit.New(t)
			test(&asked{t, town, k, records(t, town), town.HandIn(t, k.Code)})
		})
	}
}

// TestEveryKindCountsOnceItIsAccepted: not before, and it is decided once.
func TestEveryKindCountsOnceItIsAccepted(t *testing.T) {
	t.Parallel()
	over(t, func(a *asked) {
		a.stands(domain.RequestWaits)
		a.refused("at a step to come", a.says(a.town.Community, true, 2), fault.Conflict, "不在这一步")
		if err := a.says(a.town.Community, true, 1); err != nil {
			a.Fatal(err)
		}
		a.stands(domain.RequestAccepted)
		a.refused("decided twice", a.says(a.town.Community, true, 1), fault.Conflict, "已由community同意")
		a.refused("by another", a.says(a.town.Clerk, false, 0), fault.Conflict, "已由community同意")
		_, err := a.town.Ledger.Requests.Withdraw(a.Context(), a.town.Secretary, a.q.ID, "")
		a.refused("withdrawn after it", err, fault.Conflict, "不能撤回了")
		a.stands(domain.RequestAccepted)
	})
}

// TestEveryKindIsReturnedWithAReason: it counts nothing, and is over.
func TestEveryKindIsReturnedWithAReason(t *testing.T) {
	t.Parallel()
	over(t, func(a *asked) {
		if err := a.says(a.town.Community, false, 1); err != nil {
			a.Fatal(err)
		}
		a.stands(domain.RequestReturned)
		a.refused("decided twice", a.says(a.town.Community, true, 1), fault.Conflict, "已由community退回")
		if a.kind.Mends != a.town.Ledger.Requests.Mendable(a.town.Secretary, a.now()) {
			a.Errorf("%s: its author mends it is not %v", a.kind.Code, a.kind.Mends)
		}
	})
}

func (a *asked) now() *domain.Request {
	a.Helper()
	var q domain.Request
	if err := a.town.DB.Read(a.Context(), func(v *store.Snapshot) (err error) {
		q, err = v.Request(access.System("the test looks at all"), a.q.ID)
		return err
	}); err != nil {
		a.Fatal(err)
	}
	return &q
}

// TestEveryKindIsWithdrawnByItsAuthorOnly, and a kind that is not withdrawn says
// what to do instead.
func TestEveryKindIsWithdrawnByItsAuthorOnly(t *testing.T) {
	t.Parallel()
	over(t, func(a *asked) {
		for _, other := range []*access.Actor{a.town.Community, a.town.Clerk} {
			_, err := a.town.Ledger.Requests.Withdraw(a.Context(), other, a.q.ID, "")
			a.refused("withdrawn by "+other.Name, err, fault.NotFound, "没有这条申报")
		}
		_, err := a.town.Ledger.Requests.Withdraw(a.Context(), a.town.Secretary, a.q.ID, "")
		if a.kind.Keeps != "" {
			a.refused("withdrawn", err, fault.Invalid, a.kind.Title+"不撤回")
			a.stands(domain.RequestWaits)
			return
		}
		if err != nil {
			a.Fatal(err)
		}
		a.stands(domain.RequestWithdrawn)
		a.refused("decided after it", a.says(a.town.Community, true, 1), fault.Conflict, "已经撤回")
		last := a.now().Steps[0]
		expect.Equal(a, string(a.kind.Code)+": the kind of the step", last.Kind, domain.StepWithdraw)
		expect.Equal(a, string(a.kind.Code)+": who took the step", last.By, a.town.Secretary.Account)
	})
}

// TestNobodyDecidesHisOwnOfAnyKind: neither the author nor who has no office over
// him.
func TestNobodyDecidesHisOwnOfAnyKind(t *testing.T) {
	t.Parallel()
	over(t, func(a *asked) {
		a.refused("his own", a.says(a.town.Secretary, true, 1), fault.Forbidden, "自己的、自己报的，由别人来定")
		a.refused("a member", a.says(a.town.Member, true, 1), fault.Forbidden, "没有这个权限")
		a.refused("too high", a.says(a.town.Clerk, true, 1), fault.Forbidden, "community（社区党委）")
		a.stands(domain.RequestWaits)
	})
}

// TestEveryKindGoesToWhoFollowsInOffice: the step is the office's, not the person's.
func TestEveryKindGoesToWhoFollowsInOffice(t *testing.T) {
	t.Parallel()
	over(t, func(a *asked) {
		var next *access.Actor
		if err := a.town.DB.Write(a.Context(), func(tx *store.Tx) error {
			id, err := tx.InsertAccount(domain.Account{Login: "next", Name: "next"}, 0)
			if err != nil {
				return err
			}
			err = errors.Join(tx.InsertAssignment(a.town.Community.Account, domain.RoleCommunity, a.town.East.Parent, true, 0),
				tx.InsertAssignment(id, domain.RoleCommunity, a.town.East.Parent, false, 0))
			if err == nil {
				next, err = tx.Actor(id)
			}
			return err
		}); err != nil {
			a.Fatal(err)
		}
		a.refused("out of office", a.says(a.town.Community, true, 1), fault.Forbidden, "next（社区党委）")
		if err := a.says(next, true, 1); err != nil {
			a.Fatal(err)
		}
		a.stands(domain.RequestAccepted)
	})
}

// TestNoKindIsAcceptedInALockedPeriod: it was locked while it waited.
func TestNoKindIsAcceptedInALockedPeriod(t *testing.T) {
	t.Parallel()
	over(t, func(a *asked) {
		if a.kind.Answers {
			return // counts in no period
		}
		if err := a.town.DB.Write(a.Context(), func(tx *store.Tx) error {
			return tx.InsertPeriodStep(a.town.East.ID, "2026", true, a.town.Clerk.Account)
		}); err != nil {
			a.Fatal(err)
		}
		a.refused("locked meanwhile", a.says(a.town.Community, true, 1), fault.Forbidden, "已经锁定")
		a.stands(domain.RequestWaits)
		if err := a.says(a.town.Community, false, 1); err != nil {
			a.Errorf("%s is not returned either: %v", a.kind.Code, err)
		}
	})
}

// TestTheChainKnowsEveryKind: request and step stand in it with the words for
// people, and all holds; what the kind shows is not empty.
func TestTheChainKnowsEveryKind(t *testing.T) {
	t.Parallel()
	over(t, func(a *asked) {
		if err := a.says(a.town.Community, false, 1); err != nil {
			a.Fatal(err)
		}
		if err := a.town.DB.Read(a.Context(), func(v *store.Snapshot) error {
			chain, err := v.MemberChain(access.System("the test looks at all"), "E1", 100)
			for _, want := range []string{"request", "request_step"} {
				at := slices.IndexFunc(chain, func(e domain.ChainEntry) bool { return e.Kind == want && e.What == a.q.Subject })
				if at < 0 {
					a.Errorf("%s: the chain has no %s of %s", a.kind.Code, want, a.q.Subject)
					continue
				}
				expect.Equal(a, string(a.kind.Code)+": what is wrong with its "+want, chain[at].Wrong, "")
				expect.True(a, store.EntryKindWord(want) != want, want+" has a word for people", store.EntryKindWord(want))
			}
			broken, verified := v.Verify()
			expect.Empty(a, string(a.kind.Code)+": the links that do not hold", broken)
			d, told := a.town.Ledger.Requests.Details(v, &a.q)
			if d.Label == "" || a.kind.Title == "" {
				a.Errorf("%s is shown as %q, called %q", a.kind.Code, d.Label, a.kind.Title)
			}
			return errors.Join(err, verified, told)
		}); err != nil {
			a.Error(err)
		}
	})
}

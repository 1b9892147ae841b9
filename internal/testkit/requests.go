package testkit

import (
	"context"
	"slices"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit/expect"
)

// HandIn hands in a request of a kind: the secretary's own, of 20 May, which moves
// up to the community. A new kind has its case here, and every test over kinds
// takes it from here.
func (t *Town) HandIn(tb testing.TB, kind domain.RequestKind) domain.Request {
	tb.Helper()
	ctx, day := context.Background(), Day(tb, "2026-05-20")
	var err error
	switch kind {
	case domain.EntryRequest:
		_, err = t.Entries.Post(ctx, t.Secretary, entries.EntryInput{Member: "E1", Item: "好事", On: day}, "")
	case domain.AttendanceRequest:
		_, err = t.Activities.Record(ctx, t.Secretary, activities.ActivityInput{
			Org: t.East.ID, Kind: "党课", On: day, Lines: []activities.Line{{Member: "E1", Status: "到会"}},
		}, "")
	case domain.ExemptionRequest:
		_, err = t.Ledger.ChangeFact(ctx, t.Secretary, members.FactChange{
			Member: "E1", Attribute: "豁免", Value: "不计", From: day,
		}, "")
	case domain.CorrectionRequest:
		own := *t.Secretary
		own.Grants = append(slices.Clone(own.Grants), access.Grant{Role: domain.RoleMember})
		_, err = t.Ledger.AskCorrection(ctx, &own, domain.CorrectionAsked{
			About: domain.DossierFacts, Wrong: "写成了流动党员", Wanted: "不是流动党员",
		}, "")
	case domain.TransferRequest:
		_, err = t.Ledger.Move(ctx, t.Secretary, members.Move{Member: "E1", To: t.eastTwo(tb).ID, From: day}, "")
	default:
		tb.Fatalf("no case hands in a request of the kind %q", kind)
	}
	if err != nil {
		tb.Fatal(err)
	}
	var waiting []domain.Request
	if err := t.DB.Read(ctx, func(v *store.Snapshot) error {
		waiting, err = v.WaitingOf(everything(), "E1")
		return err
	}); err != nil {
		tb.Fatal(err)
	}
	if len(waiting) == 0 || waiting[0].Kind != kind {
		tb.Fatalf("%+v waits, want a request of the kind %q", waiting, kind)
	}
	return waiting[0]
}

// eastTwo sets up another branch in the community of the east.
func (t *Town) eastTwo(tb testing.TB) (branch domain.Org) {
	tb.Helper()
	if err := t.DB.Write(context.Background(), func(tx *store.Tx) (err error) {
		branch, err = tx.InsertOrg(domain.Org{Parent: t.East.Parent, Level: domain.Branch, Kind: "社区", Name: "东二支部"})
		return err
	}); err != nil {
		tb.Fatal(err)
	}
	return branch
}

// Queue returns the requests that an actor has to decide.
func (t *Town) Queue(tb testing.TB, actor *access.Actor) (mine []requests.Queued) {
	tb.Helper()
	t.read(tb, func(v *store.Snapshot) (err error) {
		mine, _, err = t.Ledger.Requests.Queue(v, actor)
		return err
	})
	return mine
}

// Decide takes one step of one request, as it was queued.
func (t *Town) Decide(actor *access.Actor, q *requests.Queued, accept bool, reason string) error {
	_, err := t.Ledger.Requests.Decide(context.Background(), actor,
		[]requests.Ruling{{Request: q.ID, Step: len(q.Steps) + 1}}, requests.Answer{Accept: accept, Reason: reason}, "")
	return err
}

// DecideOnly answers the only request in an actor's queue.
func (t *Town) DecideOnly(tb testing.TB, actor *access.Actor, a requests.Answer) error {
	tb.Helper()
	mine := t.Queue(tb, actor)
	expect.Len(tb, "the queue of "+actor.Name, mine, 1)
	_, err := t.Ledger.Requests.Decide(context.Background(), actor,
		[]requests.Ruling{{Request: mine[0].ID, Step: len(mine[0].Steps) + 1}}, a, "")
	return err
}

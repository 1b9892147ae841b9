package testkit

import (
	"context"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/store"
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
	default:
		tb.Fatalf("no case hands in a request of the kind %q", kind)
	}
	if err != nil {
		tb.Fatal(err)
	}
	var waiting []domain.Request
	if err := t.DB.Read(ctx, func(v *store.Snapshot) error {
		waiting, err = v.WaitingOf(access.System("the test looks at all"), "E1")
		return err
	}); err != nil {
		tb.Fatal(err)
	}
	if len(waiting) == 0 || waiting[0].Kind != kind {
		tb.Fatalf("%+v waits, want a request of the kind %q", waiting, kind)
	}
	return waiting[0]
}

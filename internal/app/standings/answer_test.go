package standings_test

import (
	"context"
	"sync/atomic"
	"testing"

	"jifen/internal/app/standings"
	"jifen/internal/testkit"
)

// TestWhatWasComputedIsNotLostWhenOneGivesUp: of a population that takes long, who asks
// again computes only what was not remembered the first time.
func TestWhatWasComputedIsNotLostWhenOneGivesUp(t *testing.T) {
	t.Parallel()
	town := testkit.NewSized(t, 20)
	question := standings.Question{Scope: all(), AsOf: testkit.Day(t, "2026-06-01")}
	ask := func(stopAfter int64) (int64, *standings.Population, error) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		s := standings.New(town.DB, testkit.Zone())
		s.InPartsOf(10)
		var computed atomic.Int64
		gone := make(chan struct{})
		s.WatchComputations(func() {
			if computed.Add(1) == stopAfter {
				stop()
				<-gone // that nobody waits any more is known
			}
		})
		p, err := s.Current(ctx, question)
		close(gone)
		return computed.Load(), p, err
	}
	if computed, _, err := ask(25); err == nil || computed > 30 {
		t.Fatalf("who gave up after 25 of 40: %d were computed, %v", computed, err)
	}
	computed, p, err := ask(0)
	if err != nil || len(p.Rows) != 40 || total(p, "W9") != "80" {
		t.Fatalf("who asks again: %v", err)
	}
	if computed > 20 {
		t.Errorf("%d of 40 were computed again", computed)
	}
	if computed, _, err := ask(0); err != nil || computed != 0 {
		t.Errorf("all is remembered: %d were computed, %v", computed, err)
	}
}

// TestAnEarlierDayThanWhatIsRememberedIsAnswered: nothing of it is remembered, so that
// parts would never come to an end.
func TestAnEarlierDayThanWhatIsRememberedIsAnswered(t *testing.T) {
	t.Parallel()
	town := testkit.NewSized(t, 20)
	town.Standings.InPartsOf(10)
	for _, day := range []string{"2026-06-01", "2026-05-01"} {
		p, err := town.Standings.Current(ctx, standings.Question{Scope: all(), AsOf: testkit.Day(t, day)})
		if err != nil || len(p.Rows) != 40 || total(p, "W9") != "80" {
			t.Fatalf("%s: %v", day, err)
		}
	}
}

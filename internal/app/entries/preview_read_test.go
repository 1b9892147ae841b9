package entries_test

import (
	"sync"
	"testing"

	"jifen/internal/app/entries"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestAPreviewWaitsForNobody: it is a read, so the writer may be held as long as
// one likes.
func TestAPreviewWaitsForNobody(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	inside, leave := make(chan struct{}), make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		err := town.DB.Exclusive(t.Context(), func(*store.Tx) error { close(inside); <-leave; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	<-inside
	d := entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-01")}
	seen, err := town.Entries.Preview(t.Context(), town.Secretary, d)
	if err != nil {
		t.Errorf("beside a held writer: %v", err)
	}
	expect.Equal(t, "the total before", seen.Before.String(), "80")
	expect.Equal(t, "the total after", seen.After.String(), "82")
	expect.Equal(t, "the entry of a preview", seen.Entry, 0)
	close(leave)
	writer.Wait()
}

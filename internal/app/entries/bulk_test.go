package entries_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

func TestABulkEntryIsWrittenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	town.Host(t, "W1", "W2")
	bulk := entries.BulkEntry{Item: "服务", On: testkit.Day(t, "2026-05-01"), Rows: []entries.BulkRow{
		{Member: "E1", Fields: map[string]string{"时长": "10"}}, {Member: "E2", Fields: map[string]string{"时长": "20"}},
		{Member: "W1", Fields: map[string]string{"时长": "5"}}, {Member: "W2", Fields: map[string]string{"时长": "很久"}},
		{Member: "X9", Fields: map[string]string{"时长": "5"}},
	}}
	_, err := town.Entries.PostBulk(t.Context(), town.Secretary, bulk, "k")
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Invalid || len(f.Fields) != 2 || !strings.Contains(f.Fields["W2"], "时长") ||
		f.Fields["X9"] == "" {
		t.Fatalf("a bulk entry with two bad rows: %v", err)
	}
	town.WantTotals(t, "80", "80", "80")
	bulk.GoOn = true
	var r entries.BulkReceipt
	for i := range 2 {
		r, err = town.Entries.PostBulk(t.Context(), town.Secretary, bulk, "k2")
		expect.NoError(t, "posting what can be", err)
		expect.Equal(t, "a replay", r.Replay, i == 1)
		expect.Equal(t, "how many are posted", r.Posted, 1)
		expect.Equal(t, "how many wait", r.Waiting, 2)
		expect.Equal(t, "how many are refused", len(r.Refused), 2)
	}
	town.WantTotals(t, "80", "82", "80") // his own, and another branch's, wait
	if _, err := town.Entries.PostBulk(t.Context(), town.Secretary, entries.BulkEntry{Item: "服务", On: bulk.On},
		""); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("an empty bulk: %v", err)
	}
	// Somebody else may not take it back; who wrote it may, today, until somebody
	// has decided on part of it.
	if _, _, err := town.Entries.Undo(t.Context(), town.Clerk, r.First, r.Last); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("somebody else takes it back: %v", err)
	}
	if item, n, err := town.Entries.Undo(t.Context(), town.Secretary, r.First, r.Last); err != nil || n != 3 ||
		item != "服务" {
		t.Errorf("%s %d, %v", item, n, err)
	}
	town.WantTotals(t, "80", "80", "80")
	if _, _, err := town.Entries.Undo(t.Context(), town.Secretary, r.First, r.Last); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("twice: %v", err)
	}
	// A range that is none, and what was not recorded together.
	town.Later(time.Minute)
	other, err := town.Entries.Post(t.Context(), town.Secretary,
		entries.EntryInput{Member: "E2", Item: "好事", On: bulk.On}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, ids := range [][2]domain.EntryID{{r.First, other.Entry}, {other.Entry, r.First}, {0, 0}, {-1 << 63, 1<<63 - 1},
		{1, 1 << 40}} {
		if _, _, err := town.Entries.Undo(t.Context(), town.Secretary, ids[0], ids[1]); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%v: %v", ids, err)
		}
	}
	again, err := town.Entries.PostBulk(t.Context(), town.Secretary,
		entries.BulkEntry{Item: "好事", On: bulk.On, Rows: []entries.BulkRow{{Member: "E2"}}}, "")
	if err != nil {
		t.Fatal(err)
	}
	town.Later(24 * time.Hour)
	if _, _, err := town.Entries.Undo(t.Context(), town.Secretary, again.First,
		again.Last); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("on another day: %v", err)
	}
}

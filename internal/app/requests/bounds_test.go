package requests_test

import (
	"strconv"
	"testing"

	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// TestWhatAMemberHasWaitingIsBounded: fifty of himself, and one more for each that he takes
// back.
func TestWhatAMemberHasWaitingIsBounded(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	claim := func(n int) error {
		_, err := town.Entries.Post(t.Context(), town.Member, entries.EntryInput{
			Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20"), Note: strconv.Itoa(n),
		}, "")
		return err
	}
	for n := range 50 {
		if err := claim(n); err != nil {
			t.Fatalf("claim %d: %v", n+1, err)
		}
	}
	if err := claim(50); fault.CodeOf(err) != fault.TooMany {
		t.Errorf("the 51st: %v", err)
	}
	queue := town.Queue(t, town.Secretary)
	expect.Len(t, "what waits for the secretary", queue, 50)
	if _, err := town.Ledger.Requests.Withdraw(t.Context(), town.Member, queue[0].ID, ""); err != nil {
		t.Fatal(err)
	}
	expect.NoError(t, "after one was taken back", claim(50))
}

// TestWhatAnAuthorHasWaitingIsBounded: two hundred of everybody; a form that goes beyond
// leaves nothing, and others are not kept from theirs.
func TestWhatAnAuthorHasWaitingIsBounded(t *testing.T) {
	t.Parallel()
	town := testkit.NewSized(t, 20)
	record := func(n int) error {
		m := town.ActivityInput(t)
		m.Lines, m.Title = nil, strconv.Itoa(n)
		for i := range 20 {
			m.Lines = append(m.Lines, activities.Line{Member: domain.MemberID("W" + strconv.Itoa(i+1)), Status: domain.Absent})
		}
		m.Lines = append(m.Lines, activities.Line{Member: "E2", Status: domain.Absent})
		_, err := town.Activities.Record(t.Context(), town.Secretary, m, "")
		return err
	}
	for n := range 10 {
		if err := record(n); err != nil {
			t.Fatalf("activity %d: %v", n+1, err)
		}
	}
	if err := record(10); fault.CodeOf(err) != fault.TooMany {
		t.Errorf("beyond 200: %v", err)
	}
	expect.Len(t, "what waits for the street", town.Queue(t, town.Clerk), 200)
	_, err := town.Entries.Post(t.Context(), town.Member, entries.EntryInput{
		Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20"),
	}, "")
	expect.NoError(t, "the claim of somebody else", err)
	_, err = town.Entries.Post(t.Context(), town.Secretary, entries.EntryInput{
		Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20"),
	}, "")
	expect.NoError(t, "what waits for nobody", err)
}

package entries_test

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

func TestReversal(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	e, err := town.Entries.Post(t.Context(), town.Secretary,
		entries.EntryInput{Member: "E2", Item: "酌情", On: testkit.Day(t, "2026-05-01"), Points: "-5"}, "")
	if err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "80", "75", "80")
	for name, c := range map[string]struct {
		by     *access.Actor
		id     domain.EntryID
		reason string
		code   fault.Code
	}{
		"no reason":      {town.Secretary, e.Entry, " ", fault.Invalid},
		"no such entry":  {town.Secretary, 99, "错", fault.NotFound},
		"may not record": {town.Member, e.Entry, "错", fault.Forbidden},
	} {
		if _, err := town.Entries.Reverse(t.Context(), c.by, c.id, c.reason, ""); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range 2 {
		done, err := town.Entries.Reverse(t.Context(), town.Secretary, e.Entry, "重复录入", "k")
		expect.NoError(t, "the reversal", err)
		expect.Equal(t, "the reversal is a replay", done.Replay, i == 1)
	}
	town.WantTotals(t, "80", "80", "80")
}

// TestWhatOthersAgreedToIsTakenBackByThem: who records alone takes back alone; what
// counts only by the agreement of those above is for them to take back, and what
// does not count yet for nobody but its author.
func TestWhatOthersAgreedToIsTakenBackByThem(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	e, err := town.Entries.Post(t.Context(), town.Member, testkit.Commendation(t, "E2"), "")
	if err != nil {
		t.Fatal(err)
	}
	reverse := func(actor *access.Actor) error {
		_, err := town.Entries.Reverse(t.Context(), actor, e.Entry, "证书是别人的", "")
		return err
	}
	for _, actor := range []*access.Actor{town.Secretary, town.Community, town.Clerk} {
		if err := reverse(actor); fault.CodeOf(err) != fault.Conflict || !strings.Contains(err.Error(), "还在等人同意") {
			t.Errorf("while it waits: %v", err)
		}
		if err := town.Decide(actor, &town.Queue(t, actor)[0], true, ""); err != nil {
			t.Fatal(err)
		}
	}
	town.WantTotals(t, "80", "83", "80")
	for _, actor := range []*access.Actor{town.Secretary, town.Community} {
		if err := reverse(actor); fault.CodeOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "街道党工委") {
			t.Errorf("%s takes back what the street agreed to: %v", actor.Name, err)
		}
		if _, err := town.Entries.Reversible(t.Context(), actor, e.Entry); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("and is not told so before he writes the reason: %v", err)
		}
	}
	if err := reverse(town.Clerk); err != nil {
		t.Fatal(err)
	}
	town.WantTotals(t, "80", "80", "80")
}

// TestARecorderTakesBackHisOwnOfTheDay: who records and decides nothing does not undo what
// others recorded, nor what has stood over night.
func TestARecorderTakesBackHisOwnOfTheDay(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	post := func(by *access.Actor) domain.EntryID {
		e, err := town.Entries.Post(t.Context(), by,
			entries.EntryInput{Member: "E2", Item: "酌情", On: testkit.Day(t, "2026-05-01"), Points: "-1"}, "")
		expect.NoError(t, "an entry of "+by.Name, err)
		return e.Entry
	}
	reverse := func(id domain.EntryID) fault.Code {
		_, err := town.Entries.Reverse(t.Context(), town.Recorder, id, "记错了", "")
		return fault.CodeOf(err)
	}
	others, own, old := post(town.Secretary), post(town.Recorder), post(town.Recorder)
	expect.Equal(t, "taking back the secretary's", reverse(others), fault.Forbidden)
	expect.Equal(t, "taking back his own of the day", reverse(own), fault.Code(""))
	town.Later(24 * time.Hour)
	expect.Equal(t, "taking back his own of yesterday", reverse(old), fault.Forbidden)
	_, err := town.Entries.Reverse(t.Context(), town.Secretary, old, "记错了", "")
	expect.NoError(t, "the secretary takes back the recorder's", err)
}

package members_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

var ctx = context.Background() //nolint:gochecknoglobals // a constant of the tests

// reads is every read of this package, of a member and what there is of him.
func reads(town *testkit.Town, id domain.MemberID, entry domain.EntryID) map[string]func(*access.Actor) error {
	ctx := context.Background()
	return map[string]func(*access.Actor) error{
		"Person":  func(a *access.Actor) error { return expect.Err(town.Members.Person(ctx, a, id)) },
		"Detail":  func(a *access.Actor) error { return expect.Err(town.Members.Detail(ctx, a, id, standings.When{})) },
		"Own":     func(a *access.Actor) error { return expect.Err(town.Members.Own(ctx, a, standings.When{})) },
		"History": func(a *access.Actor) error { return expect.Err(town.Members.History(ctx, a, id)) },
		"Changes": func(a *access.Actor) error { return expect.Err(town.Members.Changes(ctx, a, id)) },
		"Chain":   func(a *access.Actor) error { return expect.Err(town.Members.Chain(ctx, a, id)) },
		"Handover": func(a *access.Actor) error {
			return expect.Err(town.Members.Handover(ctx, a, id, calendar.Of(2026, 5, 10)))
		},
		"Provenance": func(a *access.Actor) error {
			return expect.Err(town.Members.Provenance(ctx, a, id, domain.SourceID{Entry: entry}))
		},
		"OwnProvenance": func(a *access.Actor) error {
			return expect.Err(town.Members.OwnProvenance(ctx, a, domain.SourceID{Entry: entry}))
		},
	}
}

// TestNobodyReadsNobody: without an actor nothing is told, whatever is asked.
func TestNobodyReadsNobody(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	done := post(t, town, "E2", "1")
	all := reads(town, "E2", done.Entry)
	all["Queue"] = func(a *access.Actor) error {
		return expect.Err(town.Members.Queue(t.Context(), a, members.QueueQuery{Limit: 1, Handed: true}))
	}
	all["OwnClaims"] = func(a *access.Actor) error { return expect.Err(town.Members.OwnClaims(t.Context(), a, 1)) }
	for name, b := range map[string]entries.BegunQuery{"Draft": {Draft: 1}, "Returned": {Returned: 1}} {
		all[name] = func(a *access.Actor) error {
			_, _, err := town.Entries.ClaimForm(t.Context(), a, b, func(*entries.Begun) (q entries.FormQuery) { return q })
			return err
		}
	}
	for name, read := range all {
		switch err := read(nil); fault.CodeOf(err) {
		case fault.Forbidden, fault.NotFound:
		default:
			t.Errorf("%s answers nobody: %v", name, err)
		}
	}
}

// TestALookThatCannotBeToldTheTrailIsNone: what is read of another is not handed on
// before the trail has it; what is one's own is.
func TestALookThatCannotBeToldTheTrailIsNone(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	done := post(t, town, "E2", "1")
	stranger := &access.Actor{Name: "无帐号", Grants: town.Clerk.Grants} // the trail has no line without an account
	for name, read := range reads(town, "E2", done.Entry) {
		switch name {
		case "Person", "Own", "OwnProvenance", "Handover": // no look at another, or at nothing
			continue
		}
		expect.Fault(t, read(stranger), fault.Internal)
	}
	d, err := town.Members.Own(context.Background(), town.Member, standings.When{})
	if err != nil {
		t.Fatal(err)
	}
	expect.Equal(t, "the member's own total", d.Account.Standing.Total, 8100)
}

// TestADetailIsOfOneInstant: while entries are posted, every answer has as many of
// them as its total counts and as can be reversed, and the place is that of the total.
func TestADetailIsOfOneInstant(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	const entries = 40
	posted := make(chan error, 1)
	go func() {
		for range entries {
			if _, err := town.Entries.Post(context.Background(), town.Clerk, anEntry("E2", "0.1"), ""); err != nil {
				posted <- err
				return
			}
		}
		posted <- nil
	}()
	for over := false; !over; {
		select {
		case err := <-posted:
			if err != nil {
				t.Fatal(err)
			}
			over = true // and once more
		default:
		}
		d, err := town.Members.Detail(context.Background(), town.Clerk, "E2", standings.When{})
		if err != nil {
			t.Fatal(err)
		}
		total, n := d.Account.Standing.Total, len(d.Reversible)
		expect.Equal(t, "the total of "+strconv.Itoa(n)+" entries", total, domain.Points(8000+10*n))
		first := d.Places[len(d.Places)-1] // in the street, where the three others stand at 80
		expect.Equal(t, "the place", first.Place, 1)
		expect.Equal(t, "whether he shares it, with "+strconv.Itoa(n)+" entries", first.Tied > 1, n == 0)
	}
}

// TestADetailOfThePast: as of a day and as known at an instant, with the place that
// was his then; a day that has not come is none.
func TestADetailOfThePast(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	post(t, town, "E1", "0.5")
	before := town.Later(time.Minute)
	town.Later(time.Minute)
	post(t, town, "E2", "1")
	for _, x := range []struct {
		name         string
		when         standings.When
		total, place int64
	}{
		{"now", standings.When{}, 8100, 1},
		{"before it happened", standings.When{AsOf: testkit.Day(t, "2026-04-30")}, 8000, 1},
		{"before it was recorded", standings.When{AsKnownAt: before}, 8000, 2},
	} {
		d, err := town.Members.Detail(context.Background(), town.Secretary, "E2", x.when)
		if err != nil {
			t.Fatal(err)
		}
		expect.Equal(t, x.name+": the total", int64(d.Account.Standing.Total), x.total)
		expect.Equal(t, x.name+": the place", int64(d.Places[len(d.Places)-1].Place), x.place)
	}
	tomorrow := standings.When{AsOf: testkit.Day(t, "2026-06-02")}
	_, err := town.Members.Detail(context.Background(), town.Secretary, "E2", tomorrow)
	expect.Fault(t, err, fault.Invalid, "还没有到")
}

// TestWhoSeesHimselfByHisOffice: a secretary without the role of a member is told his
// own points as who looks after his branch, and the trail has no line of it.
func TestWhoSeesHimselfByHisOffice(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	post(t, town, "E1", "1")
	d, err := town.Members.Detail(context.Background(), town.Secretary, "E1", standings.When{})
	if err != nil {
		t.Fatal(err)
	}
	expect.Equal(t, "his total", d.Account.Standing.Total, 8100)
	expect.True(t, !d.MayRecord && !d.MayManage, "he records nothing of himself", d)
	err = town.DB.Read(context.Background(), func(v *store.Snapshot) error {
		lines, err := v.Traces(access.System("the test looks at all"), domain.AuditFilter{Action: "查看个人明细"}, 10)
		expect.Empty(t, "looks in the trail", lines)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func anEntry(id domain.MemberID, points string) entries.EntryInput {
	return entries.EntryInput{Member: id, Item: "酌情", On: calendar.Of(2026, 5, 1), Points: points}
}

func post(t *testing.T, town *testkit.Town, id domain.MemberID, points string) entries.Effect {
	t.Helper()
	done, err := town.Entries.Post(context.Background(), town.Clerk, anEntry(id, points), "")
	if err != nil {
		t.Fatal(err)
	}
	return done
}

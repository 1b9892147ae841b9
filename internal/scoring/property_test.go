package scoring_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// provesItself checks a statement: every line is the sum of what stands under
// it, the leaves add up to the total, every line cites a clause that exists,
// and whatever was cut cites the limit that cut it.
func provesItself(rb *ruleset.RuleSet, a *domain.Statement) error {
	if !a.Standing.Scored {
		if len(a.Total.Children) > 0 {
			return fmt.Errorf("not scored, but has an account")
		}
		return nil
	}
	if a.Total.Leaves() != a.Standing.Total || a.Total.Value != a.Standing.Total {
		return fmt.Errorf("leaves add up to %s, line says %s, total is %s", a.Total.Leaves(), a.Total.Value, a.Standing.Total)
	}
	var walk func(l *domain.Line) error
	walk = func(l *domain.Line) error {
		if l.Clause < 0 || l.Clause >= len(rb.Clauses) || rb.Clauses[l.Clause].Path == "" || rb.Clauses[l.Clause].Line <= 0 {
			return fmt.Errorf("%s cites clause %d, which is none", l.Name, l.Clause)
		}
		path := rb.Clauses[l.Clause].Path
		switch {
		case l.Kind == domain.LineEntry && l.Value != l.Wanted && !strings.Contains(path, "限额"):
			return fmt.Errorf("%s of %s was cut from %s to %s and cites %s", l.Name, l.On, l.Wanted, l.Value, path)
		case l.Kind == domain.LineEntry && l.Value != l.Wanted && !strings.Contains(l.Note, "限额"):
			return fmt.Errorf("%s of %s was cut and does not say so: %s", l.Name, l.On, l.Note)
		case l.Kind == domain.LineClamp && !strings.Contains(path, l.Name):
			return fmt.Errorf("%s cites %s", l.Name, path)
		}
		if l.Kind == domain.LineBlock || l.Kind == domain.LineTotal || l.Kind == domain.LinePart && len(l.Children) > 0 {
			var sum domain.Points
			for i := range l.Children {
				sum += l.Children[i].Value
			}
			if sum != l.Value {
				return fmt.Errorf("%s is %s, its lines add up to %s", l.Name, l.Value, sum)
			}
		}
		for i := range l.Children {
			if err := walk(&l.Children[i]); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(&a.Total)
}

func TestEveryAccountOfTheStreetProvesItself(t *testing.T) {
	t.Parallel()
	rb, records := weizhou(t), street(t, 1485)
	for _, asOf := range []string{"2026-01-01", "2026-04-30", "2026-12-31"} {
		for i := range records {
			a := scoring.Member(scoring.Under(rb), &records[i], year2026, day(asOf)).Statement()
			if err := provesItself(rb, &a); err != nil {
				t.Fatalf("%s as of %s: %v", records[i].Member.ID, asOf, err)
			}
		}
	}
}

// shuffled returns the record with its lists in another order.
func shuffled(r *domain.MemberHistory, seed uint64) *domain.MemberHistory {
	dice := rand.New(rand.NewPCG(seed, 1))
	c := *r
	c.Facts = append([]domain.Fact(nil), r.Facts...)
	c.Entries = append([]domain.Entry(nil), r.Entries...)
	c.Attendance = append([]domain.Attendance(nil), r.Attendance...)
	dice.Shuffle(len(c.Facts), func(i, j int) { c.Facts[i], c.Facts[j] = c.Facts[j], c.Facts[i] })
	dice.Shuffle(len(c.Entries), func(i, j int) { c.Entries[i], c.Entries[j] = c.Entries[j], c.Entries[i] })
	dice.Shuffle(len(c.Attendance), func(i, j int) { c.Attendance[i], c.Attendance[j] = c.Attendance[j], c.Attendance[i] })
	return &c
}

func TestOrderOfRecordsIsIrrelevantInTheStreet(t *testing.T) {
	t.Parallel()
	rb, records := weizhou(t), street(t, 300)
	for i := range records {
		want := scoring.Member(scoring.Under(rb), &records[i], year2026, day("2026-12-31")).Statement()
		got := scoring.Member(scoring.Under(rb), shuffled(&records[i], uint64(i)), year2026, day("2026-12-31")).Statement()
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s:\n%+v\n%+v", records[i].Member.ID, got, want)
		}
	}
}

// still strips from a result what alone may differ between two days.
func still(res *scoring.Result) domain.Statement {
	a := res.Statement()
	a.Standing.AsOf, a.Standing.Day = 0, 0
	for _, list := range []*[]domain.Alert{&a.Standing.Alerts, &a.Standing.Open} {
		*list = append([]domain.Alert(nil), *list...)
		for i := range *list {
			if l := &(*list)[i]; l.Window == "" {
				l.On, l.Due = 0, 0
			}
		}
	}
	a.Headroom = nil // they are of the day they are asked for
	return a
}

// stableSince checks that as of every day up to StableUntil the result is the
// same, and returns how many days that were.
func stableSince(rb *ruleset.RuleSet, r *domain.MemberHistory, period calendar.Period, from calendar.Day) (int, error) {
	res := scoring.Member(scoring.Under(rb), r, period, from)
	want := still(res)
	until := min(res.StableUntil, period.Last+40)
	if until < from {
		return 0, fmt.Errorf("as of %s stable until %s", from, res.StableUntil)
	}
	for d := from + 1; d <= until; d++ {
		if got := still(scoring.Member(scoring.Under(rb), r, period, d)); !reflect.DeepEqual(got, want) {
			return 0, fmt.Errorf("as of %s stable until %s, but on %s:\n%+v\nbefore:\n%+v", from, res.StableUntil, d, got, want)
		}
	}
	return int(until - from), nil
}

func TestNothingChangesBeforeStableUntilInTheStreet(t *testing.T) {
	t.Parallel()
	rb, records := weizhou(t), street(t, 120)
	days := 0
	for i := range records {
		for _, from := range []string{"2025-12-31", "2026-02-05", "2026-06-24", "2026-12-26", "2027-01-05"} {
			n, err := stableSince(rb, &records[i], year2026, day(from))
			if err != nil {
				t.Fatalf("%s: %v", records[i].Member.ID, err)
			}
			days += n
		}
	}
	if days < len(records) { // always "tomorrow" would be true and of no use
		t.Errorf("%d members were stable for %d days in all", len(records), days)
	}
}

func TestAnyAccountProvesItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rb, r, period, asOf := drawn(t)
		a := scoring.Member(scoring.Under(rb), r, period, asOf).Statement()
		if err := provesItself(rb, &a); err != nil {
			t.Fatal(err)
		}
		if got := scoring.Member(scoring.Under(rb), shuffled(r, 7), period, asOf).Statement(); !reflect.DeepEqual(got, a) {
			t.Fatalf("another order gives\n%+v\nnot\n%+v", got, a)
		}
	})
}

func TestNothingChangesBeforeStableUntil(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rb, r, period, asOf := drawn(t)
		if _, err := stableSince(rb, r, period, asOf); err != nil {
			t.Fatal(err)
		}
	})
}

// given returns the points of every entry of a statement, by name, day and id.
func given(a *domain.Statement) map[string]domain.Points {
	out := map[string]domain.Points{}
	var walk func(l *domain.Line)
	walk = func(l *domain.Line) {
		if l.Kind == domain.LineEntry {
			out[fmt.Sprint(l.Name, l.On, l.Entry, l.Activity)] = l.Value
		}
		for i := range l.Children {
			walk(&l.Children[i])
		}
	}
	walk(&a.Total)
	for i := range a.Idle {
		walk(&a.Idle[i])
	}
	return out
}

// replaced reports whether a statement says of an entry that a higher one took
// over, or that a red line that struck later keeps it waiting.
func replaced(a *domain.Statement, key string) bool {
	for i := range a.Idle {
		l := &a.Idle[i]
		if fmt.Sprint(l.Name, l.On, l.Entry, l.Activity) == key &&
			(strings.Contains(l.Note, "代替") || strings.Contains(l.Note, "暂停")) {
			return true
		}
	}
	return false
}

func TestLaterRecordsNeverChangeEarlierDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rb, r, period, _ := drawn(t)
		until := period.First + calendar.Day(rapid.IntRange(0, int(period.Last-period.First)).Draw(t, "until"))
		short := *r
		short.Entries, short.Attendance = nil, nil
		for _, e := range r.Entries {
			if e.On <= until {
				short.Entries = append(short.Entries, e)
			}
		}
		for _, a := range r.Attendance {
			if a.On <= until {
				short.Attendance = append(short.Attendance, a)
			}
		}
		before, after := scoring.Member(scoring.Under(rb), &short, period, period.Last).Statement(),
			scoring.Member(scoring.Under(rb), r, period, period.Last).Statement()
		with, seen := given(&after), 0
		for key, points := range given(&before) {
			if slices.ContainsFunc([]string{"未到", "带来", "连缺", "累低"},
				func(item string) bool { return strings.Contains(key, item) }) {
				continue // arises on a later day, from what is recorded by then
			}
			if rb.Seasons {
				continue // what is held later may count before it
			}
			if replaced(&after, key) || replaced(&before, key) {
				continue // a higher entry on its matter took over from a later day, or it waits or waited
			}
			if with[key] != points {
				t.Fatalf("%s gave %s, after later records %s", key, points, with[key])
			}
			seen++
		}
		then, now := scoring.Member(scoring.Under(rb), &short, period, until),
			scoring.Member(scoring.Under(rb), r, period, until)
		if !reflect.DeepEqual(then.Statement(), now.Statement()) {
			t.Fatalf("as of %s the account changed", until)
		}
	})
}

package scoring_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// shippedBooks loads every rule file that ships.
func shippedBooks(t testing.TB) map[string]*ruleset.RuleSet {
	t.Helper()
	files, err := filepath.Glob("../../rules/*.yaml")
	if err != nil || len(files) < 14 {
		t.Fatalf("%d rule files, %v", len(files), err)
	}
	out := map[string]*ruleset.RuleSet{}
	for _, f := range files {
		src, err := os.ReadFile(f) //nolint:gosec // a rule file of this repository
		if err != nil {
			t.Fatal(err)
		}
		loaded := ruleset.Load(f, src)
		if loaded.Book == nil {
			t.Fatal(loaded.Format())
		}
		out[filepath.Base(f)] = loaded.Book
	}
	return out
}

// yearsOf draws what happened to one member in five years since a scheme
// began: facts, entries of every item, attendance of every kind.
func yearsOf(t *rapid.T, rb *ruleset.RuleSet) *domain.MemberHistory {
	days := rapid.Int32Range(int32(rb.Since), int32(rb.Since.AddMonths(60))-1)
	on := func() calendar.Day { return calendar.Day(days.Draw(t, "day")) }
	r := &domain.MemberHistory{Member: domain.Membership{ID: "1"}}
	for range rapid.IntRange(0, 8).Draw(t, "facts") {
		a := &rb.Attributes[rapid.IntRange(0, len(rb.Attributes)-1).Draw(t, "attribute")]
		if v, ok := valueOf(t, a); ok {
			r.Facts = append(r.Facts, domain.Fact{Attribute: a.Name, From: on(), Value: v})
		}
	}
	var items []int
	for i := range rb.Items {
		if rb.Items[i].Auto == nil && len(rb.Items[i].Kinds) == 0 {
			items = append(items, i)
		}
	}
	for i := range rapid.IntRange(0, 40).Draw(t, "entries") {
		it := &rb.Items[rapid.SampledFrom(items).Draw(t, "item")]
		e := domain.Entry{ID: fmt.Sprint(i), Item: it.Name, On: on()}
		if it.Lo < it.Hi {
			e.Points, e.Chosen = domain.Points(rapid.Int64Range(int64(it.Lo), int64(it.Hi)).Draw(t, "points")/100*100), true
		}
		for k := range it.Fields {
			if v, ok := valueOf(t, &it.Fields[k]); ok {
				e.Fields = append(e.Fields, domain.Field{Name: it.Fields[k].Name, Value: v})
			}
		}
		if matter := rapid.SampledFrom([]string{"", "", "甲", "乙"}).Draw(t, "matter"); matter != "" {
			e.Fields = append(e.Fields, domain.Field{Name: domain.MatterField, Value: domain.Value{Text: matter}})
		}
		r.Entries = append(r.Entries, e)
	}
	var kinds []string
	for i := range rb.Groups {
		kinds = append(kinds, rb.Groups[i].Kinds...)
	}
	for i := range rapid.IntRange(0, 20).Draw(t, "meetings") {
		if len(kinds) > 0 {
			r.Attendance = append(r.Attendance, domain.Attendance{Activity: fmt.Sprint(i), On: on(),
				Kind:   rapid.SampledFrom(kinds).Draw(t, "kind"),
				Status: rapid.SampledFrom(domain.AttendanceStatuses()).Draw(t, "status")})
		}
	}
	return r
}

// valueOf draws a value that an attribute or a field may have.
func valueOf(t *rapid.T, a *ruleset.Attribute) (v domain.Value, ok bool) {
	switch a.Type {
	case ruleset.YesNo:
		return domain.Value{Number: int64(rapid.IntRange(0, 1).Draw(t, a.Name))}, true
	case ruleset.Options:
		return domain.Value{Text: rapid.SampledFrom(a.Options).Draw(t, a.Name)}, true
	case ruleset.Decimal:
		return domain.Value{Number: rapid.Int64Range(a.Lo, min(a.Hi, 200_00)).Draw(t, a.Name)}, true
	case ruleset.DayFact:
		return domain.Value{Number: int64(calendar.Of(rapid.IntRange(1940, 2005).Draw(t, a.Name), 3, 5))}, true
	case ruleset.Text, ruleset.Age, ruleset.Service:
	}
	return v, false
}

// quiet reports whether nothing at all happens on a day: nothing is recorded
// or known from then on, nothing ends, no calendar window begins or has its
// stated day.
func quiet(rb *ruleset.RuleSet, r *domain.MemberHistory, day calendar.Day) bool {
	_, _, dom := day.Civil()
	_, _, next := (day + 1).Civil()
	if dom == 1 || next == 1 || rb.Cycle.StartBy == ruleset.ByDays || calendar.Week.Of(day).First == day ||
		calendar.Week.Of(day).Last == day {
		return false
	}
	for i := range rb.Items {
		it := &rb.Items[i]
		if it.Auto != nil && it.Auto.On.In(it.Auto.Every.Of(day)) == day {
			return false
		}
		ends := false
		it.Validity.Leaves(func(v ruleset.Validity) {
			for k := range r.Entries {
				ends = ends || !v.Cycle && v.Span.After(r.Entries[k].On) == day
			}
			for k := range r.Attendance {
				ends = ends || !v.Cycle && v.Span.After(r.Attendance[k].On) == day
			}
			ends = ends || !v.Cycle && it.Auto != nil // of an automatic entry, whose day is not known here
		})
		if ends {
			return false
		}
	}
	for _, d := range rb.Dates {
		if d == day {
			return false
		}
	}
	for i := range r.Facts {
		birth := calendar.Day(r.Facts[i].Value.Number)
		if r.Facts[i].From == day || birth > 0 && birth < day && calendar.Anniversary(birth, day.YearsSince(birth)) == day {
			return false
		}
	}
	for i := range r.Entries {
		if r.Entries[i].On == day {
			return false
		}
	}
	for i := range r.Attendance {
		if r.Attendance[i].On == day {
			return false
		}
	}
	return day != r.Member.Joined && day != r.Member.Left
}

// changesNothing checks that the statement of a quiet day is that of the day
// before.
func changesNothing(rb *ruleset.RuleSet, r *domain.MemberHistory, day calendar.Day) error {
	period := rb.Cycle.Unit.Of(day)
	before, after := still(scoring.Member(scoring.Under(rb), r, period, day-1)),
		still(scoring.Member(scoring.Under(rb), r, period, day))
	if !reflect.DeepEqual(before, after) {
		return fmt.Errorf("on %s nothing happens, but\n%+v\nbecomes\n%+v", day, before, after)
	}
	return nil
}

// keepsPoints checks that the turn of a cycle changes no entry: what counted on
// the last day and is still valid gives the same on the next, and nothing comes
// back that had been decided against.
func keepsPoints(rb *ruleset.RuleSet, r *domain.MemberHistory, first calendar.Day) error {
	old := scoring.Member(scoring.Under(rb), r, rb.Cycle.Unit.Of(first-1), first-1).Statement()
	fresh := scoring.Member(scoring.Under(rb), r, rb.Cycle.Unit.Of(first), first).Statement()
	if !old.Standing.Scored || !fresh.Standing.Scored {
		return nil
	}
	was, is := given(&old), given(&fresh)
	for key, points := range is {
		then, known := was[key]
		if known && then != points && points != 0 && !replaced(&old, key) && !replaced(&fresh, key) {
			return fmt.Errorf("%s gave %s on %s and gives %s on %s", key, then, first-1, points, first)
		}
	}
	return nil
}

// TestAQuietDayChangesNothing holds any scheme and every shipped file against
// five years: a day on which nothing is recorded and no calendar window ends
// changes nothing, and the turn of a cycle changes no entry.
func TestAQuietDayChangesNothing(t *testing.T) {
	t.Parallel()
	check := func(t *rapid.T, rb *ruleset.RuleSet) {
		r := yearsOf(t, rb)
		for range 6 {
			day := rb.Since + calendar.Day(rapid.IntRange(32, 5*365).Draw(t, "quiet"))
			if quiet(rb, r, day) {
				if err := changesNothing(rb, r, day); err != nil {
					t.Fatal(err)
				}
			}
		}
		year, _, _ := rb.Since.Civil()
		if err := keepsPoints(rb, r, calendar.Of(year+rapid.IntRange(1, 4).Draw(t, "year"), 1, 1)); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("any scheme", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, func(t *rapid.T) {
			loaded := ruleset.Load("t.yaml", []byte(scheme(t)))
			if loaded.Book == nil {
				t.Fatal(loaded.Format())
			}
			check(t, loaded.Book)
		})
	})
	for name, rb := range shippedBooks(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { check(t, rb) })
		})
	}
}

// cited replaces the clauses of a statement by their paths, so that statements
// under texts that are loaded apart can be compared.
func cited(rb *ruleset.RuleSet, a *domain.Statement) string {
	var b strings.Builder
	path := func(clause int) string {
		if clause < 0 {
			return "-"
		}
		return rb.Clauses[clause].Path
	}
	alerts := func(list []domain.Alert) {
		for i := range list {
			l := list[i]
			l.Clause = 0
			fmt.Fprintf(&b, "%+v %s\n", l, path(list[i].Clause))
		}
	}
	st := a.Standing
	alerts(st.Alerts)
	alerts(st.Open)
	st.Alerts, st.Open = nil, nil
	fmt.Fprintf(&b, "%+v\n", st)
	var line func(l *domain.Line)
	line = func(l *domain.Line) {
		flat := *l
		flat.Clause, flat.Children = 0, nil
		fmt.Fprintf(&b, "%+v %s\n", flat, path(l.Clause))
		for i := range l.Children {
			line(&l.Children[i])
		}
	}
	line(&a.Total)
	for i := range a.Idle {
		line(&a.Idle[i])
	}
	return strings.ReplaceAll(b.String(), "当日的办法", "现行办法")
}

// TestATextThatFollowsAnEqualOneChangesNothing: who comes under another text
// with the same words keeps everything, on whatever day the texts change.
func TestATextThatFollowsAnEqualOneChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rb, r, period, asOf := drawn(t)
		texts := []scoring.Text{{Book: rb}}
		for range rapid.IntRange(1, 3).Draw(t, "texts") {
			from := texts[len(texts)-1].From
			from = max(from, day("2025-01-01")) + calendar.Day(rapid.IntRange(1, 300).Draw(t, "days"))
			again := *rb
			texts = append(texts, scoring.Text{From: from, Book: &again})
		}
		want := scoring.Member(scoring.Under(rb), r, period, asOf).Statement()
		res := scoring.Member(scoring.NewTexts(texts), r, period, asOf)
		got := res.Statement()
		w, g := strings.Split(cited(rb, &want), "\n"), strings.Split(cited(res.Book(), &got), "\n")
		for i := range max(len(w), len(g)) {
			if i >= len(w) || i >= len(g) || w[i] != g[i] {
				t.Fatalf("under %d texts\n%s\nunder one\n%s", len(texts), g[min(i, len(g)-1)], w[min(i, len(w)-1)])
			}
		}
	})
}

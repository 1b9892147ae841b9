package scoring_test

import (
	"os"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/demo"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// book loads a rule file given as text.
func book(tb testing.TB, text string) *ruleset.RuleSet {
	tb.Helper()
	r := ruleset.Load("test.yaml", []byte(text))
	if r.Book == nil {
		tb.Fatal(r.Format())
	}
	return r.Book
}

// weizhou loads the shipped sample.
func weizhou(tb testing.TB) *ruleset.RuleSet {
	tb.Helper()
	src, err := os.ReadFile("../../rules/weizhou.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return book(tb, string(src))
}

// street invents a street and returns its records.
func street(tb testing.TB, members int) []domain.MemberHistory {
	tb.Helper()
	s, err := demo.New(demo.Options{Members: members, Seed: 1, Year: 2026})
	if err != nil {
		tb.Fatal(err)
	}
	return s.Records()
}

func day(s string) calendar.Day {
	d, err := calendar.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

var year2026 = calendar.Year.Of(day("2026-01-01")) //nolint:gochecknoglobals // a constant of the tests

func TestDemoStreetShowsEverything(t *testing.T) {
	t.Parallel()
	rb, records := weizhou(t), street(t, demo.FullSize)
	categories, grades, alerts, reds := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	candidates := make([]scoring.Candidate, len(records))
	for i := range records {
		res := scoring.Member(scoring.Under(rb), &records[i], year2026, day("2026-12-31"))
		candidates[i] = scoring.Candidate{Home: records[i].Member.Home, Standing: &res.Standing}
		categories[res.Standing.Category]++
		grades[res.Standing.Grade]++
		for _, a := range res.Standing.Alerts {
			alerts[a.Name+string(a.Level)]++
		}
		for _, r := range res.Standing.RedLines {
			reds[r]++
		}
		if len(res.Standing.Missing) > 0 {
			t.Errorf("%s lacks %v", records[i].Member.ID, res.Standing.Missing)
		}
	}
	benchmarks := 0
	for _, p := range scoring.Rank(rb, candidates) {
		benchmarks += len(p.Benchmarks)
	}
	t.Log(categories, grades, alerts, reds, benchmarks)
	for _, c := range rb.Categories {
		if categories[c.Code] == 0 {
			t.Errorf("nobody is %s", c.Code)
		}
	}
	for _, g := range rb.GradeNames {
		if grades[g] == 0 {
			t.Errorf("nobody is %s", g)
		}
	}
	for _, r := range rb.RedLines {
		if reds[r.Name] == 0 {
			t.Errorf("nobody hit %s", r.Name)
		}
	}
	for _, a := range rb.Alerts {
		if a.Name == "连年偏低" || a.Name == "大幅下降" {
			continue // these look at two years, the example has one
		}
		for _, run := range a.Runs {
			if alerts[a.Name+string(run.Level)] == 0 {
				t.Errorf("%s never came as %s", a.Name, run.Level)
			}
		}
	}
	if benchmarks == 0 {
		t.Error("nobody is a benchmark")
	}
}

func BenchmarkStreet(b *testing.B) {
	rb, records := weizhou(b), street(b, demo.FullSize)
	b.ReportAllocs()
	for b.Loop() {
		for i := range records {
			scoring.Member(scoring.Under(rb), &records[i], year2026, day("2026-12-31"))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(records)), "µs/member-year")
}

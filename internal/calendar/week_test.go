package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWeeksAgreeWithTheStandardLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tt := time.Date(MinYear, 1, 8, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 109_000).Draw(t, "day"))
		d := FromTime(tt)
		p := Week.Of(d)
		if !p.Contains(d) || p.Last-p.First != 6 || p.First.YearsSince(1) < 0 {
			t.Fatalf("%v is in %v–%v", d, p.First, p.Last)
		}
		if want := (int(tt.Weekday()) + 6) % 7; int(d-p.First) != want {
			t.Fatalf("%v is day %d of its week, want %d", d, d-p.First, want)
		}
		y, n := tt.ISOWeek()
		if gotYear, got := p.weekOfYear(); gotYear != y || got != n {
			t.Fatalf("%v lies in week %d of %d, want %d of %d", d, got, gotYear, n, y)
		}
		if q, err := ParseWindow(p.String()); err != nil || q != p || p.Next().Prev() != p || p.Next().First != p.Last+1 {
			t.Fatalf("%s does not round-trip: %v, %v", p, q, err)
		}
		if Week.Ordinal(p.First) != Week.Ordinal(p.Last) || Week.Ordinal(p.Last)+1 != Week.Ordinal(p.Last+1) {
			t.Fatalf("ordinals of %v", p)
		}
	})
}

func TestAWeekIsAWindowAndNoPeriodOfAssessment(t *testing.T) {
	t.Parallel()
	// 2026 began on a Thursday, so Monday 29 December 2025 begins its first week.
	p := Week.Of(Of(2026, 1, 1))
	if p.String() != "2026W01" || p.First.String() != "2025-12-29" || p.Last.String() != "2026-01-04" ||
		p.Label() != "2026年第1周" {
		t.Error(p, p.First, p.Last, p.Label())
	}
	if p := Week.Of(Of(2027, 1, 1)); p.String() != "2026W53" || p.Label() != "2026年第53周" {
		t.Error(p, p.Label())
	}
	if _, err := ParsePeriod("2026W07"); err == nil {
		t.Error("a week is taken for a period of assessment")
	}
	for _, bad := range []string{"2026W00", "2025W53", "2026W54", "2026W7", "2026W077", "2026X07"} {
		if _, err := ParseWindow(bad); err == nil {
			t.Errorf("ParseWindow(%q) was accepted", bad)
		}
	}
	if p, err := ParseWindow("2026Q3"); err != nil || p.Unit != Quarter {
		t.Error(p, err)
	}
}

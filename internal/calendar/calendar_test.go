package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDayAgreesWithTheStandardLibrary(t *testing.T) {
	t.Parallel()
	start := time.Date(MinYear, 1, 1, 0, 0, 0, 0, time.UTC)
	prev := Day(0)
	for i := 0; i < (MaxYear-MinYear+1)*366; i++ {
		tt := start.AddDate(0, 0, i)
		d := FromTime(tt)
		if prev != 0 && d != prev+1 {
			t.Fatalf("%v is %d, the day before was %d", tt, d, prev)
		}
		prev = d
		y, m, dd := d.Civil()
		if y != tt.Year() || m != int(tt.Month()) || dd != tt.Day() {
			t.Fatalf("Civil(%v) = %d-%d-%d", tt, y, m, dd)
		}
	}
}

func TestParseRefusesWhatIsNoDay(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2026-2-3", "2026-02-30", "2025-02-29", "2026/02/03", "1899-12-31", "2201-01-01",
		"2026-13-01", "2026-00-10", "20226-01-01", "２０２６-01-01"} {
		if d, err := Parse(s); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", s, d)
		}
	}
	for _, s := range []string{"2024-02-29", "1900-01-01", "2200-12-31"} {
		d, err := Parse(s)
		if err != nil || d.String() != s {
			t.Errorf("Parse(%q) = %v, %v", s, d, err)
		}
	}
}

func TestPeriodKeysRoundTrip(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"2026": "2026-01-01 2026-12-31 2026年", "2026H1": "2026-01-01 2026-06-30 2026年上半年",
		"2026H2": "2026-07-01 2026-12-31 2026年下半年",
		"2026Q3": "2026-07-01 2026-09-30 2026年第3季度", "2024-02": "2024-02-01 2024-02-29 2024年2月",
		"2026-12": "2026-12-01 2026-12-31 2026年12月",
	} {
		p, err := ParsePeriod(key)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.First.String() + " " + p.Last.String() + " " + p.Label(); got != want {
			t.Errorf("%s: got %s, want %s", key, got, want)
		}
		if p.String() != key || p.Next().Prev() != p || p.Next().First != p.Last+1 {
			t.Errorf("%s does not round-trip: %v, next %v", key, p, p.Next())
		}
	}
	for _, bad := range []string{"", "26", "2026H3", "2026Q0", "2026Q5", "2026-13", "2026-1", "2026年", "1800"} {
		if _, err := ParsePeriod(bad); err == nil {
			t.Errorf("ParsePeriod(%q) was accepted", bad)
		}
	}
}

func TestMonthsEndWhereThereIsNoSuchDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, span, want string }{
		{"2026-01-31", "1个月", "2026-02-28"}, {"2024-02-29", "1年", "2025-02-28"}, {"2024-03-01", "1年", "2025-03-01"},
		{"2024-03-01", "2年", "2026-03-01"}, {"2026-12-15", "2个月", "2027-02-15"}, {"2026-03-05", "30天", "2026-04-04"},
	} {
		d, err := Parse(c.from)
		if err != nil {
			t.Fatal(err)
		}
		s, ok := ParseSpan(c.span)
		if !ok {
			t.Fatalf("ParseSpan(%q) refused", c.span)
		}
		if got := s.After(d).String(); got != c.want {
			t.Errorf("%s + %s = %s, want %s", c.from, c.span, got, c.want)
		}
		if s.String() != c.span {
			t.Errorf("%s prints as %s", c.span, s)
		}
	}
	for _, bad := range []string{"", "年", "0年", "-1年", "101年", "1.5年", "1 年", "两年", "1201个月"} {
		if _, ok := ParseSpan(bad); ok {
			t.Errorf("ParseSpan(%q) was accepted", bad)
		}
	}
}

func TestAgeTurnsOnTheAnniversary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		birth := Of(rapid.IntRange(1900, 2000).Draw(t, "y"), 1, rapid.IntRange(1, 366).Draw(t, "d"))
		n := rapid.IntRange(0, 120).Draw(t, "n")
		on := Anniversary(birth, n)
		if on.YearsSince(birth) != n || (on-1).YearsSince(birth) != n-1 {
			t.Fatalf("born %v: %d years on %v, %d the day before", birth, on.YearsSince(birth), on, (on - 1).YearsSince(birth))
		}
	})
}

func TestOrdinalsSeparateWindows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		u := rapid.SampledFrom([]Unit{OneDay, Month, Quarter, Half, Year}).Draw(t, "unit")
		d := Of(2026, 1, 1) + Day(rapid.IntRange(-4000, 4000).Draw(t, "day"))
		if u == OneDay {
			if u.Ordinal(d) == u.Ordinal(d+1) {
				t.Fatal("two days in one")
			}
			return
		}
		p := u.Of(d)
		if !p.Contains(d) || u.Ordinal(p.First) != u.Ordinal(p.Last) || u.Ordinal(p.Last)+1 != u.Ordinal(p.Last+1) {
			t.Fatalf("%v of %v is %v–%v", u, d, p.First, p.Last)
		}
	})
}

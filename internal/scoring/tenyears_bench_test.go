package scoring_test

import (
	"fmt"
	"testing"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// yearsLike is the record of one member who did in each of so many years up to
// 2026 what another did in 2026.
func yearsLike(r *domain.MemberHistory, years int) *domain.MemberHistory {
	c := *r
	c.Entries, c.Attendance = nil, nil
	for back := years - 1; back >= 0; back-- {
		shift := day("2026-01-01") - calendar.Of(2026-back, 1, 1)
		for _, e := range r.Entries {
			e.ID, e.On = fmt.Sprint(back, "-", e.ID), e.On-shift
			c.Entries = append(c.Entries, e)
		}
		for _, a := range r.Attendance {
			a.Activity, a.On = fmt.Sprint(back, "-", a.Activity), a.On-shift
			c.Attendance = append(c.Attendance, a)
		}
	}
	return &c
}

// BenchmarkTenYears measures what a standing of 2026 costs with ten years of
// records against two, under the street's own scheme; nothing is out of sight.
func BenchmarkTenYears(b *testing.B) {
	rb := *weizhou(b)
	rb.Since = calendar.Of(2017, 1, 1)
	records := street(b, 200)
	ten, two := make([]*domain.MemberHistory, len(records)), make([]*domain.MemberHistory, len(records))
	for i := range records {
		ten[i], two[i] = yearsLike(&records[i], 10), yearsLike(&records[i], 2)
	}
	var long, short time.Duration
	cost := func(rb *ruleset.RuleSet, records []*domain.MemberHistory) time.Duration {
		from := time.Now()
		for _, r := range records {
			scoring.Member(scoring.Under(rb), r, year2026, day("2026-12-31"))
		}
		return time.Since(from)
	}
	for b.Loop() {
		long += cost(&rb, ten)
		short += cost(&rb, two)
	}
	b.ReportMetric(float64(long)/float64(short), "ten÷two")
	b.ReportMetric(float64(long.Microseconds())/float64(b.N*len(records)), "µs/ten-years")
}

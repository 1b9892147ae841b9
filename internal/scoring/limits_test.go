package scoring_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// used identifies one window of one limit.
type used struct {
	limit, window int
	on            calendar.Day // of 单笔, which has no window
	entry         string
}

// keepsLimits adds up what a statement granted under every limit of every item
// and block, window by window.
func keepsLimits(rb *ruleset.RuleSet, a *domain.Statement) error {
	plus, minus, times := map[used]domain.Points{}, map[used]domain.Points{}, map[used]int{}
	caps := map[int]ruleset.Caps{}
	book := func(limits []ruleset.Limit, l *domain.Line) {
		for i := range limits {
			c, _, _ := limits[i].Caps.At(l.On, nil)
			caps[limits[i].ID] = c
			key := used{limit: limits[i].ID, window: limits[i].Unit.Ordinal(l.On)}
			if limits[i].Unit == calendar.Single {
				key.on, key.entry = l.On, l.Name+l.Entry+l.Activity
			}
			times[key]++
			if l.Value > 0 {
				plus[key] += l.Value
			} else {
				minus[key] -= l.Value
			}
		}
	}
	seen := map[string]bool{} // what lasts beyond its part stands in several
	var walk func(l *domain.Line)
	walk = func(l *domain.Line) {
		if key := fmt.Sprint(l.Name, l.On, l.Entry, l.Activity); l.Kind == domain.LineEntry && l.Value != 0 && !seen[key] {
			seen[key] = true
			it := &rb.Items[rb.Item(l.Name)]
			book(it.Limits, l)
			for b := it.Block; b >= 0; b = rb.Blocks[b].Parent {
				book(rb.Blocks[b].Limits, l)
			}
		}
		for i := range l.Children {
			walk(&l.Children[i])
		}
	}
	walk(&a.Total)
	for key, n := range times {
		c := caps[key.limit]
		if c.HasPlus && plus[key] > c.Plus || c.HasMinus && minus[key] > c.Minus || c.HasTimes && n > c.Times {
			return fmt.Errorf("limit %+v: %+v gave +%s -%s in %d entries", key, c, plus[key], minus[key], n)
		}
	}
	return nil
}

func TestLimitsAreNeverExceeded(t *testing.T) {
	t.Parallel()
	rb, records := weizhou(t), street(t, 300)
	for i := range records {
		a := scoring.Member(scoring.Under(rb), &records[i], year2026, day("2026-12-31")).Statement()
		if err := keepsLimits(rb, &a); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		rb, r, period, _ := drawn(t)
		a := scoring.Member(scoring.Under(rb), r, period, period.Last).Statement()
		if err := keepsLimits(rb, &a); err != nil {
			t.Fatal(err)
		}
	})
}

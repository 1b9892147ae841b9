package domain

import (
	"jifen/internal/calendar"
	"slices"
	"testing"
)

func TestAlertsStandTheGravestFirstThenByTheDayDue(t *testing.T) {
	t.Parallel()
	want := []Alert{
		{Name: "a", Level: AlertRed, Due: 9}, {Name: "b", Level: AlertWarning, Due: 1},
		{Name: "c", Level: AlertWarning, Due: 2},
		{Name: "d", Level: AlertReminder, Due: 1}, {Name: "e", Level: "没有", Due: 1},
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b Alert) int { return a.Compare(&b) })
	if !slices.Equal(got, want) {
		t.Errorf("alerts stand as %v, want %v", got, want)
	}
}

func TestAlertsSayWhenTheyHeldAndForHowLong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		alert       Alert
		window, run string
	}{
		{Alert{Window: "2026Q2", Run: 1}, "2026年第2季度", ""},
		{Alert{On: calendar.Of(2026, 9, 28), Run: 5}, "截至 2026-09-28", ""},
		{Alert{Window: "2026-08", Run: 3}, "2026年8月", "3 个月"},
		{Alert{Window: "2026Q1", Run: 2}, "2026年第1季度", "2 个季度"},
		{Alert{Window: "2026H1", Run: 2}, "2026年上半年", "2 个半年"},
		{Alert{Window: "2026", Run: 2}, "2026年", "2 年"},
		{Alert{Window: calendar.Week.Of(calendar.Of(2026, 2, 11)).String(), Run: 4}, "2026年第7周", "4 周"},
	} {
		if window, run := c.alert.WindowLabel(), c.alert.RunLabel(); window != c.window || run != c.run {
			t.Errorf("%+v speaks of %q for %q, want %q for %q", c.alert, window, run, c.window, c.run)
		}
	}
}

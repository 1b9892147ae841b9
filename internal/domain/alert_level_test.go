package domain

import (
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

package scoring

import (
	"cmp"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// CarriedFrom returns the earlier periods whose standings say whether alerts that
// ask for a place are still open on a day of a period: their last complete window
// ended in one of them.
func CarriedFrom(book *ruleset.RuleSet, period calendar.Period, day calendar.Day) (out []calendar.Period) {
	for i := range book.Alerts {
		a := &book.Alerts[i]
		if a.Rank == nil || a.Every == calendar.Single {
			continue
		}
		if w := lastComplete(a.Every, day); w.Last < period.First {
			if p := book.Cycle.Unit.Of(w.Last); !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// Carry adds to the open alerts of a standing those that asked for a place in an
// earlier period: before is the standing of that period's last day, placed among
// all under a rulebook.
func Carry(book *ruleset.RuleSet, s, before *domain.Standing) {
	if !s.Scored {
		return
	}
	open := slices.Clip(s.Open)
	for _, a := range before.Alerts {
		i := slices.IndexFunc(book.Alerts, func(b ruleset.Alert) bool { return b.Name == a.Name })
		if i < 0 || book.Alerts[i].Rank == nil || book.Alerts[i].Every == calendar.Single {
			continue
		}
		if w := lastComplete(book.Alerts[i].Every, s.Day); w.Last == a.On && w.Last < s.Period.First {
			open = append(open, a)
		}
	}
	slices.SortStableFunc(open, func(a, b domain.Alert) int { return cmp.Compare(a.On, b.On) })
	s.Open = open
}

package scoring

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// countsOn returns the day on which what happens on a day counts for an item:
// that day, or the last one of the period before where the text of that day
// says so (归期). stray means that the item belongs to the period before but this
// is no day for it, or that period had no such item.
func (r *run) countsOn(item string, on calendar.Day) (day calendar.Day, stray bool) {
	if !r.texts.seasons {
		return on, false
	}
	now := &r.texts.list[r.texts.at(on)]
	before := &r.texts.list[r.texts.at(now.Book.Cycle.Unit.Of(on).First-1)]
	if s := seasonOf(before.Book, item); s != nil {
		if day, ok := s.CountsOn(before.Book.Cycle.Unit, on); ok && day < on {
			if day < r.start {
				return on, true
			}
			return day, false
		}
	}
	if s := seasonOf(now.Book, item); s != nil {
		day, ok := s.CountsOn(now.Book.Cycle.Unit, on)
		return on, !ok || day != on
	}
	return on, false
}

func seasonOf(book *ruleset.RuleSet, item string) *ruleset.Season {
	if i := book.Item(item); i >= 0 {
		return book.Items[i].Season
	}
	return nil
}

// happenedOn returns the day on which what an outcome is of happened; it may
// count on an earlier one.
func (r *run) happenedOn(o *outcome) calendar.Day {
	switch o.class {
	case byHand:
		return r.record.Entries[o.ref].On
	case attended:
		return r.record.Attendance[o.ref].On
	default:
		return o.day
	}
}

// untilLater returns the day before the first, behind the period and the day
// asked for, on which something happens that counts in the period; Forever if
// nothing does.
func (r *run) untilLater() calendar.Day {
	until := calendar.Forever
	if !r.texts.seasons {
		return until
	}
	look := func(item string, on calendar.Day) {
		if on <= r.asOf || on <= r.period.Last || on > until {
			return
		}
		if day, _ := r.countsOn(item, on); day <= r.period.Last {
			until = on - 1
		}
	}
	for i := range r.record.Entries {
		look(r.record.Entries[i].Item, r.record.Entries[i].On)
	}
	for i := range r.record.Attendance {
		for _, item := range r.book.Following(r.record.Attendance[i].Kind) {
			look(r.book.Items[item].Name, r.record.Attendance[i].On)
		}
	}
	return until
}

// LastDay returns the day by which all has happened that is recorded of a member
// and counts in a period: the period's last one, or a later one on which
// something happened that belongs to it (归期).
func LastDay(book *ruleset.RuleSet, record *domain.MemberHistory, period calendar.Period) calendar.Day {
	last := period.Last
	look := func(item string, on calendar.Day) {
		if on > last && book.CountsOn(item, on) <= period.Last {
			last = on
		}
	}
	for i := range record.Entries {
		look(record.Entries[i].Item, record.Entries[i].On)
	}
	for i := range record.Attendance {
		for _, item := range book.Following(record.Attendance[i].Kind) {
			look(book.Items[item].Name, record.Attendance[i].On)
		}
	}
	return last
}

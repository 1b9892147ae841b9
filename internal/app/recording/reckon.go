package recording

import (
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Knows reports whether a rule file knows a matter.
type Knows = func(*ruleset.RuleSet) bool

// Reckon finds by which text a matter of a member is admitted: that of the branch
// that was his home on its day. Who may record it is asked of the home of now.
func Reckon(
	s *standings.Service, v *store.Snapshot, m *domain.Member, on calendar.Day, knows Knows,
) (*standings.Reckoning, error) {
	r, err := s.Reckoner(v, s.Today(v), *m)
	if err != nil {
		return nil, err
	}
	return r.Of(m, on, knows)
}

// ReckonEntry is Reckon for an entry, which may count in the period before.
func ReckonEntry(
	s *standings.Service, v *store.Snapshot, m *domain.Member, item string, on calendar.Day,
) (*standings.Reckoning, error) {
	r, err := s.Reckoner(v, s.Today(v), *m)
	if err != nil {
		return nil, err
	}
	return r.OfEntry(m, item, on)
}

// AsOf returns the record of a member as one of the branch that was his home on the
// day of a matter.
func AsOf(record *domain.MemberHistory, x *standings.Reckoning) *domain.MemberHistory {
	out := *record
	out.Member.Kind = x.Home.Kind
	return &out
}

// CheckOpen refuses days that have not come, and what counts in a period that the
// branch of now, or that of the day, has locked.
func CheckOpen(
	s *standings.Service, v *store.Snapshot, x *standings.Reckoning, home domain.Org, on calendar.Day,
) error {
	if on <= s.Today(v) {
		on = x.Counts
	}
	if err := CheckDay(s, v, x.Book, home, on); err != nil || x.Home.ID == home.ID {
		return err
	}
	p := x.Book.Cycle.Unit.Of(on)
	locked, err := v.Locked(x.Home.ID, p.String())
	if err == nil && locked {
		err = fault.New(fault.Forbidden, "那时所在的“%s”的%s已经锁定，不能再记", x.Home.Name, p.Label()).
			WithHint("要补记，请街道党工委重开这一期")
	}
	return err
}

// Change returns what a change of records of what happened on a day does to the
// totals of their members, all together.
func Change(
	r *standings.Reckoner, members []domain.Member, before, after []domain.MemberHistory, on calendar.Day, knows Knows,
) (sum domain.Points, err error) {
	for i := range before {
		x, err := r.Of(&members[i], on, knows)
		if err != nil {
			return 0, err
		}
		sum += x.Member(&after[i]).Standing.Total - x.Member(&before[i]).Standing.Total
	}
	return sum, nil
}

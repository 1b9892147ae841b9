package standings

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Reckoner finds by which texts what is recorded of some members is admitted, and
// what it does to their totals.
type Reckoner struct {
	v          *store.Snapshot
	t          *Timetable
	today      calendar.Day
	residences map[domain.MemberID][]domain.Residence
}

// Reckoner makes one for members, as of a day.
func (s *Service) Reckoner(v *store.Snapshot, today calendar.Day, members ...domain.Member) (*Reckoner, error) {
	t, err := s.Timetable(v)
	if err != nil {
		return nil, err
	}
	ids := make([]domain.MemberID, 0, len(members))
	for i := range members {
		if members[i].ID != "" && !slices.Contains(ids[max(0, len(ids)-1):], members[i].ID) {
			ids = append(ids, members[i].ID)
		}
	}
	residences, err := v.Residences(ids, calendar.Forever)
	return &Reckoner{v, t, today, residences}, err
}

// Reckoning is one matter of a member on a day: by which text it is admitted, and
// the total that it counts in.
type Reckoning struct {
	Book   *ruleset.RuleSet // that knows the matter, of the home of its day; the main one of that home where none knows it
	Home   domain.Org       // of that day
	Counts calendar.Day     // on which it counts: that day, or the last one of the period before (归期)
	Period calendar.Period  // in which it counts
	AsOf   calendar.Day

	texts *Texts
}

// Of judges a matter of a day: has tells which rulebook knows it. fault.NotFound
// where nothing was ever put in force.
func (r *Reckoner) Of(m *domain.Member, on calendar.Day, has func(*ruleset.RuleSet) bool) (*Reckoning, error) {
	return r.of(m, on, has, func(*ruleset.RuleSet) calendar.Day { return on })
}

// OfEntry is Of for an entry, which may count in the period before (归期).
func (r *Reckoner) OfEntry(m *domain.Member, item string, on calendar.Day) (*Reckoning, error) {
	return r.of(m, on, Knows(item), func(b *ruleset.RuleSet) calendar.Day { return b.CountsOn(item, on) })
}

func (r *Reckoner) of(
	m *domain.Member, on calendar.Day, has func(*ruleset.RuleSet) bool, counts func(*ruleset.RuleSet) calendar.Day,
) (*Reckoning, error) {
	homes := r.homes(m)
	then := upTo(homes, on)
	out := &Reckoning{Home: then[len(then)-1].Home, AsOf: r.today}
	list, err := r.t.Schemes(r.v, out.Home.Path, on)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, noScheme(on)
	}
	at := slices.IndexFunc(list, func(s Scheme) bool {
		return has(s.Book) &&
			(!out.Home.Kind.Homes() || Fits(s.Book, out.Home.Kind))
	})
	if at < 0 {
		at = slices.IndexFunc(list, func(s Scheme) bool { return has(s.Book) })
	}
	knows := &list[max(0, at)]
	out.Book, out.Counts = knows.Book, counts(knows.Book)
	out.Period = knows.Book.Cycle.Unit.Of(out.Counts)
	code := ""
	if knows.Text.Beside {
		code = knows.Text.Code
	}
	day := min(r.today, out.Period.Last)
	if out.texts, day, err = r.t.under(r.v, homes, code, day, out.Counts); err != nil {
		return nil, err
	}
	if out.texts == nil {
		out.texts = r.t.s.texts([]stretch{{Book: knows.Book}})
		return out, nil
	}
	out.AsOf = min(out.AsOf, max(day, on))
	if unit := out.texts.Book().Cycle.Unit; unit != out.Period.Unit { // he is under another scheme by now
		out.Period = unit.Of(day)
	}
	return out, nil
}

// Same reports whether two matters of one member count in the same total: what he
// scores for one he scores for the other.
func (r *Reckoning) Same(o *Reckoning) bool {
	return r.texts == o.texts && r.Period == o.Period && r.AsOf == o.AsOf
}

// Member scores the member in the period of the matter.
func (r *Reckoning) Member(record *domain.MemberHistory) *scoring.Result {
	return r.texts.Member(record, r.Period, r.AsOf)
}

// homes returns where a member has belonged; at least where lists show him.
func (r *Reckoner) homes(m *domain.Member) []domain.Residence {
	if list := r.residences[m.ID]; len(list) > 0 {
		return list
	}
	return []domain.Residence{{Home: m.Home}}
}

// upTo returns the homes up to a day; who came later was in his first.
func upTo(homes []domain.Residence, on calendar.Day) []domain.Residence {
	n := 1
	for n < len(homes) && homes[n].From <= on {
		n++
	}
	return homes[:n]
}

// under returns the texts of a scheme that score a member on a day, or where his
// home of that day has no such scheme, on the last day before on which one had,
// but not before the day since; nil for none.
func (t *Timetable) under(
	v *store.Snapshot, homes []domain.Residence, code string, on, since calendar.Day,
) (*Texts, calendar.Day, error) {
	for homes = upTo(homes, on); ; homes = upTo(homes, on) {
		texts, err := t.Texts(v, homes, code, on)
		if err != nil || texts != nil {
			return texts, on, err
		}
		// The day before he came there, or before the texts changed there.
		before, n := calendar.Day(0), len(homes)
		if n > 1 {
			before = homes[n-1].From - 1
		}
		turns, err := t.turns(v, homes[n-1].Home.Path)
		if err != nil {
			return nil, on, err
		}
		for i, turn := range turns {
			if i > 0 && turn <= on {
				before = max(before, turn-1)
			}
		}
		if before == 0 || before < since {
			return nil, on, nil
		}
		on = before
	}
}

// Until holds the last day and the last home under a scheme that the member's home has
// no more.
type Until struct {
	Day  calendar.Day // the last one
	Home domain.Org
	Now  domain.Org
}

// last finds until when a member was under the scheme that a question asks for,
// where his home of its day has it no more; nil where it has, or he never was.
func (s *Service) last(v *store.Snapshot, m *domain.Member, q Question) (*Until, error) {
	on := q.day()
	r, err := s.Reckoner(v, on, *m)
	if err != nil {
		return nil, err
	}
	if now, err := r.t.Pick(v, m.Home.Path, q.Scheme, on); err != nil || now != nil {
		return nil, err
	}
	homes := upTo(r.homes(m), on)
	texts, day, err := r.t.under(v, homes, q.Scheme, on, 0)
	if err != nil || texts == nil || day == on {
		return nil, err
	}
	if p, err := calendar.ParsePeriod(q.Period); err == nil && day < p.First {
		return nil, nil //nolint:nilnil // nothing of that period
	}
	then := upTo(homes, day)
	return &Until{Day: day, Home: then[len(then)-1].Home, Now: homes[len(homes)-1].Home}, nil
}

// SchemesOf returns the rulebooks under which a member has points on a day: those
// of his home, the main one first, and those of earlier homes that it has not.
func (s *Service) SchemesOf(v *store.Snapshot, m *domain.Member, on calendar.Day) ([]*ruleset.RuleSet, error) {
	r, err := s.Reckoner(v, on, *m)
	if err != nil {
		return nil, err
	}
	homes := upTo(r.homes(m), on)
	main, err := r.t.Pick(v, homes[len(homes)-1].Home.Path, "", on)
	if err != nil {
		return nil, err
	}
	var out []*ruleset.RuleSet
	for i, day := len(homes)-1, on; i >= 0; i-- {
		list, err := r.t.Schemes(v, homes[i].Home.Path, day)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			known := slices.ContainsFunc(out, func(b *ruleset.RuleSet) bool { return b.Code == x.Book.Code })
			if now := i == len(homes)-1; !known && (now || x.Text.Beside || main == nil) {
				out = append(out, x.Book)
			}
		}
		day = homes[i].From - 1
	}
	if len(out) == 0 {
		err = noScheme(on)
	}
	return out, err
}

// TextOn returns the text by which a matter of a member is admitted on a day: that
// of the home of the day which knows it, the main one where none does.
func (s *Service) TextOn(
	v *store.Snapshot, m *domain.Member, on calendar.Day, has func(*ruleset.RuleSet) bool,
) (*ruleset.RuleSet, error) {
	r, err := s.Reckoner(v, on, *m)
	if err != nil {
		return nil, err
	}
	x, err := r.Of(m, on, has)
	if err != nil {
		return nil, err
	}
	return x.Book, nil
}

// Knows reports of rulebooks whether they have an item.
func Knows(item string) func(*ruleset.RuleSet) bool {
	return func(b *ruleset.RuleSet) bool { return b.Item(item) >= 0 }
}

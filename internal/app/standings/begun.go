package standings

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// begun returns a text that knows since when its ledger runs (首次施行): from the
// first day of the texts that it follows in an organisation. A main scheme takes
// the place of another main one; one beside it goes on where its 编号 does.
func (t *Timetable) begun(
	v *store.Snapshot, p *part, path string, e *domain.RuleVersionInForce, book *ruleset.RuleSet,
) (*ruleset.RuleSet, error) {
	since := book.Since
	for i := range p.list {
		x := &p.list[i]
		if x.Supplement || x.From >= e.From || x.Beside != e.Beside || x.Beside && x.Code != e.Code ||
			!strings.HasPrefix(path, x.Path) {
			continue
		}
		before, err := t.s.book(x.Hash, source(v, x))
		if err != nil {
			return nil, err
		}
		if kind := p.kinds[path]; kind != "" && !Fits(before, kind) || !overlap(before, book) {
			continue
		}
		since = min(since, before.Since)
	}
	if since == book.Since {
		return book, nil
	}
	key := book.Hash + " " + since.String()
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if known := t.s.books[key]; known != nil {
		return known, nil
	}
	out := *book
	out.Since = since
	t.s.books[key] = &out
	return &out, nil
}

// overlap reports whether two schemes are for a kind of branch together.
func overlap(a, b *ruleset.RuleSet) bool {
	return slices.ContainsFunc(domain.BranchKinds(), func(k domain.BranchKind) bool { return Fits(a, k) && Fits(b, k) })
}

// maxPeriods bounds the periods that are offered.
const maxPeriods = 8

// Periods returns the periods that can be asked for of a scheme ("" for the main
// one) of an organisation, the latest first, each in the rhythm of its own text.
func (s *Service) Periods(v *store.Snapshot, path, scheme string, today calendar.Day) ([]calendar.Period, error) {
	return s.periods(v, func(calendar.Day) string { return path }, scheme, today)
}

// PeriodsOf is Periods of a member, who may have been elsewhere.
func (s *Service) PeriodsOf(
	v *store.Snapshot, m *domain.Member, scheme string, today calendar.Day,
) ([]calendar.Period, error) {
	r, err := s.Reckoner(v, today, *m)
	if err != nil {
		return nil, err
	}
	return s.periods(v, func(day calendar.Day) string {
		homes := upTo(r.homes(m), day)
		return homes[len(homes)-1].Home.Path
	}, scheme, today)
}

func (s *Service) periods(
	v *store.Snapshot, home func(calendar.Day) string, scheme string, today calendar.Day,
) (out []calendar.Period, err error) {
	for day := today; len(out) < maxPeriods; day = out[len(out)-1].First - 1 {
		list, err := s.Schemes(v, home(day), day)
		if err != nil {
			return out, err
		}
		i := slices.IndexFunc(list, func(b *ruleset.RuleSet) bool { return scheme == "" || b.Code == scheme })
		if i < 0 || day < list[i].Since && len(out) > 0 {
			return out, nil
		}
		out = append(out, list[i].Cycle.Unit.Of(day))
	}
	return out, nil
}

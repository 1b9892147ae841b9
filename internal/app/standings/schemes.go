package standings

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Schemes returns the rulebooks that score the members of an organisation on a
// day, its main one first, each with what organisations on the line upwards have
// added (see Timetable.Schemes). fault.NotFound if nothing was ever put in force.
func (s *Service) Schemes(v *store.Snapshot, path string, on calendar.Day) ([]*ruleset.RuleSet, error) {
	t, err := s.Timetable(v)
	if err != nil {
		return nil, err
	}
	list, err := t.Schemes(v, path, on)
	if err == nil && len(list) == 0 {
		err = noScheme(on)
	}
	out := make([]*ruleset.RuleSet, len(list))
	for i := range list {
		out[i] = list[i].Book
	}
	return out, err
}

// Book returns the main rulebook of an organisation on a day; fault.NotFound if
// none is in force.
func (s *Service) Book(v *store.Snapshot, path string, on calendar.Day) (*ruleset.RuleSet, error) {
	return s.BookThat(v, path, on, func(*ruleset.RuleSet) bool { return true })
}

// BookThat returns the first of an organisation's rulebooks that has something,
// the main one where none has: what is recorded is judged by who knows it.
func (s *Service) BookThat(
	v *store.Snapshot, path string, on calendar.Day, has func(*ruleset.RuleSet) bool,
) (*ruleset.RuleSet, error) {
	books, err := s.Schemes(v, path, on)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(books, has); i > 0 {
		return books[i], nil
	}
	return books[0], nil
}

// supplemented returns a rulebook with supplements, loading each combination
// once. One that no longer fits the scheme (it was checked under another text)
// is left out: what a scheme grants is the scheme's to say.
func (s *Service) supplemented(
	v *store.Snapshot, base *ruleset.RuleSet, added []domain.RuleVersionInForce,
) (*ruleset.RuleSet, error) {
	key := base.Hash + " " + base.Since.String()
	for i := range added {
		key += "+" + added[i].Hash
	}
	s.mu.RLock()
	b := s.books[key]
	s.mu.RUnlock()
	if b != nil {
		return b, nil
	}
	b = base
	for i := range added {
		text, err := source(v, &added[i])()
		if err != nil {
			return nil, err
		}
		if r := ruleset.LoadSupplement(b, "补充", []byte(text)); r.Book != nil {
			b = r.Book
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(key, b)
	return b, nil
}

// InForce returns the rulebook of a period as it is asked for on a day, and the
// period: the text of the period's own days, not the one of today. scheme "" is
// the main one, period "" the one that holds the day.
func (s *Service) InForce(
	v *store.Snapshot, path, scheme, period string, asOf calendar.Day,
) (*ruleset.RuleSet, calendar.Period, error) {
	on := asOf
	if p, err := calendar.ParsePeriod(period); err == nil {
		on = min(on, p.Last)
	}
	book, err := s.Scheme(v, path, scheme, on)
	if err != nil {
		return nil, calendar.Period{}, err
	}
	if period == "" {
		return book, book.Cycle.Unit.Of(asOf), nil
	}
	p, err := book.Period(period)
	return book, p, err
}

// Scheme returns one of an organisation's rulebooks by its 编号, "" for the main
// one.
func (s *Service) Scheme(v *store.Snapshot, path, code string, on calendar.Day) (*ruleset.RuleSet, error) {
	books, err := s.Schemes(v, path, on)
	if err != nil {
		return nil, err
	}
	if code == "" {
		return books[0], nil
	}
	if i := slices.IndexFunc(books, func(b *ruleset.RuleSet) bool { return b.Code == code }); i >= 0 {
		return books[i], nil
	}
	return nil, fault.New(fault.NotFound, "%s 没有编号“%s”的办法", on, code).WithHint("也可能不管这个支部")
}

// book returns a text loaded, loading it once.
func (s *Service) book(hash string, source func() (string, error)) (*ruleset.RuleSet, error) {
	s.mu.RLock()
	b := s.books[hash]
	s.mu.RUnlock()
	if b != nil {
		return b, nil
	}
	text, err := source()
	if err != nil {
		return nil, err
	}
	r := ruleset.Load("办法", []byte(text))
	if r.Book == nil {
		return nil, fault.New(fault.Internal, "启用的办法读不出来").WithHint("请系统管理员报告：%s", hash)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(hash, r.Book)
	return r.Book, nil
}

// maxBooks bounds the loaded texts that are kept, drafts that were tried among them.
const maxBooks = 1000

// keep keeps a loaded text. The caller holds the lock.
func (s *Service) keep(key string, b *ruleset.RuleSet) {
	if len(s.books) >= maxBooks {
		clear(s.books)
	}
	s.books[key] = b
}

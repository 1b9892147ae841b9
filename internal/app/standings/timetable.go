package standings

import (
	"slices"
	"strings"
	"sync"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Timetable lists the texts in force, where and from when, as a snapshot knows them. It
// is shared and never changed.
type Timetable struct {
	s     *Service
	list  []domain.RuleVersionInForce // as recorded, the latest last
	kinds map[string]domain.BranchKind

	mu    sync.Mutex
	found map[string][]Scheme // by path and day of a turn
}

// Scheme is one scheme in force for an organisation, with what organisations on
// the line upwards have added.
type Scheme struct {
	Text domain.RuleVersionInForce
	Book *ruleset.RuleSet
}

// Timetable returns what a view knows to be in force. What is asked of the
// present is read once for as long as nothing is enacted and no organisation
// comes or changes.
func (s *Service) Timetable(v *store.Snapshot) (*Timetable, error) {
	mark := ""
	if !v.Past() {
		var err error
		if mark, err = v.InForceMark(); err != nil {
			return nil, err
		}
		s.mu.RLock()
		t, versions := s.timetable, s.timetableOf
		known := s.timetableMark == mark
		s.mu.RUnlock()
		if known && (versions != nil || !v.Kept()) || versions.Rule(v) {
			return t, nil
		}
	}
	list, err := v.InForce()
	if err != nil {
		return nil, err
	}
	kinds, err := v.Kinds()
	if err != nil {
		return nil, err
	}
	var versions store.RulesVersions // what is not kept yet may be undone, and others may follow under its versions
	if mark != "" && v.Kept() {
		if versions, err = v.RulesVersions(); err != nil {
			return nil, err
		}
	}
	t := &Timetable{s: s, list: list, kinds: kinds, found: map[string][]Scheme{}}
	if mark != "" {
		s.mu.Lock()
		s.timetable, s.timetableMark, s.timetableOf = t, mark, versions
		s.mu.Unlock()
	}
	return t, nil
}

// With returns the timetable as it would be with one more text, whose source it
// carries.
func (t *Timetable) With(e domain.RuleVersionInForce) *Timetable {
	return &Timetable{s: t.s, list: append(slices.Clip(t.list), e), kinds: t.kinds, found: map[string][]Scheme{}}
}

// turns returns the days on which the texts of an organisation change, each once,
// in order.
func (t *Timetable) turns(path string) (out []calendar.Day) {
	for i := range t.list {
		if strings.HasPrefix(path, t.list[i].Path) {
			out = append(out, t.list[i].From)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Schemes returns the schemes that score the members of an organisation on a day:
// of a branch its main one first (the nearest text for its kind), then those
// beside it; of a committee all that some branch below may have. Before the first
// day of all it returns those that are to come; none where nothing was ever put in
// force.
func (t *Timetable) Schemes(v *store.Snapshot, path string, on calendar.Day) ([]Scheme, error) {
	at := calendar.Day(0)
	for i, day := range t.turns(path) {
		if i == 0 || day <= on {
			at = day
		}
	}
	if at == 0 {
		return nil, nil
	}
	key := path + "@" + at.String()
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, ok := t.found[key]; ok {
		return known, nil
	}
	list, err := t.loaded(v, path, at)
	if err != nil {
		return nil, err
	}
	out := forKind(list, t.kinds[path])
	kind := t.kinds[path]
	if kind != "" && !slices.ContainsFunc(out, func(s Scheme) bool { return !s.Text.Beside }) {
		// Nobody there is scored by a main scheme: participants belong elsewhere, or
		// its kind has none. What is shown says so.
		shown := forKind(list, "")
		if kind.Homes() {
			shown = append(slices.DeleteFunc(shown, func(s Scheme) bool { return s.Text.Beside }), out...)
		}
		if len(shown) > 0 {
			out = shown
		}
	} else if kind == "" {
		if err := t.mostFirst(v, path, at, out); err != nil {
			return nil, err
		}
	}
	for i := range out {
		if out[i].Book, err = t.s.supplemented(v, out[i].Book, t.added(out[i].Text.Code, path, at)); err != nil {
			return nil, err
		}
	}
	t.found[key] = out
	return out, nil
}

// loaded is latest with the rulebooks, which know since when their ledger runs.
func (t *Timetable) loaded(v *store.Snapshot, path string, on calendar.Day) ([]Scheme, error) {
	list := t.latest(path, on)
	for i := range list {
		book, err := t.s.book(list[i].Text.Hash, source(v, &list[i].Text))
		if err != nil {
			return nil, err
		}
		if list[i].Book, err = t.begun(v, path, &list[i].Text, book); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// mostFirst sorts the main schemes of a committee: the one that most branches below
// have comes first.
func (t *Timetable) mostFirst(v *store.Snapshot, path string, on calendar.Day, list []Scheme) error {
	main := 0
	for main < len(list) && !list[main].Text.Beside {
		main++
	}
	if main < 2 {
		return nil
	}
	have := map[string]int{}
	for branch, kind := range t.kinds {
		if !kind.Homes() || !strings.HasPrefix(branch, path) {
			continue
		}
		own, err := t.loaded(v, branch, on)
		if err != nil {
			return err
		}
		if own = forKind(own, kind); len(own) > 0 && !own[0].Text.Beside {
			have[own[0].Text.Code]++
		}
	}
	slices.SortStableFunc(list[:main], func(a, b Scheme) int { return have[b.Text.Code] - have[a.Text.Code] })
	return nil
}

// Latest returns of each 编号 the text that is in force for an organisation on a
// day, whatever kind of branch it is for; the nearest and latest first.
func (t *Timetable) Latest(path string, on calendar.Day) []domain.RuleVersionInForce {
	list := t.latest(path, on)
	out := make([]domain.RuleVersionInForce, len(list))
	for i := range list {
		out[i] = list[i].Text
	}
	return out
}

// latest returns of each 编号 the nearest text up the tree, of those the latest;
// the nearest and latest first.
func (t *Timetable) latest(path string, on calendar.Day) (out []Scheme) {
	for i := range slices.Backward(t.list) {
		if e := &t.list[i]; !e.Supplement && e.From <= on && strings.HasPrefix(path, e.Path) {
			out = append(out, Scheme{Text: *e})
		}
	}
	slices.SortStableFunc(out, func(a, b Scheme) int {
		if n := len(b.Text.Path) - len(a.Text.Path); n != 0 {
			return n
		}
		return int(b.Text.From - a.Text.From)
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(s Scheme) bool {
		was := seen[s.Text.Code]
		seen[s.Text.Code] = true
		return was
	})
}

// added returns what organisations on the line up from a path added to a scheme
// as it is in force on a day: each one's latest, the highest first.
func (t *Timetable) added(code, path string, on calendar.Day) (out []domain.RuleVersionInForce) {
	for i := range t.list {
		e := &t.list[i]
		if !e.Supplement || e.Code != code || e.From > on || !strings.HasPrefix(path, e.Path) {
			continue
		}
		if k := slices.IndexFunc(out, func(x domain.RuleVersionInForce) bool { return x.Path == e.Path }); k < 0 {
			out = append(out, *e)
		} else if e.From >= out[k].From {
			out[k] = *e
		}
	}
	slices.SortStableFunc(out, func(a, b domain.RuleVersionInForce) int { return len(a.Path) - len(b.Path) })
	return out
}

// source reads the text of an enactment where it does not carry it.
func source(v *store.Snapshot, e *domain.RuleVersionInForce) func() (string, error) {
	return func() (string, error) {
		if e.Source != "" {
			return e.Source, nil
		}
		return v.Source(access.System("by whose rules a question is answered"), e.Hash)
	}
}

// forKind picks the schemes that are for a kind of branch, "" for all kinds.
func forKind(list []Scheme, kind domain.BranchKind) []Scheme {
	var main, beside []Scheme
	for _, s := range list {
		switch {
		case kind != "" && !Fits(s.Book, kind):
		case s.Text.Beside:
			beside = append(beside, s)
		case kind != "" && len(main) > 0, covered(s.Book, main): // a nearer or a later one took its place
		default:
			main = append(main, s)
		}
	}
	// Of a committee's, the one that is for most comes first.
	slices.SortStableFunc(main, func(a, b Scheme) int { return breadth(b.Book) - breadth(a.Book) })
	return append(main, beside...)
}

// Fits reports whether a scheme is for a kind of branch (适用).
func Fits(b *ruleset.RuleSet, kind domain.BranchKind) bool {
	return len(b.Kinds) == 0 || slices.Contains(b.Kinds, kind)
}

// breadth is for how many kinds of branch a scheme is.
func breadth(b *ruleset.RuleSet) int {
	if len(b.Kinds) == 0 {
		return len(domain.BranchKinds())
	}
	return len(b.Kinds)
}

// covered reports whether every kind of branch that a scheme is for has another
// one already.
func covered(book *ruleset.RuleSet, others []Scheme) bool {
	for _, kind := range domain.BranchKinds() {
		if Fits(book, kind) && !slices.ContainsFunc(others, func(s Scheme) bool { return Fits(s.Book, kind) }) {
			return false
		}
	}
	return true
}

// noScheme says that nothing was put in force.
func noScheme(on calendar.Day) error {
	return fault.New(fault.NotFound, "%s 还没有启用办法", on).WithHint("请街道党工委启用一份办法")
}

package standings

import (
	"slices"
	"strings"
	"sync"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Timetable lists the texts in force, where and from when, as a snapshot knows them: of
// a street what it was asked about. It is shared and never changed.
type Timetable struct {
	s    *Service
	mark string // for which it is good; "" of the past

	versions store.RulesVersions // for which it is good too; nil where that may be undone

	base *Timetable                // nil = the database
	more domain.RuleVersionInForce // in force too, where there is a base

	reading sync.Mutex
	parts   []*part
	known   map[string]*part // by the paths that were asked for

	mu    sync.Mutex
	found map[string][]Scheme // by path and day of a turn
}

// part has the texts and the branches of a street and the texts above it; of what holds
// several streets those of all.
type part struct {
	path  string
	list  []domain.RuleVersionInForce // as recorded, the latest last
	kinds map[string]domain.BranchKind
}

// of returns the part in which a path lies.
func (t *Timetable) of(v *store.Snapshot, path string) (p *part, err error) {
	t.reading.Lock()
	defer t.reading.Unlock()
	if p := t.known[path]; p != nil {
		return p, nil
	}
	at := slices.IndexFunc(t.parts, func(p *part) bool { return strings.HasPrefix(path, p.path) })
	if at < 0 {
		var keep bool
		if p, keep, err = t.read(v, path); err != nil || !keep {
			return p, err
		}
		t.parts = append(t.parts, p)
	} else {
		p = t.parts[at]
	}
	if t.known == nil {
		t.known = map[string]*part{}
	}
	t.known[path] = p
	return p, nil
}

// read reads a part. It may be kept where the view still has the mark of the timetable:
// a transaction sees what it has put in force itself.
func (t *Timetable) read(v *store.Snapshot, path string) (p *part, keep bool, err error) {
	if t.base != nil {
		p, err := t.base.of(v, path)
		if err != nil {
			return nil, false, err
		}
		return &part{p.path, append(slices.Clip(p.list), t.more), p.kinds}, true, nil
	}
	street, err := v.HeldBy(path, domain.Street)
	if err != nil {
		return nil, false, err
	}
	p = &part{path: street}
	if p.list, err = v.InForce(street); err != nil {
		return nil, false, err
	}
	if p.kinds, err = v.Kinds(street); err != nil || t.mark == "" {
		return p, true, err
	}
	mark, err := v.InForceMark()
	return p, mark == t.mark, err
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
		t := s.timetable[v.Aged()]
		s.mu.RUnlock()
		if t != nil && (t.mark == mark && (t.versions != nil || !v.Kept()) || t.versions.Rule(v)) {
			return t, nil
		}
	}
	t := &Timetable{s: s, mark: mark, found: map[string][]Scheme{}}
	if mark != "" {
		if v.Kept() { // else it may be undone, and others may follow under its versions
			var err error
			if t.versions, err = v.RulesVersions(); err != nil {
				return nil, err
			}
		}
		s.mu.Lock()
		s.timetable[v.Aged()] = t
		s.mu.Unlock()
	}
	return t, nil
}

// With returns the timetable as it would be with one more text, whose source it
// carries.
func (t *Timetable) With(e domain.RuleVersionInForce) *Timetable {
	return &Timetable{s: t.s, base: t, more: e, found: map[string][]Scheme{}}
}

// turns returns the days on which the texts of an organisation change, each once,
// in order.
func (t *Timetable) turns(v *store.Snapshot, path string) (out []calendar.Day, err error) {
	p, err := t.of(v, path)
	if err != nil {
		return nil, err
	}
	for i := range p.list {
		if strings.HasPrefix(path, p.list[i].Path) {
			out = append(out, p.list[i].From)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// Schemes returns the schemes that score the members of an organisation on a day:
// of a branch its main one first (the nearest text for its kind), then those
// beside it; of a committee all that some branch below may have. Before the first
// day of all it returns those that are to come; none where nothing was ever put in
// force.
func (t *Timetable) Schemes(v *store.Snapshot, path string, on calendar.Day) ([]Scheme, error) {
	at := calendar.Day(0)
	turns, err := t.turns(v, path)
	if err != nil {
		return nil, err
	}
	for i, day := range turns {
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
	p, err := t.of(v, path)
	if err != nil {
		return nil, err
	}
	list, err := t.loaded(v, p, path, at)
	if err != nil {
		return nil, err
	}
	kind := p.kinds[path]
	out := forKind(list, kind)
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
		if err := t.mostFirst(v, p, path, at, out); err != nil {
			return nil, err
		}
	}
	for i := range out {
		if out[i].Book, err = t.s.supplemented(v, out[i].Book, p.added(out[i].Text.Code, path, at)); err != nil {
			return nil, err
		}
	}
	t.found[key] = out
	return out, nil
}

// loaded is latest with the rulebooks, which know since when their ledger runs.
func (t *Timetable) loaded(v *store.Snapshot, p *part, path string, on calendar.Day) ([]Scheme, error) {
	list := p.latest(path, on)
	for i := range list {
		book, err := t.s.book(list[i].Text.Hash, source(v, &list[i].Text))
		if err != nil {
			return nil, err
		}
		if list[i].Book, err = t.begun(v, p, path, &list[i].Text, book); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// mostFirst sorts the main schemes of a committee: the one that most branches below
// have comes first.
func (t *Timetable) mostFirst(
	v *store.Snapshot, p *part, path string, on calendar.Day, list []Scheme,
) error {
	main := 0
	for main < len(list) && !list[main].Text.Beside {
		main++
	}
	if main < 2 {
		return nil
	}
	have := map[string]int{}
	for branch, kind := range p.kinds {
		if !kind.Homes() || !strings.HasPrefix(branch, path) {
			continue
		}
		own, err := t.loaded(v, p, branch, on)
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
func (t *Timetable) Latest(
	v *store.Snapshot, path string, on calendar.Day,
) ([]domain.RuleVersionInForce, error) {
	p, err := t.of(v, path)
	if err != nil {
		return nil, err
	}
	list := p.latest(path, on)
	out := make([]domain.RuleVersionInForce, len(list))
	for i := range list {
		out[i] = list[i].Text
	}
	return out, nil
}

// latest returns of each 编号 the nearest text up the tree, of those the latest;
// the nearest and latest first.
func (p *part) latest(path string, on calendar.Day) (out []Scheme) {
	for i := range slices.Backward(p.list) {
		if e := &p.list[i]; !e.Supplement && e.From <= on && strings.HasPrefix(path, e.Path) {
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
func (p *part) added(code, path string, on calendar.Day) (out []domain.RuleVersionInForce) {
	for i := range p.list {
		e := &p.list[i]
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
		return v.EnactedText(e.Org, e.Hash)
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

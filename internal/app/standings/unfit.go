package standings

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Unfit is a supplement that a scheme no longer takes.
type Unfit struct {
	Text domain.RuleVersionInForce
	Why  string // in words
}

// Unfit returns which supplements of a scheme in the street of a path are left out from a day on, each for
// the organisation that added it: the scheme grants less than it did, or has an
// item of the name. What begins later is looked at on its own day.
func (t *Timetable) Unfit(
	v *store.Snapshot, path, code string, on calendar.Day,
) (out []Unfit, err error) {
	p, err := t.of(v, path)
	if err != nil {
		return nil, err
	}
	for i := range p.list {
		e := &p.list[i]
		day := max(on, e.From)
		if !e.Supplement || e.Code != code || !p.holds(e, day) {
			continue
		}
		var base *ruleset.RuleSet
		for _, s := range p.latest(e.Path, day) {
			if s.Text.Code == code {
				if base, err = t.s.book(s.Text.Hash, source(v, &s.Text)); err != nil {
					return nil, err
				}
			}
		}
		if base == nil {
			continue
		}
		for _, a := range p.added(code, e.Path, day) {
			text, err := source(v, &a)()
			if err != nil {
				return nil, err
			}
			r := ruleset.LoadSupplement(base, "补充", []byte(text))
			switch {
			case r.Book != nil:
				base = r.Book
			case a.Path == e.Path:
				out = append(out, Unfit{*e, why(r)})
			}
		}
	}
	return out, nil
}

// holds reports whether a supplement is its organisation's latest on a day.
func (p *part) holds(e *domain.RuleVersionInForce, on calendar.Day) bool {
	for _, a := range p.added(e.Code, e.Path, on) {
		if a.Path == e.Path {
			return a.Hash == e.Hash && a.From == e.From
		}
	}
	return false
}

// why is the first thing that is wrong.
func why(r *ruleset.Result) string {
	for i := range r.Problems {
		if p := &r.Problems[i]; !p.Warning {
			return p.Message
		}
	}
	return ""
}

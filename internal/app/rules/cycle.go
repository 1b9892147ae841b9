package rules

import (
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// followed returns the schemes that a draft takes the place of on its day, each
// once: what the branches below have without it, where they have it then.
func (s *Service) followed(v *store.Snapshot, d *domain.RuleDraft) (out []standings.Scheme, err error) {
	now, err := s.standings.Timetable(v)
	if err != nil {
		return nil, err
	}
	then, code := now.With(inForceOf(d)), ""
	if d.Beside {
		code = d.Code
	}
	orgs, err := v.Orgs(access.System("the branches that a scheme is for"), d.Org.Path)
	if err != nil {
		return nil, err
	}
	for _, o := range orgs {
		if o.Level != domain.Branch || !o.Kind.Homes() || o.Closed != 0 && o.Closed <= d.From {
			continue
		}
		was, err := now.Pick(v, o.Path, code, d.From)
		if err != nil {
			return nil, err
		}
		is, err := then.Pick(v, o.Path, code, d.From)
		if err != nil {
			return nil, err
		}
		mine := is != nil && is.Text.Hash == d.Hash && is.Text.From == d.From && is.Text.Path == d.Org.Path
		if was != nil && mine && !slices.ContainsFunc(out,
			func(x standings.Scheme) bool { return x.Text.Hash == was.Text.Hash }) {
			out = append(out, *was)
		}
	}
	return out, nil
}

// wholeCycles refuses a text that ends another scheme, or another rhythm of 考核,
// before a period of it is over, or begins one that is not begun whole. Before its
// own first day a scheme has had no period.
func wholeCycles(d *domain.RuleDraft, book *ruleset.RuleSet, followed []standings.Scheme) error {
	for i := range followed {
		was := &followed[i]
		other, unit := was.Text.Code != d.Code, was.Book.Cycle.Unit
		if !other && unit == book.Cycle.Unit || d.From <= was.Book.Since {
			continue
		}
		running := unit.Of(d.From)
		if cycle := book.Cycle.Unit.Of(d.From); cycle.Last > running.Last {
			running = cycle
		}
		if running.First == d.From {
			continue
		}
		first := running.Next().First
		if !other {
			return fault.New(fault.Invalid, "考核 由%s改为%s，要从考核期第一天起", unit, book.Cycle.Unit).WithHint("例如 %s；%s还没有完", first,
				running.Label())
		}
		return fault.New(fault.Invalid, "换一份办法要从考核期第一天起").WithHint("例如 %s；中途只能修订原来的办法（编号 %s），或与它并行", first, was.Text.Code)
	}
	return nil
}

// units returns the rhythms of 考核 of a text and of those that it follows, each once.
func units(book *ruleset.RuleSet, followed []standings.Scheme) []calendar.Unit {
	out := []calendar.Unit{book.Cycle.Unit}
	for i := range followed {
		if u := followed[i].Book.Cycle.Unit; !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}

// inForceOf returns a draft as it will stand in the timetable.
func inForceOf(d *domain.RuleDraft) domain.RuleVersionInForce {
	return domain.RuleVersionInForce{RuleVersion: domain.RuleVersion{
		Org: d.Org.ID, Supplement: d.Supplement, Beside: d.Beside, Code: d.Code, From: d.From, Hash: d.Hash, Source: d.Source,
	}, Path: d.Org.Path}
}

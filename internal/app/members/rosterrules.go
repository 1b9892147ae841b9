package members

import (
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// rosterRules lets terms that say nothing of it understand values by the rules in force
// today at each place of the tree, and returns the attributes that any of them asks for.
func (r *Recorder) rosterRules(
	v *store.Snapshot, actor *access.Actor, t *RosterTerms,
) (asked []ruleset.Attribute, err error) {
	orgs, err := v.Orgs(everybody(), t.Org.Path)
	if err != nil {
		return nil, err
	}
	books := map[string][]*ruleset.RuleSet{}
	for _, o := range append([]domain.Org{t.Org}, orgs...) {
		if books[o.Path], err = r.standings.Schemes(v, o.Path, t.Today); err != nil && fault.CodeOf(err) != fault.NotFound {
			return nil, err
		}
		for _, b := range books[o.Path] {
			asked = addAttributes(asked, b.Attributes)
		}
	}
	if len(books[t.Org.Path]) == 0 {
		_, err := r.standings.Book(v, t.Org.Path, t.Today)
		return nil, err
	}
	asked = addAttributes(asked, ruleset.Groupings())
	at := func(path, attribute string) (*ruleset.RuleSet, *ruleset.Attribute) {
		for _, b := range books[path] {
			if i := b.Attribute(attribute); i >= 0 {
				return b, &b.Attributes[i]
			}
		}
		return nil, nil
	}
	if t.Understand == nil {
		t.Understand = func(path, attribute, text string) (domain.Fact, bool, error) {
			_, a := at(path, attribute)
			if a == nil {
				a = ruleset.Grouping(attribute)
			}
			if a == nil {
				return domain.Fact{}, false, nil
			}
			value, err := a.Parse(text)
			return domain.Fact{Value: value, Free: a.Type == ruleset.Text}, true, err
		}
	}
	if t.Steps == nil {
		t.Steps = func(m domain.MemberID, path, exemption string) (all, above []string) {
			b, _ := at(path, domain.Exemption)
			if b == nil {
				return nil, nil
			}
			for i := range b.Exemptions {
				if e := &b.Exemptions[i]; e.Code == exemption {
					all, above = domain.NamesOf(e.Approve), domain.NamesOf(actor.Chain(m, path, nil, e.Approve))
				}
			}
			return all, above
		}
	}
	return asked, nil
}

// addAttributes adds the attributes that are not among others yet, in their order.
func addAttributes(to, some []ruleset.Attribute) []ruleset.Attribute {
	for i := range some {
		if !slices.ContainsFunc(to, func(a ruleset.Attribute) bool { return a.Name == some[i].Name }) {
			to = append(to, some[i])
		}
	}
	return to
}

// exempted reports whether a claim is no exemption, or one that may begin by a register: who
// imports answers for all its steps, and is told of them.
func (pl *rosterPlanner) exempted(s *RosterStep, c *claim) (ok bool, err error) {
	if c.attribute != domain.Exemption || c.text == domain.NoExemption {
		return true, nil
	}
	field := importer.Field(domain.Exemption)
	if pl.Steps == nil {
		pl.warn(s.Person, field, "豁免不从名册里取", "在他的“登记变动”里登记")
		return false, nil
	}
	all, above := pl.Steps(s.Member, s.path, c.text)
	if len(above) > 0 {
		pl.warn(s.Person, field, "豁免“"+c.text+"”还要"+strings.Join(above, "、")+"同意，这一格没有取", "在他的“登记变动”里登记")
		return false, nil
	}
	if !s.New {
		waiting, err := pl.view.WaitingOf(everybody(), s.Member)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(waiting, func(q domain.Request) bool { return q.Kind == domain.ExemptionRequest }) {
			pl.warn(s.Person, field, "已经有一份豁免在等人同意，这一格没有取", "等那一份办完，或者先撤回")
			return false, nil
		}
	}
	if len(all) > 0 {
		pl.warn(s.Person, field, "豁免“"+c.text+"”要"+strings.Join(all, "、")+"同意；导入就是说都已经同意了",
			"还没有同意的，这一格填“"+domain.NoExemption+"”")
	}
	return true, nil
}

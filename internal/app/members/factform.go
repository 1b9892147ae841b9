package members

import (
	"context"
	"slices"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// FactForm holds the choices of the form by which one attribute is recorded of many members.
type FactForm struct {
	Branch     domain.Org
	Scheme     string // the title of the main one
	Today      calendar.Day
	Attributes []string           // that may be chosen
	Asked      *ruleset.Attribute // the chosen one; nil while none is
	Unrecorded int                // of how many of the branch nobody has recorded it
	People     []FactPerson       // none while no attribute is chosen
}

// FactPerson is one member with what holds of him today.
type FactPerson struct {
	ID    domain.MemberID
	Name  string
	Now   string       // in words; "" for not recorded
	Since calendar.Day // from which that holds; 0 for not recorded
	Own   bool         // the actor himself, whose facts are others' to record
}

// FactForm returns the form of a branch for an attribute, "" for none chosen, of all its members
// or of those of whom nobody has recorded it; fault.NotFound for a branch whose members' facts
// the actor does not record.
func (s *Service) FactForm(
	ctx context.Context, actor *access.Actor, branch domain.OrgID, attribute string, unrecorded bool,
) (out FactForm, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		out = FactForm{Today: s.Today(v)}
		scope := actor.Scope(access.ManageMembers)
		if out.Branch, err = v.Org(scope, branch); err == nil && out.Branch.Level != domain.Branch {
			return fault.Hidden(nil, "这个支部")
		}
		if err != nil {
			return fault.Hide(err, "这个支部")
		}
		books, err := s.standings.Schemes(v, out.Branch.Path, out.Today)
		if err != nil && fault.CodeOf(err) != fault.NotFound {
			return err
		}
		if len(books) > 0 {
			out.Scheme = books[0].Title
		}
		var asked []ruleset.Attribute
		for _, b := range books {
			asked = addAttributes(asked, b.Attributes)
		}
		names, err := groupNames(v, out.Branch.Path)
		if err != nil {
			return err
		}
		asked = groupingsIn(asked, names)
		for i := range asked {
			if a := &asked[i]; a.Type != ruleset.Age && a.Type != ruleset.Service && inBulk(a.Name) {
				if out.Attributes = append(out.Attributes, a.Name); a.Name == attribute {
					out.Asked = a
				}
			}
		}
		if out.Asked == nil {
			return nil
		}
		return out.fill(v, actor, scope, unrecorded)
	}, access.ManageMembers)
	return out, err
}

// now sets what holds of a member, by what is recorded of him.
func (f *FactForm) now(p *FactPerson, facts []domain.Fact, g domain.Grouping) {
	group := f.Asked.Type == ruleset.Named
	if group && g.Of(f.Asked.Name) == "" {
		return
	}
	for _, fact := range facts {
		if fact.Attribute == f.Asked.Name && fact.From <= f.Today {
			p.Now, p.Since = f.Asked.Text(fact.Value), max(fact.From, 1)
		}
	}
}

// fill lists the members of the branch with what holds of them.
func (f *FactForm) fill(v *store.Snapshot, actor *access.Actor, scope access.Scope, unrecorded bool) error {
	members, err := v.Members(scope, f.Branch.Path)
	if err != nil {
		return err
	}
	members = slices.DeleteFunc(members, func(m domain.Member) bool { return m.Left != 0 })
	records, err := v.Records(members)
	if err != nil {
		return err
	}
	groups := map[domain.MemberID]domain.Grouping{}
	if f.Asked.Type == ruleset.Named {
		if groups, err = v.Groups(scope, f.Branch.Path); err != nil {
			return err
		}
	}
	for i := range members {
		m := &members[i]
		p := FactPerson{ID: m.ID, Name: m.Name, Own: actor.IsMember(m.ID)}
		f.now(&p, records[i].Facts, groups[m.ID])
		if p.Since == 0 {
			f.Unrecorded++
		} else if unrecorded {
			continue
		}
		f.People = append(f.People, p)
	}
	actor.See(len(f.People), func(i int) domain.MemberID { return f.People[i].ID })
	return nil
}

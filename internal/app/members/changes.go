package members

import (
	"context"
	"slices"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Changes (登记变动) is what can be changed of a member, with what was recorded.
type Changes struct {
	History
	Attributes []Attribute // what the rules want to know and the actor may record
	Exempt     string      // the exemption that holds; "" for none
	Exemptions []Exemption
	Waiting    []Waiting // exemptions that somebody has still to agree to
	Transfers  []Waiting // that somebody has still to agree to

	MayErase  bool // free texts about the member
	MayMove   bool
	Within    access.Scope // where the actor moves members by himself; elsewhere he asks
	Offices   []string     // of the member in his branch, which end with a move
	Secondary []domain.SecondaryMembership
	All       []domain.Org // of which a member may be at any branch: those of his street
}

// Attribute is one thing that the rules want to know, with what holds today.
type Attribute struct {
	*ruleset.Attribute
	Now string // in words; "" for not recorded
}

// Exemption is one exemption of the rules as it would be recorded by an actor.
type Exemption struct {
	Code  string
	Does  string   // in words: 不计分
	Steps []string // of the rules, that who records it answers for
	Above []string // organs that are asked afterwards
}

// Changes returns what an actor can change of a member; fault.NotFound outside the
// scope, and where no rules are in force.
func (s *Service) Changes(ctx context.Context, actor *access.Actor, id domain.MemberID) (out Changes, err error) {
	r := reader{actor: actor, permission: access.ManageMembers, scope: actor.Scope(access.ManageMembers)}
	r.own = actor.IsMember(id)
	err = s.look(ctx, &r, func(v *store.Snapshot) (domain.Member, string, error) {
		out = Changes{}
		err := s.changes(v, actor, r.scope, id, &out)
		return out.Member, recordedOfHim, err
	})
	return out, err
}

func (s *Service) changes(
	v *store.Snapshot, actor *access.Actor, scope access.Scope, id domain.MemberID, out *Changes,
) (err error) {
	if out.History, err = s.history(v, scope, id); err != nil {
		return err
	}
	m := &out.Member
	if out.Book, err = s.standings.Book(v, m.Home.Path, s.Today(v)); err != nil { // nothing to record under
		return err
	}
	s.offerReversals(v, actor, &out.History)
	out.MayMove, out.MayErase = actor.May(access.MoveMembers), actor.May(access.EraseTexts)
	records, err := v.Records([]domain.Member{*m})
	if err != nil {
		return err
	}
	out.attributes(&records[0], s.Today(v))
	if err := out.groups(v); err != nil {
		return err
	}
	out.Exemptions = exemptions(actor, out.Book, m)
	if err := s.changesWaiting(v, scope, id, out); err != nil {
		return err
	}
	if out.Within = actor.Scope(access.MoveMembers); actor.IsMember(id) {
		out.Within = access.Scope{}
	}
	if out.Offices, err = officesAt(v, id, m.Home.Path); err != nil {
		return err
	}
	street := domain.Ancestor(m.Home.Path, domain.Street)
	if m.Home.Path != "" {
		out.All, err = v.Orgs(access.System("a member may go to any branch of the street"), street)
		if err != nil {
			return err
		}
	}
	if out.Secondary, err = v.SecondaryMemberships(scope, id, s.Today(v)); err != nil {
		return err
	}
	return nil
}

// offerReversals marks what the actor may take back.
func (s *Service) offerReversals(v *store.Snapshot, actor *access.Actor, h *History) {
	steps := make([]domain.HistoryItem, len(h.Items))
	for i := range h.Items {
		steps[i] = h.Items[i].HistoryItem
	}
	for i := range steps {
		h.Items[i].Reversible = s.ledger.reversible(v, actor, &h.Member, steps, &steps[i]) == nil
	}
}

// attributes lists what the rules want to know of a member, with what holds today.
// Whoever moves nobody records no discipline; ages and lengths of service follow
// from days.
func (c *Changes) attributes(record *domain.MemberHistory, today calendar.Day) {
	now := map[string]domain.Value{}
	for _, f := range record.Facts {
		if f.From <= today {
			now[f.Attribute] = f.Value // by day
		}
	}
	for i := range c.Book.Attributes {
		a := &c.Book.Attributes[i]
		value, known := now[a.Name]
		switch {
		case i == ruleset.Exempted:
			if known && value.Text != domain.NoExemption {
				c.Exempt = value.Text
			}
			continue
		case a.Type == ruleset.Age, a.Type == ruleset.Service, i == ruleset.Discipline && !c.MayMove:
			continue
		}
		in := Attribute{Attribute: a}
		if known {
			in.Now = a.Text(value)
		}
		c.Attributes = append(c.Attributes, in)
	}
}

// groups adds in which group and at which hub the member is, with the names of those that the
// branch has.
func (c *Changes) groups(v *store.Snapshot) error {
	m := &c.Member
	if m.Left != 0 || m.Home.Path == "" {
		return nil
	}
	is, err := v.Groups(access.System("what the groups of a branch are called"), m.Home.Path)
	if err != nil {
		return err
	}
	names, err := groupNames(v, m.Home.Path)
	own := groupingsIn(nil, names)
	for i := range own {
		if a := &own[i]; c.Book.Attribute(a.Name) < 0 {
			c.Attributes = append(c.Attributes, Attribute{Attribute: a, Now: is[m.ID].Of(a.Name)})
		}
	}
	return err
}

// exemptions lists by what a member may be exempted, which steps who records it
// answers for and whom he has to ask.
func exemptions(actor *access.Actor, book *ruleset.RuleSet, m *domain.Member) (out []Exemption) {
	for i := range book.Exemptions {
		e := &book.Exemptions[i]
		x := Exemption{
			Code: e.Code, Does: Exempts(book, e.Code),
			Above: domain.NamesOf(actor.Chain(m.ID, m.Home.Path, nil, e.Approve)),
		}
		for _, step := range domain.NamesOf(e.Approve) {
			if !slices.Contains(x.Above, step) {
				x.Steps = append(x.Steps, step)
			}
		}
		out = append(out, x)
	}
	return out
}

// changesWaiting adds the exemptions and transfers of a member that somebody has still to agree
// to.
func (s *Service) changesWaiting(v *store.Snapshot, scope access.Scope, id domain.MemberID, out *Changes) error {
	list, err := v.WaitingOf(scope, id)
	if err != nil {
		return err
	}
	waiting, err := s.waiting(v, list)
	for i := range waiting {
		switch waiting[i].Kind {
		case domain.ExemptionRequest:
			out.Waiting = append(out.Waiting, waiting[i])
		case domain.TransferRequest:
			out.Transfers = append(out.Transfers, waiting[i])
		}
	}
	return err
}

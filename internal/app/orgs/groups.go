package orgs

import (
	"context"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Groups (党小组) holds how a branch divides its members today.
type Groups struct {
	Org       domain.Org
	Kinds     []Grouping
	MayManage bool // whether the actor may record who is in which
}

// Grouping holds the groups of a branch, or its hubs, in the order of their names, and behind
// them who is in none.
type Grouping struct {
	Kind   string // 党小组 or 党员中心户
	Groups []Group
	None   []domain.Member
}

// Group is one group or hub with who is in it.
type Group struct {
	Name    string
	Leaders []string // who leads it, by the name of the account
	Members []domain.Member
}

// Groups returns how a branch divides its members today; fault.NotFound outside the actor's scope.
func (s *Service) Groups(ctx context.Context, actor *access.Actor, id domain.OrgID) (out Groups, err error) {
	scope := actor.Scope(access.SeeMembers)
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		out = Groups{}
		if out.Org, err = branchOf(v, scope, id); err != nil {
			return err
		}
		out.MayManage = actor.Scope(access.ManageMembers).Covers(out.Org.Path)
		all, err := v.Members(scope, out.Org.Path)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(m domain.Member) bool { return m.Left != 0 })
		is, err := v.Groups(scope, out.Org.Path)
		if err != nil {
			return err
		}
		holders, err := v.HoldersBelow(scope, out.Org.Path)
		for _, kind := range domain.Groupings() {
			g := grouped(all, is, kind)
			if kind == domain.Group {
				g.lead(holders)
			}
			out.Kinds = append(out.Kinds, g)
		}
		actor.See(len(all), func(i int) domain.MemberID { return all[i].ID })
		return err
	}, access.SeeMembers)
	return out, err
}

// grouped divides members, who come in the order of their numbers.
func grouped(all []domain.Member, is map[domain.MemberID]domain.Grouping, kind string) Grouping {
	out := Grouping{Kind: kind}
	for _, m := range all {
		name := is[m.ID].Of(kind)
		if name == "" {
			out.None = append(out.None, m)
			continue
		}
		at := slices.IndexFunc(out.Groups, func(g Group) bool { return g.Name == name })
		if at < 0 {
			at, out.Groups = len(out.Groups), append(out.Groups, Group{Name: name})
		}
		out.Groups[at].Members = append(out.Groups[at].Members, m)
	}
	slices.SortFunc(out.Groups, func(a, b Group) int {
		return strings.Compare(domain.GroupOrder(a.Name), domain.GroupOrder(b.Name))
	})
	return out
}

// lead notes who leads which group.
func (g *Grouping) lead(holders []access.Holder) {
	for i := range holders {
		h := &holders[i]
		at := slices.IndexFunc(g.Groups, func(x Group) bool { return x.Name == h.Group })
		if h.Role == domain.RoleLeader && at >= 0 {
			g.Groups[at].Leaders = append(g.Groups[at].Leaders, h.Name)
		}
	}
}

// OwnGroup is the group of a branch that its leader reads, with the points of its members.
type OwnGroup struct {
	*standings.Population
	Branch  string
	Name    string
	Choices standings.Choices
}

// OwnGroup returns the group that the actor leads, of several the first; fault.NotFound for who
// leads none. Nobody is in a group that the branch has not.
func (s *Service) OwnGroup(ctx context.Context, actor *access.Actor, w standings.When) (*OwnGroup, error) {
	g, leads := actor.Leads()
	if !leads {
		return nil, fault.New(fault.NotFound, "这个职务没有党小组").WithHint("党小组长才有这一页")
	}
	scope, out := actor.Scope(access.SeeMembers), &OwnGroup{}
	err := s.standings.LookAt(ctx, actor, func(v *store.Snapshot) (standings.Question, error) {
		q, err := s.standings.Ask(v, scope, w)
		q.Below = g.Path
		return q, err
	}, func(v *store.Snapshot, p *standings.Population) (_ audit.Action, _ audit.What, err error) {
		*out = OwnGroup{Population: p, Branch: g.Org, Name: g.Group}
		actor.See(len(p.Rows), func(i int) domain.MemberID { return p.Rows[i].Member.ID })
		out.Choices, err = s.standings.Choices(v, g.Path, w.Scheme)
		return "", audit.What{}, err
	}, access.SeeMembers)
	return out, err
}

package orgs

import (
	"cmp"
	"context"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Branch is a branch (支部) with the points of its members, ranked.
type Branch struct {
	*standings.Population
	Org       domain.Org
	Community string // the name of what it belongs to
	Choices   standings.Choices
	Locked    bool // the period
	Waiting   int  // how much waits for the actor to decide, of this branch and others
	MayRecord bool // whether the actor may record here
	MayManage bool // whether the actor may record what holds of the members
	Lacking   []Lacking
	Others    ByOthers                            // not seen yet
	Groups    map[domain.MemberID]domain.Grouping // in which the members are today
}

// Lacking (缺资料) is one attribute that a category or an item asks for, and of how many members
// nobody has recorded it.
type Lacking struct {
	Attribute string
	Members   int
}

// lacking counts of how many members each attribute is missing, the most first.
func lacking(p *standings.Population) (out []Lacking) {
	for i := range p.Rows {
		for _, attribute := range p.Rows[i].Standing.Missing {
			at := slices.IndexFunc(out, func(l Lacking) bool { return l.Attribute == attribute })
			if at < 0 {
				at, out = len(out), append(out, Lacking{Attribute: attribute})
			}
			out[at].Members++
		}
	}
	slices.SortStableFunc(out, func(a, b Lacking) int {
		return cmp.Or(cmp.Compare(b.Members, a.Members), cmp.Compare(a.Attribute, b.Attribute))
	})
	return out
}

// Branch returns a branch as secretaries look at it; fault.NotFound outside the
// actor's scope.
func (s *Service) Branch(
	ctx context.Context, actor *access.Actor, id domain.OrgID, w standings.When,
) (*Branch, error) {
	out := &Branch{}
	scope := actor.Scope(access.SeeMembers)
	err := s.standings.LookAt(ctx, actor, func(v *store.Snapshot) (standings.Question, error) {
		org, err := branchOf(v, scope, id)
		if err != nil {
			return standings.Question{}, err
		}
		q, err := s.standings.Ask(v, scope, w)
		q.Below = org.Path
		return q, err
	}, func(v *store.Snapshot, p *standings.Population) (audit.Action, audit.What, error) {
		p.Place()
		*out = Branch{Population: p}
		if err := s.fill(v, actor, id, w.Scheme, out); err != nil {
			return "", audit.What{}, err
		}
		seen := out.Others.members()
		for i := range p.Rows {
			seen = append(seen, p.Rows[i].Member.ID)
		}
		actor.See(len(seen), func(i int) domain.MemberID { return seen[i] })
		return "", audit.What{}, nil
	}, access.SeeMembers)
	return out, err
}

func (s *Service) fill(
	v *store.Snapshot, actor *access.Actor, id domain.OrgID, scheme string, out *Branch,
) (err error) {
	if out.Org, err = branchOf(v, actor.Scope(access.SeeMembers), id); err != nil {
		return err
	}
	if out.Community, err = above(v, out.Org); err != nil {
		return err
	}
	if out.Choices, err = s.standings.Choices(v, out.Org.Path, scheme); err != nil {
		return err
	}
	if out.Locked, err = v.Locked(id, out.Period.String()); err != nil {
		return err
	}
	out.MayRecord = actor.Scope(access.Record).Covers(out.Org.Path)
	out.MayManage = actor.Scope(access.ManageMembers).Covers(out.Org.Path)
	out.Lacking = lacking(out.Population)
	if out.Others, err = s.byOthers(v, actor, out.Org, true); err != nil {
		return err
	}
	if out.Groups, err = v.Groups(actor.Scope(access.SeeMembers), out.Org.Path); err != nil {
		return err
	}
	if actor.May(access.Decide) {
		out.Waiting, err = s.waiting(v, actor)
	}
	return err
}

// branchOf returns a branch of a scope.
func branchOf(v *store.Snapshot, scope access.Scope, id domain.OrgID) (domain.Org, error) {
	o, err := v.Org(scope, id)
	if err == nil && o.Level != domain.Branch {
		err = fault.New(fault.NotFound, "没有找到")
	}
	return o, fault.Hide(err, "这个支部")
}

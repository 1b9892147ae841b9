// Package orgs knows the organisations (组织): the tree of them, what one has come
// to, and how one is set up, renamed and closed.
package orgs

import (
	"context"
	"slices"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Service reads and changes organisations.
type Service struct {
	kernel.Kernel
	standings *standings.Service
	waiting   Waiting
}

// Waiting counts what waits for an actor to decide.
type Waiting func(v *store.Snapshot, actor *access.Actor) (int, error)

// New makes the service. zone is that of the organisation.
func New(db *store.DB, s *standings.Service, zone *time.Location, waiting Waiting) *Service {
	return &Service{kernel.Kernel{DB: db, Zone: zone}, s, waiting}
}

// Listed is one organisation of the tree.
type Listed struct {
	domain.Org
	Depth    int             // below the highest of the list
	Members  int             // who belong to it and to those below, as of now
	Officers []access.Holder // who hold office in it
}

// List returns the organisations whose members the actor sees, each followed by
// those below it.
func (s *Service) List(ctx context.Context, actor *access.Actor) (out []domain.Org, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		out, err = v.Orgs(actor.Scope(access.SeeMembers), "")
		return err
	}, access.SeeMembers)
	return out, err
}

// Named is an organisation with what it was called before, the oldest first.
type Named struct {
	domain.Org
	Former []string
}

// Named returns the organisations of the actor's scope, each followed by those below it.
func (s *Service) Named(ctx context.Context, actor *access.Actor) (out []Named, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		scope := actor.Scope(access.SeeBranches)
		list, err := v.Orgs(scope, "")
		if err != nil {
			return err
		}
		former, err := v.FormerNames(scope)
		out = make([]Named, len(list))
		for i, o := range list {
			out[i] = Named{o, former[o.ID]}
		}
		return err
	}, access.SeeBranches)
	return out, err
}

// FormerNames returns what organisations were called before, the oldest first: whoever
// knows an organisation may know that.
func (s *Service) FormerNames(ctx context.Context, actor *access.Actor) (out map[domain.OrgID][]string, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		out, err = v.FormerNames(actor.StreetScope())
		return err
	}, access.SignedIn)
	return out, err
}

// Nearby returns the organisations of the streets in which the actor has a role, each
// followed by those below it; all of them for who has one over the whole database.
func (s *Service) Nearby(ctx context.Context, actor *access.Actor) (out []domain.Org, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		out, err = v.Orgs(actor.StreetScope(), "")
		return err
	}, access.SignedIn)
	return out, err
}

// Managed returns the organisations that the actor may change, or set others up below,
// each followed by those below it.
func (s *Service) Managed(ctx context.Context, actor *access.Actor) (out []domain.Org, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		if out, err = v.Orgs(actor.Scope(access.ManageOrgs), ""); err != nil || len(out) > 0 {
			return err
		}
		all, err := v.Orgs(actor.Scope(access.ManageStreets), "")
		out = slices.DeleteFunc(all, func(o domain.Org) bool { return o.Level != domain.District })
		return err
	}, access.ManageOrgs, access.ManageStreets)
	return out, err
}

// Streets is a district with the streets below it.
type Streets struct {
	District domain.Org
	Streets  []domain.Org
}

// Streets returns the district of the database; fault.NotFound where a street stands
// at the top.
func (s *Service) Streets(ctx context.Context, actor *access.Actor) (out Streets, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		all, err := v.Orgs(actor.Scope(access.ManageStreets), "")
		for _, o := range all {
			switch o.Level {
			case domain.District:
				out.District = o
			case domain.Street:
				out.Streets = append(out.Streets, o)
			case domain.Community, domain.Branch:
			}
		}
		if err == nil && out.District.ID == "" {
			err = fault.New(fault.NotFound, "这个数据库最上一级就是街道，没有区").WithHint("几个街道合用的，用 jifen init --district 建")
		}
		return err
	}, access.ManageStreets)
	return out, err
}

// Tree returns the organisations of the actor's scope, each followed by those
// below it.
func (s *Service) Tree(ctx context.Context, actor *access.Actor) (out []Listed, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		out, err = listed(v, actor.Scope(access.SeeBranches), "")
		return err
	}, access.SeeBranches)
	return out, err
}

// listed returns the organisations of a scope at and below a path.
func listed(v *store.Snapshot, scope access.Scope, below string) ([]Listed, error) {
	list, err := v.Orgs(scope, below)
	if err != nil {
		return nil, err
	}
	members, err := v.Members(scope, below)
	if err != nil {
		return nil, err
	}
	at := map[domain.OrgID]int{}
	for i := range members {
		if members[i].Left == 0 {
			for id := range strings.SplitSeq(members[i].Home.Path, ".") {
				at[domain.OrgID(id)]++
			}
		}
	}
	holders, err := v.Holders(scope)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(list))
	for i, o := range list {
		out[i] = Listed{Org: o, Depth: domain.Depth(list, &o), Members: at[o.ID]}
		for _, h := range holders {
			if h.Path == o.Path {
				out[i].Officers = append(out[i].Officers, h)
			}
		}
	}
	return out, nil
}

// Detail is one organisation with what stands above and what became of it.
type Detail struct {
	Listed
	Above   string             // the name of what stands above; "" for the highest
	Below   *domain.Level      // of what may be set up below it; nil for a branch
	History []domain.OrgChange // the latest first
	MayKeep bool               // whether the actor may change it
}

// Detail returns one organisation; fault.NotFound outside the actor's scope.
func (s *Service) Detail(ctx context.Context, actor *access.Actor, id domain.OrgID) (*Detail, error) {
	var out *Detail
	scope := actor.Scope(access.SeeBranches)
	err := s.Read(ctx, actor, func(v *store.Snapshot) error {
		o, err := v.Org(scope, id)
		if err != nil {
			return fault.Hide(err, "这个组织")
		}
		rows, err := listed(v, scope, o.Path)
		if err != nil {
			return err
		}
		out = &Detail{Listed: rows[0], MayKeep: actor.Scope(access.ManageOrgs).Covers(o.Path)}
		if o.Parent != "" {
			if out.Above, err = above(v, o); err != nil {
				return err
			}
		}
		if o.Level != domain.Branch {
			below := o.Level - 1
			out.Below = &below
		}
		out.History, err = v.OrgChanges(scope, id)
		return err
	}, access.SeeBranches)
	return out, err
}

// above returns the name of what stands above an organisation.
func above(v *store.Snapshot, o domain.Org) (string, error) {
	up, err := v.Org(access.System("the name of what stands above is no secret"), o.Parent)
	return up.Name, err
}

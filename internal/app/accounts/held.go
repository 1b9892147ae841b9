package accounts

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// HeldRole is a role that somebody has, with the organisation that it is over.
type HeldRole struct {
	Role domain.Role
	Org  domain.Org // the zero Org where it is over none
}

// OwnRoles returns the roles of who asks, in the order given.
func (s *Service) OwnRoles(ctx context.Context, actor *access.Actor) (out []HeldRole, err error) {
	if !actor.May(access.SignedIn) {
		return nil, fault.New(fault.Unauthenticated, "还没有登录")
	}
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		out = nil
		for _, g := range actor.Grants {
			held := HeldRole{Role: g.Role}
			if g.Path != "" {
				orgs, err := v.Orgs(actor.Scope(access.SeeMembers), g.Path)
				if err != nil {
					return err
				}
				if len(orgs) > 0 {
					held.Org = orgs[0]
				}
			}
			out = append(out, held)
		}
		return nil
	})
	return out, err
}

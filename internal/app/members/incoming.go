package members

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Incoming returns a branch to which an actor may ask a member of another to come;
// fault.NotFound for every other.
func (s *Service) Incoming(
	ctx context.Context, actor *access.Actor, branch domain.OrgID,
) (org domain.Org, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		org, err = v.Org(actor.Scope(access.ManageMembers), branch)
		if err == nil && (org.Level != domain.Branch || !org.Kind.Homes() || org.Closed != 0) {
			err = fault.Hidden(nil, "这个支部")
		}
		return fault.Hide(err, "这个支部")
	}, access.ManageMembers)
	return org, err
}

// AsksFor reports whether what is foreseen is that the side to which a member goes asks for
// him, for an actor who does not look after him.
func (f *Foreseen) AsksFor(actor *access.Actor) bool {
	return len(f.Asked) > 0 && !actor.Scope(access.ManageMembers).Covers(f.Member.Home.Path)
}

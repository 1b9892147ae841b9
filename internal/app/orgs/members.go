package orgs

import (
	"context"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// MemberPage is a piece of the list of members, by number.
type MemberPage struct {
	Members []domain.Member
	Next    domain.MemberID // the one after which the next piece begins; "" on the last
}

// Members returns at most n members of an organisation after one, those who have
// left among them; "" is the highest organisation that the actor sees, and the
// first piece. fault.NotFound outside the actor's scope.
func (s *Service) Members(
	ctx context.Context, actor *access.Actor, id domain.OrgID, after domain.MemberID, n int,
) (out MemberPage, err error) {
	scope := actor.Scope(access.SeeMembers)
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		org, err := s.standings.OrgOf(v, scope, id)
		if err != nil {
			return err
		}
		all, err := v.Members(scope, org.Path)
		if err != nil {
			return err
		}
		from, found := slices.BinarySearchFunc(all, after, func(m domain.Member, after domain.MemberID) int {
			return strings.Compare(string(m.ID), string(after))
		})
		if found {
			from++
		}
		to := min(from+n, len(all))
		out = MemberPage{Members: slices.Clone(all[from:to])}
		actor.See(len(out.Members), func(i int) domain.MemberID { return out.Members[i].ID })
		if from < to && to < len(all) {
			out.Next = all[to-1].ID
		}
		return nil
	}, access.SeeMembers)
	return out, err
}

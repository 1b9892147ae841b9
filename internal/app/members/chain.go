package members

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// maxChain limits the entries of the chains of one answer.
const maxChain = 200

// Chain (封存记录) is what stands in the chains of a member, the latest recorded
// first.
type Chain struct {
	Member  domain.Member
	Book    *ruleset.RuleSet // the main one of today
	Entries []domain.ChainEntry
	More    bool // there are more of them
	Broken  int  // those that do not hold
}

// Chain returns what is recorded of a member as it stands in the chains, and whether
// it still is as it was; fault.NotFound outside the scope.
func (s *Service) Chain(ctx context.Context, actor *access.Actor, id domain.MemberID) (out Chain, err error) {
	r := reading(actor, id)
	err = s.look(ctx, &r, func(v *store.Snapshot) (domain.Member, string, error) {
		out = Chain{}
		var err error
		if out.Member, err = member(v, r.scope, id); err != nil {
			return out.Member, "", err
		}
		if out.Book, err = s.standings.Book(v, out.Member.Home.Path, s.Today(v)); err != nil {
			return out.Member, "", err
		}
		out.Entries, err = v.MemberChain(r.scope, id, maxChain+1)
		if out.More = len(out.Entries) > maxChain; out.More {
			out.Entries = out.Entries[:maxChain]
		}
		for i := range out.Entries {
			if out.Entries[i].Wrong != "" {
				out.Broken++
			}
		}
		return out.Member, "封存记录", err
	})
	return out, err
}

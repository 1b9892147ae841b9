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
	Entries []ChainEntry
	More    bool // there are more of them
	Broken  int  // those that do not hold
}

// ChainEntry is one row that stands in a chain, in words.
type ChainEntry struct {
	domain.ChainEntry
	Title  string // what kind it is: 记录, 出勤
	Detail string // 志愿服务，2026-03-01
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
		entries, err := v.MemberChain(r.scope, id, maxChain+1)
		if out.More = len(entries) > maxChain; out.More {
			entries = entries[:maxChain]
		}
		for i := range entries {
			out.Entries = append(out.Entries, chainEntryOf(&entries[i]))
			if out.Entries[i].Wrong != "" {
				out.Broken++
			}
		}
		return out.Member, "封存记录", err
	})
	return out, err
}

// chainEntryOf puts what an entry stands for into words.
func chainEntryOf(e *domain.ChainEntry) ChainEntry {
	out := ChainEntry{ChainEntry: *e, Title: store.EntryKindWord(e.Kind), Detail: e.What + "，" + e.On.String()}
	if e.Status != "" {
		out.Detail = e.What + " " + string(e.Status) + "，" + e.On.String()
	}
	from := "，一直"
	if e.On != 0 {
		from = "，" + e.On.String() + " 起"
	}
	switch e.Kind {
	case "request_step":
		out.Title = e.Step.String()
	case "fact":
		out.Detail = e.What + from
	case "affiliation":
		out.Title, out.Detail = e.Affiliation.String(), e.What+from
		switch {
		case e.What == "":
			out.Title, out.Detail = "转出", "不在本街道"+from
		case e.Ended:
			out.Detail += "不再是"
		}
	}
	return out
}

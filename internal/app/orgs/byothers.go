package orgs

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// shownActs and actsOfDays limit what is told of what others did: how much, and since when.
const (
	shownActs  = 200
	actsOfDays = 366
)

// ByOthers (别处改动) holds what people without an office in a branch did to what its people
// had recorded: entries and attendance taken back or corrected, facts and moves taken back or
// recorded anew, claims returned.
type ByOthers struct {
	Branch  domain.Org
	Acts    []ActByOthers // the latest first
	More    int           // that are not among them
	Unseen  int           // of all
	MayMark bool          // as seen: who works in the branch itself
}

// ActByOthers is one thing that others did.
type ActByOthers struct {
	domain.ActByOthers
	Seen bool // somebody of the branch has marked it
	Open bool // the actor may look at the member, or the activity
}

// ByOthers returns what others did to what a branch had recorded, of a year; fault.NotFound
// outside the actor's scope.
func (s *Service) ByOthers(ctx context.Context, actor *access.Actor, id domain.OrgID) (out ByOthers, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		org, err := branchOf(v, actor.Scope(access.SeeMembers), id)
		if err != nil {
			return err
		}
		if out, err = s.byOthers(v, actor, org, false); err != nil {
			return err
		}
		seen := out.members()
		actor.See(len(seen), func(i int) domain.MemberID { return seen[i] })
		return nil
	}, access.SeeMembers)
	return out, err
}

func (s *Service) byOthers(v *store.Snapshot, actor *access.Actor, org domain.Org, unseen bool) (ByOthers, error) {
	out := ByOthers{Branch: org}
	scope := actor.Scope(access.SeeMembers)
	out.MayMark = mayMark(actor, &org)
	seen, err := v.ActsSeen(org.ID)
	if err != nil {
		return out, err
	}
	after := store.Instant(v.Now().AddDate(0, 0, -actsOfDays))
	if unseen {
		after = max(after, seen)
	}
	list, err := v.ActsByOthers(org.ID, after)
	for i := range list {
		act := ActByOthers{ActByOthers: list[i], Seen: list[i].At <= seen}
		act.Open = act.Record.Activity != 0 || scope.Sees(act.Member, act.Home)
		if !act.Seen {
			out.Unseen++
		}
		if len(out.Acts) == shownActs {
			out.More++
			continue
		}
		out.Acts = append(out.Acts, act)
	}
	return out, err
}

// members returns whom a list shows.
func (o *ByOthers) members() (out []domain.MemberID) {
	for i := range o.Acts {
		if id := o.Acts[i].Member; id != "" {
			out = append(out, id)
		}
	}
	return out
}

// mayMark reports whether an actor works in a branch itself: those above mark nothing as seen
// in its place.
func mayMark(actor *access.Actor, org *domain.Org) bool {
	return actor.Scope(access.Record).Covers(org.Path) && !actor.Above(access.Record, org.Path)
}

// ActsSeen says up to which instant what others did was seen in a branch.
type ActsSeen struct {
	Branch domain.OrgID
	Until  string // the At of the latest that was shown
}

// MarkSeen records that what others did was seen in a branch; fault.NotFound outside the scope,
// fault.Forbidden for those above, fault.Invalid for an instant at which nothing was done.
func (s *Service) MarkSeen(ctx context.Context, actor *access.Actor, a ActsSeen) error {
	return s.Write(ctx, actor, func(tx *store.Tx) error {
		org, err := branchOf(&tx.Snapshot, actor.Scope(access.Record), a.Branch)
		if err != nil {
			return err
		}
		if !mayMark(actor, &org) {
			return fault.New(fault.Forbidden, "别处改动由“%s”的人来看", org.Name).WithHint("请支部书记看过以后标")
		}
		out, err := s.byOthers(&tx.Snapshot, actor, org, false)
		if err != nil {
			return err
		}
		for i := range out.Acts {
			switch act := &out.Acts[i]; {
			case act.At != a.Until:
				continue
			case act.Seen: // another of the branch was quicker
				return nil
			}
			if err := tx.InsertActsSeen(org.ID, a.Until, actor.Account); err != nil {
				return err
			}
			return audit.Record(tx, actor, audit.SawActs, audit.What{Org: org.ID})
		}
		return fault.New(fault.Invalid, "没有这一条别处改动").WithHint("重新打开这一页再标")
	}, access.Record)
}

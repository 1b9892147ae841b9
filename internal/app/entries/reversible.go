package entries

import (
	"context"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Reversible is an entry that an actor may reverse, with what that would do.
type Reversible struct {
	domain.RecordedEntry
	Of            domain.Member
	Counts        domain.Points // what it counts now
	Before, After domain.Points // the member's total
}

// Reversible returns an entry with what reversing it would do; it refuses what
// Reverse would refuse. It leaves a line in the trail.
func (s *Service) Reversible(
	ctx context.Context, actor *access.Actor, id domain.EntryID,
) (out Reversible, err error) {
	err = s.Look(ctx, actor, func(v *store.Snapshot) (audit.Action, audit.What, error) {
		if out.RecordedEntry, err = v.Entry(actor.Scope(access.Record), id); err != nil {
			return "", audit.What{}, fault.Hide(err, "这条记录")
		}
		now, err := s.reversible(v, actor, &out.RecordedEntry)
		if err != nil {
			return "", audit.What{}, err
		}
		without := now.record
		itself := func(x domain.Entry) bool { return x.ID == out.Entry.ID }
		without.Entries = slices.DeleteFunc(slices.Clone(without.Entries), itself)
		res := now.Member(&now.record)
		out.Of, out.Before, out.After = now.member, res.Standing.Total, now.Member(&without).Standing.Total
		total, idle := res.Lines()
		if l := find(&total, idle, out.Entry.ID); l != nil {
			out.Counts = l.Value
		}
		detail := "撤销前：" + out.Entry.Item + " " + out.Entry.On.String()
		return audit.ReadMember, audit.What{Org: out.Of.Home.ID, Member: out.Member, Detail: detail}, nil
	}, access.Record)
	return out, err
}

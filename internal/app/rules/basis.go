package rules

import (
	"slices"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// versions are those of the members of a rehearsal: every change of a member's
// inputs raises his.
type versions map[domain.MemberID]int64

// basis holds the state a rehearsal was made from. It takes long, so it is a read; before
// the text is put in force, what has changed since is looked at again.
type basis struct {
	today   calendar.Day
	inForce string // store.Snapshot.InForceMarkAt
	members versions
}

func (s *Service) basisOf(v *store.Snapshot, org domain.OrgID, members []domain.Member) (b basis, err error) {
	b = basis{today: s.today(v), members: make(versions, len(members))}
	for i := range members {
		b.members[members[i].ID] = members[i].Version
	}
	b.inForce, err = v.InForceMarkAt(org)
	return b, err
}

// stillAllowed refuses to put a reviewed draft in force if what happened since the
// review forbids it, and returns of how many it changes points of days past.
// Rehearsed again is only who changed since. fault.Stale where other texts came
// into force, or another day began: the review is of something else then.
func (s *Service) stillAllowed(v *store.Snapshot, actor *access.Actor, r *Review, agreed bool) (past int, err error) {
	d, err := v.Draft(scope(actor), r.Draft.ID)
	if err != nil {
		return 0, fault.Wrap(err, fault.NotFound, "没有这份草案")
	}
	if d.Enacted || d.Withdrawn {
		return 0, confirmedAlready()
	}
	was := &r.Rehearsal.basis
	is, err := s.basisOf(v, r.Draft.Org.ID, nil)
	if err != nil {
		return 0, err
	}
	if is.today != was.today || is.inForce != was.inForce {
		return 0, fault.New(fault.Stale, "看的时候又有办法启用，或者过了一天，预演的不是现在的样子").WithHint("再看一遍预演，再确认")
	}
	if err := s.checkDay(v, &r.Draft, r.Book); err != nil {
		return 0, err
	}
	again, err := s.rehearse(v, &r.Draft, r.Book, was.members)
	if err != nil {
		return 0, err
	}
	return len(again.Past) + keptPast(r.Rehearsal.Past, again.basis.members), again.allows(agreed)
}

// keptPast counts those who are not rehearsed again.
func keptPast(list []Moved, again versions) int {
	return len(slices.DeleteFunc(slices.Clone(list),
		func(m Moved) bool { _, changed := again[m.Member.ID]; return changed }))
}

// Package recording holds what entries and activities ask alike when something is
// recorded: who is on the list of a branch, and what those of others are called.
package recording

import (
	"cmp"
	"slices"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Branch returns a branch that an actor records for; fault.NotFound for every other
// organisation.
func Branch(v *store.Snapshot, actor *access.Actor, id domain.OrgID) (domain.Org, error) {
	o, err := v.Org(actor.Scope(access.Record), id)
	if err == nil && o.Level != domain.Branch {
		return o, fault.Hidden(nil, "这个支部")
	}
	return o, fault.Hide(err, "这个支部")
}

// Listed returns who is on the list of a branch on a day: its members who are
// still here, and those of other branches who are guests (流入) or take part there.
func Listed(v *store.Snapshot, actor *access.Actor, branch domain.Org, on calendar.Day) ([]domain.Member, error) {
	scope := actor.Scope(access.Record)
	members, err := v.Members(scope, branch.Path)
	if err != nil {
		return nil, err
	}
	others, err := v.Participants(scope, branch.ID, on)
	for i := range others {
		if others[i].Home.ID != branch.ID {
			members = append(members, others[i])
		}
	}
	members = slices.DeleteFunc(members, func(m domain.Member) bool { return m.Left != 0 })
	actor.See(len(members), func(i int) domain.MemberID { return members[i].ID })
	return members, err
}

// Stranger returns what somebody outside a scope is called: his name where he was
// known as a guest on a day, else the number by which he was recorded.
func Stranger(
	v *store.Snapshot, scope access.Scope, id domain.MemberID, name string, on calendar.Day,
) (string, error) {
	known, err := v.Guest(scope, id, on)
	if !known {
		name = "编号 " + string(id)
	}
	return name, err
}

// Called returns what a member is called to an actor who records: his name where the actor
// looks after him or is himself, what Stranger says of everybody else.
func Called(v *store.Snapshot, actor *access.Actor, m *domain.Member, on calendar.Day) (string, error) {
	scope := actor.Scope(access.Record)
	if actor.IsMember(m.ID) || scope.Sees(m.ID, m.Home.Path) {
		return m.Name, nil
	}
	return Stranger(v, scope, m.ID, m.Name, on)
}

// Meant returns the number that the register has of one that a person typed, the
// same where there is none: whoever reads the member then tells that.
func Meant(v *store.Snapshot, typed domain.MemberID) (domain.MemberID, error) {
	numbers, err := v.NumbersMeant([]domain.MemberID{typed})
	return cmp.Or(numbers[typed], typed), err
}

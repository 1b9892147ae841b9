package access

import (
	"slices"

	"jifen/internal/domain"
)

// SamePerson reports whether two are one person: of one account, or one as members. It is
// what every rule asks by which nobody acts for himself, or by which two persons act.
func SamePerson(a, b domain.Person) bool {
	return a.Account != 0 && a.Account == b.Account || a.Member != "" && a.Member == b.Member
}

// TwoPersons reports whether two are surely two: of both has been said who they are, and
// they are not one.
func TwoPersons(a, b domain.Person) bool { return a.Settled && b.Settled && !SamePerson(a, b) }

// OverPoints reports whether a role is an office by which points come about: whoever holds
// one must be known as a person.
func OverPoints(role domain.Role) bool {
	return slices.ContainsFunc([]Permission{Record, Decide, LockPeriods, Import, ManageMembers, MoveMembers, EraseTexts,
		EnactRules}, func(p Permission) bool { return grants(role, p) })
}

// Person returns who acts; nobody for the program itself.
func (a *Actor) Person() domain.Person {
	if a == nil || a.reason != "" {
		return domain.Person{}
	}
	return domain.Person{Account: a.Account, Member: a.Member, Settled: a.Settled}
}

// IsMember reports whether who acts is a member himself.
func (a *Actor) IsMember(id domain.MemberID) bool {
	return SamePerson(a.Person(), domain.Person{Member: id})
}

package access

import (
	"slices"

	"jifen/internal/party"
)

// Level returns the level of the organisations that a role is over; ok is false
// for a role that is over none.
func (r Role) Level() (level party.Level, ok bool) {
	switch r {
	case StreetClerk:
		return party.Street, true
	case Community:
		return party.Community, true
	case Secretary:
		return party.Branch, true
	default:
		return 0, false
	}
}

// OverOrg reports whether a role is one over organisations.
func (r Role) OverOrg() bool {
	_, ok := r.Level()
	return ok
}

// Alone reports whether an account with a role holds no other, and is no member's:
// its holder sees his own points by another account.
func (r Role) Alone() bool { return r == Administrator || r == Auditor }

// Compatible reports whether one account may hold these roles together.
func Compatible(roles []Role) bool {
	for _, r := range roles {
		if !slices.Contains(Roles(), r) || (r.Alone() && len(roles) > 1) {
			return false
		}
	}
	return true
}

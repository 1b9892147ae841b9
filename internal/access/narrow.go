package access

import (
	"slices"

	"jifen/internal/domain"
)

// Within returns the actor as far as a token lets him act: in its role alone, where it
// has one, and only reading, where it only reads.
func (a *Actor) Within(s domain.TokenScope) *Actor {
	if a == nil || s == (domain.TokenScope{}) {
		return a
	}
	out := *a
	out.readOnly = a.readOnly || s.ReadOnly
	if s.Role != "" {
		out.held = nil
		out.Grants = slices.DeleteFunc(slices.Clone(a.Grants), func(g Grant) bool { return g.Role != s.Role })
	}
	return &out
}

// ReadOnly reports whether an actor may only read, whatever his roles.
func (a *Actor) ReadOnly() bool { return a != nil && a.readOnly }

// withholds reports whether an actor who only reads is refused a permission.
func (a *Actor) withholds(p Permission) bool {
	reading := []Permission{SignedIn, SeeOwn, SeeMembers, SeeBranches, Export, SeeTrail}
	return a.readOnly && !slices.Contains(reading, p)
}

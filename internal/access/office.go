package access

import (
	"slices"
	"strings"

	"jifen/internal/domain"
)

// office reports whether a grant is an office: being a member is none.
func (g Grant) office() bool { return g.Role != domain.RoleMember }

// Key returns what tells an office from every other of one account: its role and the number
// of its organisation.
func (g Grant) Key() string {
	ids := strings.Split(strings.TrimSuffix(g.Path, "."), ".")
	return string(g.Role) + ":" + ids[len(ids)-1]
}

// Words returns an office in words: its role, the organisation that it is over and
// the group of it.
func (g Grant) Words() string {
	switch {
	case g.Org == "":
		return g.Role.String()
	case g.Group != "":
		return g.Role.String() + "（" + g.Org + "，" + g.Group + "）"
	}
	return g.Role.String() + "（" + g.Org + "）"
}

// Held returns all that an account holds, whatever its holder works in now.
func (a *Actor) Held() []Grant {
	if a == nil || a.held == nil {
		return a.grants()
	}
	return a.held
}

func (a *Actor) grants() []Grant {
	if a == nil {
		return nil
	}
	return a.Grants
}

// Offices returns the offices that an account holds, in the order given.
func (a *Actor) Offices() (out []Grant) {
	for _, g := range a.Held() {
		if g.office() {
			out = append(out, g)
		}
	}
	return out
}

// Working returns the actor as he works in one of his offices: that of a key, or the first
// where he does not hold that one any more. As a member he is seen all the same.
func (a *Actor) Working(key string) *Actor {
	offices := a.Offices()
	if len(offices) == 0 {
		return a
	}
	at := max(0, slices.IndexFunc(offices, func(g Grant) bool { return g.Key() == key }))
	out := *a
	out.held = a.Held()
	out.Grants = slices.DeleteFunc(slices.Clone(out.held), func(g Grant) bool {
		return g.office() && g.Key() != offices[at].Key()
	})
	return &out
}

// Office returns the office in which the actor works; ok is false where he holds none, or
// acts in all that he holds.
func (a *Actor) Office() (g Grant, ok bool) {
	if a == nil || a.held == nil {
		return g, false
	}
	i := slices.IndexFunc(a.Grants, Grant.office)
	if i < 0 {
		return g, false
	}
	return a.Grants[i], true
}

// Holds reports whether the account holds an office, by its key.
func (a *Actor) Holds(key string) bool {
	return slices.ContainsFunc(a.Offices(), func(g Grant) bool { return g.Key() == key })
}

// Leads returns the group that the actor leads in the office in which he works, of several the
// first.
func (a *Actor) Leads() (g Grant, ok bool) {
	i := slices.IndexFunc(a.grants(), func(g Grant) bool { return g.Role == domain.RoleLeader && g.allows(SeeMembers) })
	if i < 0 {
		return g, false
	}
	return a.Grants[i], true
}

// LeadsGroup reports whether the account holds the office of a group leader: whom it reads then
// follows from what is recorded of members, and is asked every time.
func (a *Actor) LeadsGroup() bool {
	return slices.ContainsFunc(a.Held(), func(g Grant) bool { return g.Role == domain.RoleLeader })
}

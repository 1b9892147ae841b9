package access

import (
	"slices"
	"strings"

	"jifen/internal/domain"
)

// Agreers returns those of some holders who may agree to a role that was proposed: another
// security administrator, and the clerk of the street that it is over. Where there are
// neither, the system administrators. Nobody agrees to what he proposed or would get
// himself, whichever of his accounts he uses.
func Agreers(p *domain.Proposal, holders []Holder) (out []Holder) {
	keepers := []Holder(nil)
	for _, h := range holders {
		switch who := h.Person(); {
		case SamePerson(who, p.Author), SamePerson(who, p.Holder):
		case h.Role == domain.RoleSecurity, h.Role == domain.RoleStreet && h.Path != "" && strings.HasPrefix(p.Path, h.Path):
			out = append(out, h)
		case h.Role == domain.RoleAdministrator:
			keepers = append(keepers, h)
		}
	}
	if len(out) == 0 {
		return keepers
	}
	return out
}

// Agrees reports whether an actor is one of some holders in the roles in which he acts.
func (a *Actor) Agrees(holders []Holder) bool {
	return a.May(AgreeToRoles) && slices.ContainsFunc(holders, func(h Holder) bool {
		return h.Account == a.ID() && slices.ContainsFunc(a.Grants, func(g Grant) bool {
			return g.Role == h.Role && g.Path == h.Path
		})
	})
}

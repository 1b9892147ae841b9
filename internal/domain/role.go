package domain

// Role is the office that an account holds.
type Role string

// The roles. Administrator and auditor hold no other role: who keeps the
// machine running, and who checks, enters no points (三员分立).
const (
	RoleStreet        Role = "街道党工委"
	RoleCommunity     Role = "社区党委"
	RoleSecretary     Role = "支部书记"
	RoleMember        Role = "党员"
	RoleAdministrator Role = "系统管理员"
	RoleAuditor       Role = "审计员"
)

// Roles lists every role.
func Roles() []Role {
	return []Role{RoleStreet, RoleCommunity, RoleSecretary, RoleMember, RoleAdministrator, RoleAuditor}
}

// Level returns the level of the organisations that a role is over; ok is false
// for a role that is over none.
func (r Role) Level() (level Level, ok bool) {
	switch r {
	case RoleStreet:
		return Street, true
	case RoleCommunity:
		return Community, true
	case RoleSecretary:
		return Branch, true
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
func (r Role) Alone() bool { return r == RoleAdministrator || r == RoleAuditor }

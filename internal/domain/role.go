package domain

import "jifen/internal/calendar"

// Role (角色) names what an account may be: it is stored as a code and shown by its
// title.
type Role string

// The roles. Administrator, security administrator and auditor hold no other role:
// who keeps the machine running, who keeps the accounts, and who checks, enters no
// points (三员分立).
const (
	RoleStreet        Role = "street"
	RoleCommunity     Role = "community"
	RoleSecretary     Role = "secretary"
	RoleRecorder      Role = "recorder" // records for a branch and decides nothing
	RoleLeader        Role = "leader"   // reads one group of a branch
	RoleMember        Role = "member"
	RoleRules         Role = "rules"         // drafts and enacts rule files of a street
	RoleAdministrator Role = "administrator" // of the machine
	RoleSecurity      Role = "security"      // of accounts and roles
	RoleAuditor       Role = "auditor"       // of a street, or of the whole
)

// Roles lists every role.
func Roles() []Role {
	return []Role{RoleStreet, RoleCommunity, RoleSecretary, RoleRecorder, RoleLeader, RoleMember, RoleRules,
		RoleAdministrator, RoleSecurity, RoleAuditor}
}

// String returns the role's Chinese title; of an unknown role its code.
func (r Role) String() string {
	switch r {
	case RoleStreet:
		return "街道党工委"
	case RoleCommunity:
		return "社区党委"
	case RoleSecretary:
		return "支部书记"
	case RoleRecorder:
		return "支部记录员"
	case RoleLeader:
		return "党小组长"
	case RoleMember:
		return "党员"
	case RoleRules:
		return "办法管理员"
	case RoleAdministrator:
		return "系统管理员"
	case RoleSecurity:
		return "安全管理员"
	case RoleAuditor:
		return "审计员"
	default:
		return string(r)
	}
}

// ParseRole returns the role of a title or a code; text that is neither is returned
// as it is, and no list of roles has it.
func ParseRole(text string) Role {
	for _, r := range Roles() {
		if text == r.String() {
			return r
		}
	}
	return Role(text)
}

// Level returns the level of the organisations that a role is over, or may be; ok is
// false for a role that is over none.
func (r Role) Level() (level Level, ok bool) {
	switch r {
	case RoleStreet, RoleRules, RoleAuditor:
		return Street, true
	case RoleCommunity:
		return Community, true
	case RoleSecretary, RoleRecorder, RoleLeader:
		return Branch, true
	default:
		return 0, false
	}
}

// OverOrg reports whether a role is over an organisation and never over the whole.
func (r Role) OverOrg() bool {
	_, ok := r.Level()
	return ok && !r.Whole()
}

// Whole reports whether a role is over the whole where it is over no organisation.
func (r Role) Whole() bool { return r == RoleAdministrator || r == RoleSecurity || r == RoleAuditor }

// Alone reports whether an account with a role holds no other, and is no member's:
// its holder sees his own points by another account.
func (r Role) Alone() bool { return r == RoleAdministrator || r == RoleSecurity || r == RoleAuditor }

// NeedsSecond reports whether a role that somebody gives takes effect only once another
// person has agreed: those over points and over accounts do.
func (r Role) NeedsSecond() bool { return r != RoleMember && r != RoleAdministrator }

// Term is a role over an organisation on some days.
type Term struct {
	Role        Role
	Org         OrgID        // "" where the role has none
	From, Until calendar.Day // the first and the last day; 0 = at once, and until it is ended
	Group       string       // of a group leader: which group (党小组) of the branch; "" of every other role
}

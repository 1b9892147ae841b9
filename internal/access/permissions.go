package access

import (
	"slices"

	"jifen/internal/domain"
)

// Permission names one thing that a route lets people do.
type Permission string

// The permissions. Each has a row in permissions.
const (
	SignedIn       Permission = "signed in"
	SeeOwn         Permission = "see own"
	Claim          Permission = "claim"
	SeeMembers     Permission = "see members"
	Record         Permission = "record"
	Decide         Permission = "decide"
	SeeBranches    Permission = "see branches"
	Export         Permission = "export"
	LockPeriods    Permission = "lock periods"
	Import         Permission = "import"
	ManageMembers  Permission = "keep members"
	MoveMembers    Permission = "move members"
	EraseTexts     Permission = "erase texts"
	ManageOrgs     Permission = "keep orgs"
	ManageStreets  Permission = "keep streets"
	EnactRules     Permission = "enact rules"
	SeeTrail       Permission = "see trail"
	ManageAccounts Permission = "keep accounts"
	ManageMachine  Permission = "keep machine"
	HandOutSlips   Permission = "hand out slips"
	AgreeToRoles   Permission = "agree to roles"
)

// permission is one row of the policy: a permission, its title and the roles that
// have it.
type permission struct {
	name  Permission
	title string
	roles roles
}

// roles are those that have a permission; "" is none.
type roles [6]domain.Role

// permissions returns the whole policy of the first axis. It is asked at every turn,
// and so is an array: nothing has to be allocated for it.
func permissions() [21]permission {
	const street, community, secretary = domain.RoleStreet, domain.RoleCommunity, domain.RoleSecretary
	const recorder, leader = domain.RoleRecorder, domain.RoleLeader
	return [...]permission{
		// anybody with an account; May knows it
		{SignedIn, "登录", roles{}},
		// one's own standing and statement
		{SeeOwn, "看自己的积分", roles{domain.RoleMember}},
		// what one did oneself, for others to decide
		{Claim, "申报", roles{domain.RoleMember}},
		// members, standings, alerts of the scope
		{SeeMembers, "看党员", roles{street, community, secretary, recorder, leader, domain.RoleAuditor}},
		// activities, entries, reversals
		{Record, "记录", roles{street, community, secretary, recorder}},
		{Decide, "审批", roles{street, community, secretary}},
		// the overview of many branches
		{SeeBranches, "看全部支部", roles{street, community, domain.RoleAuditor}},
		{Export, "导出", roles{street, community, secretary}},
		{LockPeriods, "锁定考核期", roles{street}},
		// members from a roster, entries from paper
		{Import, "导入名册", roles{street}},
		// facts and exemptions
		{ManageMembers, "登记党员情况", roles{street, community, secretary}},
		// transfers, leavings, discipline
		{MoveMembers, "转接组织关系", roles{street, community}},
		// free text that concerns a member, with a reason
		{EraseTexts, "删除文字", roles{street}},
		// communities and branches: set up, renamed, closed
		{ManageOrgs, "管组织", roles{street}},
		// streets below a district, and the name of it
		{ManageStreets, "设街道", roles{domain.RoleAdministrator}},
		// drafts of rule files, and putting them in force
		{EnactRules, "启用办法", roles{street, domain.RoleRules}},
		{SeeTrail, "看审计", roles{domain.RoleAuditor}},
		// accounts, roles, slips
		{ManageAccounts, "管帐号", roles{domain.RoleSecurity}},
		// a new slip for who forgot his password and holds no office
		{HandOutSlips, "重发激活条", roles{secretary}},
		// as the second person, where Agreers says so
		{AgreeToRoles, "同意给角色", roles{street, domain.RoleSecurity, domain.RoleAdministrator}},
		// health, backup
		{ManageMachine, "管机器", roles{domain.RoleAdministrator}},
	}
}

// Title returns a permission's Chinese title, "" for one that has no row.
func (p Permission) Title() string {
	for _, row := range permissions() {
		if row.name == p {
			return row.title
		}
	}
	return ""
}

// grants reports whether a role gives a permission.
func grants(role domain.Role, p Permission) bool {
	for _, row := range permissions() {
		if row.name == p {
			return role != "" && slices.Contains(row.roles[:], role)
		}
	}
	return false
}

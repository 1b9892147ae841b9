package ui

import (
	"net/url"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// OwnGroupPath is the address of the group that one leads.
const OwnGroupPath = "/group"

// GroupsPath returns the path of the groups of a branch, or of its hubs.
func GroupsPath(id domain.OrgID, kind string) string {
	return BranchPath(id) + "/groups?" + url.Values{"by": {kind}}.Encode()
}

// Groups (党小组) shows how a branch divides its members.
type Groups struct {
	Frame
	Branch    domain.OrgID
	Name      string // of the branch
	Kind      string // 党小组 or 党员中心户
	Kinds     []Link
	Day       calendar.Day
	MayManage bool // whether to offer 成批登记
	Groups    []GroupRow
	None      []GroupMember
}

// Template names the template file.
func (Groups) Template() string { return "branches/groups" }

// Title returns the page's heading.
func (v Groups) Title() string { return v.Name + "：" + v.Kind }

// Form returns the path of the form that records who is in which.
func (v Groups) Form() string {
	return FactsPath(v.Branch) + "?" + url.Values{"attribute": {v.Kind}}.Encode()
}

// GroupRow is one group with who is in it.
type GroupRow struct {
	Name    string
	Leaders string // "" where nobody leads it
	Members []GroupMember
}

// GroupMember is one member of a group.
type GroupMember struct {
	ID   domain.MemberID
	Name string
}

// OwnGroup (本组) shows the leader of a group its members with their points.
type OwnGroup struct {
	Frame
	Name    string
	Branch  string // by name
	Period  calendar.Period
	Periods []Option
	AsOf    calendar.Day
	Members []MemberRow
}

// Template names the template file.
func (OwnGroup) Template() string { return "group" }

// Title returns the page's heading.
func (v OwnGroup) Title() string { return v.Name }

// Decimals returns how many decimals the list's totals need.
func (v OwnGroup) Decimals() int {
	n := 0
	for i := range v.Members {
		n = max(n, decimals(v.Members[i].Total))
	}
	return n
}

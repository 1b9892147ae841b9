package domain

import (
	"strings"

	"jifen/internal/calendar"
)

// Org is one organisation (党组织). Path lists the ids from the root down,
// each closed by a dot: "1.3.12.".
type Org struct {
	ID     OrgID
	Parent OrgID // "" for the root
	Path   string
	Level  Level
	Kind   BranchKind // of a branch
	Name   string
	// the first day on which it is not there any more (撤销); 0 = is there. Members' homes do not carry it.
	Closed calendar.Day
}

// Ancestor returns the path of the organisation at a level that holds a branch,
// by the branch's path; "" where there is none.
func Ancestor(branch string, level Level) string {
	path := branch
	for range level {
		at := strings.LastIndexByte(strings.TrimSuffix(path, "."), '.')
		if at < 0 {
			return ""
		}
		path = path[:at+1]
	}
	return path
}

// Depth returns how many levels an organisation stands below the topmost of a list.
func Depth(orgs []Org, o *Org) int {
	top := o.Level
	for i := range orgs {
		top = max(top, orgs[i].Level)
	}
	return int(top - o.Level)
}

// OrgChange is a step of what became of an organisation.
type OrgChange struct {
	Org       OrgID
	Kind      OrgChangeKind
	Name, Was string // Was is what it was called until then
	From      calendar.Day
	ByName    string // "" for the program itself
	At        string // recorded_at
	Sure      bool   // of one that is asked for: the new name is meant, though another has or had a like one
}

// OrgChangeKind is the kind of an OrgChange.
type OrgChangeKind string

// The kinds of changes of organisations.
const (
	OrgFounded  OrgChangeKind = "设立"
	OrgRenamed  OrgChangeKind = "更名"
	OrgClosed   OrgChangeKind = "撤销"
	OrgReopened OrgChangeKind = "恢复"
)

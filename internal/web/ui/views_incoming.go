package ui

import "jifen/internal/domain"

// IncomingPath returns the path of the form by which a branch asks for a member of another.
func IncomingPath(id domain.OrgID) string { return BranchPath(id) + "/incoming" }

// Incoming (请人转进来) is the form by which a branch asks for a member of another.
type Incoming struct {
	Frame
	Key     string
	Branch  domain.OrgID
	Name    string // of the branch
	Member  domain.MemberID
	Called  string // the member, as typed
	From    string
	Reasons bool // a reason is asked for
	Reason  string
	Refusal Refusal
}

// Template names the template file.
func (Incoming) Template() string { return "branches/incoming" }

// Title returns the page's heading.
func (v Incoming) Title() string { return "请人转进" + v.Name }

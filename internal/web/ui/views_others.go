package ui

import "jifen/internal/domain"

// OthersPath returns the path of what others did to what a branch had recorded.
func OthersPath(id domain.OrgID) string { return BranchPath(id) + "/others" }

// Others (别处改动) lists what others did to what a branch had recorded, of a year.
type Others struct {
	Frame
	ByOthers
}

// Template names the template file.
func (Others) Template() string { return "branches/others" }

// Title returns the page's heading.
func (Others) Title() string { return "别处改了本支部登记的" }

// ByOthers holds what others did to what a branch had recorded.
type ByOthers struct {
	ID      domain.OrgID
	Branch  string
	Rows    []ByOthersRow
	More    int // that are not shown
	Unseen  int
	Until   string // the instant up to which a click marks everything as seen; "" where nobody may click
	Refusal Refusal
}

// ByOthersRow is one thing that others did.
type ByOthersRow struct {
	Words   string // 撤销了 1 月 5 日记的 …
	Name    string // of the member; "" for a whole activity
	Path    string // where to look; "" where that is no more the branch's to see
	First   string // who had recorded it, and when
	By      string
	Offices []string
	At      string
	Reason  string
	Seen    bool
}

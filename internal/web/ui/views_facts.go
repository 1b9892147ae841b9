package ui

import (
	"net/url"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// FactsPath returns the path of the form of one attribute for the members of a branch.
func FactsPath(id domain.OrgID) string { return BranchPath(id) + "/facts" }

// LackingPath returns the path of that form for those of whom an attribute is not recorded.
func LackingPath(id domain.OrgID, attribute string) string {
	return FactsPath(id) + "?" + url.Values{"attribute": {attribute}, "lacking": {"1"}}.Encode()
}

// Facts (成批登记) records one attribute of many members.
type Facts struct {
	Frame
	Key        string
	Branch     domain.OrgID
	Name       string
	Attributes []Option
	Attribute  string // chosen; "" for none yet
	Unit       string
	Kind       FieldKind
	Choices    []string // of an option, or yes and no
	Names      []string // that are proposed for what is typed
	Lacking    bool     // only those of whom it is not recorded
	Unrecorded int      // of how many it is not
	Day        calendar.Day
	Rows       []FactLine
	Reasons    bool // a reason was asked for
	Reason     string
	Refusal    Refusal
}

// Template names the template file.
func (Facts) Template() string { return "branches/facts" }

// Title returns the page's heading.
func (Facts) Title() string { return "成批登记" }

// All returns the path of the same form for everybody.
func (v Facts) All() string {
	return FactsPath(v.Branch) + "?" + url.Values{"attribute": {v.Attribute}}.Encode()
}

// Some returns the path of the same form for those of whom nobody has recorded it.
func (v Facts) Some() string { return LackingPath(v.Branch, v.Attribute) }

// FactLine is one member with what holds, and what was typed.
type FactLine struct {
	Member domain.MemberID
	Name   string
	Now    string // in words; "" for not recorded
	Since  string
	Value  string
	Own    bool   // one's own facts are others' to record
	Wrong  string // why it cannot be recorded
}

// FactsPreview (预览) shows what a form of one attribute would do before it is recorded.
type FactsPreview struct {
	Frame
	Key       string
	Branch    domain.OrgID
	Name      string
	Attribute string
	Day       calendar.Day
	Rows      []FactsRow
	Posted    []Pair // what was posted, to be posted again
	Reasons   bool   // a reason is asked for
	Reason    string
	Refusal   Refusal
}

// Template names the template file.
func (FactsPreview) Template() string { return "branches/factspreview" }

// Title returns the page's heading.
func (FactsPreview) Title() string { return Facts{}.Title() + "：预览" }

// Moved returns of how many members something becomes another.
func (v FactsPreview) Moved() int {
	n := 0
	for i := range v.Rows {
		if len(v.Rows[i].Effect) > 0 {
			n++
		}
	}
	return n
}

// FactsRow holds what one row does to one member.
type FactsRow struct {
	Name, Value string
	Effect      []ChangeEffect
	Near        string // as in Change
	Same        string // it is so already; "" where it is not
}

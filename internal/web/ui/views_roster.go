package ui

import "jifen/internal/domain"

// RosterPath is the path of the page on which a register is taken in.
const RosterPath = "/members/roster"

// Roster (导入名册) takes a register in: the file, and then what it would do, with a decision on
// each row.
type Roster struct {
	Frame
	Orgs      []Option
	Community string // of branches that are not there yet
	Kinds     []Option
	Since     string
	Reason    string
	File      string // the name of the file; "" while there is none
	Content   string // the file, packed, to be sent again
	Preview   *RosterPreview
	Refusal   Refusal
}

// Template names the template file.
func (Roster) Template() string { return "members/roster" }

// Title returns the page's heading.
func (Roster) Title() string { return "导入名册" }

// RosterPreview holds what a register would do.
type RosterPreview struct {
	Digest   string
	Made     []string // organisations
	Problems []string // of rows that are not taken in, and of the file
	Remarks  []string
	Lists    []RosterList
	Renamed  []RosterAbsent // whose name is another in the register
	Absent   []RosterAbsent
	Idle     int
	Effect   []string
	Nothing  bool // there is nothing to write
	Reasons  bool // a reason is asked for
}

// RosterList is one list of rows that are taken in.
type RosterList struct {
	Title string
	Rows  []RosterRow
}

// RosterRow is one row that is taken in, unless it is left out.
type RosterRow struct {
	Row  int
	Who  string
	What string
	Out  bool
}

// RosterAbsent is somebody who is not in the register, or there by another name.
type RosterAbsent struct {
	Member domain.MemberID
	Who    string
	Left   bool // it was decided that he left, or is called so
	What   string
}

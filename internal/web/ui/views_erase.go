package ui

import "jifen/internal/domain"

// ErasePerson (删除个人信息) says what an erasure of a person takes away, and asks for the
// number once more.
type ErasePerson struct {
	Frame
	Member  domain.MemberID
	Name    string
	Branch  string
	Data    domain.PersonalData
	Refuse  string // why it cannot be done, "" where it can
	Typed   string
	Reason  string
	Refusal Refusal
}

// Template names the template file.
func (ErasePerson) Template() string { return "members/erase" }

// Title returns the page's heading.
func (v ErasePerson) Title() string { return v.Name + "：删除个人信息" }

// ErasePersonPath returns the path at which a person is erased.
func ErasePersonPath(id domain.MemberID) string { return MemberPath(id) + "/erase" }

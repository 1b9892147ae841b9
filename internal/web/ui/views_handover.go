package ui

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Handover (转接单) is what goes with a member who moves to another branch.
type Handover struct {
	Frame
	Member   domain.MemberID
	Name     string
	From, To string // names of the branches; To "" is out of the street
	Day      calendar.Day
	Standing domain.Standing // of the day before
	Losses   []string        // what does not go with him, and why
	After    domain.Points   // the total on the first day in the new branch, where Kept
	Kept     bool
	Ends     []string // secondary memberships that ended with it
	Offices  []string // in the branch that he leaves
	Facts    []Fact
	Waiting  []Claim
	Alerts   []domain.Alert
}

// Template names the template file.
func (Handover) Template() string { return "members/handover" }

// Title returns the page's heading.
func (Handover) Title() string { return "党员积分转接单" }

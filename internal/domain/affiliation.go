package domain

import "jifen/internal/calendar"

// Residence is one home of a member, from a day on.
type Residence struct {
	From calendar.Day
	Home Org
}

// Affiliation is one step of where a member belongs.
type Affiliation struct {
	Member MemberID
	Kind   string // home, host, participant
	Org    OrgID
	From   calendar.Day
	Ended  bool
}

// SecondaryMembership is that a member is at another branch than his own: as one who has reported
// in there (流入), or as one who takes part (功能型, 网络).
type SecondaryMembership struct {
	Kind string // host or participant
	Org  Org
	From calendar.Day // since when
}

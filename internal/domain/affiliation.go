package domain

import "jifen/internal/calendar"

// Residence is one home of a member, from a day on.
type Residence struct {
	From calendar.Day
	Home Org
}

// AffiliationKind (组织关系的种类) names how a member belongs to a branch.
type AffiliationKind string

// The kinds of affiliations, as they are stored.
const (
	Home        AffiliationKind = "home"        // 组织关系: exactly one on any day
	Host        AffiliationKind = "host"        // 流入: reported in, the home is elsewhere
	Participant AffiliationKind = "participant" // 参加: takes part in a functional or online branch
)

// String returns the kind's Chinese title, "" for one that is none.
func (k AffiliationKind) String() string {
	switch k {
	case Home:
		return "组织关系"
	case Host:
		return "流入"
	case Participant:
		return "参加"
	default:
		return ""
	}
}

// Affiliation is one step of where a member belongs.
type Affiliation struct {
	Member MemberID
	Kind   AffiliationKind
	Org    OrgID
	From   calendar.Day
	Ended  bool
	Reason string // for what began longer ago than one may record (补录); "" where none is asked for
}

// SecondaryMembership names another branch than the home at which a member is: as
// one who has reported in there (流入), or as one who takes part (功能型, 网络).
type SecondaryMembership struct {
	Kind AffiliationKind // Host or Participant
	Org  Org
	From calendar.Day // since when
}

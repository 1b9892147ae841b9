package demo

import (
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Street is one invented street with one year of its life.
type Street struct {
	Year       int
	Orgs       []Org      // parents before children
	Members    []Member   // in order of their ids
	Activities []Activity // in order of day and id
	Entries    []Entry    // in order of day and id
}

// OrgKind is the kind of an organisation.
type OrgKind string

// The kinds of organisations, from the top.
const (
	KindStreet    OrgKind = "街道"
	KindCommunity OrgKind = "社区"
	KindBranch    OrgKind = "党支部"
	KindGroup     OrgKind = "楼栋党小组"
	KindHub       OrgKind = "党员中心户"
)

// Org is an organisation. Its name is its id: no two share one.
type Org struct {
	ID     domain.OrgID
	Kind   OrgKind
	Branch domain.BranchKind // of a 党支部; "" for the others
	Parent domain.OrgID      // the next one upwards; "" for the street
}

// Member is a Party member with all that is known of the person in the year.
type Member struct {
	domain.Membership
	Group domain.OrgID   // 楼栋党小组; "" for none
	Hub   domain.OrgID   // 党员中心户; "" for none
	Joins []domain.OrgID // functional and online branches the member takes part in
	Host  Guest          // where a floating member has reported in (流入)
	// Facts in order of day; From 0 is what held when the year began. Besides
	// the attributes of the rule file there are 出生日期, 人员类别, 处分 and 豁免
	// (with 无 from the day an exemption has ended).
	Facts []domain.Fact
}

// Guest is that a member is at another branch than his own; the zero Guest is not.
type Guest struct {
	Org  domain.OrgID
	From calendar.Day
}

// Activity is one activity (活动) with the attendance that was taken.
type Activity struct {
	ID         string
	Org        domain.OrgID // the branch that held it
	Kind       string       // 主题党日, 党课, …
	On         calendar.Day
	Attendance []Attendance // in order of member ids
}

// Title returns the name that a notice would give the activity: 3月主题党日.
func (a *Activity) Title() string {
	_, month, _ := a.On.Civil()
	return strconv.Itoa(month) + "月" + a.Kind
}

// Attendance is one member's line in an Activity.
type Attendance struct {
	Member domain.MemberID
	Status domain.AttendanceStatus
}

// Entry is one thing that was logged for one member.
type Entry struct {
	domain.Entry
	Member domain.MemberID
}

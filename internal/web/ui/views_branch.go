package ui

import (
	"net/url"
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// The addresses of these pages and their forms.
const (
	BranchesPath = "/branches"
	PeriodsPath  = "/branches/periods" // locks and reopens
)

// branchViews lists one of every view of a branch.
func branchViews() []View {
	return []View{Branch{}, Others{}, Groups{}, OwnGroup{}, AttendanceForm{}, Activity{}}
}

// Branch (支部) is the secretary's page: who stands where, and what to do.
type Branch struct {
	Frame
	ID        domain.OrgID
	Name      string
	Scope     string // whose list it is, upwards: 幸福街社区，潍州路街道
	Period    calendar.Period
	AsOf      calendar.Day
	Periods   []Option
	Locked    bool
	MayWrite  bool // whether to offer 记一次活动 and 记一笔
	MayManage bool // whether to offer 成批登记
	Homes     bool // members have their home here
	Lacking   []Lacking
	Others    ByOthers // not seen yet
	Waiting   int      // claims to be decided
	Sorts     []Link
	Groups    []Link // that list one group alone; none where the branch has none
	Members   []MemberRow
	Mean      string // of who is scored; "" for nobody
	Grades    []Count
	Alerts    []AlertRow
}

// Lacking (缺资料) is one attribute that the rules ask for and nobody recorded of some members.
type Lacking struct {
	Attribute string
	Members   int
}

// Template names the template file.
func (Branch) Template() string { return "branches/branch" }

// Title returns the page's heading.
func (v Branch) Title() string { return v.Name }

// Highest returns the highest total of the list, for the bars.
func (v Branch) Highest() domain.Points {
	var highest domain.Points
	for i := range v.Members {
		highest = max(highest, v.Members[i].Total)
	}
	return highest
}

// Decimals returns how many decimals the list's totals need.
func (v Branch) Decimals() int {
	n := 0
	for i := range v.Members {
		n = max(n, decimals(v.Members[i].Total))
	}
	return n
}

// MemberRow is one member in a branch's list.
type MemberRow struct {
	ID        domain.MemberID
	Name      string
	Category  string // its letter
	Scored    bool
	Why       string // why not scored
	Total     domain.Points
	Grade     string
	Place     int // 0: not ranked
	Tied      int // how many share the place, the member included
	Alerts    int // open ones
	Benchmark bool
	Own       bool // who is looking
	Moved     bool // belongs elsewhere now
}

// Count (人数) is how many there are of something.
type Count struct {
	Words string
	N     int
}

// AlertRow is one open alert with whom it is about.
type AlertRow struct {
	Member  domain.MemberID
	Name    string
	Alert   domain.Alert
	Overdue bool
	Moved   bool // belongs elsewhere now
}

// AttendanceForm (记一次活动) records an activity and who attended it.
type AttendanceForm struct {
	Frame
	Key      string
	Branch   domain.OrgID
	Name     string  // of the branch
	Kinds    []Block // by the groups of the rules
	Day      calendar.Day
	First    calendar.Day // the earliest day this person may still enter; 0 = any
	Last     calendar.Day // the latest, usually today; 0 = any
	Subject  string       // what it was about
	Statuses []domain.AttendanceStatus
	People   []Attendee
	Guests   string // numbers of people of other branches, as typed
	Refusal  Refusal
}

// Template names the template file.
func (AttendanceForm) Template() string { return "branches/activity" }

// Title returns the page's heading.
func (AttendanceForm) Title() string { return "记一次活动" }

// Counts returns how many stand under each status.
func (v AttendanceForm) Counts() []Count {
	out := make([]Count, len(v.Statuses))
	for i, s := range v.Statuses {
		out[i].Words = string(s)
		for k := range v.People {
			if v.People[k].Status == s {
				out[i].N++
			}
		}
	}
	return out
}

// Attendee (应到) is one line of the form.
type Attendee struct {
	Member domain.MemberID
	Name   string
	Find   string                  // pinyin initials, several ways to read a name apart by spaces
	Status domain.AttendanceStatus // "" of a guest who was not there: nothing is recorded
	Remark string                  // 豁免：暂离; 属示例街第二党支部; "" for none
	Guest  bool                    // of another branch; expected there, not here
}

// Expected counts those who have to be there (应到).
func (v AttendanceForm) Expected() int {
	n := 0
	for i := range v.People {
		if !v.People[i].Guest {
			n++
		}
	}
	return n
}

// Activity (活动) shows an activity and what it did.
type Activity struct {
	Frame
	ID       string
	Branch   domain.OrgID
	Name     string // of the branch
	Kind     string
	Day      calendar.Day
	Subject  string
	Counts   []Count
	Effect   domain.Points // on everybody together
	Rows     []Effect
	Waiting  int        // of the rows
	Undone   *Corrected // taken back: by whom, when and why; nil while it stands
	MayUndo  bool       // who looks records here
	Fresh    bool       // his own work of today, undone with a word
	Key      string     // of the undoing
	Repeated bool       // the same form had come in before
	By, At   string     // who recorded it, and when
	Paper    string     // the paper record it was taken from; "" = recorded as it happened

	Statuses    []domain.AttendanceStatus
	Last        calendar.Day // the latest day of 补课
	Corrections []Corrected
	Typed       AttendanceCorrection // that was refused
	UndoReason  string               // as typed
	Refusal     Refusal
}

// AttendanceCorrection is a correction (更正) of how somebody attended, as typed.
type AttendanceCorrection struct {
	Member domain.MemberID
	Status domain.AttendanceStatus
	Day    string
	Reason string
}

// Sum puts into words what the activity did: 42 人，+84 分，其中 2 人待确认.
func (v Activity) Sum() string {
	words := strconv.Itoa(len(v.Rows)) + " 人，" + signed(v.Effect) + " 分"
	if v.Waiting > 0 {
		words += "，其中 " + strconv.Itoa(v.Waiting) + " 人待确认"
	}
	return words
}

// Corrected (更正) is one line that took the place of an earlier one.
type Corrected struct {
	Name, Words string // 缺席 → 到会
	Reason      string
	State       string // 待确认, 退回; "" for one that counts
	By, At      string
}

// Template names the template file.
func (Activity) Template() string { return "activities/activity" }

// Title returns the page's heading.
func (v Activity) Title() string { return v.Kind }

// Decimals returns how many decimals the list's totals need.
func (v Activity) Decimals() int {
	n := 0
	for i := range v.Rows {
		n = max(n, decimals(v.Rows[i].Total))
	}
	return n
}

// Effect (作用) is what one attendance did to one member.
type Effect struct {
	Member  domain.MemberID
	Name    string
	Status  domain.AttendanceStatus
	MadeUp  calendar.Day  // of 补课; 0 = not said
	Change  domain.Points // of the total
	Total   domain.Points // afterwards
	Scored  bool
	Remark  string // 免；限额已用完; "" when there is nothing to say
	Waiting bool   // must be confirmed by somebody else first
	Guest   bool   // another branch's, whose points are not shown here
}

// BranchPath returns the path of the page of a branch.
func BranchPath(id domain.OrgID) string { return BranchesPath + "/" + url.PathEscape(string(id)) }

// NewActivityPath returns the path of the form of 记一次活动 for a branch.
func NewActivityPath(id domain.OrgID) string { return BranchPath(id) + "/activity" }

// ActivityPath returns the path of the page of one activity.
func ActivityPath(id string) string { return "/activities/" + url.PathEscape(id) }

// CorrectPath corrects one line of an activity.
func CorrectPath(activity string) string { return ActivityPath(activity) + "/correct" }

// UndoPath takes a whole activity back.
func UndoPath(activity string) string { return ActivityPath(activity) + "/undo" }

// BulkPath returns the path of the form of one item for many members of a branch.
func BulkPath(id domain.OrgID) string { return BranchPath(id) + "/entries" }

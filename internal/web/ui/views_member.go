package ui

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"net/url"
)

// The addresses of one's own pages.
const (
	MinePath  = "/me"
	LooksPath = "/me/looks"
)

// memberViews lists one of every view of one person.
func memberViews() []View {
	return []View{SignIn{}, Mine{}, Looks{}, Member{}, Record{}, MemberLinks{}, Handover{}, Changes{}, Change{}, Texts{},
		ErasePerson{}, Dossier{}, Privacy{}}
}

// SignIn (登录) asks who it is.
type SignIn struct {
	Frame
	Login   string // as typed before
	Next    string // where to go afterwards; "" for home
	Tries   int    // after how many wrong passwords one has to wait
	Minutes int    // how long at most
	Refusal Refusal
	// Provider reports that one may sign in at a provider of identities.
	Provider bool
}

// Template names the template file.
func (SignIn) Template() string { return "login" }

// Title returns the page's heading.
func (SignIn) Title() string { return "登录" }

// Mine (我的积分) is a member's own page.
type Mine struct {
	Frame
	Score   Score
	Periods []Option // other periods to look at; empty for none
}

// Template names the template file.
func (Mine) Template() string { return "me" }

// Title returns the page's heading.
func (Mine) Title() string { return "我的积分" }

// Looks (谁看过我) shows a member who looked at his data.
type Looks struct {
	Frame
	Rows []LookRow
}

// Template names the template file.
func (Looks) Template() string { return "me/looks" }

// Title returns the page's heading.
func (Looks) Title() string { return "谁看过我" }

// LookRow shows how often people of one office did something on one day.
type LookRow struct {
	On     string
	Office string
	Action string
	Times  int
}

// Member (党员积分) is one member as the secretary sees it.
type Member struct {
	Frame
	Score    Score
	BranchID domain.OrgID
	MayWrite bool // whether to offer 记一笔
	MayKeep  bool // whether to offer 登记变动
	MaySlip  bool // whether to offer a new activation slip
	Facts    []Fact
	Periods  []Option // other periods to look at; empty for none
}

// Template names the template file.
func (Member) Template() string { return "members/member" }

// Title returns the page's heading.
func (v Member) Title() string { return v.Score.Name + "的积分" }

// Fact (事实) is what is known of a member, in words.
type Fact struct {
	Name, Value string
	From        calendar.Day // 0 = always
}

// MemberPath returns the path of the page of a member as the secretary sees it.
func MemberPath(id domain.MemberID) string { return "/members/" + url.PathEscape(string(id)) }

// OwnRecordPath calls RecordPath for the member himself.
func OwnRecordPath(record string) string { return MinePath + "/records/" + url.PathEscape(record) }

// RecordPath returns the path of the history of one record of a member: entry.31 or
// activity.2428.
func RecordPath(id domain.MemberID, record string) string {
	return MemberPath(id) + "/records/" + url.PathEscape(record)
}

// LinksPath returns the path of a member's entries in the chains.
func LinksPath(id domain.MemberID) string { return MemberPath(id) + "/links" }

// TextsPath returns the path at which the free texts about a member are listed and erased.
func TextsPath(id domain.MemberID) string { return MemberPath(id) + "/texts" }

// ChangesPath returns the path at which a member's facts and branch are changed.
func ChangesPath(id domain.MemberID) string { return MemberPath(id) + "/changes" }

// RenamePath returns the path at which a member's name is put right.
func RenamePath(id domain.MemberID) string { return MemberPath(id) + "/name" }

// ReverseChangePath returns the path at which one thing recorded of a member is taken back.
func ReverseChangePath(id domain.MemberID, change domain.ChangeID) string {
	return ChangesPath(id) + "/" + change.String()
}

// HandoverPath returns the path of the slip that goes with a member who moved on a day.
func HandoverPath(id domain.MemberID, day string) string {
	return MemberPath(id) + "/handover?from=" + url.QueryEscape(day)
}

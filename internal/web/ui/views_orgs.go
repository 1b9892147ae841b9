package ui

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"net/url"
)

// The addresses of these pages and their forms.
const (
	OrgsPath    = "/orgs"
	StreetsPath = "/streets"
)

// orgViews lists one of every view of organisations.
func orgViews() []View {
	return []View{Orgs{}, Org{}, Streets{}, Exports{}}
}

// Orgs (组织) is the tree of organisations, with who holds office in each.
type Orgs struct {
	Frame
	Rows    []OrgRow
	MayKeep bool
}

// Template names the template file.
func (Orgs) Template() string { return "orgs" }

// Title returns the page's heading.
func (Orgs) Title() string { return "组织" }

// OrgRow is one organisation in its tree.
type OrgRow struct {
	ID       domain.OrgID
	Name     string
	Depth    int // 0 is the uppermost
	Level    domain.Level
	Kind     string // of a branch
	Members  int    // with their home there, or below
	Officers []Officer
	Closed   calendar.Day // since when it is not there any more; 0 = is there
}

// Officer holds an office.
type Officer struct{ Name, Role string }

// Org (管理组织) is one organisation, what became of it and what can be done to it.
type Org struct {
	Frame
	Row     OrgRow
	Above   string // name of the organisation that it stands below; "" for the uppermost
	History []OrgStep
	MayKeep bool
	Day     string // as typed, at first today
	NewName string // as typed
	Below   string // which level may be set up below it; "" for none
	Founded string // the name of what is to be set up, as typed
	Kinds   []Option
	Refusal Refusal
}

// Template names the template file.
func (Org) Template() string { return "orgs/org" }

// Title returns the page's heading.
func (v Org) Title() string { return v.Row.Name }

// OrgStep is a change of an organisation.
type OrgStep struct {
	What   string // 更名, 撤销, 恢复
	Detail string
	From   calendar.Day
	By, At string
}

// Streets (街道) lists the streets below a district, and sets one up.
type Streets struct {
	Frame
	District string
	Rows     []string // their names
	Name     string   // of the new one, as typed
	Refusal  Refusal
}

// Template names the template file.
func (Streets) Template() string { return "streets" }

// Title returns the page's heading.
func (Streets) Title() string { return "街道" }

// OrgPath returns the path of an organisation's page.
func OrgPath(id domain.OrgID) string { return OrgsPath + "/" + url.PathEscape(string(id)) }

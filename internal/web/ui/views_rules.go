package ui

import (
	"net/url"
	"strings"

	"jifen/internal/ruledoc"
)

// The addresses of these pages and their forms.
const (
	RulesPath  = "/rules"
	DraftsPath = "/rules/drafts"
)

// rulesViews lists one of every view of rule files.
func rulesViews() []View {
	return []View{Rules{}, Drafts{}, Draft{}}
}

// Rules (办法) is the regulation in force, as it is computed by.
type Rules struct {
	Frame
	Document *ruledoc.Document // nil where none is in force
	On       string            // the day for which it was asked
	MayEnact bool
	Others   []Link   // schemes in force, where there are several
	Streets  []Option // of which one's regulation is shown; empty for a single one
}

// Template names the template file.
func (Rules) Template() string { return "rules/rules" }

// Title returns the page's heading.
func (v Rules) Title() string {
	if v.Document == nil {
		return "办法"
	}
	return v.Document.Title
}

// Drafts (办法的启用) lists drafts and takes a new one in.
type Drafts struct {
	Frame
	Key     string
	Drafts  []DraftRow
	Enacted []EnactedRow
	Orgs    []Option
	From    string // as typed
	Refusal Refusal
}

// Template names the template file.
func (Drafts) Template() string { return "rules/drafts" }

// Title returns the page's heading.
func (Drafts) Title() string { return "办法的启用" }

// DraftRow is one draft in the list.
type DraftRow struct {
	ID     string
	Code   string
	Org    string
	From   string
	Person string // who handed it in
	At     string
	State  string // 待确认, 已启用, 已撤回
}

// EnactedRow is one text that was put in force.
type EnactedRow struct {
	Code      string
	Org       string
	From      string
	Drafter   string // "" where it was made with the database
	Confirmer string
	Path      string // where it is read
	Kind      string // 办法 or 补充

	Retroactive bool // both agreed that points of days past change
}

// Draft (草案) is one draft with what a second person looks at.
type Draft struct {
	Frame
	Key     string
	ID      string
	Name    string // of the scheme
	Row     DraftRow
	Hash    string
	Waiting bool // neither enacted nor withdrawn; else it is not rehearsed
	May     bool // who looks may confirm it
	// Unsettled: nobody may because it has not been said who he or who handed it in is.
	Unsettled bool
	Trouble   string
	Warnings  string
	Cases     int
	Changes   []string // against the text in force on its day
	Compared  bool
	First     bool // no text is in force: nothing to rehearse against
	AsOf      string
	Members   int
	Moved     int
	Branches  []MovedBranch
	Fits      []string // for whom it is not
	Past      string   // who is moved on days that have passed; "" for nobody
	Agreed    bool     // who handed it in agrees to that
	Beside    bool
	Homeless  string // items with entries that the text does not have
	Reason    string // as typed
	Refusal   Refusal
	Text      *ruledoc.Document
}

// Template names the template file.
func (Draft) Template() string { return "rules/draft" }

// Title returns the page's heading.
func (v Draft) Title() string { return strings.TrimSpace("草案 " + v.Name) }

// MovedBranch is a branch with those whom a draft moves.
type MovedBranch struct {
	Name string
	Rows []MovedRow
	More int // not shown
}

// MovedRow is one member whom a draft moves.
type MovedRow struct {
	ID, Name string
	Words    string // 77 → 76 分
	Why      []string
}

// DraftPath returns the path of the page of one draft of a rule file, where it is decided.
func DraftPath(id string) string { return DraftsPath + "/" + url.PathEscape(id) }

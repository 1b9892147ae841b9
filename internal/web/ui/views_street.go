package ui

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// RankingPath is the address of the ranking.
const RankingPath = "/ranking"

// streetViews lists one of every view of many branches.
func streetViews() []View {
	return []View{Committee{}, Ranking{}}
}

// Committee (全部支部) shows all branches on one page.
type Committee struct {
	Frame
	Period      calendar.Period
	AsOf        calendar.Day
	Periods     []Option
	Streets     []Option // of which one is shown; empty for a single one
	Communities []Option // to show one community only; empty for a single one
	Grades      []string // headings, best first
	Branches    []BranchRow
	Sum         BranchRow // of all branches shown
	MayLock     bool      // whether to offer 锁定 and 重开
	MayImport   bool      // whether to offer 导入名册
	Key         string    // of the locking
	Reason      string    // as typed
	Refusal     Refusal
	Steps       []FirstStep // what is to be done before the first meeting; none once something was recorded
}

// FirstStep is one thing to be done before the first meeting is recorded.
type FirstStep struct {
	What string
	How  string // what is done, or what to do
	Path string // where; "" where it is done elsewhere
	Done bool
}

// Template names the template file.
func (Committee) Template() string { return "branches" }

// Title returns the page's heading.
func (Committee) Title() string { return "全部支部" }

// BranchRow is one branch in the list.
type BranchRow struct {
	ID        domain.OrgID
	Name      string
	Kind      string
	Community string
	Members   int
	Mean      string       // of who is scored; "" for nobody
	Grades    []int        // as the headings
	Alerts    int          // open ones
	Overdue   int          // of these, past their day
	Last      calendar.Day // on which something was last recorded, whatever day it happened on; 0 = never
	Late      bool         // nothing recorded for longer than usual
	Unmanaged bool         // nobody is its secretary
	Locked    bool
	Ticked    bool // in a form that was refused
}

// Ranking (排名) ranks members or branches.
type Ranking struct {
	Frame
	Heading    string // 幸福街社区党员排名
	Period     calendar.Period
	AsOf       calendar.Day
	Of         []Option // 党员 or 支部
	Levels     []Option // 支部, 社区, 街道
	Orgs       []Option
	Categories []Option
	Periods    []Option
	Blocks     []string // headings of the columns between name and total
	Rows       []RankRow
	Unranked   string // who is left out, in a sentence
	Ties       string // how ties are settled, in a sentence
	Rules      string // version of the rules, for the foot of the page
	Export     string // address of the spreadsheet; "" for who may not
	Posted     Posted // on paper only
}

// Template names the template file.
func (Ranking) Template() string { return "ranking" }

// Title returns the page's heading.
func (Ranking) Title() string { return "排名" }

// Highest returns the highest total of the list, for the bars.
func (v Ranking) Highest() domain.Points {
	var highest domain.Points
	for i := range v.Rows {
		highest = max(highest, v.Rows[i].Total)
	}
	return highest
}

// Decimals returns how many decimals the list's totals and blocks need.
func (v Ranking) Decimals() int {
	n := 0
	for i := range v.Rows {
		n = max(n, decimals(v.Rows[i].Total))
		for _, block := range v.Rows[i].Blocks {
			n = max(n, decimals(block))
		}
	}
	return n
}

// RankRow is one line of a ranking.
type RankRow struct {
	Place     int
	Tied      int
	Name      string // "" where the rules give a band instead: Band
	Band      string // 60 分以下
	Path      string // the member's or branch's page; "" for who may not
	Branch    string // or, for a branch, its community
	Category  string
	Blocks    []domain.Points // as the headings
	Total     domain.Points   // or a branch's mean
	Grade     string
	Size      int // members of a branch; 0 for a member
	Move      int // places gained since the period before; 0 = none or unknown
	New       bool
	Benchmark bool
	Own       bool
}

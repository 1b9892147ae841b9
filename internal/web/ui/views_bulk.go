package ui

import (
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// BulkEntry (记一张表) records one item of many members on one day.
type BulkEntry struct {
	Frame
	Key         string
	Branch      domain.OrgID
	Name        string
	Item        string
	Blocks      []Block
	Day         calendar.Day
	First, Last calendar.Day
	Columns     []BulkColumn
	Rows        []BulkLine
	GoOn        bool
	Refusal     Refusal
}

// Template names the template file.
func (BulkEntry) Template() string { return "branches/entries" }

// Title returns the page's heading.
func (BulkEntry) Title() string { return "记一张表" }

// BulkColumn is one thing that the item asks for.
type BulkColumn struct {
	Name, Hint string
	Kind       FieldKind
	Options    []Option
}

// BulkLine is one member with what was typed, a value to a column.
type BulkLine struct {
	Member domain.MemberID
	Name   string
	Values []string
	Ticked bool   // where the item asks for nothing
	Wrong  string // why it cannot be recorded
}

// Tick reports whether a row only says yes or no.
func (v BulkEntry) Tick() bool { return len(v.Columns) == 0 }

// BulkPreview (预览) shows what a form of one item for many members would do before
// it is recorded.
type BulkPreview struct {
	Frame
	Key     string
	Branch  domain.OrgID
	Name    string
	Item    string
	Day     calendar.Day
	Basis   string
	Rows    []BulkEffect
	Refused []FieldText // the rows left out: names with the reasons
	Posted  []Pair      // what was posted, to be posted again
}

// Template names the template file.
func (BulkPreview) Template() string { return "branches/preview" }

// Title returns the page's heading.
func (BulkPreview) Title() string { return BulkEntry{}.Title() + "：预览" }

// Sum puts the whole effect into words: 42 人，总分合计加 84 分；另有 2 人要别人同意后才计分.
func (v BulkPreview) Sum() string {
	var total domain.Points
	waiting := 0
	for i := range v.Rows {
		if v.Rows[i].Waits != "" {
			waiting++
		} else {
			total += v.Rows[i].Change
		}
	}
	if waiting == len(v.Rows) && waiting > 0 {
		return strconv.Itoa(waiting) + " 人，都要别人同意后才计分"
	}
	words := strconv.Itoa(len(v.Rows)-waiting) + " 人，总分合计" + change(total)
	if waiting > 0 {
		words += "；另有 " + strconv.Itoa(waiting) + " 人要别人同意后才计分"
	}
	return words
}

// Decimals returns how many decimals the totals of the list need.
func (v BulkPreview) Decimals() int {
	n := 0
	for i := range v.Rows {
		n = max(n, decimals(v.Rows[i].Before), decimals(v.Rows[i].After))
	}
	return n
}

// BulkEffect is the effect of one row on one member.
type BulkEffect struct {
	Name        string
	Fields      []FieldText // what was written, in words
	ShowsTotals bool        // the member's points are the writer's to see
	Wanted      domain.Points
	Change      domain.Points // of the total, after limits
	Before      domain.Points
	After       domain.Points
	GradeBefore string
	GradeAfter  string
	Why         string // what it is given for, and what cut it
	Waits       string // who must confirm it first; "" if it counts at once
	Same        int    // how many like it are recorded of that day
}

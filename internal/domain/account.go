package domain

import "jifen/internal/calendar"

// LineKind is the kind of a line of a statement.
type LineKind string

// The kinds of lines. Their Chinese words are what every face shows.
const (
	LineTotal   LineKind = "总分"
	LineBlock   LineKind = "板块"
	LinePart    LineKind = "分期" // one part of a block that is settled by parts
	LineStart   LineKind = "起点"
	LineEntry   LineKind = "记录"
	LineFormula LineKind = "折算" // what a formula adds to or takes from its blocks' plain sum
	LineClamp   LineKind = "截补" // what 上限 or 下限 took or filled up
	LineRedLine LineKind = "红线" // what a red line changed
)

// Line is one line of an Account. A line with children is their sum; a line
// without is a leaf. Value is what the line contributes to its parent, so the
// leaves of an account always add up to its total.
type Line struct {
	Kind     LineKind
	Name     string       // block or item
	Value    Points       // what counts
	On       calendar.Day // entries: the day it happened
	Until    calendar.Day // entries: first day it no longer counts; 0 = to the period's end
	Entry    string       // entries by hand: id
	Activity string       // entries that follow from attendance: the activity's id
	Wanted   Points       // entries: before limits
	Note     string       // Chinese: why the value is what it is; "" when it needs no words
	Clause   int          // the clause that made or cut it
	Children []Line
}

// Statement (明细) explains one standing: total → block → entry → what cut it.
type Statement struct {
	Version      int // of this form; 1
	Standing     Standing
	Total        Line
	Idle         []Line        // entries that counted nothing, each with the reason
	Requirements *Requirements // what is lacking for the next better grade; nil where there is none
	Headroom     []Headroom    // what is still to be had under each limit
}

// Requirements (还差什么) is the smallest set of conditions which, made true, would give
// a better grade.
type Requirements struct {
	Grade  string
	Needs  []Requirement
	Clause int // the row of 等次, or the red line
}

// Requirement is one condition that has to become true, or (Want false) to be true no
// more.
type Requirement struct {
	Source  string // as the rule file writes it: 总分 >= 95
	Want    bool
	RedLine bool   // Source is the name of a red line that acts
	Now     string // what it measures now; "" where it is no number, or unknown
}

// Headroom (限额余量) is what is still to be had under one limit in what remains of
// the window that holds the standing's day. It never promises more than the total
// would change: whatever lies above the limit has had its say.
type Headroom struct {
	Name        string // of the item or block
	Item        bool   // of an item
	Unit        calendar.Unit
	Plus, Minus Points // points that additions may still give to the total, deductions may still take from it
	Times       int
	Full        bool   // an addition would not raise the total
	By          *Bound // what leaves less than the limit itself; nil where that is the least
	Clause      int

	HasPlus, HasMinus, HasTimes bool
}

// Bound is a limit, a cap or a red line that leaves less of an addition than the
// limit that was asked about.
type Bound struct {
	Kind   LineKind      // LineEntry: 限额 of an item or a block; LineClamp: 上限 of a block; LineRedLine
	Name   string        // of the item, block or red line
	Unit   calendar.Unit // of a 限额
	Points Points        // of an 上限
	Clause int
}

// Source names what was recorded that a line comes from, in one word: entry.31,
// activity.2428; "" for a line that follows from the rules alone.
func (l *Line) Source() string {
	switch {
	case l.Entry != "":
		return "entry." + l.Entry
	case l.Activity != "":
		return "activity." + l.Activity
	}
	return ""
}

// Leaves returns the sum of the leaves under l.
func (l *Line) Leaves() Points {
	if len(l.Children) == 0 {
		return l.Value
	}
	var sum Points
	for i := range l.Children {
		sum += l.Children[i].Leaves()
	}
	return sum
}

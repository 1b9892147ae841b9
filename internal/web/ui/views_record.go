package ui

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Record (来龙去脉) tells how one entry, or one activity as a member attended it,
// came about, what became of it and what it counts now.
type Record struct {
	Frame
	Own      bool // the member himself looks
	Member   domain.MemberID
	Name     string
	Branch   string
	Kind     string // 项目 or 活动
	What     string // the item, or the kind of activity
	Day      calendar.Day
	Fields   []FieldText // what is recorded, in words
	State    string      // why it counts nothing: 已撤销，不计分; "" for what may count
	Counted  []Counted
	Steps    []RecordStep // in the order of time
	Undo     string       // where it is taken back; "" where it cannot be
	Activity string       // the activity's page; "" for none
}

// Template names the template file.
func (Record) Template() string { return "members/record" }

// Title returns the page's heading.
func (v Record) Title() string { return v.What + "的来龙去脉" }

// Up returns the account that has the line.
func (v Record) Up() string {
	if v.Own {
		return MinePath
	}
	return MemberPath(v.Member)
}

// History returns the path of another record of the same member, for the same reader.
func (v Record) History(source string) string { return historyPath(v.Own, v.Member, source) }

// Broken counts the rows that do not hold.
func (v Record) Broken() int {
	n := 0
	for i := range v.Steps {
		if v.Steps[i].Wrong != "" {
			n++
		}
	}
	return n
}

// Counted (计分) is what a record counts in one account.
type Counted struct {
	Account string // 2026年; with the scheme's name where there are several
	Row     Row
}

// RecordStep is one thing that was done about a record.
type RecordStep struct {
	At     string // "" for what is still to be done
	What   string // 申报, 支部委员会同意
	By     string
	Words  string // what follows from it: 都同意了，从这时起计分
	Reason string // as it was written
	Holds  bool   // of several rows it is the one that is scored
	Path   string // another record's history; "" for none
	Seal
}

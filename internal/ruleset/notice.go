package ruleset

import (
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Notice (公示) is one posting of results: how often, how long and where it
// stands, what it shows, and until when it may be objected to.
type Notice struct {
	Name    string
	Every   calendar.Unit
	Stands  Term         // 天数
	Object  Term         // 提出, from the day it was posted; zero = as long as it stands
	Answer  Term         // 答复, from the day of the objection; zero = not said
	Level   domain.Level // 范围
	Columns []Column     // 列
	Clause  int
}

// Term is a number of days: of all days, or of working days alone.
type Term struct {
	Days    int
	Working bool
}

// String returns the term as rule files write it, "" for none.
func (t Term) String() string {
	switch {
	case t.Days == 0:
		return ""
	case t.Working:
		return strconv.Itoa(t.Days) + workingDays
	default:
		return strconv.Itoa(t.Days) + "天"
	}
}

const workingDays = "个工作日"

// Column (列) is something of a member that may stand on the wall.
type Column string

// The columns. Nothing else is posted: not why, not by whom, and nothing that
// tells of health, discipline or an exemption.
const (
	ColumnName      Column = "姓名"
	ColumnBranch    Column = "支部"
	ColumnTotal     Column = "总分"
	ColumnBlocks    Column = "板块" // what each top block comes to
	ColumnGrade     Column = "等次"
	ColumnPlace     Column = "名次"
	ColumnBenchmark Column = "标杆"
)

func columnWords() []string {
	all := []Column{ColumnName, ColumnBranch, ColumnTotal, ColumnBlocks, ColumnGrade, ColumnPlace, ColumnBenchmark}
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = string(c)
	}
	return out
}

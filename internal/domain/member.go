package domain

import (
	"slices"

	"jifen/internal/calendar"
)

// MemberID identifies a Party member (党员) within one database or one file.
type MemberID string

// OrgID identifies an organisation (党组织) within one database or one file.
type OrgID string

// BranchKind (支部类型) is the kind of a Party branch.
type BranchKind string

// Homes reports whether members have their 组织关系 in branches of this kind.
func (k BranchKind) Homes() bool { return k != "功能型" && k != "网络" }

// BranchKinds lists the kinds that a rule file's 适用 may name. Functional
// (功能型) and online (网络) branches have participants, not home members.
func BranchKinds() []BranchKind {
	return []BranchKind{"社区", "农村", "市场", "两新", "功能型", "网络", "机关", "事业", "企业", "学校"}
}

// Level is a level of the organisation tree at which members are ranked.
type Level uint8

// The levels, from the branch upwards.
const (
	Branch    Level = iota // 支部 Party branch
	Community              // 社区 community Party committee
	Street                 // 街道 street Party working committee
	Levels                 // how many there are

	// District (区) is above those at which members are ranked: it holds several streets.
	District = Levels
)

// String returns the level's word as rule files write it.
func (l Level) String() string { return [...]string{"支部", "社区", "街道", "区"}[l] }

// OrgLevelOf returns the level of organisations that a word names: one at which
// members are ranked, or the district.
func OrgLevelOf(word string) (Level, bool) {
	if word == District.String() {
		return District, true
	}
	return LevelOf(word)
}

// LevelOf returns the level at which members are ranked that a word names.
func LevelOf(word string) (Level, bool) {
	for l := Branch; l < Levels; l++ {
		if l.String() == word {
			return l, true
		}
	}
	return 0, false
}

// Membership is one Party member with the home branch's line upwards.
type Membership struct {
	ID     MemberID
	Name   string
	Home   [Levels]OrgID // home branch, its community, its street; "" where unknown
	Kind   BranchKind    // of the home branch; "" where unknown
	Joined calendar.Day  // first day here; 0 = always
	Left   calendar.Day  // first day no longer here; 0 = still here
	Away   []Absence     // between Joined and Left: gone and come back
	// Recorded is the day on which somebody first recorded that he is here; 0 = as soon as
	// he was, or by the program itself.
	Recorded calendar.Day
}

// Absence is a stretch of days on which a member's 组织关系 was elsewhere.
type Absence struct {
	From calendar.Day // first day no longer here
	Back calendar.Day // first day here again
}

// GoneSince returns the day since which a member is not here any more on a day; 0
// for one who is here, or has not come yet.
func (m *Membership) GoneSince(day calendar.Day) calendar.Day {
	for _, a := range m.Away {
		if a.From <= day && day < a.Back {
			return a.From
		}
	}
	if m.Left <= day {
		return m.Left
	}
	return 0
}

// Here reports whether a member's 组织关系 is here on a day.
func (m *Membership) Here(day calendar.Day) bool { return m.Joined <= day && m.GoneSince(day) == 0 }

// Value is one recorded value: a number in hundredths, or a word. A yes/no is
// a number, 1 or 0; a day is its calendar.Day in Number.
type Value struct {
	Text   string
	Number int64
}

// Fact (事实) is one attribute's value from a day on: "from 1 July: 照顾 = 是".
type Fact struct {
	Attribute string
	From      calendar.Day
	Value     Value
	Free      bool // of kind 文字: what a person wrote, which decides nothing and may be erased
}

// Exemption (豁免) names the attribute that every member has in every rule file, and
// NoExemption the option of it that ends one.
const (
	Exemption   = "豁免"
	NoExemption = "无"
)

// Field is one value that an item asks to be recorded with an entry: hours,
// amount, level.
type Field struct {
	Name  string
	Value Value
	Free  bool // of kind 文字: what a person wrote, which decides nothing and may be erased
}

// Entry (记录) is one thing that happened to one member, as a person logged it.
type Entry struct {
	ID   string
	Item string       // 项目, by name
	On   calendar.Day // 发生日
	// Recorded is the day on which it was first recorded; 0 = on its own day, or
	// not known.
	Recorded calendar.Day
	Points   Points // what a person chose, where the item leaves a range
	Chosen   bool   // whether Points was given
	Fields   []Field
}

// Late returns how many days after it happened an entry was recorded.
func (e *Entry) Late() int {
	if e.Recorded == 0 || e.Recorded <= e.On {
		return 0
	}
	return int(e.Recorded - e.On)
}

// Alike reports whether two entries of one member say the same of the same day.
func (e Entry) Alike(other Entry) bool {
	return e.Item == other.Item && e.On == other.On && e.Chosen == other.Chosen && e.Points == other.Points &&
		slices.Equal(e.Fields, other.Fields)
}

// MatterField (事项) is the name of the field that says what an entry is about,
// where of several entries on one matter only the highest counts. Every item
// may record it; no item may declare it.
const MatterField = "事项"

// Matter returns what the entry is about, "" for itself alone.
func (e *Entry) Matter() string {
	for i := range e.Fields {
		if e.Fields[i].Name == MatterField {
			return e.Fields[i].Value.Text
		}
	}
	return ""
}

// Attendance is one member's line in one activity: 到会, 迟到, 早退, 请假, 补课
// or 缺席.
type Attendance struct {
	Activity string // id of the activity
	Kind     string // 活动种类, such as 党课
	On       calendar.Day
	Status   AttendanceStatus
}

// AttendanceStatus (出勤) is how a member attended an activity.
type AttendanceStatus string

// The ways to attend, in the words of rule files and sheets.
const (
	Present AttendanceStatus = "到会"
	Late    AttendanceStatus = "迟到"
	Left    AttendanceStatus = "早退"
	Excused AttendanceStatus = "请假"
	MadeUp  AttendanceStatus = "补课"
	Absent  AttendanceStatus = "缺席"
)

// AttendanceStatuses lists the ways to attend.
func AttendanceStatuses() []AttendanceStatus {
	return []AttendanceStatus{Present, Late, Left, Excused, MadeUp, Absent}
}

// MemberHistory is everything the engine is told of one member. Facts of one
// attribute and entries may come in any order.
type MemberHistory struct {
	Member     Membership
	Facts      []Fact
	Entries    []Entry
	Attendance []Attendance
}

package importer

import (
	"jifen/internal/calendar"
	"jifen/internal/ruleset"
	"jifen/internal/spreadsheet"
)

// Gender (性别) is 男, 女, or "" where nobody said.
type Gender string

// The genders.
const (
	Male   Gender = "男"
	Female Gender = "女"
)

// MembershipKind (人员类别) says whether a member is full or probationary; ""
// where nobody said.
type MembershipKind string

// The kinds of members. Applicants and activists are none yet.
const (
	Full         MembershipKind = "正式党员"
	Probationary MembershipKind = "预备党员"
)

// Person is one row of a register, with no more than the product needs. A field
// that the sheet does not give is zero.
type Person struct {
	Row            int    // line in the file
	Number         string // 党员编号
	Name           string
	Gender         Gender
	Identity       string       // 公民身份号码, 18 characters
	Born           calendar.Day // 出生日期
	Nation         string       // 民族, such as 汉族
	Education      string       // 学历, as a label
	MembershipKind MembershipKind
	Branch         string       // 所在党支部, as the sheet names it
	Mobile         string       // digits only; a landline where there is no mobile number
	JoinedParty    calendar.Day // 入党日期
	Confirmed      calendar.Day // 转正日期; 0 for probationary members
	Correction     int          // 党龄校正值, in months: to be added to the Party standing
	Post           string       // 工作岗位
	Floating       bool         // 流动党员
	OutOfContact   bool         // 失联党员
	Suspended      bool         // 停止党籍
	Values         []AttributeValue
	Unread         []Field // whose cells say something that is not taken: nothing is known of them from here
}

// AttributeValue is one cell under the name of an attribute of the rules.
type AttributeValue struct {
	Attribute string
	Text      string // as Attribute.Parse reads it
	Plain     bool   // the same as if nobody had said anything
}

// RosterPreview holds what a register (党员名册) of a province, a company or a clerk says: which column
// is what, whom each row means, and what is wrong with it. What the product does not need is named
// and dropped.
type RosterPreview struct {
	Columns  []Column  // in the order of the file
	Rows     []Person  // rows without any problem that is more than a warning
	Refused  []Person  // rows with a problem, as far as they could be read
	Problems []Problem // in none a File; no Message tells an identity number or a phone
	Swaps    []Swap    // columns whose contents seem exchanged; until that is settled, nothing is taken from them
}

// maxRosterProblems bounds the list; the rest is counted.
const maxRosterProblems = 2000

// ReadRoster makes a RosterPreview of a table. mapping says what headings mean that this
// package does not know or would understand otherwise; it may be nil. attributes are those
// of the rules in force, each of which may be a heading. A row with a problem is not among
// the Rows, and leaves the others as they are.
func ReadRoster(t *spreadsheet.Table, mapping Mapping, attributes []ruleset.Attribute) *RosterPreview {
	r := &rosterReader{table: t, attributes: attributes, preview: &RosterPreview{}, columns: rosterColumns(),
		at: map[Field]int{}, spoilt: doubtsOf(t), filed: map[place]bool{}, branches: map[string]string{},
		withheld: map[Field]bool{}}
	r.understand(mapping)
	r.crossCheck()
	if r.complete() {
		for i := range t.Rows {
			r.row(&t.Rows[i])
		}
		r.duplicates()
		r.keep()
	}
	r.settle()
	return r.preview
}

// Package roster knows the members (党员) and where they belong. It understands
// registers (党员名册) as provinces, companies and clerks write them: which column
// is what, whom each row means, and what is wrong with it. What the product does
// not need is read, named and dropped.
package roster

import (
	"jifen/internal/calendar"
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
	Row            int // line in the file
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
}

// Problem is one mistake in a register, with its place.
type Problem struct {
	Row     int    // line in the file; 0 = the whole file
	Column  string // heading as the file writes it; "" = the whole row
	Message string // Chinese: what is wrong; tells no identity number and no phone
	Advice  string // Chinese: what to write instead
	Warning bool   // to be looked at; the row is taken all the same
}

// Preview shows the effect of a register before anything is kept.
type Preview struct {
	Columns  []Column // in the order of the file
	Rows     []Person // rows without any problem that is more than a warning
	Problems []Problem
	Swaps    []Swap // columns whose contents seem exchanged; until that is settled, nothing is taken from them
}

// maxProblems bounds the list; the rest is counted.
const maxProblems = 2000

// Read makes a Preview of a table. mapping says what headings mean that this
// package does not know or would understand otherwise; it may be nil. A row with
// a problem is not among the Rows, and leaves the others as they are.
func Read(t *spreadsheet.Table, mapping Mapping) *Preview {
	r := &reader{table: t, preview: &Preview{}, at: map[Field]int{}, spoilt: map[place]*spreadsheet.Doubt{},
		withheld: map[Field]bool{}}
	for i := range t.Doubts {
		d := &t.Doubts[i]
		r.spoilt[place{d.Line, d.Column}] = d
	}
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

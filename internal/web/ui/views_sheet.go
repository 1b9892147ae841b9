package ui

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Sheet (记一张表) records one item of many members on one day.
type Sheet struct {
	Frame
	Key         string
	Branch      domain.OrgID
	Name        string
	Item        string
	Blocks      []Block
	Day         calendar.Day
	First, Last calendar.Day
	Columns     []SheetColumn
	Rows        []SheetLine
	GoOn        bool
	Refusal     Refusal
}

// Template names the template file.
func (Sheet) Template() string { return "branches/sheet" }

// Title returns the page's heading.
func (Sheet) Title() string { return "记一张表" }

// SheetColumn is one thing that the item asks for.
type SheetColumn struct {
	Name, Hint string
	Kind       FieldKind
	Options    []Option
}

// SheetLine is one member with what was typed, a value to a column.
type SheetLine struct {
	Member domain.MemberID
	Name   string
	Values []string
	Ticked bool   // where the item asks for nothing
	Wrong  string // why it cannot be recorded
}

// Tick reports whether a row only says yes or no.
func (v Sheet) Tick() bool { return len(v.Columns) == 0 }

package ui

import (
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

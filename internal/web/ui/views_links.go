package ui

import "jifen/internal/domain"

// MemberLinks (封存记录) shows what was recorded of a member as it is sealed in
// the chains, and whether it still is as it was.
type MemberLinks struct {
	Frame
	Member domain.MemberID
	Name   string
	Branch string
	Rows   []LinkRow
	Broken int // rows that do not hold
	More   int // how many are shown where there are more; 0 for all
}

// Template names the template file.
func (MemberLinks) Template() string { return "members/links" }

// Title returns the page's heading.
func (v MemberLinks) Title() string { return v.Name + "的封存记录" }

// LinkRow is one row with its link.
type LinkRow struct {
	At     string
	Kind   string // in words: 记录, 出勤
	Detail string // 志愿服务，2026-03-01
	By     string // "" for the program itself
	Record string // where it is told how it came about; "" for what is no entry and no attendance
	Seal
}

// Seal (封存) is where a row stands in the chains, and whether it holds. The zero
// Seal is of what is no row.
type Seal struct {
	Place string // 东支部 第 12 环; "" for a row without a link
	Hash  string // the beginning of it
	Wrong string // what is wrong with it; "" for nothing
}

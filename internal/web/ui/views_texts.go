package ui

import "jifen/internal/domain"

// Texts (写过的话) lists the free texts about a member, to be erased.
type Texts struct {
	Frame
	Key     string
	Member  domain.MemberID
	Name    string
	Branch  string
	Rows    []TextRow
	Reason  string
	Refusal Refusal
}

// Template names the template file.
func (Texts) Template() string { return "members/texts" }

// Title returns the page's heading.
func (v Texts) Title() string { return v.Name + "：写过的话" }

// TextRow is one text.
type TextRow struct {
	ID     int64
	Where  string // 记录 志愿服务，2026-03-01：说明
	Body   string
	By, At string // who recorded it, "" for the program itself; and when
	Erased bool
	Shared bool // it stands on the records of others too
	Chosen bool
}

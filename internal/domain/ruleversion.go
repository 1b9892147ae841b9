package domain

import "jifen/internal/calendar"

// RuleDraftID identifies a draft.
type RuleDraftID int64

// RuleVersion is a rule file in force for a subtree from a day on.
type RuleVersion struct {
	Org        OrgID
	Supplement bool   // 补充: it adds to the scheme of the same code
	Beside     bool   // 并行: a ledger of its own beside the main scheme
	Code       string // 编号
	From       calendar.Day
	Hash       string
	Source     string // left out where lists are read
	Draft      RuleDraftID
	Person     string // who confirmed it; "" where it was made with the database
	Drafter    string // who handed it in; "" likewise
	// Retroactive says that both agreed to change points of days past.
	Retroactive bool
	At          string // recorded_at
}

// RuleDraft (草案) is a rule file that was handed in.
type RuleDraft struct {
	ID         RuleDraftID
	Org        Org
	Supplement bool
	Beside     bool
	Code       string
	From       calendar.Day
	Hash       string
	Source     string
	Cases      string // worked cases, "" for none
	Person     string
	By         AccountID // 0: from the command line
	Author     Person    // By, as a person
	At         string

	Retroactive bool // who handed it in agrees that points of days past change

	Enacted   bool
	Withdrawn bool
}

// RuleVersionInForce is one text that was put in force, without its source, and for which
// subtree.
type RuleVersionInForce struct {
	RuleVersion
	Path string // of the organisation
}

package domain

import (
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"slices"
	"strconv"
	"strings"
)

// ClaimKind is the kind of record that a claim asks for.
type ClaimKind string

// The kinds of claims.
const (
	EntryClaim      ClaimKind = "entry"
	AttendanceClaim ClaimKind = "attendance"
	FactClaim       ClaimKind = "fact" // an exemption (豁免)
)

// ClaimID names one claim.
type ClaimID struct {
	Kind ClaimKind
	Row  int64
}

// String is the id in one word: entry.31.
func (id ClaimID) String() string { return string(id.Kind) + "." + strconv.FormatInt(id.Row, 10) }

// ParseClaimID reads what String wrote; fault.NotFound for anything else.
func ParseClaimID(text string) (ClaimID, error) {
	kind, row, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(row, 10, 64)
	if k := ClaimKind(kind); err == nil && (k == EntryClaim || k == AttendanceClaim || k == FactClaim) {
		return ClaimID{Kind: k, Row: n}, nil
	}
	return ClaimID{}, fault.New(fault.NotFound, "没有这条申报")
}

// ClaimState is the state of a claim.
type ClaimState string

// The states of a claim that was handed in.
const (
	ClaimWaits     ClaimState = "待确认"
	ClaimPosted    ClaimState = "已同意"
	ClaimReturned  ClaimState = "退回"
	ClaimWithdrawn ClaimState = "撤回"
)

// Claim (申报) is an entry, a line of attendance or a fact that waits for decisions,
// or waited.
type Claim struct {
	ClaimID
	Member Member
	State  ClaimState
	By     AccountID
	ByName string
	At     string     // recorded_at
	Waits  []Organ    // the organs that were to agree, in order
	Steps  []Decision // taken so far

	Entry    RecordedEntry    // of an entry
	Activity Activity         // of attendance
	Status   AttendanceStatus // of attendance
	MadeUpOn calendar.Day     // of attendance
	Fact     Fact             // of a fact
}

// Decision is one step of a claim.
type Decision struct {
	ClaimID
	Member   MemberID
	Step     int      // 1 is the first
	Organs   []string // who decided, in the words of the rule
	Rest     int      // how many organs are still to be asked
	Accepted bool
	Reason   string
	Document Document  // of an organ outside that agreed
	By       AccountID // 0 in InsertDecision
	ByName   string
	At       string
}

// Document (文件) is what an organ outside decided by: its number and its day.
type Document struct {
	Number string
	On     calendar.Day
}

// String tells a document in words: 奎组发〔2026〕3号，2026-05-20; "" for none.
func (d Document) String() string {
	if d.Number == "" {
		return ""
	}
	return d.Number + "，" + d.On.String()
}

// With is a record as it would be if the claim were agreed to.
func (c *Claim) With(r MemberHistory) MemberHistory {
	switch c.Kind {
	case EntryClaim:
		r.Entries = append(slices.Clone(r.Entries), c.Entry.Entry)
		return r
	case FactClaim:
		at := slices.IndexFunc(r.Facts, func(f Fact) bool { return f.From > c.Fact.From })
		if at < 0 {
			at = len(r.Facts)
		}
		r.Facts = slices.Insert(slices.Clone(r.Facts), at, c.Fact) // by day
		return r
	}
	id := strconv.FormatInt(int64(c.Activity.ID), 10)
	r.Attendance = slices.DeleteFunc(slices.Clone(r.Attendance), func(a Attendance) bool { return a.Activity == id })
	r.Attendance = append(r.Attendance, Attendance{Activity: id, Kind: c.Activity.Kind, On: c.Activity.On,
		Status: c.Status})
	return r
}

// Draft (草稿) is a claim that its author is still writing.
type Draft struct {
	ID   int64
	Body string // as the author typed it, JSON
	At   string // saved_at
}

package domain

import (
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"strconv"
	"strings"
)

// HistoryItem is one line of what was recorded of a member: a fact, or where he
// belongs.
type HistoryItem struct {
	ID     ChangeID
	Fact   Fact            // Attribute "" where it is an affiliation
	Kind   AffiliationKind // of an affiliation
	Org    string          // name; "" for leaving
	OrgID  OrgID           // "" for leaving
	From   calendar.Day
	Ended  bool         // of a host or participant: over from that day
	State  RequestState // of a fact that had to be agreed to; "" for one that holds by itself
	ByName string       // "" for the program itself
	By     AccountID    // 0 for the program itself
	At     string       // recorded_at
	Reason string       // "" where none was asked for

	Reversal *Reversal // nil for what was not taken back; without a proof
}

// ChangeID names one thing that was recorded of a member: a fact, or where he belongs. The
// zero ChangeID is neither.
type ChangeID struct {
	Fact        int64
	Affiliation int64
}

// String is the id in one word: fact.31, affiliation.7; "" for neither.
func (id ChangeID) String() string {
	switch {
	case id.Fact != 0:
		return "fact." + strconv.FormatInt(id.Fact, 10)
	case id.Affiliation != 0:
		return "affiliation." + strconv.FormatInt(id.Affiliation, 10)
	default:
		return ""
	}
}

// ParseChangeID reads what String wrote; fault.NotFound for anything else.
func ParseChangeID(text string) (ChangeID, error) {
	_, row, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(row, 10, 64)
	for _, id := range [...]ChangeID{{Fact: n}, {Affiliation: n}} {
		if err == nil && n > 0 && id.String() == text {
			return id, nil
		}
	}
	return ChangeID{}, fault.New(fault.NotFound, "没有登记过这一条")
}

// SourceID names what one line of a member's account comes from: an entry, or an
// activity as he attended it. The zero RecordID is neither.
type SourceID struct {
	Entry    EntryID
	Activity ActivityID
}

// String is the id in one word, as domain.Line.Source writes it: entry.31,
// activity.2428; "" for neither.
func (id SourceID) String() string {
	var l Line
	switch {
	case id.Entry != 0:
		l.Entry = strconv.FormatInt(int64(id.Entry), 10)
	case id.Activity != 0:
		l.Activity = strconv.FormatInt(int64(id.Activity), 10)
	}
	return l.Source()
}

// ParseSourceID reads what String wrote; fault.NotFound for anything else.
func ParseSourceID(text string) (SourceID, error) {
	_, row, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(row, 10, 64)
	for _, id := range [...]SourceID{{Entry: EntryID(n)}, {Activity: ActivityID(n)}} {
		if err == nil && n > 0 && id.String() == text {
			return id, nil
		}
	}
	return SourceID{}, fault.New(fault.NotFound, "没有这条记录")
}

// EntryHistory (来龙去脉) is one entry with all that was recorded about it.
type EntryHistory struct {
	Member  Member
	Entry   RecordedEntry
	Proof   Proof           // of the entry
	Request *RequestHistory // nil for one that counted at once

	Reversal *Reversal        // nil for one that was not taken back
	Before   *RelatedRequest  // the returned one that it takes up again; nil for none
	After    []RelatedRequest // what took it up again, in the order handed in
}

// Reversal (撤销) is how an entry was taken back.
type Reversal struct {
	By     AccountID
	ByName string
	At     string // recorded_at
	Reason string
	Proof  Proof
}

// AttendanceHistory (来龙去脉) is one activity as one member attended it, with all
// that was recorded about it.
type AttendanceHistory struct {
	Member   Member
	Activity Activity
	Org      Org   // that held it
	Proof    Proof // of the activity
	Lines    []AttendanceLine
}

// AttendanceLine is one row of attendance; the first came with the activity, each
// further one corrects it or takes it back.
type AttendanceLine struct {
	Status   AttendanceStatus
	MadeUpOn calendar.Day
	State    RequestState // 已同意 for what counted at once
	By       AccountID
	ByName   string
	At       string // recorded_at
	Reason   string // why it was recorded anew
	Proof    Proof
	Request  *RequestHistory // nil for one that counted at once
	Holds    bool            // it is the one that is scored
}

// ReversedItem is one thing of a member that was taken back: an entry, or attendance
// with its whole activity.
type ReversedItem struct {
	Record SourceID
	What   string // the item, or the kind of activity
	On     calendar.Day
	ByName string // who took it back
	At     string // recorded_at of the taking back
	Reason string
}

package domain

import (
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

// RequestID identifies a request (申报): what counts only when somebody has agreed.
type RequestID int64

// String is the id in decimal.
func (id RequestID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseRequestID reads what String wrote; fault.NotFound for anything else.
func ParseRequestID(text string) (RequestID, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if id := RequestID(n); err == nil && n > 0 && id.String() == text {
		return id, nil
	}
	return 0, fault.New(fault.NotFound, "没有这条申报")
}

// RequestKind names a kind of request. Each has one row in the table of the use
// cases.
type RequestKind string

// The kinds of requests.
const (
	EntryRequest      RequestKind = "entry"
	AttendanceRequest RequestKind = "attendance"
	ExemptionRequest  RequestKind = "exemption"
	CorrectionRequest RequestKind = "correction"
	TransferRequest   RequestKind = "transfer"
)

// Words names a kind of request to people.
func (k RequestKind) Words() string {
	return map[RequestKind]string{EntryRequest: "记录", AttendanceRequest: "出勤", ExemptionRequest: "豁免",
		CorrectionRequest: "更正资料", TransferRequest: "转接"}[k]
}

// RequestState names the state of a request, in the words that people read.
type RequestState string

// The states of a request.
const (
	RequestWaits     RequestState = "待确认"
	RequestAccepted  RequestState = "已同意"
	RequestReturned  RequestState = "退回"
	RequestWithdrawn RequestState = "撤回"
)

// StepKind names a kind of step of a request.
type StepKind string

// The kinds of steps. Every one but an Accept that leaves organs to ask ends the
// request.
const (
	StepAccept    StepKind = "accept"
	StepReturn    StepKind = "return"
	StepWithdraw  StepKind = "withdraw"  // by its author
	StepSupersede StepKind = "supersede" // something else was recorded in its place
)

// String returns the kind's Chinese title.
func (k StepKind) String() string {
	switch k {
	case StepAccept:
		return "同意"
	case StepReturn:
		return "退回"
	case StepWithdraw:
		return "撤回"
	case StepSupersede:
		return "另记"
	default:
		return string(k)
	}
}

// StateAfter returns the state of a request by the step that ended it; "" for one
// that nothing has ended.
func StateAfter(end StepKind) RequestState {
	switch end {
	case "":
		return RequestWaits
	case StepAccept:
		return RequestAccepted
	case StepReturn:
		return RequestReturned
	default:
		return RequestWithdrawn
	}
}

// Route lists the organs that a request has to go through, in order.
type Route []Organ

// String writes a route as it is kept: one organ a line. ParseRoute reads it.
func (r Route) String() string { return JoinLines(r) }

// ParseRoute reads what String wrote.
func ParseRoute(text string) Route { return SplitLines[Organ](text) }

// JoinLines writes a list in its normal form: each part a line of its own.
func JoinLines[T ~string](list []T) string {
	return strings.Join(Texts(list), "\n")
}

// Texts returns the texts of a list of words.
func Texts[T ~string](list []T) []string {
	texts := make([]string, len(list))
	for i, part := range list {
		texts[i] = string(part)
	}
	return texts
}

// SplitLines reads what JoinLines wrote.
func SplitLines[T ~string](text string) []T {
	if text == "" {
		return nil
	}
	parts := strings.Split(text, "\n")
	out := make([]T, len(parts))
	for i, part := range parts {
		out[i] = T(part)
	}
	return out
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

// RequestDraft (草稿) is a request that its author is still writing.
type RequestDraft struct {
	ID   int64
	Body string // as the author typed it, JSON
	At   string // saved_at
}

// Request (申报) is what counts only when somebody has agreed to it: an entry, a
// line of attendance, an exemption. The row that waits holds its id.
type Request struct {
	ID      RequestID
	Kind    RequestKind
	Member  Member
	Subject string       // the item, the kind of activity, the exemption
	On      calendar.Day // when that was, or from when it is to hold
	State   RequestState
	By      AccountID
	Author  Person // By, as a person
	ByName  string
	At      string // recorded_at
	Route   Route
	To      Org           // of a transfer: the branch that is to be the home, closed or not
	Reason  string        // of a transfer: why it is asked for so late
	Steps   []RequestStep // taken so far, in order

	Follows RequestID // the returned request that it takes up again; 0 for none
	TakenUp bool      // it was handed in again by another, which was not withdrawn
	FirstAt string    // when it was handed in the first time
}

// RequestStep is one step of a request.
type RequestStep struct {
	Seq      int // 1 is the first
	Kind     StepKind
	Organs   []string // who decided, in the words of the rule; none of its author's own step
	Rest     int      // how many organs are still to be asked
	Reason   string
	Document Document  // of an organ outside that agreed
	By       AccountID // 0: the program itself
	Author   Person    // By, as a person
	ByName   string
	At       string
}

// RequestHistory is a request with its chain entries.
type RequestHistory struct {
	Request
	Proof Proof
	Taken []Proof // of the steps, in their order
}

// RelatedRequest is the request of an entry before or after another.
type RelatedRequest struct {
	Request
	Entry EntryID
}

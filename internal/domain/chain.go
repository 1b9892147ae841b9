package domain

import "jifen/internal/calendar"

// ChainHead is the last entry of one chain.
type ChainHead struct {
	Chain OrgID
	Seq   int64
	Hash  []byte
}

// ChainEntry is one row that concerns a member, with its entry of the chain.
type ChainEntry struct {
	Kind        string           // affiliation, fact, attendance, entry, reversal, request or request_step
	What        string           // item, kind of activity, attribute, exemption or organisation; "" for leaving
	Status      AttendanceStatus // of attendance, and of a request about it
	Affiliation AffiliationKind  // of an affiliation
	Step        StepKind         // of a step of a request
	Ended       bool             // of an affiliation
	On          calendar.Day     // when it happened, or from when it holds; 0 = always
	ByName      string           // "" for the program itself
	At          string           // recorded_at
	Record      SourceID         // of what is about an entry or attendance: whose story tells it
	Proof
}

// Proof is a row's entry of the chain, and whether the two hold.
type Proof struct {
	Chain     OrgID // "" for a row without an entry
	ChainName string
	Seq       int64
	Hash      []byte
	Wrong     string // why row and entry do not hold, in Chinese; "" while they do
}

// Miscount is a column kept beside append-only rows that is not what they come
// to.
type Miscount struct {
	Member MemberID // "" where it is about something else, as are Org and Login
	Org    OrgID
	Login  string // of an account
	Name   string // of the one it is about, as it is kept
	Why    string // Chinese
}

// ChainBreak is one place where the chain does not hold.
type ChainBreak struct {
	Chain OrgID
	Seq   int64
	Kind  string
	Row   int64
	Why   string // Chinese
}

// Unknown describes rows that a newer program has recorded: of a kind that this one does
// not know, or with columns that it does not know.
type Unknown struct {
	Kind    string
	Columns []string // none = the kind
	Rows    int64
}

// TextID is the number of a free text.
type TextID int64

// TextPart names which of a row's texts one is.
type TextPart string

// The parts of rows that people write freely and that concern a member.
const (
	TextNote   TextPart = "note"   // 说明
	TextFields TextPart = "words"  // what fields and attributes of kind 文字 say
	TextReason TextPart = "reason" // 理由
	TextTitle  TextPart = "title"  // of an activity
	TextWrong  TextPart = "wrong"  // what is wrong of what is held
	TextWanted TextPart = "wanted" // what it ought to be
)

// String returns the part in Chinese.
func (p TextPart) String() string {
	switch p {
	case TextNote:
		return "说明"
	case TextFields:
		return "内容"
	case TextReason:
		return "理由"
	case TextWrong:
		return "哪里不对"
	case TextWanted:
		return "应当是"
	default:
		return "标题"
	}
}

// WrittenText is one free text that concerns a member.
type WrittenText struct {
	ID     TextID
	Part   TextPart
	Entry  ChainEntry // the row that has it, without its proof
	Body   string     // as it is shown: of one that was erased, why and when
	Erased bool
}

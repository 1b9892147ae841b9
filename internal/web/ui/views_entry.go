package ui

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"net/url"
)

// The addresses of these pages and their forms.
const (
	EntriesPath      = "/entries"
	NewEntryPath     = "/entries/new"
	ClaimsPath       = "/claims"
	OwnClaimsPath    = "/me/claims"
	NewClaimPath     = "/me/claims/new"
	ClaimDraftsPath  = "/me/drafts"
	OwnExemptionPath = "/me/exemption"
)

// entryViews lists one of every view of entries and of what waits.
func entryViews() []View {
	return []View{Entry{}, EntryPreview{}, Reverse{}, Claims{}, OwnClaims{}, BulkEntry{}, BulkPreview{},
		Facts{}, FactsPreview{}, Incoming{}, Roster{}}
}

// Entry (记一笔) records one thing that one member did.
type Entry struct {
	Frame
	Key     string
	Branch  domain.OrgID
	Members []Option
	Blocks  []Block
	Item    string // chosen; "" for none yet
	Day     calendar.Day
	First   calendar.Day // the earliest day this person may still enter; 0 = any
	Last    calendar.Day // the latest, usually today; 0 = any
	Worth   string       // what the item gives, in words: 每 100 元 1 分
	Chosen  *PointsRange // where a person chooses the points; nil otherwise
	Fields  []EntryField
	Note    string
	Waits   string // who must confirm it first; "" if it counts at once
	Refusal Refusal

	Own      bool   // 申报: of the person himself
	Draft    string // the draft that it goes on with; "" for none
	Follows  string // the returned claim that it takes up again; "" for none
	Returned string // why that was returned
}

// Path returns the path the form is sent to.
func (v Entry) Path() string {
	if v.Own {
		return OwnClaimsPath
	}
	return EntriesPath
}

// Form returns the path the form is had from.
func (v Entry) Form() string {
	if v.Own {
		return NewClaimPath
	}
	return NewEntryPath
}

// Template names the template file.
func (Entry) Template() string { return "entries/new" }

// Title returns the page's heading.
func (v Entry) Title() string {
	if v.Own {
		return "申报一笔"
	}
	return "记一笔"
}

// Block (板块) groups the items of a list.
type Block struct {
	Name  string
	Items []Option
}

// PointsRange (分值范围) is what a person may choose.
type PointsRange struct {
	Low, High domain.Points
	Value     string // as typed
	Optional  bool   // some cases have points of their own
}

// FieldKind names a way to type a field.
type FieldKind string

// The kinds of fields.
const (
	NumberField FieldKind = "number"
	OptionField FieldKind = "option"
	YesNoField  FieldKind = "yesno"
	DayField    FieldKind = "day"
	TextField   FieldKind = "text"
)

// EntryField (记录) is one value that an item asks for.
type EntryField struct {
	Name     string // posted as "field." and this
	Kind     FieldKind
	Unit     string   // 小时
	Options  []Option // of an OptionField
	Value    string   // as typed; 是 for a YesNoField that holds
	Hint     string   // 0 至 100
	Optional bool     // may stay empty
}

// EntryPreview (预览) shows what an entry would do before it is kept.
type EntryPreview struct {
	Frame
	Key         string
	Branch      domain.OrgID
	Member      domain.MemberID
	Name        string
	Item        string
	Day         calendar.Day
	Fields      []FieldText // what was written, in words
	Posted      []Pair      // what was posted, to be posted again
	ShowsTotals bool        // the member's points are the writer's to see
	Wanted      domain.Points
	Change      domain.Points // of the total, after limits
	Before      domain.Points
	After       domain.Points
	GradeBefore string
	GradeAfter  string
	Why         string // what cut it; "" when nothing did
	Basis       string
	Waits       string // who must confirm it first; "" if it counts at once
	Same        int    // how many like it are recorded of that day
	Own         bool   // 申报: of the person himself
	Refusal     Refusal
}

// Path returns the path the form is sent to.
func (v EntryPreview) Path() string { return Entry{Own: v.Own}.Path() }

// Template names the template file.
func (EntryPreview) Template() string { return "entries/preview" }

// Title returns the page's heading.
func (v EntryPreview) Title() string { return Entry{Own: v.Own}.Title() + "：预览" }

// FieldText is one thing that was written, for reading.
type FieldText struct{ Name, Value string }

// Pair is one input as it was posted.
type Pair struct{ Name, Value string }

// Reverse (撤销) takes an entry back with a reason.
type Reverse struct {
	Frame
	Key     string
	ID      string
	Member  domain.MemberID
	Name    string
	Item    string
	Day     calendar.Day
	Fields  []FieldText
	Counts  domain.Points // what it counts now
	After   domain.Points // the total without it
	By, At  string        // who recorded it, and when
	Reason  string
	Refusal Refusal
}

// Template names the template file.
func (Reverse) Template() string { return "entries/reverse" }

// Title returns the page's heading.
func (Reverse) Title() string { return "撤销一笔" }

// Claims (待确认) is the queue of what this person decides.
type Claims struct {
	Frame
	Key     string // of taking back
	Claims  []Claim
	Roles   int     // that wait for who looks to agree
	Handed  []Claim // that who looks handed in himself: what waits, and what came back
	More    int     // how many more wait behind these
	Others  []Claim // of the scope, for somebody else to decide
	Reason  string  // as typed
	Refusal Refusal

	Documents   bool   // some wait for the document of an organ outside
	Document    string // its number, as typed
	DocumentOn  string // its day, as typed
	Corrections bool   // there is one among them that asks for an answer
}

// Template names the template file.
func (Claims) Template() string { return "claims" }

// Title returns the page's heading.
func (Claims) Title() string { return "待确认" }

// Claim (申报) is one thing that waits, or waited.
type Claim struct {
	Value    string // by which it is chosen
	Member   domain.MemberID
	Name     string
	Unseen   bool // who looks does not see the member: he would come from the other side
	Branch   string
	Item     string
	Day      calendar.Day
	Fields   []FieldText
	Points   string         // what was chosen, in words
	Worth    *domain.Points // what it would do to the total; nil for no matter of points
	Note     string         // what was written with it
	By, At   string         // who wrote it, and when
	Stage    string         // which step it is at, in words
	Steps    []string       // the steps taken, in words
	State    string         // 待确认, 已同意, 退回, 撤回
	Chosen   bool
	Again    string // where its author takes it up again; "" where he cannot
	Withdraw string // where its author takes it back; "" where he cannot
	Path     string // where more of it is told; "" for nowhere
	Mend     string // of a correction: where it is mended, or seen; "" for nowhere
}

// OwnClaims (我的申报) is what a member has claimed, and what he is writing.
type OwnClaims struct {
	Frame
	Key    string
	Drafts []ClaimDraftRow
	Claims []Claim

	Exemptions []ExemptionInput // that he may ask for himself
	From       string           // of an exemption, as typed
	Refusal    Refusal
}

// Template names the template file.
func (OwnClaims) Template() string { return "me/claims" }

// Title returns the page's heading.
func (OwnClaims) Title() string { return "我的申报" }

// ClaimDraftRow (草稿) is a claim that its author is still writing.
type ClaimDraftRow struct {
	Words string // 志愿服务，2026-05-01
	Path  string // where it is gone on with
	Drop  string // where it is thrown away
	At    string // when it was saved
}

// UndoEntriesPath takes back what one recorded from one entry to another, and leads
// back to a page.
func UndoEntriesPath(first, last, back string) string {
	return EntriesPath + "/undo?" + url.Values{"first": {first}, "last": {last}, "back": {back}}.Encode()
}

// EntryPath returns the path of 记一笔 with branch and member chosen; either may be "".
func EntryPath(branch domain.OrgID, member domain.MemberID) string {
	q := url.Values{}
	if branch != "" {
		q.Set("branch", string(branch))
	}
	if member != "" {
		q.Set("member", string(member))
	}
	if len(q) == 0 {
		return NewEntryPath
	}
	return NewEntryPath + "?" + q.Encode()
}

// ReversePath asks for the reason why an entry is taken back.
func ReversePath(entry string) string {
	return EntriesPath + "/" + url.PathEscape(entry) + "/reverse"
}

// AgainPath takes a returned claim up again.
func AgainPath(claim string) string { return NewClaimPath + "?follows=" + url.QueryEscape(claim) }

// WithdrawPath takes one's own claim back, by its id.
func WithdrawPath(claim string) string {
	return OwnClaimsPath + "/" + url.PathEscape(claim) + "/withdraw"
}

// WithdrawHandedPath takes back what one has handed in of others, by its id.
func WithdrawHandedPath(claim string) string {
	return ClaimsPath + "/" + url.PathEscape(claim) + "/withdraw"
}

// ClaimDraftPath goes on with a draft of a claim.
func ClaimDraftPath(id string) string { return NewClaimPath + "?draft=" + url.QueryEscape(id) }

// DropPath throws a draft of a claim away.
func DropPath(id string) string { return ClaimDraftsPath + "/" + url.PathEscape(id) + "/drop" }

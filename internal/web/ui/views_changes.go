package ui

import "jifen/internal/domain"

// Changes (登记变动) is where a member's facts, exemptions and branch are
// changed, with what was recorded before.
type Changes struct {
	Frame
	Key        string
	Member     domain.MemberID
	Name       string
	Branch     string
	Gone       string // the day of leaving; "" for who is here
	Facts      []FactInput
	Exemptions []ExemptionInput
	Exempt     string // the exemption that holds, "" for none
	Waiting    []ChangeWaiting
	Transfers  []ChangeWaiting
	Orgs       []Option // where he may move, with who would have to agree
	Offices    string   // that he holds in his branch
	MayMove    bool     // without asking anybody, and out of the street
	MayErase   bool     // free texts about him
	Secondary  []SecondaryRow
	Hosts      []Option // the branches where he could attend
	From       string   // as typed
	Refusal    Refusal
	Tried      Tried // the form that was refused
	History    []HistoryRow
	Names      []NameRow // the latest first
	Own        bool      // oneself, whose name others record

	NewName, NameSince, NameReason string // as typed
}

// Tried names one of the many forms of a page: what it does, and of what.
type Tried struct{ Do, Which string }

// Beside returns why a form was refused, to stand in the form itself; the zero Refusal where
// it was another one.
func (v Changes) Beside(do, which string) Refusal {
	if v.Tried != (Tried{do, which}) {
		return Refusal{}
	}
	return v.Refusal
}

// Template names the template file.
func (Changes) Template() string { return "members/changes" }

// Title returns the page's heading.
func (v Changes) Title() string { return v.Name + "的登记变动" }

// FactInput is one attribute with what holds now.
type FactInput struct {
	Name    string
	Now     string // in words; "" for not recorded
	Typed   string // into an input that was refused
	Options []Option
	Kind    string // of the input: date or text, where there are no options
	Unit    string
	Names   []string // that are proposed for what is typed
}

// ExemptionInput is one exemption (豁免) with the steps that the rules name.
type ExemptionInput struct {
	Code  string
	Does  string   // what it does, in words: 不计分
	Steps []string // that who registers it answers for
	Above []string // organs that are asked afterwards
}

// ChangeWaiting is an exemption or a transfer that somebody has still to agree to.
type ChangeWaiting struct {
	Claim string // its id
	Words string // 不参加积分，2026-05-01 起
	Stage string // which step it is at
	Mine  bool   // handed in by who looks, who may take it back
}

// SecondaryRow is another branch where a member attends now.
type SecondaryRow struct {
	Org  domain.OrgID
	Name string
	Kind string // 流入 or 参加
	From string
}

// NameRow holds what a member is or was called.
type NameRow struct{ Name, From, By, At, Reason string }

// HistoryRow is one line of what was recorded.
type HistoryRow struct {
	What, Value string
	From        string
	State       string // of what others have to agree to: 待确认, 已同意, 退回, 撤回
	By, At      string
	Handover    string // of a move: where its 转接单 is; "" for none
	Reason      string // "" where none was asked for
	Reverse     string // where it is taken back; "" for what cannot be
	Reversed    string // by whom and when it was taken back, and why; "" for what holds
}

// Change shows what a change of a member does before it is recorded, or what taking it back does.
type Change struct {
	Frame
	Key     string
	Change  domain.ChangeID // that is taken back
	Member  domain.MemberID
	Name    string
	Words   string // what is recorded, or taken back
	Back    bool   // it is taken back
	Effect  []ChangeEffect
	Losses  []string // what does not go with who moves
	Ends    []string // secondary memberships that end with it
	Offices []string // of who moves in the branch that he leaves, which end with it
	// Restored are the secondary memberships that go on again, and Gone the offices that do not.
	Restored, Gone []string
	Asked          []string // organs that have to agree first
	Near           string   // what another group is called nearly so; "" for none
	Fields         []HiddenField
	Reasons        bool // a reason is asked for
	Reason         string
	Refusal        Refusal
}

// Template names the template file.
func (Change) Template() string { return "members/change" }

// Title returns the page's heading.
func (v Change) Title() string {
	if v.Back {
		return "撤销 " + v.Name + "的一条登记"
	}
	return "核对 " + v.Name + "的变动"
}

// HiddenField is an input that a form hands on unseen.
type HiddenField struct{ Name, Value string }

// ChangeEffect holds what a change makes of one period.
type ChangeEffect struct {
	Period        string
	Rows          []ChangeRow
	Entries       []string
	Raised, Ended []string
}

// ChangeRow holds one thing that becomes another.
type ChangeRow struct{ What, Before, After string }

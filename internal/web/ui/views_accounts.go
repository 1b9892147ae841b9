package ui

import (
	"net/url"

	"jifen/internal/domain"
)

// The addresses of these pages and their forms.
const (
	OwnAccountPath  = "/account"
	OwnPasswordPath = "/account/password"
	OwnTokensPath   = "/account/tokens"
	OwnSessionsPath = "/account/sessions"
	ProofPath       = "/account/proof"
	SettingsPath    = "/accounts/settings"
	AccountsPath    = "/accounts"
	SlipsPath       = "/accounts/slips"
	ActivatePath    = "/activate"
	ProposalsPath   = "/proposals"
)

// accountViews lists one of every view of accounts.
func accountViews() []View {
	return []View{Accounts{}, Account{}, OwnAccount{}, Slips{}, SlipsForm{}, MemberSlip{}, Activate{},
		NewToken{}, OwnPassword{}, Question{}, Settings{}, Proposals{}}
}

// Accounts (帐号) lists accounts and opens new ones.
type Accounts struct {
	Frame
	Find    string // filter, as typed
	Rows    []AccountRow
	Older   string // address of the next page; "" for none
	Key     string // of the new account
	Login   string // as typed
	Name    string
	Member  string // 编号 of the member whose account it is
	None    bool   // it was said that the holder is no member
	Unknown int    // accounts with an office over points of which nobody has said who holds them
	Give    RoleInputs
	Waiting ProposalList
	Refusal Refusal
}

// Template names the template file.
func (Accounts) Template() string { return "accounts" }

// Title returns the page's heading.
func (Accounts) Title() string { return "帐号" }

// AccountRow is one account in the list.
type AccountRow struct {
	ID      string
	Login   string
	Name    string
	Roles   []RoleRow
	Waiting []RoleRow // that wait for a second person; of a list only
	Closed  bool
	Slowed  string // until when sign-ins wait, after wrong passwords; "" for not
	Holder  string // 编号 of the member who holds it, or 不是党员; "" where nobody has said, or it needs not be said
	// Unsettled: it has an office over points, and nobody has said who holds it.
	Unsettled bool
	Own       bool // of who is looking
}

// RoleRow (角色) is one role of an account.
type RoleRow struct {
	Role  string
	Org   string // name; "" where the role has none
	OrgID string
	Group string // of a group leader: which group of it; "" of every other role
	Days  string // 自 2026-07-01 起到 2026-12-31 为止; "" where it holds until it is ended
}

// RoleInputs (给角色) asks for a role, and for what the role that is chosen needs.
type RoleInputs struct {
	Form  string   // the address that shows the form for another role
	Roles []Option // none where nothing may be given
	Role  string   // the role that is chosen; "" for none yet
	Level string   // of the organisations to choose from; "" where the role has none
	Whole bool     // none of them may be chosen, which is all
	Orgs  []Option
	// Of a group leader: which group of the branch, as it was typed.
	AsksGroup bool
	Group     string
	From      string // the first day, as it was typed
	Until     string // the last day, as it was typed
	// Of an account that is yet to be opened: it must or may be a member's.
	MustNumber, MayNumber bool
}

// Account (管理帐号) is one account and what can be done to it.
type Account struct {
	Frame
	Row     AccountRow
	Member  string // 编号 of the member whose own account it is; "" for none
	Typed   string // 编号 of who holds it, as typed
	None    bool   // as ticked
	Key     string
	Give    RoleInputs
	Lately  []ProposalRow // what was proposed for it
	Tokens  TokenList
	Refusal Refusal
	// who the holder is at the provider of identities
	Provider string // its address; "" where the site has none
	Tied     string // the address of the one where he is somebody
	Subject  string
}

// Template names the template file.
func (Account) Template() string { return "accounts/account" }

// Title returns the page's heading.
func (v Account) Title() string { return "管理帐号：" + v.Row.Login }

// OwnAccount (我的帐号) is the account of who is looking: who it is, the password,
// the tokens.
type OwnAccount struct {
	Frame
	Row     AccountRow
	Member  string
	Key     string
	Least   int // characters of a password
	Most    int
	Places  []PlaceRow // where he is signed in
	Tokens  TokenList
	Token   TokenForm
	Refusal Refusal
}

// TokenForm (发凭证) asks what a new token is for, until when and for what it is good.
type TokenForm struct {
	Name           string // as typed
	Roles          []Option
	ReadOnly       bool
	Until          string
	Earliest, Last string // between which days it may end
}

// NewToken (新的凭证) shows a token, once.
type NewToken struct {
	Frame
	Name, Scope, Until, Secret string
}

// Template names the template file.
func (NewToken) Template() string { return "token" }

// Title returns the page's heading.
func (NewToken) Title() string { return "新的凭证" }

// Template names the template file.
func (OwnAccount) Template() string { return "account" }

// Title returns the page's heading.
func (OwnAccount) Title() string { return "我的帐号" }

// TokenList (接口凭证) lists what programs may sign in with as an account.
type TokenList struct {
	Path string // below which a token is revoked
	Key  string
	Rows []TokenRow
}

// TokenRow is one token; it never holds the token itself.
type TokenRow struct {
	ID      string
	Name    string // what it is for
	Tail    string // its last characters
	Scope   string
	Made    string
	Used    string // "" for one that was never used
	Expires string
	Over    string // why it is good no more; "" for one that is good
}

// Slips (激活条) shows new activation slips, once, eight to a printed page.
type Slips struct {
	Frame
	Rows    []SlipRow
	Refused []string // whose account could not be opened, and why
	Failed  string   // what went wrong before all were made; "" for nothing
	Left    int      // for how many none was made then
	Site    string   // address to activate at; "" if unknown
	Back    string   // where the page was asked for
}

// SlipRow is the slip of one account.
type SlipRow struct {
	Login, Name, Branch, Code, Until string
}

// Template names the template file.
func (Slips) Template() string { return "accounts/slip" }

// Title returns the page's heading.
func (Slips) Title() string { return "激活条" }

// SlipsForm (成批开帐号) offers accounts for everybody of an organisation.
type SlipsForm struct {
	Frame
	Orgs                 []Option
	Org                  string // the one chosen; "" for none yet
	Name                 string
	Without, Unactivated int
	Key                  string
	Refusal              Refusal
}

// Template names the template file.
func (SlipsForm) Template() string { return "accounts/slips" }

// Title returns the page's heading.
func (SlipsForm) Title() string { return "成批开帐号" }

// MemberSlip (重发激活条) offers a new slip for one member.
type MemberSlip struct {
	Frame
	Member  domain.MemberID
	Name    string
	Login   string // "" for no account
	Closed  bool
	Made    string // of the latest slip; "" for none
	Until   string
	Used    bool
	Key     string
	Refusal Refusal
}

// Template names the template file.
func (MemberSlip) Template() string { return "members/slip" }

// Title returns the page's heading.
func (v MemberSlip) Title() string { return "重发激活条：" + v.Name }

// Activate (启用帐号) asks the holder of a slip for a password of his own.
type Activate struct {
	Frame
	Login, Code string // as typed
	Least, Most int    // characters of a password
	Refusal     Refusal
}

// Template names the template file.
func (Activate) Template() string { return "activate" }

// Title returns the page's heading.
func (Activate) Title() string { return "启用帐号" }

// Proposals (职务待同意) shows the roles that wait for a second person.
type Proposals struct {
	Frame
	List    ProposalList
	Back    string // 帐号, for who manages them; "" for others
	Refusal Refusal
}

// Template names the template file.
func (Proposals) Template() string { return "proposals" }

// Title returns the page's heading.
func (Proposals) Title() string { return "职务待同意" }

// ProposalList (提出的职务) lists roles that were proposed and wait.
type ProposalList struct {
	Key  string
	Rows []ProposalRow
}

// ProposalRow is one role that was proposed for an account.
type ProposalRow struct {
	ID       string
	Login    string
	Name     string
	Role     RoleRow
	By, At   string
	Until    string // until when one may agree
	Who      string // who may agree now; "" for one that waits no more
	State    string // what became of it, by whom and why; "" for one that waits
	MayAgree bool   // who looks may
	MayEnd   bool   // who looks proposed it
	Reason   string // as typed
	Wrong    string // what is wrong with the reason; "" for nothing
}

// ProposalPath takes the answer to a role that was proposed.
func ProposalPath(id string) string { return ProposalsPath + "/" + url.PathEscape(id) }

// SlipPath hands out a new slip for a member.
func SlipPath(id domain.MemberID) string { return MemberPath(id) + "/slip" }

// AccountPath returns the path of the page of one account; what is done to it stands below.
func AccountPath(id string) string { return AccountsPath + "/" + url.PathEscape(id) }

// TokenPath revokes a token of the account of a page.
func TokenPath(page, token string) string {
	return page + "/tokens/" + url.PathEscape(token) + "/revoke"
}

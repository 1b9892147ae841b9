package ui

import "net/url"

// The addresses of these pages and their forms.
const (
	OwnAccountPath  = "/account"
	OwnPasswordPath = "/account/password"
	AccountsPath    = "/accounts"
)

// accountViews lists one of every view of accounts.
func accountViews() []View {
	return []View{Accounts{}, Account{}, OwnAccount{}, Slip{}}
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
	Give    RoleInputs
	Refusal Refusal
}

// Template names the template file.
func (Accounts) Template() string { return "accounts" }

// Title returns the page's heading.
func (Accounts) Title() string { return "帐号" }

// AccountRow is one account in the list.
type AccountRow struct {
	ID     string
	Login  string
	Name   string
	Roles  []RoleRow
	Closed bool
	Slowed string // until when sign-ins wait, after wrong passwords; "" for not
	Own    bool   // of who is looking
}

// RoleRow (角色) is one role of an account.
type RoleRow struct {
	Role  string
	Org   string // name; "" where the role has none
	OrgID string
	Days  string // 自 2026-07-01 起到 2026-12-31 为止; "" where it holds until it is ended
}

// RoleInputs (给角色) asks for a role, and for what the role that is chosen needs.
type RoleInputs struct {
	Form  string   // the address that shows the form for another role
	Roles []Option // none where nothing may be given
	Role  string   // the role that is chosen; "" for none yet
	Level string   // of the organisations to choose from; "" where the role has none
	Orgs  []Option
	From  string // the first day, as it was typed
	Until string // the last day, as it was typed
	// Of an account that is yet to be opened: it must or may be a member's.
	MustNumber, MayNumber bool
}

// Account (管理帐号) is one account and what can be done to it.
type Account struct {
	Frame
	Row     AccountRow
	Member  string
	Key     string
	Give    RoleInputs
	Tokens  TokenList
	Refusal Refusal
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
	Tokens  TokenList
	Refusal Refusal
}

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
	Made    string
	Expires string
	Over    string // why it is good no more; "" for one that is good
}

// Slip (密码条) shows a new password, once.
type Slip struct {
	Frame
	Login    string
	Name     string
	Password string
	Site     string // address to sign in at; "" if unknown
}

// Template names the template file.
func (Slip) Template() string { return "accounts/slip" }

// Title returns the page's heading.
func (Slip) Title() string { return "密码条" }

// AccountPath returns the path of the page of one account; what is done to it stands below.
func AccountPath(id string) string { return AccountsPath + "/" + url.PathEscape(id) }

// TokenPath revokes a token of the account of a page.
func TokenPath(page, token string) string {
	return page + "/tokens/" + url.PathEscape(token) + "/revoke"
}

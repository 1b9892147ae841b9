package ui

import (
	"net/url"

	"jifen/internal/domain"
)

// The addresses that templates link to and forms post to. A server registers
// its routes under the same patterns.
const (
	HomePath        = "/"
	SignInPath      = "/login"
	SignOutPath     = "/logout"
	AppearancePath  = "/look" // 大字版 and 深色
	MinePath        = "/me"
	BranchesPath    = "/branches"
	PeriodsPath     = "/branches/periods" // locks and reopens
	EntriesPath     = "/entries"
	NewEntryPath    = "/entries/new"
	ClaimsPath      = "/claims"
	OwnClaimsPath   = "/me/claims"
	NewClaimPath    = "/me/claims/new"
	ClaimDraftsPath = "/me/drafts"

	OwnExemptionPath = "/me/exemption"

	OwnAccountPath  = "/account"
	OwnPasswordPath = "/account/password"

	RankingPath  = "/ranking"
	TrailPath    = "/trail"
	AccountsPath = "/accounts"
	HealthPath   = "/health"
	OrgsPath     = "/orgs"
	StreetsPath  = "/streets"
	RulesPath    = "/rules"
	DraftsPath   = "/rules/drafts"
	AssetsPath   = "/assets/"
)

// BranchPath returns the path of the page of a branch.
func BranchPath(id domain.OrgID) string { return BranchesPath + "/" + url.PathEscape(string(id)) }

// OrgPath returns the path of an organisation's page.
func OrgPath(id domain.OrgID) string { return OrgsPath + "/" + url.PathEscape(string(id)) }

// NewActivityPath returns the path of the form of 记一次活动 for a branch.
func NewActivityPath(id domain.OrgID) string { return BranchPath(id) + "/activity" }

// BulkPath returns the path of the form of one item for many members of a branch.
func BulkPath(id domain.OrgID) string { return BranchPath(id) + "/entries" }

// UndoEntriesPath takes back what one recorded from one entry to another, and leads
// back to a page.
func UndoEntriesPath(first, last, back string) string {
	return EntriesPath + "/undo?" + url.Values{"first": {first}, "last": {last}, "back": {back}}.Encode()
}

// MemberPath returns the path of the page of a member as the secretary sees it.
func MemberPath(id domain.MemberID) string { return "/members/" + url.PathEscape(string(id)) }

// HandoverPath returns the path of the slip that goes with a member who moved on a day.
func HandoverPath(id domain.MemberID, day string) string {
	return MemberPath(id) + "/handover?from=" + url.QueryEscape(day)
}

// ChangesPath returns the path at which a member's facts and branch are changed.
func ChangesPath(id domain.MemberID) string { return MemberPath(id) + "/changes" }

// LinksPath returns the path of a member's entries in the chains.
func LinksPath(id domain.MemberID) string { return MemberPath(id) + "/links" }

// TextsPath returns the path at which the free texts about a member are listed and erased.
func TextsPath(id domain.MemberID) string { return MemberPath(id) + "/texts" }

// RecordPath returns the path of the history of one record of a member: entry.31 or
// activity.2428.
func RecordPath(id domain.MemberID, record string) string {
	return MemberPath(id) + "/records/" + url.PathEscape(record)
}

// OwnRecordPath calls RecordPath for the member himself.
func OwnRecordPath(record string) string { return MinePath + "/records/" + url.PathEscape(record) }

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

// ActivityPath returns the path of the page of one activity.
func ActivityPath(id string) string { return "/activities/" + url.PathEscape(id) }

// CorrectPath corrects one line of an activity.
func CorrectPath(activity string) string { return ActivityPath(activity) + "/correct" }

// UndoPath takes a whole activity back.
func UndoPath(activity string) string { return ActivityPath(activity) + "/undo" }

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

// AccountPath returns the path of the page of one account; what is done to it stands below.
func AccountPath(id string) string { return AccountsPath + "/" + url.PathEscape(id) }

// DraftPath returns the path of the page of one draft of a rule file, where it is decided.
func DraftPath(id string) string { return DraftsPath + "/" + url.PathEscape(id) }

// TokenPath revokes a token of the account of a page.
func TokenPath(page, token string) string {
	return page + "/tokens/" + url.PathEscape(token) + "/revoke"
}

package web

import (
	"io/fs"
	"net/http"

	"jifen/internal/access"
	"jifen/internal/server"
	"jifen/internal/web/ui"
)

// Routes is the table of the site's pages: what is asked, what it takes, who
// answers.
func (s *Site) Routes(assets fs.FS) []server.Route {
	table := append(s.daily(assets), s.management()...)
	out := make([]server.Route, len(table))
	for i, r := range table {
		out[i] = server.Route{Method: r.method, Path: r.path, Permission: r.permission, Handler: s.page(r.h)}
	}
	return out
}

const get, post = http.MethodGet, http.MethodPost

// route is one row of the table.
type route struct {
	method, path string
	permission   access.Permission
	h            handler
}

// daily lists the routes of what members, branches and committees do every day.
func (s *Site) daily(assets fs.FS) []route {
	return []route{
		{get, "/healthz", server.Anyone, s.Alive},
		{get, "/readyz", server.Anyone, s.Ready},
		{get, ui.AssetsPath + "*file", server.Anyone, Assets(assets)},
		{get, ui.SignInPath, server.Anyone, s.SignInForm},
		{post, ui.SignInPath, server.Anyone, s.SignIn},
		{post, ui.AppearancePath, server.Anyone, s.Appearance},
		{post, ui.SignOutPath, access.SignedIn, s.SignOut},
		{get, ui.HomePath, access.SignedIn, s.Home},

		{get, ui.OwnAccountPath, access.SignedIn, s.OwnAccount},
		{post, ui.OwnPasswordPath, access.SignedIn, s.ChangePassword},
		{post, ui.OwnAccountPath + "/tokens/:token/revoke", access.SignedIn, s.RevokeOwnToken},

		{get, ui.MinePath, access.SeeOwn, s.Mine},
		{get, ui.MinePath + "/records/:record", access.SeeOwn, s.OwnRecord},
		{get, ui.OwnClaimsPath, access.Claim, s.OwnClaims},
		{post, ui.OwnClaimsPath, access.Claim, s.Claim},
		{get, ui.NewClaimPath, access.Claim, s.ClaimForm},
		{post, ui.OwnClaimsPath + "/:id/withdraw", access.Claim, s.WithdrawClaim},
		{post, ui.ClaimDraftsPath + "/:id/drop", access.Claim, s.DropDraft},
		{post, ui.OwnExemptionPath, access.Claim, s.AskExemption},

		{get, ui.BranchesPath + "/:id", access.SeeMembers, s.Branch},
		{get, ui.OrgsPath, access.SeeBranches, s.OrgList},
		{get, ui.OrgsPath + "/:id", access.SeeBranches, s.Org},
		{post, ui.OrgsPath + "/:id", access.ManageOrgs, s.ChangeOrg},

		{get, "/members/:id", access.SeeMembers, s.Member},
		{get, "/members/:id/handover", access.SeeMembers, s.Handover},
		{get, "/members/:id/changes", access.ManageMembers, s.Changes},
		{post, "/members/:id/changes", access.ManageMembers, s.Change},
		{get, "/members/:id/texts", access.EraseTexts, s.Texts},
		{post, "/members/:id/texts", access.EraseTexts, s.EraseTexts},
		{get, "/members/:id/links", access.SeeMembers, s.MemberLinks},
		{get, "/members/:id/records/:record", access.SeeMembers, s.Record},
		{get, "/activities/:id", access.SeeMembers, s.Activity},
		{get, ui.RankingPath, access.SeeMembers, s.Ranking},
		{get, ui.RankingPath + "/export", access.Export, s.Export},

		{get, ui.BranchesPath + "/:id/activity", access.Record, s.ActivityForm},
		{post, ui.BranchesPath + "/:id/activity", access.Record, s.RecordActivity},
		{get, ui.BranchesPath + "/:id/entries", access.Record, s.BulkForm},
		{post, ui.BranchesPath + "/:id/entries", access.Record, s.PostBulk},
		{post, "/activities/:id/correct", access.Record, s.CorrectActivity},
		{post, "/activities/:id/undo", access.Record, s.UndoActivity},
		{get, ui.NewEntryPath, access.Record, s.EntryForm},
		{post, ui.EntriesPath, access.Record, s.Entry},
		{post, ui.EntriesPath + "/undo", access.Record, s.UndoEntries},
		{get, ui.EntriesPath + "/:id/reverse", access.Record, s.ReverseForm},
		{post, ui.EntriesPath + "/:id/reverse", access.Record, s.Reverse},
		{get, ui.ClaimsPath, access.Decide, s.Claims},
		{post, ui.ClaimsPath, access.Decide, s.Decide},
		{post, ui.ClaimsPath + "/:id/withdraw", access.Record, s.WithdrawHanded},
	}
}

// management lists the routes of periods, rules, the trail and accounts.
func (s *Site) management() []route {
	return []route{
		{get, ui.BranchesPath, access.SeeBranches, s.Branches},
		{post, ui.PeriodsPath, access.LockPeriods, s.Periods},

		{get, ui.RulesPath, access.SignedIn, s.Rules},
		{get, ui.DraftsPath, access.EnactRules, s.DraftList},
		{post, ui.DraftsPath, access.EnactRules, s.NewDraft},
		{get, ui.DraftsPath + "/:id", access.EnactRules, s.Draft},
		{post, ui.DraftsPath + "/:id", access.EnactRules, s.DecideDraft},

		{get, ui.TrailPath, access.SeeTrail, s.Trail},
		{get, ui.AccountsPath, access.ManageAccounts, s.AccountList},
		{post, ui.AccountsPath, access.ManageAccounts, s.OpenAccount},
		{get, ui.AccountsPath + "/:id", access.ManageAccounts, s.AccountPage},
		{post, ui.AccountsPath + "/:id/roles", access.ManageAccounts, s.AccountRoles},
		{post, ui.AccountsPath + "/:id/password", access.ManageAccounts, s.AccountPassword},
		{post, ui.AccountsPath + "/:id/close", access.ManageAccounts, s.AccountClose},
		{post, ui.AccountsPath + "/:id/unlock", access.ManageAccounts, s.AccountUnlock},
		{post, ui.AccountsPath + "/:id/tokens/:token/revoke", access.ManageAccounts, s.RevokeToken},
		{get, ui.StreetsPath, access.ManageStreets, s.StreetList},
		{post, ui.StreetsPath, access.ManageStreets, s.NewStreet},
		{get, ui.HealthPath, access.ManageMachine, s.Health},
	}
}

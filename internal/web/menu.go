package web

import (
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/web/ui"
)

// menuEntry is one word of the menu: who reads it, where it leads, and the patterns of
// the routes whose pages stand below it beside those below its own address.
type menuEntry struct {
	need        access.Permission
	words, path string
	below       []string
}

// entries returns the words of the menu, whoever may read them.
func (s *Site) entries(a *access.Actor) (out []menuEntry) {
	people := []string{ui.BranchesPath, "/members", "/activities", ui.EntriesPath + "/:id"}
	if home := s.branchOf(a); home != "" {
		out = append(out, menuEntry{access.Record, "支部", ui.BranchPath(home), people})
	}
	ranking := menuEntry{access.SeeMembers, "排名", ui.RankingPath, nil}
	if leads(a) {
		out = append(out, menuEntry{access.SeeMembers, "本组", ui.OwnGroupPath, []string{"/members"}})
		if s := a.Scope(access.SeeMembers); !s.All() && len(s.Subtrees()) == 0 {
			ranking.words = "" // he sees no organisation
		}
	}
	return append(out,
		menuEntry{access.SeeBranches, "全部支部", ui.BranchesPath, people},
		menuEntry{access.Decide, "待确认", ui.ClaimsPath, nil},
		menuEntry{access.Record, "记一笔", ui.NewEntryPath, []string{ui.EntriesPath}},
		menuEntry{access.SeeOwn, "我的积分", ui.MinePath, nil},
		menuEntry{access.Claim, "我的申报", ui.OwnClaimsPath, []string{ui.ClaimDraftsPath, ui.OwnExemptionPath}},
		ranking,
		menuEntry{access.Export, "导出", ui.ExportsPath, nil},
		menuEntry{access.ManageAccounts, "帐号", ui.AccountsPath, nil},
		menuEntry{access.ManageMachine, "运行状况", ui.HealthPath, []string{ui.StreetsPath}},
		menuEntry{access.SignedIn, "办法", ui.RulesPath, nil},
		menuEntry{access.SeeBranches, "组织", ui.OrgsPath, nil},
		menuEntry{access.SeeTrail, "审计", ui.TrailPath, nil},
		menuEntry{access.AgreeToRoles, "职务待同意", ui.ProposalsPath, nil},
	)
}

// menu puts into the frame what this person may go to, the first three of which also stand
// at the bottom of a phone, and marks the one word below which the page stands: that which
// names the longest part of the pattern of its route.
func (s *Site) menu(c *gin.Context, a *access.Actor, f *ui.Frame) {
	var mark *bool
	page, longest := c.FullPath(), 0
	try := func(here *bool, parts ...string) {
		for _, part := range parts {
			if (page == part || strings.HasPrefix(page, part+"/")) && len(part) > longest {
				mark, longest = here, len(part)
			}
		}
	}
	entries := slices.DeleteFunc(s.entries(a), func(e menuEntry) bool { return e.words == "" || !a.May(e.need) })
	f.Nav = make([]ui.Link, len(entries))
	for i, e := range entries {
		f.Nav[i] = ui.Link{Words: e.words, Path: e.path}
		try(&f.Nav[i].Here, append(e.below, e.path)...)
	}
	try(&f.AtAccount, ui.OwnAccountPath)
	try(&f.AtPrivacy, ui.PrivacyPath)
	if mark != nil {
		*mark = true
	}
}

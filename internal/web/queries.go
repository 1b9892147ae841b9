package web

import (
	"github.com/gin-gonic/gin"

	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// queries returns which structs declare what the address of a page may ask for; a page that is
// not in it takes nothing there.
func queries() map[string][]any {
	type from struct {
		From string `form:"from"`
	}
	type item struct {
		Item string `form:"item"`
	}
	type lacking struct {
		Attribute string `form:"attribute"`
		Lacking   string `form:"lacking"`
	}
	type undone struct {
		First string `form:"first"`
		Last  string `form:"last"`
		Back  string `form:"back"`
	}
	type unfolded struct {
		Open string `form:"open"`
	}
	type sorted struct {
		Sort string `form:"sort"`
	}
	type ruled struct {
		On     string `form:"on"`
		Text   string `form:"text"`
		Scheme string `form:"scheme"`
		Street string `form:"street"`
	}
	type provided struct {
		Next  string `form:"next"`
		Again string `form:"again"`
	}
	type grouped struct {
		Group string `form:"group"`
	}
	type divided struct {
		By string `form:"by"`
	}
	one := func(structs ...any) []any { return structs }
	points, rankings := one(asked{}, unfolded{}), one(rankingQuery{})
	return map[string][]any{
		"GET " + ui.SignInPath:                    one(signInForm{}),
		"GET " + ui.ProviderPath:                  one(provided{}),
		"GET " + ui.MinePath:                      points,
		"GET /members/:id":                        points,
		"GET /members/:id/handover":               one(from{}),
		"GET " + ui.BranchesPath:                  one(branchesQuery{}),
		"GET " + ui.BranchesPath + "/:id":         one(asked{}, sorted{}, grouped{}),
		"GET " + ui.BranchesPath + "/:id/groups":  one(divided{}),
		"GET " + ui.BranchesPath + "/:id/facts":   one(lacking{}),
		"GET " + ui.BranchesPath + "/:id/entries": one(item{}),
		"GET " + ui.NewEntryPath:                  one(entryForm{}),
		"GET " + ui.NewClaimPath:                  one(entryForm{}),
		"POST " + ui.EntriesPath + "/undo":        one(undone{}),
		"GET " + ui.RankingPath:                   rankings,
		"GET " + ui.RankingPath + "/export":       rankings,
		"GET " + ui.ExportsPath:                   one(exportQuery{}),
		"GET " + ui.ExportsPath + "/file":         one(exportQuery{}),
		"GET " + ui.RulesPath:                     one(ruled{}),
		"GET " + ui.TrailPath:                     one(trailQuery{}),
		"GET " + ui.TrailPath + "/export":         one(trailQuery{}),
		"GET " + ui.AccountsPath:                  one(accountForm{}),
		"GET " + ui.AccountsPath + "/:id":         one(roleForm{}),
		"GET " + ui.SlipsPath:                     one(slipsForm{}),
	}
}

// known refuses what an address asks for and the route does not know. Only a provider of
// identities may add what it likes, as its protocol lets it.
func known(route string, h handler) handler {
	if route == "GET "+ui.ProviderBackPath {
		return h
	}
	declared := queries()[route]
	return func(c *gin.Context) error {
		if err := bind.Known(c, declared...); err != nil {
			return err
		}
		return h(c)
	}
}

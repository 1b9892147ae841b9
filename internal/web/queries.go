package web

import (
	"github.com/gin-gonic/gin"

	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// fromDay declares a day of a transfer slip.
type fromDay struct {
	From string `form:"from"`
}

// ofItem declares the item of a bulk entry.
type ofItem struct {
	Item string `form:"item"`
}

// ofAttribute declares of whom an attribute is listed.
type ofAttribute struct {
	Attribute string `form:"attribute"`
	Lacking   string `form:"lacking"`
}

// undoneEntries declares a bulk entry that is taken back.
type undoneEntries struct {
	First string `form:"first"`
	Last  string `form:"last"`
	Back  string `form:"back"`
}

// unfoldedAccount declares whether all of an account is shown.
type unfoldedAccount struct {
	Open string `form:"open"`
}

// inOrder declares the order of a branch.
type inOrder struct {
	Sort string `form:"sort"`
}

// textQuery declares which text of the rules is shown.
type textQuery struct {
	On     string `form:"on"`
	Text   string `form:"text"`
	Scheme string `form:"scheme"`
	Street string `form:"street"`
}

// providerQuery declares where a sign-in at a provider leads.
type providerQuery struct {
	Next  string `form:"next"`
	Again string `form:"again"`
}

// ofGroup declares of which group members are listed.
type ofGroup struct {
	Group string `form:"group"`
}

// dividedBy declares by what a branch is divided.
type dividedBy struct {
	By string `form:"by"`
}

// queries returns which structs declare what the address of a page may ask for; a page that is
// not in it takes nothing there.
func queries() map[string][]any {
	one := func(structs ...any) []any { return structs }
	points, rankings := one(asked{}, unfoldedAccount{}), one(rankingQuery{})
	return map[string][]any{
		"GET " + ui.SignInPath:                    one(signInForm{}),
		"GET " + ui.ProviderPath:                  one(providerQuery{}),
		"GET " + ui.MinePath:                      points,
		"GET /members/:id":                        points,
		"GET /members/:id/handover":               one(fromDay{}),
		"GET " + ui.BranchesPath:                  one(branchesQuery{}),
		"GET " + ui.BranchesPath + "/:id":         one(asked{}, inOrder{}, ofGroup{}),
		"GET " + ui.BranchesPath + "/:id/groups":  one(dividedBy{}),
		"GET " + ui.BranchesPath + "/:id/facts":   one(ofAttribute{}),
		"GET " + ui.BranchesPath + "/:id/entries": one(ofItem{}),
		"GET " + ui.NewEntryPath:                  one(entryForm{}),
		"GET " + ui.NewClaimPath:                  one(entryForm{}),
		"POST " + ui.EntriesPath + "/undo":        one(undoneEntries{}),
		"GET " + ui.RankingPath:                   rankings,
		"GET " + ui.RankingPath + "/export":       rankings,
		"GET " + ui.ExportsPath:                   one(exportQuery{}),
		"GET " + ui.ExportsPath + "/file":         one(exportQuery{}),
		"GET " + ui.RulesPath:                     one(textQuery{}),
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

package api

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/server"
	"jifen/internal/server/bind"
)

const get, post, del = http.MethodGet, http.MethodPost, http.MethodDelete

// route is one row of the API's part of the route table.
type route struct {
	method, path string
	permission   access.Permission
	h            handler
}

// Routes is the API's part of the route table.
func (a *API) Routes() []server.Route {
	table := slices.Concat(a.accountRoutes(), a.memberRoutes(), a.recordRoutes())
	out := make([]server.Route, len(table))
	for i, r := range table {
		out[i] = server.Route{Method: r.method, Path: Prefix + r.path, Permission: r.permission,
			Handler: a.answer(known(r.method+" "+r.path, r.h)),
			API:     true, Long: func(c *gin.Context) bool { return bind.Given(c, "known_by") }}
	}
	return out
}

// accountRoutes lists what is asked of accounts, offices, settings and the trail.
func (a *API) accountRoutes() []route {
	return []route{
		{get, "/openapi.yaml", server.Anyone, describe},
		{post, "/session", server.Anyone, a.signIn},
		{del, "/session", access.SignedIn, a.signOut},
		{get, "/me", access.SignedIn, a.me},
		{get, "/me/data", access.SeeOwn, a.dossier},
		{get, "/me/tokens", access.SignedIn, a.ownTokens},
		{post, "/me/tokens", access.SignedIn, a.makeToken},
		{del, "/me/tokens/:id", access.SignedIn, a.revokeOwnToken},
		{get, "/me/sessions", access.SignedIn, a.ownSessions},
		{del, "/me/sessions", access.SignedIn, a.endSessions},
		{del, "/me/sessions/:session", access.SignedIn, a.endSession},
		{get, "/settings", access.ManageAccounts, a.settings},
		{post, "/settings", access.ManageAccounts, a.set},
		{get, "/trail", access.SeeTrail, a.trail},
		{get, "/proposals", access.AgreeToRoles, a.proposals},
		{post, "/proposals/:id/answer", access.AgreeToRoles, a.answerProposal},
		{get, "/accounts/:id/tokens", access.ManageAccounts, a.accountTokens},
		{del, "/accounts/:id/tokens/:token", access.ManageAccounts, a.revokeToken},
		{get, "/accounts/slips", access.ManageAccounts, a.slipsDue},
		{post, "/accounts/slips", access.ManageAccounts, a.handOutSlips},
	}
}

// memberRoutes lists what is asked of members and organisations.
func (a *API) memberRoutes() []route {
	return []route{
		{post, "/me/corrections", access.Claim, a.correct},
		{get, "/members/:id/slip", access.HandOutSlips, a.slipState},
		{post, "/members/:id/slip", access.HandOutSlips, a.handOutSlip},
		{get, "/members/:id/erasure", access.EraseTexts, a.personalData},
		{post, "/members/:id/erasure", access.EraseTexts, a.erasePerson},
		{get, "/members", access.SeeMembers, a.members},
		{get, "/members/:id", access.SignedIn, a.member},
		{get, "/members/:id/changes", access.SeeMembers, a.changes},
		{post, "/members/:id/changes", access.ManageMembers, a.change},
		{post, "/members/:id/name", access.ManageMembers, a.rename},
		{post, "/members/:id/changes/:change/reversal", access.ManageMembers, a.reverseChange},
		{get, "/orgs", access.SeeBranches, a.orgs},
		{post, "/orgs", access.ManageOrgs, a.makeOrg},
		{post, "/orgs/:id/changes", access.ManageOrgs, a.changeOrg},
		{get, "/members/:id/standing", access.SignedIn, a.standing},
		{get, "/branches/:id/groups", access.SeeMembers, a.groups},
		{get, "/group", access.SeeMembers, a.ownGroup},
		{get, "/branches/:id/facts", access.ManageMembers, a.facts},
		{post, "/facts", access.ManageMembers, a.recordFacts},
	}
}

// recordRoutes lists what is asked of points, activities, entries and claims.
func (a *API) recordRoutes() []route {
	return []route{
		{get, "/rankings", access.SeeMembers, a.ranking},
		{get, "/alerts", access.SeeMembers, a.alerts},
		{get, "/branches/:id/others", access.SeeMembers, a.others},
		{post, "/branches/:id/others", access.Record, a.markSeen},
		{get, "/exports", access.Export, a.exportChoices},
		{get, "/exports/:table", access.Export, a.export},
		{post, "/activities", access.Record, a.recordActivity},
		{post, "/entries", access.Record, a.post},
		{post, "/entries/:id/reversal", access.Record, a.reverse},
		{get, "/claims", access.Decide, a.queue},
		{post, "/claims/decisions", access.Decide, a.decide},
		{post, "/claims/:id/withdrawal", access.Record, a.withdraw},
		{get, "/me/claims", access.Claim, a.own},
		{post, "/me/claims", access.Claim, a.claim},
		{post, "/me/claims/:id/withdrawal", access.Claim, a.withdraw},
	}
}

// queries returns which structs declare what the address of a route may ask for; a route that
// is not in it takes nothing there.
func queries() map[string][]any {
	one := func(q any) []any { return []any{q} }
	return map[string][]any{
		"GET /accounts/slips":       one(slipsQuery{}),
		"GET /members":              one(membersQuery{}),
		"GET /members/:id/standing": one(standingQuery{}),
		"GET /rankings":             one(rankingQuery{}),
		"GET /trail":                one(trailQuery{}),
		"GET /alerts":               one(alertsQuery{}),
		"GET /branches/:id/facts":   one(factsQuery{}),
		"GET /claims":               one(listed{}),
		"GET /exports/:table":       one(exportQuery{}),
		"GET /me/claims":            one(listed{}),
		"GET /group":                one(pointsQuery{}),
	}
}

// known refuses what an address asks for and the route does not know.
func known(route string, h handler) handler {
	declared := queries()[route]
	return func(c *gin.Context) error {
		if err := bind.Known(c, declared...); err != nil {
			return err
		}
		return h(c)
	}
}

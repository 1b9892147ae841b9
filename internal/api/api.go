// Package api is the JSON API for programs: the same use cases as the site's
// pages, under /api/v1. Who asks is said by a bearer token and by nothing else,
// so a page of another site can make nobody's browser ask. Points are decimal
// strings, because they are exact and a JSON number is not; days are
// YYYY-MM-DD; the words of the rule file stand as they are.
package api

import (
	_ "embed"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/exports"
	"jifen/internal/app/machine"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/app/standings"
	"jifen/internal/problem"
	"jifen/internal/server"
	"jifen/internal/server/bind"
)

// Prefix begins every path of the API.
const Prefix = "/api/v1"

// maxBody bounds the body of every request.
const maxBody = 1 << 20

// Options holds the parts that the API is built of.
type Options struct {
	Activities *activities.Service
	Entries    *entries.Service

	Accounts  *accounts.Service
	Ledger    *members.Recorder
	Machine   *machine.Service
	Members   *members.Service
	Orgs      *orgs.Service
	Standings *standings.Service
	Exports   *exports.Service
	Actor     func(c *gin.Context) *access.Actor
	Now       func() time.Time
	Zone      *time.Location
	Log       *slog.Logger
}

// API answers programs.
type API struct{ Options }

// New makes the API.
func New(o Options) *API { return &API{o} }

//go:embed openapi.yaml
var description []byte

// handler answers one request or says why not.
type handler func(c *gin.Context) error

// Routes is the API's part of the route table.
func (a *API) Routes() []server.Route {
	const get, post, del = http.MethodGet, http.MethodPost, http.MethodDelete
	table := []struct {
		method, path string
		permission   access.Permission
		h            handler
	}{
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
		{post, "/me/corrections", access.Claim, a.correct},
		{get, "/accounts/slips", access.ManageAccounts, a.slipsDue},
		{post, "/accounts/slips", access.ManageAccounts, a.handOutSlips},
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
		{get, "/rankings", access.SeeMembers, a.ranking},
		{get, "/alerts", access.SeeMembers, a.alerts},
		{get, "/branches/:id/others", access.SeeMembers, a.others},
		{post, "/branches/:id/others", access.Record, a.markSeen},
		{get, "/exports", access.Export, a.exportChoices},
		{get, "/exports/:table", access.Export, a.export},
		{get, "/branches/:id/groups", access.SeeMembers, a.groups},
		{get, "/group", access.SeeMembers, a.ownGroup},
		{get, "/branches/:id/facts", access.ManageMembers, a.facts},
		{post, "/facts", access.ManageMembers, a.recordFacts},
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
	out := make([]server.Route, len(table))
	for i, r := range table {
		out[i] = server.Route{Method: r.method, Path: Prefix + r.path, Permission: r.permission,
			Handler: a.answer(known(r.method+" "+r.path, r.h)),
			API:     true, Long: func(c *gin.Context) bool { return bind.Given(c, "known_by") }}
	}
	return out
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

// answer runs a handler and turns what went wrong into a problem.
func (a *API) answer(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		err := h(c)
		if err != nil && server.Again(c) {
			err = h(c)
		}
		if err != nil {
			problem.Problem(c, a.Log, err)
		}
	}
}

func describe(c *gin.Context) error {
	c.Data(http.StatusOK, "application/yaml; charset=utf-8", description)
	return nil
}

// read reads a JSON body strictly into a struct that declares what it must be.
func read(c *gin.Context, into any) error { return bind.JSON(c, into, maxBody, Prefix+"/openapi.yaml") }

// listed declares how many rows a list may give.
type listed struct {
	Limit string `form:"limit,default=100" binding:"whole=1~500"`
}

// limited reads how many rows a list may give.
func limited(c *gin.Context) (int, error) {
	var q listed
	err := bind.Query(c, &q)
	return int(bind.Whole(q.Limit)), err
}

// key returns the request's idempotency key, "" for none.
func key(c *gin.Context) string { return c.GetHeader("Idempotency-Key") }

// kept answers a write. One that was asked for before says so.
func kept(c *gin.Context, replay bool, body any) {
	if replay {
		c.Header("Idempotency-Replayed", "true")
	}
	c.JSON(http.StatusCreated, body)
}

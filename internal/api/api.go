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

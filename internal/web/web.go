// Package web holds the handlers of the web site: each reads a request, asks a
// use case, fills a view of ui and has it rendered. It decides nothing and
// knows no SQL.
package web

import (
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
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
	"jifen/internal/app/periods"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/oidc"
	"jifen/internal/problem"
	"jifen/internal/server"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// Session keeps what the server knows of a visitor between requests.
type Session interface {
	SignIn(ctx context.Context, id domain.AccountID) error
	SignInByProvider(ctx context.Context, id domain.AccountID, fresh bool) error
	SignOut(ctx context.Context) error
	Put(ctx context.Context, key, value string)
	Take(ctx context.Context, key string) string
	Actor(c *gin.Context) *access.Actor
}

// Options holds the services and settings of the site.
type Options struct {
	Activities *activities.Service
	Entries    *entries.Service

	Machine   *machine.Service
	Accounts  *accounts.Service
	Ledger    *members.Recorder
	Members   *members.Service
	Enactment *rules.Service
	Orgs      *orgs.Service
	Locks     *periods.Service
	Standings *standings.Service
	Exports   *exports.Service
	Pages     *ui.Pages
	Session   Session
	Random    io.Reader
	Now       func() time.Time
	Zone      *time.Location
	Log       *slog.Logger
	Version   string
	Since     time.Time
	TLS       bool
	Backups   func() Backup      // how the daily copies stand; nil where none are made
	Daily     func() []DailyWork // how the other work of the day stands; nil where none is done
	Root      func() *Root       // the last that was written down; nil where none is
	Privacy   []ui.PrivacyPart   // what people are told of what is kept of them
	Lost      func() int64       // how many lines of the trail could not be written; nil where none are
	Provider  *oidc.Provider     // at which people sign in too; nil for none
}

// Site answers people.
type Site struct {
	Options
	roots postedRoots
}

// New makes the site.
func New(o Options) *Site { return &Site{Options: o} }

// today returns the day it is in the organisation's zone.
func (s *Site) today() calendar.Day { return calendar.FromTime(s.Now().In(s.Zone)) }

// key draws an idempotency key for a form.
func (s *Site) key() string {
	var raw [16]byte
	if _, err := io.ReadFull(s.Random, raw[:]); err != nil {
		return ""
	}
	return hex.EncodeToString(raw[:])
}

// render writes a page with a status.
func (s *Site) render(c *gin.Context, status int, view ui.View) {
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Status(status)
	if err := s.Pages.Render(c.Writer, view); err != nil {
		f := fault.From(err)
		problem.Log(s.Log, c, f)
	}
}

// form shows a form: as it is, or with what was typed and why it was refused.
func (s *Site) form(c *gin.Context, view ui.View, refused error) error {
	status := http.StatusOK
	if refused != nil {
		status = http.StatusUnprocessableEntity
		s.Session.Actor(c).Origin().Refuse(refused) // which the status does not tell
	}
	s.render(c, status, view)
	return nil
}

// handler is a handler that may fail; a failure becomes a page.
type handler func(c *gin.Context) error

// page turns a handler into gin's.
func (s *Site) page(h handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		err := h(c)
		if err != nil && server.Again(c) {
			err = h(c)
		}
		if err != nil {
			s.Refuse(c, err)
		}
	}
}

// Refuse answers with a page that says what is wrong. Nobody is sent to sign
// in, and comes back afterwards.
func (s *Site) Refuse(c *gin.Context, err error) {
	f := fault.From(err)
	problem.Log(s.Log, c, f)
	c.Abort()
	if f.Code == fault.Unauthenticated {
		to := ui.SignInPath
		if c.Request.Method == http.MethodGet {
			to += "?" + url.Values{"next": {c.Request.URL.RequestURI()}}.Encode()
		}
		if c.GetHeader("HX-Request") == "true" {
			c.Header("HX-Redirect", to)
			c.Status(http.StatusUnauthorized)
			return
		}
		c.Redirect(http.StatusSeeOther, to)
		return
	}
	if f.Code == fault.Expired {
		c.Redirect(http.StatusSeeOther, ui.OwnPasswordPath)
		return
	}
	problem.RetryAfter(c, f)
	status := problem.Status(f.Code)
	view := ui.Problem{Frame: s.frame(c, nil), Status: status, Message: f.Message, Hint: f.Hint}
	if status != http.StatusNotFound { // what is hidden and what is absent answer with the same bytes
		view.Request = problem.ID(c.Request.Context())
	}
	s.render(c, status, view)
}

// see redirects after a form was taken in.
func see(c *gin.Context, path string) error {
	c.Redirect(http.StatusSeeOther, path)
	return nil
}

// cookies of the looks; no person stands in them.
const (
	darkCookie  = "dark"
	largeCookie = "large"
)

// frame returns what stands around every page. about may be nil.
func (s *Site) frame(c *gin.Context, about *around) ui.Frame {
	actor := s.Session.Actor(c)
	f := ui.Frame{Person: actor.Name, Here: c.Request.URL.RequestURI()}
	if c.Request.Method != http.MethodGet {
		f.Here = ui.HomePath
	}
	dark, _ := c.Cookie(darkCookie)
	large, _ := c.Cookie(largeCookie)
	f.Dark, f.Large = dark == "1", large == "1"
	if about != nil {
		f.Scheme, f.Org = about.scheme, about.org
	}
	var roles []string
	for _, g := range actor.Grants {
		if w := g.Words(); !slices.Contains(roles, w) {
			roles = append(roles, w)
		}
	}
	f.Roles, f.Offices = strings.Join(roles, "、"), officeOptions(actor)
	f.ViewTime, f.Alarm = s.viewTime(c), s.alarm(actor)
	s.menu(c, actor, &f)
	if words := s.Session.Take(c.Request.Context(), "notice"); words != "" {
		f.Notice.Words, f.Notice.Undo = words, s.Session.Take(c.Request.Context(), "undo")
	}
	return f
}

// viewTime returns the day and the instant of the address as they were typed.
func (s *Site) viewTime(c *gin.Context) ui.ViewTime {
	var q asked
	_ = bind.Query(c, &q) // shown as typed; the page judges it
	return ui.ViewTime{AsOf: q.AsOf, Known: q.Known, Last: s.today().String()}
}

// around names the scheme and the organisation that a page is about.
type around struct{ scheme, org string }

// branchOf returns the branch that a secretary or a recorder serves, "" for others.
func (s *Site) branchOf(a *access.Actor) domain.OrgID {
	for _, g := range a.Grants {
		if g.Role == domain.RoleSecretary || g.Role == domain.RoleRecorder {
			return domain.OrgID(lastOf(g.Path))
		}
	}
	return ""
}

// leads reports whether somebody works as the leader of a group.
func leads(a *access.Actor) bool {
	_, ok := a.Leads()
	return ok
}

// Home leads everybody to his own first page.
func (s *Site) Home(c *gin.Context) error {
	a := s.Session.Actor(c)
	switch {
	case s.branchOf(a) != "":
		return see(c, ui.BranchPath(s.branchOf(a)))
	case a.May(access.SeeBranches):
		return see(c, ui.BranchesPath)
	case leads(a):
		return see(c, ui.OwnGroupPath)
	case a.May(access.SeeOwn):
		return see(c, ui.MinePath)
	case a.May(access.ManageAccounts):
		return see(c, ui.AccountsPath)
	case a.May(access.ManageMachine):
		return see(c, ui.HealthPath)
	case a.May(access.EnactRules):
		return see(c, ui.DraftsPath)
	}
	return fault.New(fault.Forbidden, "这个帐号还没有角色").WithHint("请安全管理员分派角色")
}

// clock prints an instant in the organisation's zone.
func (s *Site) clock(at string) string {
	t, err := calendar.ParseInstant(at)
	if err != nil {
		return at
	}
	return t.In(s.Zone).Format("2006-01-02 15:04")
}

// Package server is the HTTP server: the engine, what stands before every
// handler, and the route table.
package server

import (
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/problem"
)

// Limits of every request.
const (
	maxBody          = 12 << 20       // an uploaded roster is the largest thing anybody sends
	maxStrangersBody = 64 << 10       // of who is not signed in, and sends a password at most
	sessionLife      = 24 * time.Hour // of what the browser keeps; how long it opens anything is set
)

// Options holds the parts that the server is built of.
type Options struct {
	Accounts *accounts.Service
	Sessions scs.Store
	Random   io.Reader
	Now      func() time.Time
	Log      *slog.Logger
	TLS      bool           // people reach it by https, directly or through a proxy
	Proxies  []netip.Prefix // the proxies before it, whose word of where a request came from is taken
	Limits   Limits
	// Fresh returns a context whose reads are as new as a Freshness says; nil where all are
	// of the one database.
	Fresh func(context.Context) (context.Context, Freshness)
	// Observe is told of every request, once it is answered; nil for nobody.
	Observe func(Observation)
	// Answered takes in how a request of somebody was answered, for the trail, with the member
	// whom the address names; nil takes in nothing.
	Answered func(actor *access.Actor, r *Route, status int, member domain.MemberID)
	// Refuse answers a person (not a program) who may not, or whose request
	// failed.
	Refuse func(c *gin.Context, err error)
	// Kept returns what a form says, to be sent again later; kept is false for one that is none, is
	// larger than so many bytes or has more inputs.
	Kept func(c *gin.Context, bytes int64, inputs int) (form url.Values, kept bool)
	// Ask asks a person for his password.
	Ask func(c *gin.Context, q Question)
}

// Context is gin's, so that who builds the server need not know it.
type Context = gin.Context

// Server answers requests.
type Server struct {
	opts     Options
	sessions *scs.SessionManager
	handler  http.Handler
	limiter  *limiter
	refusals http.Handler // answers every request with the error in its context
}

// New makes a server that answers nothing until Mount.
func New(opts Options) *Server {
	s := &Server{opts: opts, sessions: scs.New(), handler: http.NotFoundHandler(),
		limiter: newLimiter(opts.Limits)}
	s.sessions.Store = opts.Sessions
	s.sessions.Lifetime = sessionLife
	s.sessions.Cookie.Name = "jifen"
	s.sessions.Cookie.HttpOnly = true
	s.sessions.Cookie.Secure = opts.TLS
	s.sessions.Cookie.SameSite = http.SameSiteLaxMode
	s.sessions.ErrorFunc = s.withoutSession
	return s
}

// Mount takes in the route table. One with a route that lacks a permission is
// fault.Internal, and nothing starts.
func (s *Server) Mount(routes []Route) error {
	if err := checkRoutes(routes); err != nil {
		return err
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	if err := engine.SetTrustedProxies(nil); err != nil {
		return fault.Wrap(err, fault.Internal, "代理设置不对")
	}
	engine.Use(s.recover)
	for _, r := range routes {
		engine.Handle(r.Method, r.Path, s.guard(r), r.Handler)
		if r.Method == http.MethodGet {
			engine.Handle(http.MethodHead, r.Path, s.guard(r), r.Handler)
		}
	}
	// Whoever is signed in keeps the menu where there is no page.
	visitor, none := s.guard(Route{Permission: Anyone}),
		func(c *gin.Context) { s.refuse(c, fault.New(fault.NotFound, "没有这个页面")) }
	engine.NoRoute(visitor, none)
	engine.NoMethod(visitor, none)
	s.handler = s.outside(s.fresh(once(s.sessions.LoadAndSave(engine))))
	s.refusals = s.refusing()
	return nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// outside wraps everything: the request's id, the headers of
// every answer, the size of a body, and the refusal of forms from other sites.
func (s *Server) outside(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	foreign := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "这张表不是从本站交来的，没有受理", http.StatusForbidden)
	})
	cross.SetDenyHandler(foreign)
	inner := s.observed(s.readOneWay(cross.Handler(ofThisSite(next, foreign))))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var raw [8]byte
		if _, err := io.ReadFull(s.opts.Random, raw[:]); err != nil {
			http.Error(w, "程序出错了", http.StatusInternalServerError)
			return
		}
		id := hex.EncodeToString(raw[:])
		h := w.Header()
		h.Set("X-Request-Id", id)
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "+
			"font-src 'self'; "+
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("X-Frame-Options", "DENY") // for browsers that know no frame-ancestors
		if s.opts.TLS {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		h.Set("Cache-Control", "no-store")
		r.Header.Del("X-Forwarded-Prefix") // by which Gin would lead who wrote it elsewhere
		atMost(w, r, maxBody)
		ctx := s.withAddress(r)
		visit := &accounts.Visit{Address: Address(ctx), Agent: accounts.Browser(r.UserAgent())}
		inner.ServeHTTP(w, r.WithContext(problem.WithID(accounts.WithVisit(ctx, visit), id)))
	})
}

// ofThisSite refuses what changes something by a cookie where the browser says in none
// of three ways that the form is of this site. Browsers of today send Origin or
// Sec-Fetch-Site, which were looked at before; older ones, as offices have them, send
// Referer, for which the site's own policy asks.
func ofThisSite(next, foreign http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		safe := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
		if safe || r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Cookie") == "" {
			next.ServeHTTP(w, r)
			return
		}
		from, err := url.Parse(r.Header.Get("Referer"))
		if err != nil || from.Host != r.Host {
			foreign.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// atMost refuses whoever reads more of a request's body than so many bytes.
func atMost(w http.ResponseWriter, r *http.Request, limit int64) {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
}

// recover turns a panic into our mistake.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		if p := recover(); p != nil {
			s.opts.Log.ErrorContext(c.Request.Context(), "panic", "id", problem.ID(c.Request.Context()), "path", c.FullPath(),
				"value", p)
			s.refuse(c, fault.New(fault.Internal, "程序出错了").WithHint("请把请求编号告诉系统管理员"))
		}
	}()
	c.Next()
}

// actorKey is the key of the actor in gin's context.
const actorKey = "actor"

// Actor returns who is asking; nobody has no account and may nothing.
func (*Server) Actor(c *gin.Context) *access.Actor {
	if a, ok := c.Value(actorKey).(*access.Actor); ok {
		return a
	}
	return &access.Actor{}
}

// guard finds out who asks and lets through who may.
func (s *Server) guard(r Route) gin.HandlerFunc {
	return func(c *gin.Context) {
		seen(c.Request.Context(), r)
		accounts.Routed(c.Request.Context(), r.Method+" "+r.Path)
		visitor, err := s.who(c, r)
		if err == nil && visitor.Idle {
			if err = s.idle(c, &r, visitor.Actor); c.IsAborted() {
				return
			}
		}
		if err != nil && r.Permission != Anyone {
			s.refuseAs(c, r.API, err)
			return
		}
		actor := visitor.Actor
		if err != nil {
			actor = nil
		}
		if actor == nil {
			if err := s.limiter.stranger(Address(c.Request.Context()), s.opts.Now()); err != nil {
				s.refuseAs(c, r.API, err)
				return
			}
			atMost(c.Writer, c.Request, maxStrangersBody)
		} else {
			actor = actor.From(&access.Origin{Address: Address(c.Request.Context()), Route: r.Method + " " + r.Path})
			c.Set(actorKey, actor)
			defer s.answered(c, &r, actor)
		}
		switch {
		case r.Permission == Anyone:
		case actor == nil:
			s.refuseAs(c, r.API, fault.New(fault.Unauthenticated, "请先登录"))
		case !actor.May(r.Permission):
			s.refuseAs(c, r.API, fault.New(fault.Forbidden, "没有看这一页的权限").WithHint("需要的话，请上级党组织办理"))
		case visitor.Aged != nil && !r.Aged && !s.byProvider(c.Request.Context()):
			s.refuseAs(c, r.API, visitor.Aged)
		case actor.ReadOnly() && r.Method != http.MethodGet && r.Method != http.MethodHead:
			s.refuseAs(c, r.API, fault.New(fault.Forbidden, "这个凭证只能看，不能写").WithHint("要写的，请安全管理员另发一个凭证"))
		default: // whoever asks, and what he may, was asked of the primary
			readsOnly(c, r)
		}
		if actor != nil && !c.IsAborted() && (!s.asks(c, &r) || s.proves(c, &r, actor, false)) {
			s.bounded(c, r, actor)
		}
	}
}

// idle answers who was not seen for too long. What he sends is kept while he writes his
// password, and then taken in; a page he comes back to by signing in.
func (s *Server) idle(c *gin.Context, r *Route, actor *access.Actor) error {
	if r.Permission != Anyone && r.Method == http.MethodPost && !r.Aged && s.proves(c, r, actor, true) {
		accounts.Belongs(c.Request.Context(), actor.ID())
		return nil
	}
	return fault.New(fault.Unauthenticated, "太久没有用，已经退出").WithHint("请重新登录")
}

// answered hands on how somebody was answered.
func (s *Server) answered(c *gin.Context, r *Route, actor *access.Actor) {
	if s.opts.Answered == nil || r.Path == "" {
		return
	}
	var member domain.MemberID
	if strings.Contains(r.Path, "/members/:id") {
		member = domain.MemberID(c.Param("id"))
	}
	s.opts.Answered(actor, r, c.Writer.Status(), member)
}

// bounded runs what comes after the guard within the limits of who asks.
func (s *Server) bounded(c *gin.Context, r Route, actor *access.Actor) {
	long := r.Long != nil && r.Long(c)
	leave, err := s.limiter.enter(c.Request.Context(), actor.Account, long)
	if err != nil {
		s.refuseAs(c, r.API, err)
		return
	}
	defer leave()
	c.Next()
}

// who returns whose the session or the bearer token is; no actor for nobody.
// A program's token never stands in for a person's session, nor the other way.
func (s *Server) who(c *gin.Context, r Route) (v accounts.Visitor, err error) {
	ctx := c.Request.Context()
	if r.API {
		token, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
		if ok {
			v.Actor, err = s.opts.Accounts.Bearer(ctx, token, s.opts.Now())
		}
		if v.Actor != nil && err == nil {
			v.Actor, err = inOffice(c, v.Actor)
		}
		return v, err
	}
	id := s.sessions.GetInt64(ctx, accountKey)
	if id == 0 {
		return v, nil
	}
	if v, err = s.opts.Accounts.Visitor(ctx, domain.AccountID(id), s.sessions.GetString(ctx, sealKey)); err != nil {
		return v, err
	}
	v.Actor = v.Actor.Working(s.sessions.GetString(ctx, OfficeKey))
	return v, nil
}

// What a session keeps: whose it is, the account's seal when it began, and whether that was
// at a provider of identities.
const (
	accountKey  = "account"
	sealKey     = "seal"
	providerKey = "provider"
)

// SignIn makes the session somebody's. The token is a new one, so that one
// planted before signing in is worth nothing after.
func (s *Server) SignIn(ctx context.Context, id domain.AccountID) error {
	seal, err := s.opts.Accounts.Seal(ctx, id)
	if err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	accounts.Belongs(ctx, id)
	s.sessions.Put(ctx, accountKey, int64(id))
	s.sessions.Put(ctx, sealKey, seal)
	s.sessions.Put(ctx, provedKey, s.opts.Now().Unix())
	s.sessions.Remove(ctx, providerKey)
	return nil
}

// SignInByProvider is SignIn of somebody for whom a provider of identities has spoken: he is
// asked for his password, or to sign in there again, before what is dangerous, unless he
// has just done that (fresh).
func (s *Server) SignInByProvider(ctx context.Context, id domain.AccountID, fresh bool) error {
	if err := s.SignIn(ctx, id); err != nil {
		return err
	}
	s.sessions.Put(ctx, providerKey, true)
	if !fresh {
		s.sessions.Remove(ctx, provedKey)
	}
	return nil
}

// byProvider reports whether a session began at a provider of identities: how old the
// password is does not matter then.
func (s *Server) byProvider(ctx context.Context) bool { return s.sessions.GetBool(ctx, providerKey) }

// SignOut ends the session.
func (s *Server) SignOut(ctx context.Context) error { return s.sessions.Destroy(ctx) }

// Put keeps a word in the session until it is taken.
func (s *Server) Put(ctx context.Context, key, value string) { s.sessions.Put(ctx, key, value) }

// Take returns a word of the session and forgets it.
func (s *Server) Take(ctx context.Context, key string) string {
	if !s.sessions.Exists(ctx, key) {
		return "" // asking must not write the session
	}
	return s.sessions.PopString(ctx, key)
}

func (s *Server) refuse(c *gin.Context, err error) {
	s.refuseAs(c, strings.HasPrefix(c.Request.URL.Path, "/api/"), err)
}

func (s *Server) refuseAs(c *gin.Context, api bool, err error) {
	c.Abort()
	if api {
		problem.Problem(c, s.opts.Log, err)
		return
	}
	s.opts.Refuse(c, err)
}

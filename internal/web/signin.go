package web

import (
	"cmp"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/fault"
	"jifen/internal/problem"
	"jifen/internal/server"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// signInRoutes lists the pages and forms of signing in and the first page.
func (s *Site) signInRoutes() []route {
	return []route{
		{get, ui.SignInPath, server.Anyone, s.SignInForm},
		{post, ui.SignInPath, server.Anyone, s.SignIn},
		{get, ui.ProviderPath, server.Anyone, s.ProviderSignIn},
		{get, ui.ProviderBackPath, server.Anyone, s.ProviderBack},
		{post, ui.AppearancePath, server.Anyone, s.Appearance},
		{post, ui.SignOutPath, access.SignedIn, s.SignOut},
		{get, ui.HomePath, access.SignedIn, s.Home},
	}
}

// signInForm declares who signs in, and where to lead him then; what is wrong with
// either nobody is told.
type signInForm struct {
	Login    string `form:"login"`
	Password string `form:"password"`
	Next     string `form:"next"`
}

// SignInForm asks who it is.
func (s *Site) SignInForm(c *gin.Context) error {
	var in signInForm
	if err := bind.Query(c, &in); err != nil {
		return err
	}
	s.render(c, http.StatusOK, s.signIn(c, "", in.Next, nil))
	return nil
}

func (s *Site) signIn(c *gin.Context, login, next string, err error) ui.SignIn {
	settings, wrong := s.Accounts.Settings(c.Request.Context())
	if wrong != nil { // the page stands all the same
		problem.Log(s.Log, c, fault.From(wrong))
	}
	return ui.SignIn{
		Frame: s.frame(c, nil), Login: login, Next: local(next), Tries: settings.Tries(),
		Minutes: int(accounts.LongestWait.Minutes()), Refusal: ui.Refuse(err),
		Provider: s.Provider != nil,
	}
}

// local lets through only addresses of this site that a header may carry, so that nobody is
// sent away by a link to the sign-in.
func local(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, "\\") ||
		strings.ContainsFunc(next, unicode.IsControl) || !utf8.ValidString(next) {
		return ""
	}
	return next
}

// SignIn takes login and password.
func (s *Site) SignIn(c *gin.Context) error {
	var in signInForm
	if err := bind.Form(c, &in); err != nil {
		return err
	}
	ctx := c.Request.Context()
	actor, err := s.Accounts.SignIn(ctx, accounts.Credentials{
		Login: in.Login, Password: in.Password, Address: server.Address(ctx),
	})
	switch fault.CodeOf(err) {
	case "":
	case fault.Unauthenticated, fault.TooMany, fault.Unavailable: // told beside the form, to be sent again
		f := fault.From(err)
		problem.Log(s.Log, c, f)
		problem.RetryAfter(c, f)
		status := problem.Status(f.Code)
		if f.Code == fault.Unauthenticated { // browsers answer 401 with a question of their own
			status = http.StatusUnprocessableEntity
		}
		s.render(c, status, s.signIn(c, in.Login, in.Next, err))
		return nil
	default:
		return err
	}
	if err := s.Session.SignIn(ctx, actor.Account); err != nil {
		return err
	}
	s.workAsBefore(c)
	return see(c, cmp.Or(local(in.Next), ui.HomePath))
}

// SignOut ends the session.
func (s *Site) SignOut(c *gin.Context) error {
	if err := s.Accounts.SignOut(c.Request.Context(), s.Session.Actor(c)); err != nil {
		return err
	}
	if err := s.Session.SignOut(c.Request.Context()); err != nil {
		return err
	}
	return see(c, ui.SignInPath)
}

// Appearance switches large print and the dark theme; a cookie keeps both.
func (s *Site) Appearance(c *gin.Context) error {
	var in struct {
		Dark  *string `form:"dark"`
		Large *string `form:"large"`
		Back  string  `form:"back"`
	}
	if err := bind.Form(c, &in); err != nil {
		return err
	}
	for name, value := range map[string]*string{darkCookie: in.Dark, largeCookie: in.Large} {
		if value != nil {
			http.SetCookie(c.Writer, &http.Cookie{
				Name: name, Value: map[bool]string{true: "1", false: "0"}[*value == "1"], Path: "/", MaxAge: 365 * 24 * 3600,
				HttpOnly: true, Secure: s.TLS, SameSite: http.SameSiteLaxMode,
			})
		}
	}
	return see(c, cmp.Or(local(in.Back), ui.HomePath))
}

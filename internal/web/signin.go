package web

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/accounts"
	"jifen/internal/fault"
	"jifen/internal/problem"
	"jifen/internal/server"
	"jifen/internal/web/ui"
)

// SignInForm asks who it is.
func (s *Site) SignInForm(c *gin.Context) error {
	s.render(c, http.StatusOK, s.signIn(c, "", c.Query("next"), nil))
	return nil
}

func (s *Site) signIn(c *gin.Context, login, next string, err error) ui.SignIn {
	return ui.SignIn{
		Frame: s.frame(c, nil), Login: login, Next: local(next), Tries: accounts.FreeTries,
		Minutes: int(accounts.LongestWait.Minutes()), Refusal: ui.Refuse(err),
	}
}

// local lets through only addresses of this site, so that nobody is sent away
// by a link to the sign-in.
func local(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return ""
	}
	return next
}

// SignIn takes login and password.
func (s *Site) SignIn(c *gin.Context) error {
	login, next := c.PostForm("login"), c.PostForm("next")
	ctx := c.Request.Context()
	actor, err := s.Accounts.SignIn(ctx, accounts.Credentials{Login: login, Password: c.PostForm("password"),
		Address: server.Address(ctx)})
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
		s.render(c, status, s.signIn(c, login, next, err))
		return nil
	default:
		return err
	}
	if err := s.Session.SignIn(ctx, actor.Account); err != nil {
		return err
	}
	return see(c, cmp.Or(local(next), ui.HomePath))
}

// SignOut ends the session.
func (s *Site) SignOut(c *gin.Context) error {
	if err := s.Session.SignOut(c.Request.Context()); err != nil {
		return err
	}
	return see(c, ui.SignInPath)
}

// Appearance switches large print and the dark theme; a cookie keeps both.
func (s *Site) Appearance(c *gin.Context) error {
	for _, name := range []string{darkCookie, largeCookie} {
		if value, ok := c.GetPostForm(name); ok {
			http.SetCookie(c.Writer, &http.Cookie{
				Name: name, Value: map[bool]string{true: "1", false: "0"}[value == "1"], Path: "/", MaxAge: 365 * 24 * 3600,
				HttpOnly: true, Secure: s.TLS, SameSite: http.SameSiteLaxMode,
			})
		}
	}
	return see(c, cmp.Or(local(c.PostForm("back")), ui.HomePath))
}

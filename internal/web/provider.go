package web

import (
	"cmp"
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/oidc"
	"jifen/internal/problem"
	"jifen/internal/server"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// attemptCookie keeps the attempt of who is at the provider of identities.
const attemptCookie = "jifen-provider"

// keepAttempt has the browser keep an attempt, or forget it ("").
func (s *Site) keepAttempt(c *gin.Context, sealed string) {
	cookie := &http.Cookie{Name: attemptCookie, Value: sealed, Path: ui.ProviderPath, HttpOnly: true, Secure: s.TLS,
		MaxAge: int(oidc.AttemptLife.Seconds()), SameSite: http.SameSiteLaxMode}
	if sealed == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.Writer, cookie)
}

// noProvider is the fault where none is set.
func noProvider() error { return fault.New(fault.NotFound, "没有这个页面") }

// ProviderSignIn sends somebody to the provider of identities.
func (s *Site) ProviderSignIn(c *gin.Context) error {
	var in struct {
		Next  string `form:"next"`
		Again string `form:"again"`
	}
	if s.Provider == nil {
		return noProvider()
	}
	if err := bind.Query(c, &in); err != nil {
		return err
	}
	to, attempt, err := s.Provider.Begin(c.Request.Context(), local(in.Next), in.Again != "")
	if err != nil {
		return s.notSignedIn(c, in.Next, err)
	}
	sealed, err := s.Provider.Seal(attempt)
	if err != nil {
		return err
	}
	s.keepAttempt(c, sealed)
	return see(c, to)
}

// notSignedIn shows the sign-in with why the provider's came to nothing.
func (s *Site) notSignedIn(c *gin.Context, next string, err error) error {
	f := fault.From(err)
	switch f.Code {
	case fault.Unauthenticated, fault.Unavailable, fault.TooMany:
	default:
		return err
	}
	problem.Log(s.Log, c, f)
	problem.RetryAfter(c, f)
	status := problem.Status(f.Code)
	if f.Code == fault.Unauthenticated {
		status = http.StatusUnprocessableEntity
	}
	s.render(c, status, s.signIn(c, "", next, err))
	return nil
}

// ProviderBack takes in who comes back from the provider of identities. Its answer is good
// once: the attempt is forgotten whatever comes of it.
func (s *Site) ProviderBack(c *gin.Context) error {
	var in struct {
		State string `form:"state"`
		Code  string `form:"code"`
		Error string `form:"error"`
	}
	if s.Provider == nil {
		return noProvider()
	}
	if err := bind.Query(c, &in); err != nil {
		return err
	}
	sealed, _ := c.Cookie(attemptCookie) // none opens none
	s.keepAttempt(c, "")
	attempt, err := s.Provider.Open(sealed, in.State)
	if err != nil {
		return s.notSignedIn(c, "", err)
	}
	ctx := c.Request.Context()
	actor, err := s.whoCameBack(ctx, attempt, in.Code, in.Error)
	if err != nil {
		return s.notSignedIn(c, attempt.Next, err)
	}
	if now := s.Session.Actor(c); attempt.Fresh && now.Account != 0 && now.Account != actor {
		return s.notSignedIn(c, attempt.Next, fault.New(fault.Unauthenticated, "统一认证登录的是另一个人").
			WithHint("用您自己的再登录一次"))
	}
	if err := s.Session.SignInByProvider(ctx, actor, attempt.Fresh); err != nil {
		return err
	}
	if s.workAsBefore(c); attempt.Fresh {
		s.Session.Put(ctx, "notice", "认证过了。回到刚才那个窗口，接着办")
	}
	return see(c, cmp.Or(local(attempt.Next), ui.HomePath))
}

// whoCameBack returns the account of who came back.
func (s *Site) whoCameBack(
	ctx context.Context, attempt *oidc.Attempt, code, wrong string,
) (domain.AccountID, error) {
	if wrong != "" || code == "" {
		return 0, fault.New(fault.Unauthenticated, "统一认证那边没有登录成").WithHint("再点一次“用统一认证登录”，或者用帐号和密码")
	}
	who, err := s.Provider.Finish(ctx, attempt, code)
	if err != nil {
		return 0, err
	}
	actor, err := s.Accounts.SignInAs(ctx, who, server.Address(ctx))
	if err != nil {
		return 0, err
	}
	return actor.Account, nil
}

// SetIdentity records who the holder of the account of the address is at the provider.
func (s *Site) SetIdentity(c *gin.Context) error {
	var in struct {
		Subject string `form:"subject" binding:"runes=300" label:"标识"`
		Do      string `form:"do" binding:"button=tie untie"`
	}
	bad := bind.Form(c, &in)
	words := map[string]string{"tie": "关联好了，以后可以用统一认证登录", "untie": "取消关联了"}[in.Do]
	return s.changeAccount(c, &roleForm{}, words, func(id domain.AccountID) error {
		if bad != nil {
			return bad
		}
		var who domain.Identity
		if in.Do == "tie" {
			if s.Provider == nil {
				return noProvider()
			}
			if in.Subject == "" {
				return accounts.NoSubject()
			}
			who = domain.Identity{Issuer: s.Provider.Issuer, Subject: in.Subject}
		}
		return s.Accounts.SetIdentity(c.Request.Context(), s.Session.Actor(c), id, who)
	})
}

package web

import (
	"cmp"
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// ownAccountRoutes lists the pages and forms of one's own account.
func (s *Site) ownAccountRoutes() []route {
	return []route{
		{get, ui.OwnAccountPath, access.SignedIn, s.OwnAccount},
		{post, ui.OwnPasswordPath, access.SignedIn, s.ChangePassword},
		{post, ui.OwnAccountPath + "/tokens/:token/revoke", access.SignedIn, s.RevokeOwnToken},
	}
}

// OwnAccount shows the account of who is signed in.
func (s *Site) OwnAccount(c *gin.Context) error { return s.ownAccount(c, nil) }

func (s *Site) ownAccount(c *gin.Context, refused error) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	own, err := s.Accounts.Own(ctx, actor)
	if err != nil {
		return err
	}
	v := ui.OwnAccount{
		Frame: s.frame(c, nil), Member: string(own.Member), Key: s.key(), Least: accounts.MinPassword,
		Most: accounts.MaxPassword, Refusal: ui.Refuse(refused),
		Row: ui.AccountRow{Login: own.Login, Name: own.Name, Roles: roleRows(own.Roles), Own: true},
	}
	v.Tokens = s.tokenList(ui.OwnAccountPath, v.Key, own.Tokens)
	return s.form(c, v, refused)
}

// passwordForm declares a change of one's own password. What a password must be
// is said by the use case, of all three inputs at once.
type passwordForm struct {
	Old   string `form:"old"`
	New   string `form:"new"`
	Again string `form:"again"`
}

// ChangePassword gives who is signed in another password. This session begins
// anew; every other one ends.
func (s *Site) ChangePassword(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	var in passwordForm
	err := bind.Form(c, &in)
	if err == nil {
		err = s.Accounts.ChangePassword(ctx, actor, accounts.PasswordChange(in))
	}
	if fault.Correctable(err) {
		return s.ownAccount(c, err)
	}
	if err != nil {
		return err
	}
	if err := s.Session.SignIn(ctx, actor.Account); err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", "密码改了。别处登录着的都退出来了")
	return see(c, ui.OwnAccountPath)
}

// RevokeOwnToken ends a token of who is signed in.
func (s *Site) RevokeOwnToken(c *gin.Context) error {
	token, err := tokenID(c)
	if err != nil {
		return err
	}
	if err := s.Accounts.RevokeOwnToken(c.Request.Context(), s.Session.Actor(c), token); fault.Correctable(err) {
		return s.ownAccount(c, err)
	} else if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "凭证 "+c.Param("token")+" 作废了")
	return see(c, ui.OwnAccountPath)
}

// tokenID reads the token of the address.
func tokenID(c *gin.Context) (domain.TokenID, error) {
	id, err := strconv.ParseInt(c.Param("token"), 10, 64)
	if err != nil {
		return 0, fault.Wrap(err, fault.NotFound, "没有这个凭证")
	}
	return domain.TokenID(id), nil
}

// tokenList returns an account's tokens for a page, with where each is revoked.
func (s *Site) tokenList(page, key string, tokens []domain.Token) ui.TokenList {
	out := ui.TokenList{Path: page, Key: key}
	for i := range tokens {
		t := &tokens[i]
		row := ui.TokenRow{
			ID: strconv.FormatInt(int64(t.ID), 10), Name: t.Name, Tail: t.Tail, Scope: t.Scope.String(),
			Made: t.Made.In(s.Zone).Format("2006-01-02"), Expires: t.Expires.In(s.Zone).Format("2006-01-02 15:04"),
		}
		if !t.Used.IsZero() {
			row.Used = t.Used.In(s.Zone).Format("2006-01-02 15:04")
		}
		switch {
		case !t.Revoked.IsZero():
			row.Over = t.Revoked.In(s.Zone).Format("2006-01-02 15:04") + " 作废"
			row.Over += "（" + cmp.Or(t.RevokedBy, "命令行") + "）"
		case !t.Lives(s.Now()):
			row.Over = "已过期"
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// ownAccountRoutes lists the pages and forms of one's own account.
func (s *Site) ownAccountRoutes() []route {
	return []route{
		{get, ui.OwnAccountPath, access.SignedIn, s.OwnAccount},
		{get, ui.OwnPasswordPath, access.SignedIn, s.OwnPassword},
		{post, ui.OwnPasswordPath, access.SignedIn, s.ChangePassword},
		{post, ui.OfficePath, access.SignedIn, s.WorkIn},
		{post, ui.ProofPath, access.SignedIn, s.Proved},
		{post, ui.OwnSessionsPath + "/end", access.SignedIn, s.EndOtherSessions},
		{post, ui.OwnSessionsPath + "/:session/end", access.SignedIn, s.EndSession},
		{post, ui.OwnTokensPath, access.SignedIn, s.MakeToken},
		{post, ui.OwnTokensPath + "/:token/revoke", access.SignedIn, s.RevokeOwnToken},
	}
}

// OwnAccount shows the account of who is signed in.
func (s *Site) OwnAccount(c *gin.Context) error {
	return s.ownAccount(c, &tokenForm{ReadOnly: true}, nil)
}

func (s *Site) ownAccount(c *gin.Context, typed *tokenForm, refused error) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	own, err := s.Accounts.Own(ctx, actor)
	if err != nil {
		return err
	}
	v := ui.OwnAccount{
		Frame: s.frame(c, nil), Member: string(own.Member), Key: s.key(), Least: own.Least,
		Most: accounts.MaxPassword, Refusal: ui.Refuse(refused),
		Row: ui.AccountRow{Login: own.Login, Name: own.Name, Roles: roleRows(own.Roles), Own: true},
	}
	v.Tokens = s.tokenList(ui.OwnAccountPath, v.Key, own.Tokens)
	v.Token = s.tokenForm(own.Roles, typed)
	for i := range own.Sessions {
		x := &own.Sessions[i]
		v.Places = append(v.Places, ui.PlaceRow{ID: x.ID, Made: x.Made.In(s.Zone).Format("2006-01-02 15:04"),
			Seen: x.Seen.In(s.Zone).Format("2006-01-02 15:04"), Address: cmp.Or(x.Address, "不知道的地方"), Agent: x.Agent,
			Here: x.Here, Idle: x.Idle})
	}
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
		return s.ownPassword(c, err)
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

// tokenForm declares a token that somebody asks for. What it must be is said by the use
// case, of all inputs at once.
type tokenForm struct {
	Name     string `form:"name"`
	Role     string `form:"role" binding:"runes=20" label:"角色"`
	ReadOnly bool   `form:"read-only"`
	Until    string `form:"until" binding:"omitempty,day" label:"用到哪一天"`
	Password string `form:"password"`
}

// order returns what is asked for.
func (f *tokenForm) order() accounts.TokenOrder {
	return accounts.TokenOrder{Name: f.Name, Until: bind.Day(f.Until), Password: f.Password,
		Scope: domain.TokenScope{Role: domain.ParseRole(f.Role), ReadOnly: f.ReadOnly}}
}

// tokenForm returns the form of a new token, with what was typed.
func (s *Site) tokenForm(roles []accounts.HeldRole, typed *tokenForm) ui.TokenForm {
	today := calendar.FromTime(s.Now().In(s.Zone))
	const days = calendar.Day(accounts.MaxTokenLife / (24 * time.Hour))
	f := ui.TokenForm{Name: typed.Name, ReadOnly: typed.ReadOnly, Until: cmp.Or(typed.Until, today.AddMonths(3).String()),
		Earliest: today.String(), Last: (today + days).String()}
	for i := range roles {
		words := roles[i].Role.String()
		if !slices.ContainsFunc(f.Roles, func(o ui.Option) bool { return o.Value == words }) {
			f.Roles = append(f.Roles, ui.Option{Value: words, Words: words, Chosen: words == typed.Role})
		}
	}
	if len(f.Roles) > 1 {
		f.Roles = append(f.Roles, ui.Option{Words: "全部角色", Chosen: typed.Name != "" && typed.Role == ""})
	}
	return f
}

// MakeToken makes a token of who is signed in and shows it, once.
func (s *Site) MakeToken(c *gin.Context) error {
	var in tokenForm
	var made accounts.MadeToken
	err := bind.Form(c, &in)
	if err == nil {
		made, err = s.Accounts.MakeOwnToken(c.Request.Context(), s.Session.Actor(c), in.order())
	}
	if fault.Correctable(err) {
		return s.ownAccount(c, &in, err)
	}
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, ui.NewToken{Frame: s.frame(c, nil), Name: made.Name, Scope: made.Scope.String(),
		Until: in.Until, Secret: made.Secret})
	return nil
}

// RevokeOwnToken ends a token of who is signed in.
func (s *Site) RevokeOwnToken(c *gin.Context) error {
	token, err := tokenID(c)
	if err != nil {
		return err
	}
	if err := s.Accounts.RevokeOwnToken(c.Request.Context(), s.Session.Actor(c), token); fault.Correctable(err) {
		return s.ownAccount(c, &tokenForm{ReadOnly: true}, err)
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

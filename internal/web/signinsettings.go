package web

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/problem"
	"jifen/internal/server"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// settingRoutes lists the page and the form of how signing in is set.
func (s *Site) settingRoutes() []route {
	return []route{
		{get, ui.SettingsPath, access.ManageAccounts, s.SignInSettings},
		{post, ui.SettingsPath, access.ManageAccounts, s.SetSignIn},
	}
}

// SignInSettings shows how signing in is set.
func (s *Site) SignInSettings(c *gin.Context) error { return s.signInSettings(c, nil, nil) }

func (s *Site) signInSettings(c *gin.Context, typed map[string]string, refused error) error {
	now, err := s.Accounts.SettingsKept(c.Request.Context(), s.Session.Actor(c))
	if err != nil {
		return err
	}
	v := ui.Settings{Frame: s.frame(c, nil), Key: s.key(), Refusal: ui.Refuse(refused)}
	titles := map[domain.SettingName]string{}
	for _, x := range domain.KnownSettings() {
		titles[x.Name] = x.Title + "（" + x.Unit + "）"
		value := cmp.Or(typed[string(x.Name)], strconv.FormatInt(now.Now.Value(x.Name), 10))
		v.Rows = append(v.Rows, ui.SettingRow{Name: string(x.Name), Title: x.Title, Unit: x.Unit, Value: value,
			Least: x.Least, Most: x.Most, Usual: x.Usual, Never: x.Never})
	}
	for _, x := range now.Changes {
		v.Changes = append(v.Changes, ui.SettingChangeRow{Title: titles[x.Name], Value: strconv.FormatInt(x.Value, 10),
			At: x.At.In(s.Zone).Format("2006-01-02 15:04"), By: cmp.Or(x.By, "命令行")})
	}
	return s.form(c, v, refused)
}

// SetSignIn sets how signing in is.
func (s *Site) SetSignIn(c *gin.Context) error {
	var in struct {
		Set map[string]string `form:"set.*"`
	}
	err := bind.Form(c, &in)
	values := map[domain.SettingName]int64{}
	for name, text := range in.Set {
		n, wrong := strconv.ParseInt(domain.Narrow(text), 10, 32)
		if wrong != nil && err == nil {
			f := fault.Wrap(wrong, fault.Invalid, "“%s”不是整数", fault.Quote(text))
			f.Fields = map[string]string{name: f.Message}
			err = f
		}
		values[domain.SettingName(name)] = n
	}
	if err == nil {
		err = s.Accounts.Set(c.Request.Context(), s.Session.Actor(c), values)
	}
	if fault.Correctable(err) {
		return s.signInSettings(c, in.Set, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "登录设置改好了，马上生效")
	return see(c, ui.SettingsPath)
}

// OwnPassword shows where one changes the own password.
func (s *Site) OwnPassword(c *gin.Context) error { return s.ownPassword(c, nil) }

func (s *Site) ownPassword(c *gin.Context, refused error) error {
	own, err := s.Accounts.Own(c.Request.Context(), s.Session.Actor(c))
	if err != nil {
		return err
	}
	return s.form(c, ui.OwnPassword{Frame: s.frame(c, nil), Row: ui.AccountRow{Login: own.Login, Name: own.Name},
		Key: s.key(), Least: own.Least, Most: accounts.MaxPassword, Aged: own.Aged, Refusal: ui.Refuse(refused)}, refused)
}

// Ask asks who is signed in for his password.
func (s *Site) Ask(c *gin.Context, q server.Question) {
	v := ui.Question{Frame: s.frame(c, nil), Action: c.Request.URL.RequestURI(), Idle: q.Idle, Most: accounts.MaxPassword,
		Refusal: ui.Refuse(q.Wrong), Provider: q.Provider && s.Provider != nil}
	if q.Wrong != nil {
		f := fault.From(q.Wrong)
		problem.RetryAfter(c, f)
	}
	for _, in := range q.Kept {
		v.Kept = append(v.Kept, ui.Kept(in))
	}
	if q.Kept == nil && q.Page != "" || c.Request.Method == http.MethodGet {
		v.Action, v.Again = ui.ProofPath, c.Request.Method != http.MethodGet
		v.Kept = []ui.Kept{{Name: "next", Value: q.Page}}
	}
	s.render(c, q.Status, v)
}

// Proved leads on whoever has written his password.
func (s *Site) Proved(c *gin.Context) error {
	var in struct {
		Next string `form:"next"`
	}
	if err := bind.Form(c, &in); err != nil {
		return err
	}
	return see(c, cmp.Or(local(in.Next), ui.HomePath))
}

// EndSession ends one of the sessions of who is signed in.
func (s *Site) EndSession(c *gin.Context) error {
	if err := s.Accounts.EndOwnSession(c.Request.Context(), s.Session.Actor(c), c.Param("session")); err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "那一处退出了")
	return see(c, ui.OwnAccountPath)
}

// EndOtherSessions ends all sessions of who is signed in but this one.
func (s *Site) EndOtherSessions(c *gin.Context) error {
	if err := s.Accounts.EndOtherSessions(c.Request.Context(), s.Session.Actor(c)); err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "别处登录着的都退出了")
	return see(c, ui.OwnAccountPath)
}

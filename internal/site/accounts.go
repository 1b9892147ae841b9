package site

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/accounts"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/store"
	"jifen/internal/ui"
)

// AccountList lists accounts and offers to open one.
func (s *Site) AccountList(c *gin.Context) error { return s.accountList(c, nil) }

func (s *Site) accountList(c *gin.Context, refused error) error {
	actor := s.Session.Actor(c)
	v := ui.Accounts{
		Frame: s.frame(c, nil), Find: c.Query("find"), Key: s.key(), Login: c.PostForm("login"), Name: c.PostForm("name"),
		Member: c.PostForm("member"), Refusal: ui.Refuse(refused),
	}
	v.Roles = roleChoices(c)
	list, err := s.Accounts.List(c.Request.Context(), actor)
	if err != nil {
		return err
	}
	names, orgs, err := s.orgChoices(c)
	if err != nil {
		return err
	}
	v.Orgs = orgs
	for i := range list {
		if v.Find == "" || strings.Contains(list[i].Login+list[i].Name, v.Find) {
			v.Rows = append(v.Rows, s.accountRow(actor, &list[i], names))
		}
	}
	status := http.StatusOK
	if refused != nil {
		status = http.StatusUnprocessableEntity
	}
	s.render(c, status, v)
	return nil
}

// accountRow is one account in the list.
func (s *Site) accountRow(actor *access.Actor, a *accounts.Kept, names map[party.OrgID]string) ui.AccountRow {
	row := ui.AccountRow{ID: strconv.FormatInt(int64(a.ID), 10), Login: a.Login, Name: a.Name, Closed: a.Closed, Own: a.ID == actor.Account}
	if s.Now().Before(a.LockedTill) {
		row.Locked = a.LockedTill.In(s.Zone).Format("15:04")
	}
	for _, g := range a.Grants {
		row.Roles = append(row.Roles, ui.RoleRow{Role: string(g.Role), Org: names[party.OrgID(lastOf(g.Path))], OrgID: lastOf(g.Path)})
	}
	return row
}

// roleChoices lists the roles, with the one that was chosen.
func roleChoices(c *gin.Context) []ui.Option {
	words := make([]string, 0, len(access.Roles()))
	for _, r := range access.Roles() {
		words = append(words, string(r))
	}
	return ui.Options(words, c.PostForm("role"))
}

// orgChoices lists the organisations, and their names by id.
func (s *Site) orgChoices(c *gin.Context) (names map[party.OrgID]string, out []ui.Option, err error) {
	names = map[party.OrgID]string{}
	err = s.DB.Read(c.Request.Context(), func(v *store.View) error {
		orgs, err := v.Orgs(access.System("names of organisations are no secret"), "")
		for _, o := range orgs {
			names[o.ID] = o.Name
		}
		out = amongOrgs(orgs, c.PostForm("org"), func(store.Org) bool { return true })
		return err
	})
	return names, out, err
}

// AccountPage shows one account and what can be done to it.
func (s *Site) AccountPage(c *gin.Context) error { return s.accountPage(c, nil) }

func (s *Site) accountPage(c *gin.Context, refused error) error {
	actor := s.Session.Actor(c)
	list, err := s.Accounts.List(c.Request.Context(), actor)
	if err != nil {
		return err
	}
	names, orgs, err := s.orgChoices(c)
	if err != nil {
		return err
	}
	for i := range list {
		if strconv.FormatInt(int64(list[i].ID), 10) != c.Param("id") {
			continue
		}
		status := http.StatusOK
		if refused != nil {
			status = http.StatusUnprocessableEntity
		}
		s.render(c, status, ui.Account{
			Frame: s.frame(c, nil), Row: s.accountRow(actor, &list[i], names), Member: string(list[i].Member), Key: s.key(),
			Roles: roleChoices(c), Orgs: orgs, Refusal: ui.Refuse(refused),
		})
		return nil
	}
	return fault.New(fault.NotFound, "没有这个帐号")
}

// changeAccount runs a change of the account of the address and shows it again.
func (s *Site) changeAccount(c *gin.Context, done string, change func(id access.AccountID) error) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这个帐号")
	}
	switch err := change(access.AccountID(id)); fault.CodeOf(err) {
	case "":
		s.Session.Put(c.Request.Context(), "notice", done)
		return see(c, ui.AccountPath(c.Param("id")))
	case fault.Invalid, fault.Conflict:
		return s.accountPage(c, err)
	default:
		return err
	}
}

// AccountRoles gives a role or ends it.
func (s *Site) AccountRoles(c *gin.Context) error {
	end := c.PostForm("do") == "end"
	words := "角色加上了"
	if end {
		words = "角色收回了"
	}
	return s.changeAccount(c, words, func(id access.AccountID) error {
		return s.Accounts.Assign(c.Request.Context(), s.Session.Actor(c), id, access.Role(c.PostForm("role")), party.OrgID(c.PostForm("org")), end)
	})
}

// AccountClose closes an account or opens it again.
func (s *Site) AccountClose(c *gin.Context) error {
	closed := c.PostForm("do") == "close"
	words := "帐号重新启用了"
	if closed {
		words = "帐号停用了"
	}
	return s.changeAccount(c, words, func(id access.AccountID) error {
		return s.Accounts.Close(c.Request.Context(), s.Session.Actor(c), id, closed)
	})
}

// AccountPassword resets a password and shows the slip, once.
func (s *Site) AccountPassword(c *gin.Context) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这个帐号")
	}
	a, password, err := s.Accounts.Reset(c.Request.Context(), s.Session.Actor(c), access.AccountID(id))
	if fault.CodeOf(err) == fault.Invalid {
		return s.accountPage(c, err)
	}
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, ui.Slip{Frame: s.frame(c, nil), Login: a.Login, Name: a.Name, Password: password, Site: c.Request.Host})
	return nil
}

// lastOf is the id of the organisation that a path names.
func lastOf(p string) string {
	ids := strings.Split(strings.TrimSuffix(p, "."), ".")
	return ids[len(ids)-1]
}

// OpenAccount opens an account and shows its slip, once.
func (s *Site) OpenAccount(c *gin.Context) error {
	o := accounts.Opening{Login: c.PostForm("login"), Name: c.PostForm("name"), Member: party.MemberID(c.PostForm("member"))}
	if role := c.PostForm("role"); role != "" {
		o.Roles = []accounts.Role{{Role: access.Role(role), Org: party.OrgID(c.PostForm("org"))}}
	}
	password, err := s.Accounts.Open(c.Request.Context(), s.Session.Actor(c), o)
	switch fault.CodeOf(err) {
	case "":
	case fault.Invalid, fault.Conflict, fault.NotFound:
		return s.accountList(c, err)
	default:
		return err
	}
	s.render(c, http.StatusOK, ui.Slip{Frame: s.frame(c, nil), Login: o.Login, Name: o.Name, Password: password, Site: c.Request.Host})
	return nil
}

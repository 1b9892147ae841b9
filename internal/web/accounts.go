package web

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/web/ui"
)

// AccountList lists accounts and offers to open one.
func (s *Site) AccountList(c *gin.Context) error { return s.accountList(c, nil) }

func (s *Site) accountList(c *gin.Context, refused error) error {
	actor := s.Session.Actor(c)
	v := ui.Accounts{
		Frame: s.frame(c, nil), Find: c.Query("find"), Key: s.key(), Login: typed(c, "login"), Name: typed(c, "name"),
		Member: typed(c, "member"), Refusal: ui.Refuse(refused),
	}
	list, err := s.Accounts.List(c.Request.Context(), actor)
	if err != nil {
		return err
	}
	names, err := s.Orgs.Names(c.Request.Context(), s.Session.Actor(c))
	if err != nil {
		return err
	}
	if v.Give, err = s.roleInputs(c, 0, ui.AccountsPath, names); err != nil {
		return err
	}
	role := domain.ParseRole(v.Give.Role)
	v.Give.MustNumber, v.Give.MayNumber = role == domain.RoleMember, role.OverOrg()
	for i := range list {
		if v.Find == "" || strings.Contains(list[i].Login+list[i].Name, v.Find) {
			v.Rows = append(v.Rows, s.accountRow(actor, &list[i], names))
		}
	}
	return s.form(c, v, refused)
}

// typed returns what was typed so far: in a form that was sent, or in one that is shown
// anew for another role.
func typed(c *gin.Context, input string) string { return cmp.Or(c.PostForm(input), c.Query(input)) }

// accountRow returns one account in the list.
func (s *Site) accountRow(actor *access.Actor, a *accounts.Managed, names map[domain.OrgID]string) ui.AccountRow {
	row := ui.AccountRow{
		ID: strconv.FormatInt(int64(a.ID), 10), Login: a.Login, Name: a.Name, Closed: a.Closed, Own: a.ID == actor.Account,
		Roles: roleRows(a.Grants, names),
	}
	if !a.Slowed.IsZero() {
		row.Slowed = a.Slowed.In(s.Zone).Format("15:04:05")
	}
	return row
}

// roleRows returns roles with the names of their organisations.
func roleRows(grants []access.Grant, names map[domain.OrgID]string) (out []ui.RoleRow) {
	for _, g := range grants {
		out = append(out, ui.RoleRow{Role: g.Role.String(), Org: names[domain.OrgID(lastOf(g.Path))], OrgID: lastOf(g.Path)})
	}
	return out
}

// roleInputs returns the inputs by which an account is given a role, id 0 for one that
// is yet to be opened: the roles and organisations that the use case would accept.
func (s *Site) roleInputs(c *gin.Context, id domain.AccountID, form string,
	names map[domain.OrgID]string) (ui.RoleInputs, error) {
	in := ui.RoleInputs{Form: form}
	choices, err := s.Accounts.Choices(c.Request.Context(), s.Session.Actor(c), id)
	for i := range choices {
		role := choices[i].Role
		chosen := role == domain.ParseRole(typed(c, "role"))
		in.Roles = append(in.Roles, ui.Option{Value: role.String(), Words: role.String(), Chosen: chosen})
		if !chosen {
			continue
		}
		in.Role = role.String()
		if level, over := role.Level(); over {
			in.Level = level.String()
			in.Orgs = orgOptions(choices[i].Orgs, names, typed(c, "org"))
		}
	}
	return in, err
}

// orgOptions returns organisations to choose from, by name, with the one above where
// two have the same.
func orgOptions(orgs []domain.Org, names map[domain.OrgID]string, chosen string) (out []ui.Option) {
	named := map[string]int{}
	for _, o := range orgs {
		named[o.Name]++
	}
	for _, o := range orgs {
		words := o.Name
		if named[words] > 1 {
			words += "（" + names[o.Parent] + "）"
		}
		out = append(out, ui.Option{Value: string(o.ID), Words: words, Chosen: string(o.ID) == chosen})
	}
	return out
}

// AccountPage shows one account and what can be done to it.
func (s *Site) AccountPage(c *gin.Context) error { return s.accountPage(c, nil) }

func (s *Site) accountPage(c *gin.Context, refused error) error {
	actor := s.Session.Actor(c)
	list, err := s.Accounts.List(c.Request.Context(), actor)
	if err != nil {
		return err
	}
	names, err := s.Orgs.Names(c.Request.Context(), s.Session.Actor(c))
	if err != nil {
		return err
	}
	for i := range list {
		if strconv.FormatInt(int64(list[i].ID), 10) != c.Param("id") {
			continue
		}
		id := list[i].ID
		v := ui.Account{
			Frame: s.frame(c, nil), Row: s.accountRow(actor, &list[i], names), Member: string(list[i].Member), Key: s.key(),
			Refusal: ui.Refuse(refused),
		}
		page := ui.AccountPath(v.Row.ID)
		if v.Give, err = s.roleInputs(c, id, page, names); err != nil {
			return err
		}
		tokens, err := s.Accounts.Tokens(c.Request.Context(), actor, id)
		if err != nil {
			return err
		}
		v.Tokens = s.tokenList(page, v.Key, tokens)
		return s.form(c, v, refused)
	}
	return fault.New(fault.NotFound, "没有这个帐号")
}

// changeAccount runs a change of the account of the address and shows it again.
func (s *Site) changeAccount(c *gin.Context, done string, change func(id domain.AccountID) error) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这个帐号")
	}
	if err = change(domain.AccountID(id)); fault.Correctable(err) {
		return s.accountPage(c, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", done)
	return see(c, ui.AccountPath(c.Param("id")))
}

// AccountRoles gives a role or ends it.
func (s *Site) AccountRoles(c *gin.Context) error {
	end := c.PostForm("do") == "end"
	words := "角色加上了"
	if end {
		words = "角色收回了"
	}
	return s.changeAccount(c, words, func(id domain.AccountID) error {
		return s.Accounts.Assign(c.Request.Context(), s.Session.Actor(c), id, roleTyped(c), end)
	})
}

// AccountClose closes an account or opens it again.
func (s *Site) AccountClose(c *gin.Context) error {
	closed := c.PostForm("do") == "close"
	words := "帐号重新启用了"
	if closed {
		words = "帐号停用了"
	}
	return s.changeAccount(c, words, func(id domain.AccountID) error {
		return s.Accounts.Close(c.Request.Context(), s.Session.Actor(c), id, closed)
	})
}

// AccountUnlock ends the waiting after wrong passwords.
func (s *Site) AccountUnlock(c *gin.Context) error {
	return s.changeAccount(c, "可以马上登录了", func(id domain.AccountID) error {
		return s.Accounts.Unlock(c.Request.Context(), s.Session.Actor(c), id)
	})
}

// AccountPassword resets a password and shows the slip, once.
func (s *Site) AccountPassword(c *gin.Context) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这个帐号")
	}
	a, password, err := s.Accounts.Reset(c.Request.Context(), s.Session.Actor(c), domain.AccountID(id))
	if fault.Correctable(err) {
		return s.accountPage(c, err)
	}
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, ui.Slip{Frame: s.frame(c, nil), Login: a.Login, Name: a.Name, Password: password,
		Site: c.Request.Host})
	return nil
}

// lastOf returns the id of the organisation that a path names.
func lastOf(p string) string {
	ids := strings.Split(strings.TrimSuffix(p, "."), ".")
	return ids[len(ids)-1]
}

// roleTyped returns the role that a form gives. Without a script the form may still
// ask for the organisation of a role that was chosen before; a role over none has
// none.
func roleTyped(c *gin.Context) accounts.Role {
	r := accounts.Role{Role: domain.ParseRole(c.PostForm("role")), Org: domain.OrgID(c.PostForm("org"))}
	if !r.Role.OverOrg() {
		r.Org = ""
	}
	return r
}

// OpenAccount opens an account and shows its slip, once.
func (s *Site) OpenAccount(c *gin.Context) error {
	o := accounts.OpeningFor(c.PostForm("login"), c.PostForm("name"), domain.MemberID(c.PostForm("member")), roleTyped(c))
	a, password, err := s.Accounts.Open(c.Request.Context(), s.Session.Actor(c), o)
	if fault.Correctable(err, fault.NotFound) {
		return s.accountList(c, err)
	}
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, ui.Slip{Frame: s.frame(c, nil), Login: a.Login, Name: a.Name, Password: password,
		Site: c.Request.Host})
	return nil
}

// RevokeToken ends a token of the account of the address.
func (s *Site) RevokeToken(c *gin.Context) error {
	return s.changeAccount(c, "凭证 "+c.Param("token")+" 作废了", func(id domain.AccountID) error {
		token, err := tokenID(c)
		if err != nil {
			return err
		}
		return s.Accounts.RevokeToken(c.Request.Context(), s.Session.Actor(c), id, token)
	})
}

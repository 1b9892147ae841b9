package web

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// accountRoutes lists the pages and forms of accounts.
func (s *Site) accountRoutes() []route {
	return []route{
		{get, ui.AccountsPath, access.ManageAccounts, s.AccountList},
		{post, ui.AccountsPath, access.ManageAccounts, s.OpenAccount},
		{get, ui.AccountsPath + "/:id", access.ManageAccounts, s.AccountPage},
		{post, ui.AccountsPath + "/:id/roles", access.ManageAccounts, s.AccountRoles},
		{post, ui.AccountsPath + "/:id/password", access.ManageAccounts, s.AccountPassword},
		{post, ui.AccountsPath + "/:id/close", access.ManageAccounts, s.AccountClose},
		{post, ui.AccountsPath + "/:id/holder", access.ManageAccounts, s.SettleAccount},
		{post, ui.AccountsPath + "/:id/identity", access.ManageAccounts, s.SetIdentity},
		{post, ui.AccountsPath + "/:id/unlock", access.ManageAccounts, s.AccountUnlock},
		{post, ui.AccountsPath + "/:id/tokens/:token/revoke", access.ManageAccounts, s.RevokeToken},
	}
}

// roleForm declares a role that an account is given, or that is ended.
type roleForm struct {
	Role  string       `form:"role" binding:"runes=20" label:"角色"`
	Org   domain.OrgID `form:"org" binding:"omitempty,org"`
	From  string       `form:"from" binding:"omitempty,day" label:"从哪天起"`
	Until string       `form:"until" binding:"omitempty,day" label:"到哪天为止"`
	Group string       `form:"group" binding:"runes=20" label:"党小组"`
}

// role returns what a form gives. Without a script it may still ask for the
// organisation of a role that was chosen before; a role over none has none.
func (f *roleForm) role() accounts.Role {
	r := accounts.Role{Role: domain.ParseRole(f.Role), Org: f.Org, From: bind.Day(f.From), Until: bind.Day(f.Until)}
	if _, over := r.Role.Level(); !over {
		r.Org = ""
	}
	if r.Role == domain.RoleLeader {
		r.Group = strings.TrimSpace(f.Group)
	}
	return r
}

// holderForm declares who holds an account.
type holderForm struct {
	Member domain.MemberID `form:"member" binding:"runes=100" label:"党员编号"`
	None   string          `form:"none"`
}

// accountForm declares what opens an account. The address of the list begins one,
// as it is shown anew for another role, and may look for accounts.
type accountForm struct {
	roleForm
	Login string `form:"login" binding:"runes=40" label:"帐号"`
	Name  string `form:"name" binding:"runes=50" label:"姓名"`
	holderForm
	Find string `form:"find" binding:"runes=100" label:"要找的帐号或姓名"`
}

// AccountList lists accounts and offers to open one.
func (s *Site) AccountList(c *gin.Context) error {
	var begun accountForm
	if err := bind.Query(c, &begun); err != nil {
		return err
	}
	return s.accountList(c, &begun, nil)
}

func (s *Site) accountList(c *gin.Context, typed *accountForm, refused error) error {
	actor := s.Session.Actor(c)
	v := ui.Accounts{
		Frame: s.frame(c, nil), Find: typed.Find, Key: s.key(), Login: typed.Login, Name: typed.Name,
		Member: string(typed.Member), None: typed.None != "", Refusal: ui.Refuse(refused),
	}
	d, err := s.Accounts.Directory(c.Request.Context(), actor)
	if err != nil {
		return err
	}
	v.Give, v.Waiting = roleInputs(d.Choices, ui.AccountsPath, &typed.roleForm, d.Names), s.proposalList(d.Proposed)
	role := domain.ParseRole(v.Give.Role)
	v.Give.MustNumber, v.Give.MayNumber = role == domain.RoleMember, role.OverOrg()
	for i := range d.Accounts {
		if d.Accounts[i].Unsettled() {
			v.Unknown++
		}
		if a := &d.Accounts[i]; v.Find == "" || strings.Contains(a.Login+a.Name, v.Find) {
			v.Rows = append(v.Rows, s.accountRow(actor, a))
			v.Rows[len(v.Rows)-1].Waiting = waitingRoles(a.ID, d.Proposed)
		}
	}
	return s.form(c, v, refused)
}

// accountRow returns one account in the list.
func (s *Site) accountRow(actor *access.Actor, a *accounts.Managed) ui.AccountRow {
	row := ui.AccountRow{
		ID: strconv.FormatInt(int64(a.ID), 10), Login: a.Login, Name: a.Name, Closed: a.Closed,
		Own:   access.SamePerson(actor.Person(), a.Holder()),
		Roles: roleRows(a.Roles), Unsettled: a.Unsettled(),
	}
	if who := a.Holder(); who.Settled && a.Member == "" {
		row.Holder = cmp.Or(string(who.Member), "不是党员")
	}
	if !a.Slowed.IsZero() {
		row.Slowed = a.Slowed.In(s.Zone).Format("15:04:05")
	}
	return row
}

// waitingRoles returns the roles of a list that wait for one account.
func waitingRoles(id domain.AccountID, list []accounts.Proposed) (out []ui.RoleRow) {
	for i := range list {
		if p := &list[i]; p.Account == id {
			out = append(out, roleRows([]accounts.HeldRole{{Term: p.Term, Org: p.Org}})...)
		}
	}
	return out
}

// roleRows returns roles with the names of their organisations.
func roleRows(roles []accounts.HeldRole) (out []ui.RoleRow) {
	for i := range roles {
		r := &roles[i]
		row := ui.RoleRow{Role: r.Role.String(), Org: r.Org.Name, OrgID: string(r.Org.ID), Group: r.Group}
		if r.From != 0 {
			row.Days = "自 " + r.From.String() + " 起"
		}
		if r.Until != 0 {
			row.Days += "到 " + r.Until.String() + " 为止"
		}
		out = append(out, row)
	}
	return out
}

// roleInputs returns the inputs by which an account is given a role: the roles and
// organisations that the use case would accept.
func roleInputs(
	choices []accounts.Choice, form string, typed *roleForm, names map[domain.OrgID]string,
) ui.RoleInputs {
	in := ui.RoleInputs{Form: form, From: typed.From, Until: typed.Until}
	for i := range choices {
		role := choices[i].Role
		chosen := role == domain.ParseRole(typed.Role)
		in.Roles = append(in.Roles, ui.Option{Value: role.String(), Words: role.String(), Chosen: chosen})
		if !chosen {
			continue
		}
		in.Role = role.String()
		if role == domain.RoleLeader {
			in.AsksGroup, in.Group = true, typed.Group
		}
		if level, over := role.Level(); over {
			in.Level, in.Whole = level.String(), choices[i].Whole
			in.Orgs = orgOptions(choices[i].Orgs, names, string(typed.Org))
		}
	}
	return in
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
func (s *Site) AccountPage(c *gin.Context) error {
	var begun roleForm
	if err := bind.Query(c, &begun); err != nil {
		return err
	}
	return s.accountPage(c, &begun, &holderForm{}, nil)
}

func (s *Site) accountPage(c *gin.Context, typed *roleForm, held *holderForm, refused error) error {
	actor := s.Session.Actor(c)
	id, err := accountID(c)
	if err != nil {
		return err
	}
	a, err := s.Accounts.Detail(c.Request.Context(), actor, id)
	if err != nil {
		return err
	}
	v := ui.Account{
		Frame: s.frame(c, nil), Row: s.accountRow(actor, &a.Managed), Member: string(a.Member), Key: s.key(),
		Typed: string(held.Member), None: held.None != "", Refusal: ui.Refuse(refused),
	}
	v.Subject, v.Tied = a.Identity.Subject, a.Identity.Issuer
	if s.Provider != nil {
		v.Provider = s.Provider.Issuer
	}
	path := ui.AccountPath(v.Row.ID)
	v.Give, v.Lately = roleInputs(a.Choices, path, typed, a.Names), s.proposalRows(a.Proposed)
	v.Tokens = s.tokenList(path, v.Key, a.Tokens)
	return s.form(c, v, refused)
}

// accountID reads the account of the address.
func accountID(c *gin.Context) (domain.AccountID, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, fault.Wrap(err, fault.NotFound, "没有这个帐号")
	}
	return domain.AccountID(id), nil
}

// changeAccount runs a change of the account of the address and shows it again,
// with what was typed of a role.
func (s *Site) changeAccount(
	c *gin.Context, typed *roleForm, done string, change func(id domain.AccountID) error,
) error {
	id, err := accountID(c)
	if err != nil {
		return err
	}
	if err = change(id); fault.Correctable(err) {
		return s.accountPage(c, typed, &holderForm{}, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", done)
	return see(c, ui.AccountPath(c.Param("id")))
}

// AccountRoles gives a role or ends it.
func (s *Site) AccountRoles(c *gin.Context) error {
	var in struct {
		roleForm
		Do string `form:"do" binding:"button=give end"`
	}
	bad := bind.Form(c, &in)
	words := map[string]string{"give": "角色加上了", "end": "角色收回了"}[in.Do]
	if in.Do == "give" && accounts.Waits(s.Session.Actor(c), in.role().Role) {
		words = "提出了，要另一个人同意才生效"
	}
	return s.changeAccount(c, &in.roleForm, words, func(id domain.AccountID) error {
		if bad != nil {
			return bad
		}
		return s.Accounts.Assign(c.Request.Context(), s.Session.Actor(c), id, in.role(), in.Do == "end")
	})
}

// SettleAccount records who holds the account of the address.
func (s *Site) SettleAccount(c *gin.Context) error {
	var in holderForm
	err := bind.Form(c, &in)
	id, bad := accountID(c)
	if bad != nil {
		return bad
	}
	if err == nil {
		who := accounts.Holder{Member: in.Member, None: in.None != ""}
		err = s.Accounts.Settle(c.Request.Context(), s.Session.Actor(c), id, who)
	}
	if fault.Correctable(err) {
		return s.accountPage(c, &roleForm{}, &in, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", "持有人核对好了")
	return see(c, ui.AccountPath(c.Param("id")))
}

// AccountClose closes an account or opens it again.
func (s *Site) AccountClose(c *gin.Context) error {
	var in struct {
		Do string `form:"do" binding:"button=close open"`
	}
	bad := bind.Form(c, &in)
	words := map[string]string{"close": "帐号停用了", "open": "帐号重新启用了"}[in.Do]
	return s.changeAccount(c, &roleForm{}, words, func(id domain.AccountID) error {
		if bad != nil {
			return bad
		}
		return s.Accounts.Close(c.Request.Context(), s.Session.Actor(c), id, in.Do == "close")
	})
}

// AccountUnlock ends the waiting after wrong passwords.
func (s *Site) AccountUnlock(c *gin.Context) error {
	return s.changeAccount(c, &roleForm{}, "可以马上登录了", func(id domain.AccountID) error {
		return s.Accounts.Unlock(c.Request.Context(), s.Session.Actor(c), id)
	})
}

// AccountPassword ends a password and shows the new slip, once.
func (s *Site) AccountPassword(c *gin.Context) error {
	id, err := accountID(c)
	if err != nil {
		return err
	}
	a, code, err := s.Accounts.Reset(c.Request.Context(), s.Session.Actor(c), id)
	if fault.Correctable(err) {
		return s.accountPage(c, &roleForm{}, &holderForm{}, err)
	}
	if err != nil {
		return err
	}
	s.slips(c, ui.AccountsPath, accounts.HandedSlip{Login: a.Login, Name: a.Name, Code: code,
		Until: s.Now().Add(accounts.SlipLife)})
	return nil
}

// lastOf returns the id of the organisation that a path names.
func lastOf(p string) string {
	ids := strings.Split(strings.TrimSuffix(p, "."), ".")
	return ids[len(ids)-1]
}

// OpenAccount opens an account and shows its slip, once.
func (s *Site) OpenAccount(c *gin.Context) error {
	var in accountForm
	var a domain.Account
	var code string
	err := bind.Form(c, &in)
	if err == nil {
		o := accounts.OpeningFor(in.Login, in.Name, in.Member, in.role())
		o.None = in.None != ""
		a, code, err = s.Accounts.Open(c.Request.Context(), s.Session.Actor(c), o)
	}
	if fault.Correctable(err, fault.NotFound) {
		in.Find = ""
		return s.accountList(c, &in, err)
	}
	if err != nil {
		return err
	}
	s.slips(c, ui.AccountsPath, accounts.HandedSlip{Login: a.Login, Name: a.Name, Code: code,
		Until: s.Now().Add(accounts.SlipLife)})
	return nil
}

// RevokeToken ends a token of the account of the address.
func (s *Site) RevokeToken(c *gin.Context) error {
	return s.changeAccount(c, &roleForm{}, "凭证 "+c.Param("token")+" 作废了", func(id domain.AccountID) error {
		token, err := tokenID(c)
		if err != nil {
			return err
		}
		return s.Accounts.RevokeToken(c.Request.Context(), s.Session.Actor(c), id, token)
	})
}

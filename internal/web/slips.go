package web

import (
	"net/http"

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

// slipRoutes lists the pages and forms of activation slips.
func (s *Site) slipRoutes() []route {
	return []route{
		{get, ui.ActivatePath, server.Anyone, s.ActivateForm},
		{post, ui.ActivatePath, server.Anyone, s.Activate},
		{get, ui.SlipsPath, access.ManageAccounts, s.SlipsForm},
		{post, ui.SlipsPath, access.ManageAccounts, s.HandOutSlips},
		{get, "/members/:id/slip", access.HandOutSlips, s.MemberSlip},
		{post, "/members/:id/slip", access.HandOutSlips, s.HandOutSlip},
	}
}

// slips shows slips that were made, once, with what was refused.
func (s *Site) slips(c *gin.Context, back string, list ...accounts.HandedSlip) {
	s.slipsOf(c, back, &accounts.SlipsHanded{Slips: list})
}

func (s *Site) slipsOf(c *gin.Context, back string, made *accounts.SlipsHanded) {
	scheme := "http://"
	if s.TLS {
		scheme = "https://"
	}
	v := ui.Slips{Frame: s.frame(c, nil), Site: scheme + c.Request.Host + ui.ActivatePath, Back: back, Left: made.Left}
	for _, r := range made.Refused {
		v.Refused = append(v.Refused, string(r.Member)+"："+r.Why)
	}
	if made.Failed != nil {
		f := fault.From(made.Failed)
		problem.Log(s.Log, c, f)
		v.Failed = f.Message
	}
	for _, m := range made.Slips {
		v.Rows = append(v.Rows, ui.SlipRow{Login: m.Login, Name: m.Name, Branch: m.Branch, Code: m.Code,
			Until: m.Until.In(s.Zone).Format("2006-01-02")})
	}
	s.render(c, http.StatusOK, v)
}

// activationForm declares what the holder of a slip writes; what a password must be is
// said by the use case.
type activationForm struct {
	Login string `form:"login"`
	Code  string `form:"code"`
	New   string `form:"new"`
	Again string `form:"again"`
}

// ActivateForm asks for login, code and a password.
func (s *Site) ActivateForm(c *gin.Context) error {
	s.render(c, http.StatusOK, s.activate(c, &activationForm{}, nil))
	return nil
}

func (s *Site) activate(c *gin.Context, typed *activationForm, err error) ui.Activate {
	settings, wrong := s.Accounts.Settings(c.Request.Context())
	if wrong != nil { // the page stands all the same
		problem.Log(s.Log, c, fault.From(wrong))
	}
	return ui.Activate{Frame: s.frame(c, nil), Login: typed.Login, Code: typed.Code, Least: settings.Length(),
		Most: accounts.MaxPassword, Refusal: ui.Refuse(err)}
}

// Activate takes the password that the holder of a slip chooses, and signs him in.
func (s *Site) Activate(c *gin.Context) error {
	var in activationForm
	if err := bind.Form(c, &in); err != nil {
		return err
	}
	ctx := c.Request.Context()
	actor, err := s.Accounts.Activate(ctx, accounts.Activation{Login: in.Login, Code: in.Code, New: in.New,
		Again:   in.Again,
		Address: server.Address(ctx)})
	switch fault.CodeOf(err) {
	case "":
	case fault.Unauthenticated, fault.TooMany, fault.Unavailable, fault.Invalid:
		f := fault.From(err)
		problem.Log(s.Log, c, f)
		problem.RetryAfter(c, f)
		status := problem.Status(f.Code)
		if f.Code == fault.Unauthenticated { // browsers answer 401 with a question of their own
			status = http.StatusUnprocessableEntity
		}
		s.render(c, status, s.activate(c, &in, err))
		return nil
	default:
		return err
	}
	if err := s.Session.SignIn(ctx, actor.Account); err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", "密码定好了，以后用它登录。激活条没用了，可以撕掉")
	return see(c, ui.HomePath)
}

// slipsForm declares for whom slips are made.
type slipsForm struct {
	Org   domain.OrgID `form:"org" binding:"omitempty,org"`
	Again bool         `form:"again"`
}

// SlipsForm asks for an organisation and says who would get a slip there.
func (s *Site) SlipsForm(c *gin.Context) error {
	var in slipsForm
	if err := bind.Query(c, &in); err != nil {
		return err
	}
	return s.slipsForm(c, &in, nil)
}

func (s *Site) slipsForm(c *gin.Context, in *slipsForm, refused error) error {
	d, err := s.Accounts.SlipsFor(c.Request.Context(), s.Session.Actor(c), in.Org)
	if err != nil {
		return err
	}
	return s.form(c, ui.SlipsForm{Frame: s.frame(c, nil), Orgs: orgOptions(d.Orgs, d.Names, string(in.Org)),
		Org: string(d.Org.ID), Name: d.Org.Name, Without: d.Without, Unactivated: d.Unactivated, Key: s.key(),
		Refusal: ui.Refuse(refused)}, refused)
}

// HandOutSlips opens the accounts of an organisation and shows the slips, once.
func (s *Site) HandOutSlips(c *gin.Context) error {
	var in slipsForm
	if err := bind.Form(c, &in); err != nil {
		return err
	}
	out, err := s.Accounts.HandOutSlips(c.Request.Context(), s.Session.Actor(c), in.Org, in.Again)
	if fault.Correctable(err) {
		return s.slipsForm(c, &slipsForm{}, err)
	}
	if err != nil {
		return err
	}
	s.slipsOf(c, ui.SlipsPath, &out)
	return nil
}

// MemberSlip offers a new slip for a member of one's branch.
func (s *Site) MemberSlip(c *gin.Context) error { return s.memberSlip(c, nil) }

func (s *Site) memberSlip(c *gin.Context, refused error) error {
	m, err := s.Accounts.SlipState(c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	v := ui.MemberSlip{Frame: s.frame(c, nil), Member: m.Member.ID, Name: m.Member.Name, Login: m.Account.Login,
		Closed: m.Account.Closed, Used: m.Slip.Used, Key: s.key(), Refusal: ui.Refuse(refused)}
	if m.Slip.ID != 0 {
		v.Made, v.Until = m.Slip.Made.In(s.Zone).Format("2006-01-02"), m.Slip.Expires.In(s.Zone).Format("2006-01-02")
	}
	return s.form(c, v, refused)
}

// HandOutSlip gives a member of one's branch a new slip and shows it, once.
func (s *Site) HandOutSlip(c *gin.Context) error {
	id := c.Param("id")
	m, err := s.Accounts.HandOutSlip(c.Request.Context(), s.Session.Actor(c), domain.MemberID(id))
	if fault.Correctable(err) {
		return s.memberSlip(c, err)
	}
	if err != nil {
		return err
	}
	s.slips(c, ui.MemberPath(domain.MemberID(id)), m)
	return nil
}

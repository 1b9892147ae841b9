package web

import (
	"cmp"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// incomingRoutes lists the pages by which a branch asks for a member of another.
func (s *Site) incomingRoutes() []route {
	return []route{
		{get, ui.BranchesPath + "/:id/incoming", access.ManageMembers, s.Incoming},
		{post, ui.BranchesPath + "/:id/incoming", access.ManageMembers, s.AskIncoming},
	}
}

// incomingForm declares for whom a branch asks: by number and name, so that neither alone finds
// anybody.
type incomingForm struct {
	Member domain.MemberID `form:"member" binding:"member"`
	Name   string          `form:"name" binding:"required,runes=100" label:"姓名"`
	From   string          `form:"from" binding:"required,day" label:"从哪天起"`
	Reason string          `form:"reason" binding:"runes=500" label:"理由"`
	Seen   string          `form:"seen"` // by who looks after him already: what the move does
	Key    string          `form:"key"`
}

// Incoming opens the form by which a branch asks for a member of another.
func (s *Site) Incoming(c *gin.Context) error { return s.incoming(c, &incomingForm{}, nil) }

func (s *Site) incoming(c *gin.Context, typed *incomingForm, refused error) error {
	branch, err := s.Members.Incoming(c.Request.Context(), s.Session.Actor(c), domain.OrgID(c.Param("id")))
	if err != nil {
		return err
	}
	v := ui.Incoming{Frame: s.frame(c, &around{"", branch.Name}), Key: cmp.Or(typed.Key, s.key()), Branch: branch.ID,
		Name: branch.Name, Member: typed.Member, Called: typed.Name, From: cmp.Or(typed.From, s.today().String()),
		Reason: typed.Reason, Refusal: ui.Refuse(refused)}
	v.Reasons = typed.Reason != "" || v.Refusal.Fields["reason"] != ""
	return s.form(c, v, refused)
}

// AskIncoming asks for a member. Whoever looks after him already is shown what the move does.
func (s *Site) AskIncoming(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	var in incomingForm
	if err := bind.Form(c, &in); err != nil {
		return s.incoming(c, &in, err)
	}
	branch, err := s.Members.Incoming(ctx, actor, domain.OrgID(c.Param("id")))
	if err != nil {
		return err
	}
	mv := members.Move{Member: in.Member, To: branch.ID, From: bind.Day(in.From), Name: in.Name, Seen: in.Seen == "1",
		Reason: in.Reason}
	f, err := s.Ledger.Foresee(ctx, actor, members.Change{Move: &mv})
	if err == nil && in.Seen != "1" && !f.AsksFor(actor) {
		return s.showForeseen(c, &f, &changeForm{Do: "move", From: in.From, To: branch.ID, Reason: in.Reason}, nil)
	}
	var done members.Registered
	if err == nil {
		done, err = s.Ledger.Move(ctx, actor, mv, in.Key)
	}
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		wrong := *fault.New(fault.Invalid, "没有这名党员").WithHint("编号和姓名都要写对；要对方支部告诉您")
		return s.incoming(c, &in, &wrong)
	case fault.Correctable(err):
		return s.incoming(c, &in, err)
	case err != nil:
		return err
	}
	s.Session.Put(ctx, "notice", moveWords("move", &done))
	return see(c, ui.ClaimsPath)
}

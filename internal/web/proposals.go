package web

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// proposalRoutes lists the pages and forms of roles that wait for a second person.
func (s *Site) proposalRoutes() []route {
	return []route{
		{get, ui.ProposalsPath, access.AgreeToRoles, s.Proposals},
		{post, ui.ProposalsPath + "/:id", access.AgreeToRoles, s.AnswerProposal},
	}
}

// agreementForm declares the answer to a role that was proposed.
type agreementForm struct {
	Do     string `form:"do" binding:"button=agree refuse"`
	Reason string `form:"reason" binding:"runes=200" label:"理由"`
}

// Proposals lists the roles that wait for a second person.
func (s *Site) Proposals(c *gin.Context) error { return s.proposals(c, "", &agreementForm{}, nil) }

func (s *Site) proposals(c *gin.Context, id string, typed *agreementForm, refused error) error {
	actor := s.Session.Actor(c)
	list, err := s.Accounts.Proposals(c.Request.Context(), actor)
	if err != nil {
		return err
	}
	v := ui.Proposals{Frame: s.frame(c, nil), List: s.proposalList(list), Refusal: ui.Refuse(refused)}
	if actor.May(access.ManageAccounts) {
		v.Back = ui.AccountsPath
	}
	for i := range v.List.Rows {
		if row := &v.List.Rows[i]; row.ID == id {
			row.Reason, row.Wrong = typed.Reason, v.Refusal.Wrong("reason")
		}
	}
	return s.form(c, v, refused)
}

// proposalList returns roles that wait, with a key for each form.
func (s *Site) proposalList(list []accounts.Proposed) ui.ProposalList {
	return ui.ProposalList{Key: s.key(), Rows: s.proposalRows(list)}
}

// proposalRows puts roles that were proposed into words.
func (s *Site) proposalRows(list []accounts.Proposed) (out []ui.ProposalRow) {
	for i := range list {
		p := &list[i]
		row := ui.ProposalRow{
			ID: strconv.FormatInt(int64(p.ID), 10), Login: p.Login, Name: p.Name, By: p.ByName,
			Role: roleRows([]accounts.HeldRole{{Term: p.Term, Org: p.Org}})[0], At: p.At.In(s.Zone).Format("2006-01-02"),
			Until: p.Until().In(s.Zone).Format("2006-01-02 15:04"), State: string(p.State),
			MayAgree: p.MayAgree, MayEnd: p.MayEnd,
		}
		if p.State == "" {
			row.Who = p.Agreers()
		}
		if !p.Answered.IsZero() {
			row.State += "（" + p.AnsweredBy + "，" + p.Answered.In(s.Zone).Format("2006-01-02") + "）"
		}
		if p.Reason != "" {
			row.State += "：" + p.Reason
		}
		out = append(out, row)
	}
	return out
}

// AnswerProposal takes the answer to a role that was proposed.
func (s *Site) AnswerProposal(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Hidden(err, "这个提出的职务")
	}
	var in agreementForm
	var p accounts.Proposed
	words := "同意了，职务生效"
	switch err = bind.Form(c, &in); {
	case err != nil:
	case in.Do == "agree":
		p, err = s.Accounts.Agree(ctx, actor, domain.ProposalID(id))
	default:
		p, err = s.Accounts.Refuse(ctx, actor, domain.ProposalID(id), in.Reason)
		words = "没有同意，写进了记录"
		if p.MayEnd {
			words = "撤回了"
		}
	}
	if fault.Correctable(err) {
		return s.proposals(c, c.Param("id"), &in, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", words)
	return see(c, ui.ProposalsPath)
}

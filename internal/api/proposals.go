package api

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// proposal is a role that waits for a second person, or what became of it.
type proposal struct {
	ID       string `json:"id"`
	Login    string `json:"login"` // of the account that is to get it
	Name     string `json:"name"`
	Role     string `json:"role"`
	Org      *named `json:"org,omitempty"`
	From     string `json:"from,omitempty"`
	Until    string `json:"until,omitempty"`
	By       string `json:"by,omitempty"`
	At       string `json:"at"`
	Expires  string `json:"expires"`
	Agreers  string `json:"agreers,omitempty"` // who may agree, in words
	MayAgree bool   `json:"may_agree"`
	MayEnd   bool   `json:"may_end"` // as who proposed it
}

func proposalOf(p *accounts.Proposed) proposal {
	out := proposal{ID: strconv.FormatInt(int64(p.ID), 10), Login: p.Login, Name: p.Name, Role: p.Role.String(),
		By: p.ByName, At: instant(p.At), Expires: instant(p.Until()), MayAgree: p.MayAgree, MayEnd: p.MayEnd}
	if p.Org.ID != "" {
		out.Org = &named{string(p.Org.ID), p.Org.Name}
	}
	if p.From != 0 {
		out.From = p.From.String()
	}
	if p.Term.Until != 0 {
		out.Until = p.Term.Until.String()
	}
	if p.State == "" {
		out.Agreers = p.Agreers()
	}
	return out
}

// proposals answers GET /proposals.
type proposals struct {
	Proposals []proposal `json:"proposals"`
}

func (a *API) proposals(c *gin.Context) error {
	list, err := a.Accounts.Proposals(c.Request.Context(), a.Actor(c))
	if err != nil {
		return err
	}
	out := proposals{Proposals: make([]proposal, len(list))}
	for i := range list {
		out.Proposals[i] = proposalOf(&list[i])
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// proposalInput is the body of POST /proposals/{id}/answer.
type proposalInput struct {
	Do     string `json:"do" binding:"oneof=agree refuse" label:"做什么"`
	Reason string `json:"reason" binding:"required_if=Do refuse,runes=200" label:"理由"` // of refusing, or of taking it back
}

// proposalAnswered answers POST /proposals/{id}/answer.
type proposalAnswered struct {
	ID    string `json:"id"`
	Login string `json:"login"`
	Role  string `json:"role"`
	State string `json:"state"`
}

func (a *API) answerProposal(c *gin.Context) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Hidden(err, "这个提出的职务")
	}
	var in proposalInput
	if err := read(c, &in); err != nil {
		return err
	}
	ctx, actor := c.Request.Context(), a.Actor(c)
	var p accounts.Proposed
	state := domain.ProposalAgreed
	if in.Do == "agree" {
		p, err = a.Accounts.Agree(ctx, actor, domain.ProposalID(id))
	} else {
		p, err = a.Accounts.Refuse(ctx, actor, domain.ProposalID(id), in.Reason)
		if state = domain.ProposalRefused; p.MayEnd {
			state = domain.ProposalWithdrawn
		}
	}
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, proposalAnswered{strconv.FormatInt(id, 10), p.Login, p.Role.String(), string(state)})
	return nil
}

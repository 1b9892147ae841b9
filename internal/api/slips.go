package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
)

// slip is an activation slip that was made; its code is told this once.
type slip struct {
	Login  string `json:"login"`
	Name   string `json:"name"`
	Branch string `json:"branch,omitempty"`
	Code   string `json:"code"`
	Until  string `json:"until"` // good before it
}

func slipOf(s *accounts.HandedSlip) slip {
	return slip{s.Login, s.Name, s.Branch, s.Code, s.Until.UTC().Format(time.RFC3339)}
}

// slipState answers GET /members/{id}/slip.
type slipState struct {
	Member person `json:"member"`
	Login  string `json:"login,omitempty"` // none for who has no account
	Closed bool   `json:"closed"`
	Made   string `json:"made,omitempty"` // of the last slip
	Until  string `json:"until,omitempty"`
	Used   bool   `json:"used"`
}

func (a *API) slipState(c *gin.Context) error {
	s, err := a.Accounts.SlipState(c.Request.Context(), a.Actor(c), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, slipState{personOf(&s.Member), s.Account.Login, s.Account.Closed, instant(s.Slip.Made),
		instant(s.Slip.Expires), s.Slip.Used})
	return nil
}

func (a *API) handOutSlip(c *gin.Context) error {
	made, err := a.Accounts.HandOutSlip(c.Request.Context(), a.Actor(c), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, slipOf(&made))
	return nil
}

// slipsQuery declares the organisation whose slips are asked about.
type slipsQuery struct {
	Org domain.OrgID `form:"org" binding:"omitempty,org"`
}

// slipsDue answers GET /accounts/slips: who would get one.
type slipsDue struct {
	Org         named `json:"org"`
	Without     int   `json:"without"`     // members without an account
	Unactivated int   `json:"unactivated"` // those whose account nobody has activated
}

func (a *API) slipsDue(c *gin.Context) error {
	var q slipsQuery
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	d, err := a.Accounts.SlipsFor(c.Request.Context(), a.Actor(c), q.Org)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, slipsDue{named{string(d.Org.ID), d.Org.Name}, d.Without, d.Unactivated})
	return nil
}

// slipsInput is the body of POST /accounts/slips.
type slipsInput struct {
	Org   string `json:"org" binding:"org"`
	Again bool   `json:"again"` // also for those who have not activated theirs
}

// refusedSlip is a member for whom no account could be opened.
type refusedSlip struct {
	Member string `json:"member"`
	Why    string `json:"why"`
}

// slipsMade answers POST /accounts/slips.
type slipsMade struct {
	Slips   []slip        `json:"slips"`
	Refused []refusedSlip `json:"refused"`
	Failed  string        `json:"failed,omitempty"` // what went wrong before all were made
	Left    int           `json:"left"`             // members who are left then
}

func (a *API) handOutSlips(c *gin.Context) error {
	var in slipsInput
	if err := read(c, &in); err != nil {
		return err
	}
	made, err := a.Accounts.HandOutSlips(c.Request.Context(), a.Actor(c), domain.OrgID(in.Org), in.Again)
	if err != nil {
		return err
	}
	out := slipsMade{Slips: make([]slip, len(made.Slips)), Refused: make([]refusedSlip, len(made.Refused)),
		Left: made.Left}
	for i := range made.Slips {
		out.Slips[i] = slipOf(&made.Slips[i])
	}
	for i, r := range made.Refused {
		out.Refused[i] = refusedSlip{string(r.Member), r.Why}
	}
	if made.Failed != nil {
		out.Failed = fault.From(made.Failed).Message
	}
	c.JSON(http.StatusCreated, out)
	return nil
}

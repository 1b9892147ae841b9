package api

import (
	"github.com/gin-gonic/gin"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/server/bind"
)

// renaming is the body of POST /members/{id}/name.
type renaming struct {
	Name   string `json:"name" binding:"required,runes=100" label:"姓名"`
	From   string `json:"from" binding:"omitempty,day" label:"从哪天起"` // none: the name was wrong from the first
	Reason string `json:"reason" binding:"required,runes=500" label:"理由"`
}

// renamed answers it.
type renamed struct {
	Kept bool `json:"kept"`
}

func (a *API) rename(c *gin.Context) error {
	var in renaming
	if err := read(c, &in); err != nil {
		return err
	}
	replay, err := a.Ledger.Rename(c.Request.Context(), a.Actor(c), members.Renaming{
		Member: domain.MemberID(c.Param("id")), Name: in.Name, From: bind.Day(in.From), Reason: in.Reason}, key(c))
	if err != nil {
		return err
	}
	kept(c, replay, renamed{true})
	return nil
}

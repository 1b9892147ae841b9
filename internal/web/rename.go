package web

import (
	"github.com/gin-gonic/gin"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// renameForm declares another name of a member.
type renameForm struct {
	Name   string `form:"name" binding:"runes=100" label:"姓名"`
	From   string `form:"since" binding:"omitempty,day" label:"从哪天起"`
	Reason string `form:"reason" binding:"runes=500" label:"理由"`
	Key    string `form:"key"`
}

// Rename records another name of a member.
func (s *Site) Rename(c *gin.Context) error {
	ctx, id := c.Request.Context(), domain.MemberID(c.Param("id"))
	var in renameForm
	var replay bool
	err := bind.Form(c, &in)
	if err == nil {
		replay, err = s.Ledger.Rename(ctx, s.Session.Actor(c),
			members.Renaming{Member: id, Name: in.Name, From: bind.Day(in.From), Reason: in.Reason}, in.Key)
	}
	if fault.Correctable(err) {
		return s.changes(c, &changeForm{Do: "rename", Name: in.Name, Since: in.From, Reason: in.Reason}, err)
	}
	if err != nil {
		return err
	}
	words := "姓名登记了"
	if replay {
		words = "姓名刚才已经登记过，没有重复登记"
	}
	s.Session.Put(ctx, "notice", words)
	return see(c, ui.ChangesPath(id))
}

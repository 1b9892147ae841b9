package web

import (
	"github.com/gin-gonic/gin"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// personErasureForm holds the fields of the form by which a person is erased.
type personErasureForm struct {
	Typed  string `form:"typed" binding:"runes=100" label:"编号"`
	Reason string `form:"reason" binding:"runes=50" label:"理由"`
}

// ErasePerson shows what an erasure of a person takes away, to who may erase him.
func (s *Site) ErasePerson(c *gin.Context) error { return s.erasePerson(c, &personErasureForm{}, nil) }

func (s *Site) erasePerson(c *gin.Context, in *personErasureForm, refused error) error {
	h, err := s.Members.Held(c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	m := &h.Member
	v := ui.ErasePerson{
		Frame: s.frame(c, &around{"", m.Home.Name}), Member: m.ID, Name: m.Name, Branch: m.Home.Name,
		Data: h.Data, Refuse: h.Refuse, Typed: in.Typed, Reason: in.Reason, Refusal: ui.Refuse(refused),
	}
	return s.form(c, v, refused)
}

// EraseWho erases a person.
func (s *Site) EraseWho(c *gin.Context) error {
	ctx, id := c.Request.Context(), domain.MemberID(c.Param("id"))
	var in personErasureForm
	err := bind.Form(c, &in)
	if err == nil {
		e := members.PersonErasure{Member: id, Typed: in.Typed, Reason: in.Reason}
		err = s.Ledger.ErasePerson(ctx, s.Session.Actor(c), e)
	}
	if fault.Correctable(err) {
		return s.erasePerson(c, &in, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", "删除了 "+string(id)+" 的个人信息")
	return see(c, ui.TextsPath(id))
}

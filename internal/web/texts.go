package web

import (
	"fmt"
	"slices"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// erasureForm holds the fields of the form by which free texts are erased.
type erasureForm struct {
	Texts  []domain.TextID `form:"text"`
	Reason string          `form:"reason" binding:"runes=50" label:"理由"`
	Key    string          `form:"key"`
}

// Texts shows the free texts about a member to who may erase them.
func (s *Site) Texts(c *gin.Context) error { return s.texts(c, &erasureForm{}, nil) }

func (s *Site) texts(c *gin.Context, in *erasureForm, refused error) error {
	t, err := s.Members.Texts(c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	m := &t.Member
	scheme := ""
	if t.Book != nil {
		scheme = t.Book.Title
	}
	v := ui.Texts{
		Frame: s.frame(c, &around{scheme, m.Home.Name}), Key: s.key(), Member: m.ID, Name: m.Name, Branch: m.Home.Name,
		Reason: in.Reason, Refusal: ui.Refuse(refused),
	}
	for i := range t.Texts {
		x := &t.Texts[i]
		v.Rows = append(v.Rows, ui.TextRow{
			ID: int64(x.ID), Where: x.Where, Body: x.Body, By: x.Entry.ByName, At: s.clock(x.Entry.At), Erased: x.Erased,
			Shared: x.Part == domain.TextTitle, Chosen: slices.Contains(in.Texts, x.ID),
		})
	}
	return s.form(c, v, refused)
}

// EraseTexts erases free texts about a member.
func (s *Site) EraseTexts(c *gin.Context) error {
	ctx, id := c.Request.Context(), domain.MemberID(c.Param("id"))
	var in erasureForm
	err := bind.Form(c, &in)
	if err == nil {
		e := members.TextErasure{Member: id, Texts: in.Texts, Reason: in.Reason}
		_, err = s.Ledger.EraseTexts(ctx, s.Session.Actor(c), e, in.Key)
	}
	if fault.Correctable(err) {
		return s.texts(c, &in, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", fmt.Sprintf("删除了 %d 段话", len(in.Texts)))
	return see(c, ui.TextsPath(id))
}

package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/domain"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// Handover shows what goes with a member who moves: the slip that the branch he
// leaves hands to the one he comes to, with how he stood on the last day.
func (s *Site) Handover(c *gin.Context) error {
	var q struct {
		From string `form:"from" binding:"day"`
	}
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	on := bind.Day(q.From)
	h, err := s.Members.Handover(c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id")), on)
	if err != nil {
		return err
	}
	v := ui.Handover{
		Frame:  s.frame(c, &around{h.Book.Title, h.Member.Home.Name}),
		Member: h.Member.ID, Name: h.Member.Name, From: h.From, To: h.To, Day: h.Day, Standing: h.Account.Standing,
		Losses: h.Does.Losses, After: h.Does.After, Kept: h.Does.Scored, Facts: facts(h.Facts), Alerts: h.Alerts,
		Ends: h.Ends, Offices: h.Offices,
	}
	for i := range h.Waiting {
		v.Waiting = append(v.Waiting, s.waitingRow(&h.Waiting[i]))
	}
	s.render(c, http.StatusOK, v)
	return nil
}

package site

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/store"
	"jifen/internal/ui"
)

// shownClaims is how many claims a page shows.
const shownClaims = 50

// Claims lists what waits for this person's decision.
func (s *Site) Claims(c *gin.Context) error { return s.claims(c, "", nil) }

func (s *Site) claims(c *gin.Context, refusedID string, refused error) error {
	actor := s.Session.Actor(c)
	scope := actor.Scope(access.Decide)
	v := ui.Claims{Frame: s.frame(c, nil)}
	err := s.DB.Read(c.Request.Context(), func(view *store.View) error {
		entries, err := view.Claims(scope, shownClaims)
		if err != nil {
			return err
		}
		for i := range entries {
			e := &entries[i]
			cl, err := s.claim(view, actor, e.Member, e.By)
			if err != nil {
				return err
			}
			cl.Kind, cl.ID, cl.Item, cl.Day, cl.Note = "entry", e.Entry.ID, e.Entry.Item, e.Entry.On, e.Note
			cl.By, cl.At = e.ByName, s.clock(e.At)
			if e.Entry.Chosen {
				cl.Points = e.Entry.Points.Signed() + " 分"
			}
			v.Claims = append(v.Claims, cl)
		}
		rows, err := view.WaitingAttendance(scope, shownClaims)
		if err != nil {
			return err
		}
		for i := range rows {
			r := &rows[i]
			cl, err := s.claim(view, actor, r.Member, r.By)
			if err != nil {
				return err
			}
			cl.Kind, cl.ID, cl.Item, cl.Day = "attendance", strconv.FormatInt(int64(r.Row), 10), r.Activity.Kind+"："+string(r.Status), r.Activity.On
			cl.By, cl.At, cl.Note = r.Activity.ByName, s.clock(r.Activity.At), r.Activity.Title
			v.Claims = append(v.Claims, cl)
		}
		return nil
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	for i := range v.Claims {
		if v.Claims[i].Kind+v.Claims[i].ID == refusedID {
			v.Claims[i].Refusal, v.Claims[i].Reason = ui.Refuse(refused), c.PostForm("reason")
			status = http.StatusUnprocessableEntity
		}
	}
	s.render(c, status, v)
	return nil
}

// claim is what every claim says of its member and of who may decide it.
func (s *Site) claim(v *store.View, actor *access.Actor, member party.MemberID, by access.AccountID) (ui.Claim, error) {
	m, err := v.Member(actor.Scope(access.Decide), member)
	if err != nil {
		return ui.Claim{}, err
	}
	out := ui.Claim{Key: s.key(), Member: member, Name: m.Name, Branch: m.Home.Name}
	if !actor.Deciding(member, m.Home.Path, by) {
		out.Barred = "自己的、自己报的，由别人来定"
	}
	return out, nil
}

// Decide takes a decision in.
func (s *Site) Decide(c *gin.Context) error {
	ctx, actor, kind, reason := c.Request.Context(), s.Session.Actor(c), c.Param("kind"), c.PostForm("reason")
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "没有这条待确认")
	}
	accept := c.PostForm("decision") == "accept"
	switch kind {
	case "entry":
		err = s.Ledger.DecideEntry(ctx, actor, store.EntryID(id), accept, reason)
	case "attendance":
		err = s.Ledger.DecideAttendance(ctx, actor, store.RowID(id), accept, reason)
	default:
		return fault.New(fault.NotFound, "没有这条待确认")
	}
	if fault.CodeOf(err) == fault.Invalid {
		return s.claims(c, kind+c.Param("id"), err)
	}
	if err != nil {
		return err
	}
	words := "已退回"
	if accept {
		words = "已同意，开始计分"
	}
	s.Session.Put(ctx, "notice", words)
	return see(c, ui.ClaimsPath)
}

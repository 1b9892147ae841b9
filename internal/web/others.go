package web

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/orgs"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// seenForm declares up to which instant everything was seen.
type seenForm struct {
	Until string `form:"until" binding:"required,runes=40" label:"看到哪一条"`
}

// Others shows what others did to what a branch had recorded.
func (s *Site) Others(c *gin.Context) error { return s.others(c, nil) }

func (s *Site) others(c *gin.Context, refused error) error {
	o, err := s.Orgs.ByOthers(c.Request.Context(), s.Session.Actor(c), domain.OrgID(c.Param("id")))
	if err != nil {
		return err
	}
	v := ui.Others{Frame: s.frame(c, &around{"", o.Branch.Name}), ByOthers: s.byOthers(&o)}
	v.Refusal = ui.Refuse(refused)
	return s.form(c, v, refused)
}

// MarkSeen takes in that it was seen.
func (s *Site) MarkSeen(c *gin.Context) error {
	ctx, id := c.Request.Context(), domain.OrgID(c.Param("id"))
	var in seenForm
	err := bind.Form(c, &in)
	if err == nil {
		err = s.Orgs.MarkSeen(ctx, s.Session.Actor(c), orgs.ActsSeen{Branch: id, Until: in.Until})
	}
	if fault.Correctable(err) {
		return s.others(c, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", "记下了：别处改的都看过了")
	return see(c, ui.BranchPath(id))
}

// byOthers puts what others did into words.
func (s *Site) byOthers(o *orgs.ByOthers) ui.ByOthers {
	out := ui.ByOthers{ID: o.Branch.ID, Branch: o.Branch.Name, More: o.More, Unseen: o.Unseen}
	if o.MayMark && o.Unseen > 0 {
		out.Until = o.Acts[0].At
	}
	for i := range o.Acts {
		act := &o.Acts[i]
		row := ui.ByOthersRow{Words: act.Words(), Name: act.Name, First: act.First + " " + s.clock(act.FirstAt) + " ",
			By: act.ByName, Offices: act.Offices, At: s.clock(act.At), Reason: act.Reason, Seen: act.Seen}
		if act.Open {
			row.Path = actPath(&act.ActByOthers)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// actPath returns where something that others changed is looked at.
func actPath(act *domain.ActByOthers) string {
	switch {
	case act.Record.Activity != 0:
		return ui.ActivityPath(strconv.FormatInt(int64(act.Record.Activity), 10))
	case act.Record.Entry != 0:
		return ui.RecordPath(act.Member, act.Record.String())
	default:
		return ui.MemberPath(act.Member)
	}
}

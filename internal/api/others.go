package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/orgs"
	"jifen/internal/domain"
)

// othersList answers GET /branches/{id}/others.
type othersList struct {
	Unseen int           `json:"unseen"`
	Acts   []actByOthers `json:"acts"` // the latest first
	More   int           `json:"more"` // that are not among them
}

// actByOthers is one thing that others did to what a branch had recorded.
type actByOthers struct {
	Did     string   `json:"did"`     // 撤销, 更正, 退回, 同意
	Subject string   `json:"subject"` // 记录, 活动, 出勤, 情况, 组织关系, 申报
	What    string   `json:"what"`
	On      string   `json:"on,omitempty"`
	Member  string   `json:"member,omitempty"` // none: a whole activity
	Name    string   `json:"name,omitempty"`
	Record  string   `json:"record,omitempty"` // entry.31 or activity.5, where one may look
	First   string   `json:"first"`            // who had recorded it
	FirstAt string   `json:"first_at"`
	By      string   `json:"by"`
	Offices []string `json:"offices"`
	At      string   `json:"at"`
	Reason  string   `json:"reason,omitempty"`
	Seen    bool     `json:"seen"`
}

func (a *API) others(c *gin.Context) error {
	o, err := a.Orgs.ByOthers(c.Request.Context(), a.Actor(c), domain.OrgID(c.Param("id")))
	if err != nil {
		return err
	}
	out := othersList{Unseen: o.Unseen, More: o.More, Acts: make([]actByOthers, len(o.Acts))}
	for i := range o.Acts {
		x := &o.Acts[i]
		act := actByOthers{Did: x.Did, Subject: x.Subject, What: x.What, Member: string(x.Member), Name: x.Name,
			First: x.First, FirstAt: x.FirstAt, By: x.ByName, Offices: append([]string{}, x.Offices...), At: x.At,
			Reason: x.Reason, Seen: x.Seen}
		if x.On != 0 {
			act.On = x.On.String()
		}
		if x.Open {
			act.Record = x.Record.String()
		}
		out.Acts[i] = act
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// seenInput is the body of POST /branches/{id}/others.
type seenInput struct {
	Until string `json:"until" binding:"required,runes=40" label:"看到哪一条"` // the at of the latest that was seen
}

func (a *API) markSeen(c *gin.Context) error {
	var in seenInput
	if err := read(c, &in); err != nil {
		return err
	}
	err := a.Orgs.MarkSeen(c.Request.Context(), a.Actor(c),
		orgs.ActsSeen{Branch: domain.OrgID(c.Param("id")), Until: in.Until})
	if err != nil {
		return err
	}
	return a.others(c)
}

package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/server/bind"
)

// factsQuery is the query of GET /branches/{id}/facts.
type factsQuery struct {
	Attribute string `form:"attribute" binding:"runes=100" label:"属性"`
	Lacking   string `form:"lacking" binding:"omitempty,oneof=0 1" label:"lacking"`
}

// factList holds what one attribute of the members of a branch is today.
type factList struct {
	Attribute  string    `json:"attribute"`
	Unrecorded int       `json:"unrecorded"`
	Attributes []string  `json:"attributes"` // that may be asked for
	Members    []factNow `json:"members"`
}

// factNow holds the value of one member; without a day nobody recorded it.
type factNow struct {
	Member string `json:"member"`
	Name   string `json:"name"`
	Value  string `json:"value,omitempty"`
	Since  string `json:"since,omitempty"`
}

func (a *API) facts(c *gin.Context) error {
	var q factsQuery
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	f, err := a.Members.FactForm(c.Request.Context(), a.Actor(c), domain.OrgID(c.Param("id")), q.Attribute,
		q.Lacking == "1")
	if err != nil {
		return err
	}
	out := factList{Attribute: q.Attribute, Unrecorded: f.Unrecorded, Attributes: f.Attributes, Members: []factNow{}}
	for _, p := range f.People {
		now := factNow{Member: string(p.ID), Name: p.Name, Value: p.Now}
		if p.Since != 0 {
			now.Since = p.Since.String()
		}
		out.Members = append(out.Members, now)
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// factsInput is the body of POST /facts.
type factsInput struct {
	Attribute string      `json:"attribute" binding:"required,runes=100" label:"属性"`
	From      string      `json:"from" binding:"day" label:"从哪天起"`
	Reason    string      `json:"reason" binding:"runes=500" label:"理由"`
	Seen      bool        `json:"seen"`                                 // what another group is called nearly so
	Shown     string      `json:"shown" binding:"runes=40" label:"看过的"` // of a preview
	Preview   bool        `json:"preview"`                              // nothing is recorded
	Rows      []factInput `json:"rows" binding:"dive"`
}

// factInput is one member's value.
type factInput struct {
	Member string `json:"member" binding:"member"`
	Value  string `json:"value" binding:"runes=500" label:"改为什么"`
}

// factsReceipt answers POST /facts: what was recorded, or with preview would be, and then what
// of each member becomes another.
type factsReceipt struct {
	Recorded int           `json:"recorded"`
	Same     int           `json:"same"`  // of whom it was so already
	Moved    int           `json:"moved"` // of whom points, grade, category or alerts become another
	Preview  bool          `json:"preview"`
	Shown    string        `json:"shown,omitempty"`
	Lacks    string        `json:"lacks,omitempty"` // it is refused without a reason, and why
	Rows     []factChanged `json:"rows,omitempty"`  // of a preview
}

// factChanged holds what one row does to a member.
type factChanged struct {
	Member string        `json:"member"`
	Name   string        `json:"name"`
	Same   string        `json:"same,omitempty"` // it is so already, in a sentence
	Effect []consequence `json:"effect"`
	Near   string        `json:"near,omitempty"` // of a group: another of the branch that is called nearly so
}

func (a *API) recordFacts(c *gin.Context) error {
	var in factsInput
	if err := read(c, &in); err != nil {
		return err
	}
	b := members.BulkFact{Attribute: in.Attribute, From: bind.Day(in.From), Reason: in.Reason, Seen: in.Seen,
		Shown: in.Shown}
	for _, row := range in.Rows {
		b.Rows = append(b.Rows, members.FactRow{Member: domain.MemberID(row.Member), Value: row.Value})
	}
	ctx := c.Request.Context()
	if in.Preview {
		f, err := a.Ledger.ForeseeFacts(ctx, a.Actor(c), b)
		if err != nil {
			return err
		}
		c.JSON(http.StatusOK, foreseenFacts(&f))
		return nil
	}
	r, err := a.Ledger.RecordFacts(ctx, a.Actor(c), b, key(c))
	if err != nil {
		return err
	}
	kept(c, r.Replay, factsReceipt{Recorded: r.Recorded, Same: r.Same, Moved: r.Moved})
	return nil
}

func foreseenFacts(f *members.BulkFactForeseen) factsReceipt {
	out := factsReceipt{Preview: true, Shown: f.Shown}
	if f.Lacks != nil {
		out.Lacks = f.Lacks.Error()
	}
	for i := range f.Rows {
		r := &f.Rows[i]
		if r.Same != "" {
			out.Same++
		} else {
			out.Recorded++
		}
		if len(r.Effect) > 0 {
			out.Moved++
		}
		effect := receiptOf(&members.Registered{Effect: r.Effect}, false).Effect
		out.Rows = append(out.Rows, factChanged{string(r.Member), r.Name, r.Same, effect, r.Near})
	}
	return out
}

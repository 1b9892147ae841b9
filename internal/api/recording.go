package api

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
)

// activityInput is the body of POST /activities.
type activityInput struct {
	Org        string     `json:"org" binding:"org"`
	Kind       string     `json:"kind" binding:"required,runes=100" label:"活动的种类"`
	On         string     `json:"on" binding:"day"`
	Title      string     `json:"title" binding:"runes=500" label:"名称"`
	Attendance []attended `json:"attendance" binding:"dive"`
}

// attended is one line of an attendance list.
type attended struct {
	Member string `json:"member" binding:"member"`
	Status string `json:"status" binding:"oneof=到会 迟到 早退 请假 补课 缺席" label:"出勤"`

	MadeUpOn string `json:"made_up_on" binding:"omitempty,day"` // of 补课: the day
}

// receipt answers POST /activities: what the activity did.
type receipt struct {
	Activity string `json:"activity"`
	Posted   int    `json:"posted"`  // lines that count
	Waiting  int    `json:"waiting"` // lines that became claims (待确认)
	Points   points `json:"points"`  // what it did to the totals, all together
}

func (a *API) recordActivity(c *gin.Context) error {
	var in activityInput
	if err := read(c, &in); err != nil {
		return err
	}
	m := activities.ActivityInput{Org: domain.OrgID(in.Org), Kind: in.Kind, On: bind.Day(in.On), Title: in.Title}
	for _, l := range in.Attendance {
		line := activities.Line{Member: domain.MemberID(l.Member), Status: domain.AttendanceStatus(l.Status),
			MadeUpOn: bind.Day(l.MadeUpOn)}
		m.Lines = append(m.Lines, line)
	}
	r, err := a.Activities.Record(c.Request.Context(), a.Actor(c), m, key(c))
	if err != nil {
		return err
	}
	kept(c, r.Replay, receipt{strconv.FormatInt(int64(r.Activity), 10), r.Posted, r.Waiting, points(r.Points)})
	return nil
}

// entryInput is the body of POST /entries.
type entryInput struct {
	Member string            `json:"member" binding:"member"`
	Item   string            `json:"item" binding:"required,runes=100" label:"项目"`
	On     string            `json:"on" binding:"day"`
	Points string            `json:"points" binding:"omitempty,points" label:"分值"` // where the item leaves a range
	Fields map[string]string `json:"fields"`                                       // what the item records, and 事项
	Note   string            `json:"note" binding:"runes=500" label:"备注"`
}

// effect answers POST /entries: what the entry did, with totals for who may see
// them.
type effect struct {
	Entry   string  `json:"entry"`
	Waiting bool    `json:"waiting"`         // it became a claim (待确认)
	Claim   string  `json:"claim,omitempty"` // and which
	Asked   organs  `json:"asked,omitempty"` // and who has to agree, in order
	Granted points  `json:"granted"`
	Wanted  points  `json:"wanted"` // before limits
	Before  *points `json:"before,omitempty"`
	After   *points `json:"after,omitempty"`
	Note    string  `json:"note,omitempty"` // why it gives what it gives
}

func (a *API) post(c *gin.Context) error {
	var in entryInput
	if err := read(c, &in); err != nil {
		return err
	}
	e, err := a.Entries.Post(c.Request.Context(), a.Actor(c), entries.EntryInput{
		Member: domain.MemberID(in.Member), Item: in.Item, On: bind.Day(in.On), Points: in.Points, Fields: in.Fields,
		Note: in.Note,
	}, key(c))
	if err != nil {
		return err
	}
	kept(c, e.Replay, effectOf(&e))
	return nil
}

func effectOf(e *entries.Effect) effect {
	out := effect{Entry: strconv.FormatInt(int64(e.Entry), 10), Waiting: e.Waiting, Asked: e.Asked,
		Granted: points(e.Granted), Wanted: points(e.Wanted), Note: e.Note}
	if e.Waiting {
		out.Claim = e.Request.String()
	}
	if e.ShowsTotals {
		before, after := points(e.Before), points(e.After)
		out.Before, out.After = &before, &after
	}
	return out
}

// reason is the body of POST /entries/{id}/reversal.
type reason struct {
	Reason string `json:"reason" binding:"required,runes=500" label:"撤销的理由" hint:"例如：重复录入"`
}

// reversed says that an entry counts no more.
type reversed struct {
	Entry    string `json:"entry"`
	Reversed bool   `json:"reversed"`
}

func (a *API) reverse(c *gin.Context) error {
	var in reason
	if err := read(c, &in); err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return fault.Hidden(err, "这条记录")
	}
	done, err := a.Entries.Reverse(c.Request.Context(), a.Actor(c), domain.EntryID(id), in.Reason, key(c))
	if err != nil {
		return err
	}
	kept(c, done.Replay, reversed{c.Param("id"), true})
	return nil
}

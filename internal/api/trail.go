package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/machine"
	"jifen/internal/domain"
	"jifen/internal/server/bind"
)

// trailQuery declares what of the trail is asked for.
type trailQuery struct {
	listed
	Who     string          `form:"who" binding:"runes=100" label:"谁"`
	Account string          `form:"account" binding:"omitempty,whole=1~9223372036854775807" label:"帐号的号码"`
	About   domain.MemberID `form:"about" binding:"omitempty,member"`
	Action  string          `form:"action" binding:"runes=100" label:"做了什么"`
	Place   string          `form:"place" binding:"runes=100" label:"从哪里"`
	From    string          `form:"from" binding:"omitempty,day"`
	Until   string          `form:"until" binding:"omitempty,day"`
	Before  string          `form:"before" binding:"omitempty,whole=1~9223372036854775807" hint:"照上一段的 next 写"`

	Result string `form:"result" binding:"omitempty,oneof=done refused forbidden not_found too_many unauthenticated"`
}

// trailLine is one line of the trail.
type trailLine struct {
	ID      string   `json:"id"`
	At      string   `json:"at"`
	Account string   `json:"account,omitempty"` // absent for the program itself
	Name    string   `json:"name,omitempty"`
	Roles   []string `json:"roles"`
	Place   string   `json:"place,omitempty"` // the address; absent for this computer
	Route   string   `json:"route,omitempty"` // the page, question or command
	Action  string   `json:"action"`
	Result  string   `json:"result"` // done, or the code of the refusal
	Org     *named   `json:"org,omitempty"`
	Member  string   `json:"member,omitempty"` // the one whom it concerns
	Members int      `json:"members"`          // how many it concerns
	Detail  string   `json:"detail,omitempty"`
}

// trail answers GET /trail.
type trail struct {
	Lines []trailLine `json:"lines"`
	Next  string      `json:"next,omitempty"` // of before, for the next piece; none on the last
}

func (a *API) trail(c *gin.Context) error {
	var q trailQuery
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	n := int(bind.Whole(q.Limit))
	found, err := a.Machine.Trail(c.Request.Context(), a.Actor(c), machine.TrailQuery{
		Before: bind.Whole(q.Before), Who: q.Who, Account: domain.AccountID(bind.Whole(q.Account)), About: q.About,
		Action: q.Action, Result: q.Result, Place: q.Place, From: bind.Day(q.From), Until: bind.Day(q.Until)}, n)
	if err != nil {
		return err
	}
	out := trail{Lines: make([]trailLine, len(found.Lines))}
	for i := range found.Lines {
		out.Lines[i] = trailLineOf(&found.Lines[i], found.Orgs)
	}
	if len(out.Lines) == n {
		out.Next = out.Lines[n-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func trailLineOf(t *domain.AuditEvent, orgs map[domain.OrgID]string) trailLine {
	out := trailLine{ID: strconv.FormatInt(t.ID, 10), At: t.At, Name: t.Name, Roles: []string{}, Place: t.Address,
		Route: t.Route, Action: t.Action, Result: domain.AuditDone, Member: string(t.Member), Members: t.Count,
		Detail: t.Explained}
	if t.Account != 0 {
		out.Account = strconv.FormatInt(int64(t.Account), 10)
	}
	if t.Result != "" {
		out.Result = t.Result
	}
	if t.Org != "" {
		out.Org = &named{string(t.Org), orgs[t.Org]}
	}
	for code := range strings.SplitSeq(t.Role, ",") {
		if code != "" {
			out.Roles = append(out.Roles, domain.ParseRole(code).String())
		}
	}
	return out
}

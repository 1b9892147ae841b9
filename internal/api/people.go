package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/report"
	"jifen/internal/scoring"
	"jifen/internal/server"
	"jifen/internal/server/bind"
)

// credentials is the body of POST /session.
type credentials struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// session is a bearer token with the moment until which it is good.
type session struct {
	Token   string `json:"token"`
	Expires string `json:"expires"` // RFC 3339
	Name    string `json:"name"`
}

// signIn makes a token of a login and a password.
func (a *API) signIn(c *gin.Context) error {
	var in credentials
	if err := read(c, &in); err != nil {
		return err
	}
	ctx := c.Request.Context()
	actor, err := a.Accounts.SignIn(ctx, accounts.Credentials{
		Login: in.Login, Password: in.Password, Address: server.Address(ctx),
	})
	if err != nil {
		return err
	}
	token, until, err := a.Accounts.StartSession(ctx, actor)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, session{token, until.UTC().Format("2006-01-02T15:04:05Z"), actor.Name})
	return nil
}

// ended says that a bearer token is good no more.
type ended struct {
	Ended bool `json:"ended"`
}

// signOut ends the bearer token that the request carries.
func (a *API) signOut(c *gin.Context) error {
	token, _ := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	if err := a.Accounts.EndSession(c.Request.Context(), a.Actor(c), token); err != nil {
		return err
	}
	c.JSON(http.StatusOK, ended{true})
	return nil
}

// named is an organisation or a member by id and name.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// role is one role, with its organisation where it has one.
type role struct {
	Role   string `json:"role"`
	Org    *named `json:"org,omitempty"`
	Group  string `json:"group,omitempty"`  // of a group leader: which group of it
	Office string `json:"office,omitempty"` // what Jifen-Office names it by
	Works  bool   `json:"works,omitempty"`  // the request is made in it
}

// self answers GET /me: the account that asks.
type self struct {
	Name   string `json:"name"`
	Member string `json:"member,omitempty"` // 编号, of an account that is a member's
	Roles  []role `json:"roles"`
}

func (a *API) me(c *gin.Context) error {
	actor := a.Actor(c)
	own, err := a.Accounts.Own(c.Request.Context(), actor)
	if err != nil {
		return err
	}
	out := self{Name: own.Name, Member: string(own.Member), Roles: make([]role, len(own.Roles))}
	now, one := actor.Office()
	for i, held := range own.Roles {
		out.Roles[i].Role = held.Role.String()
		if g := (access.Grant{Role: held.Role, Path: string(held.Org.ID)}); held.Role != domain.RoleMember {
			out.Roles[i].Office = g.Key()
			out.Roles[i].Works = one && g.Key() == now.Key()
		}
		if held.Org.ID != "" {
			out.Roles[i].Org, out.Roles[i].Group = &named{string(held.Org.ID), held.Org.Name}, held.Group
		}
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// person is one member of a list.
type person struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Branch *named `json:"branch,omitempty"` // for one who has left, the last one
	Left   string `json:"left,omitempty"`   // the first day no longer here
}

func personOf(m *domain.Member) person {
	p := person{ID: string(m.ID), Name: m.Name}
	if m.Home.ID != "" {
		p.Branch = &named{string(m.Home.ID), m.Home.Name}
	}
	if m.Left != 0 {
		p.Left = m.Left.String()
	}
	return p
}

// page is a piece of the list of members.
type page struct {
	Members []person `json:"members"`
	Next    string   `json:"next,omitempty"` // of after, for the next piece; none on the last
}

// membersQuery declares the piece of the list of members that is asked for.
type membersQuery struct {
	listed
	Org   domain.OrgID    `form:"org" binding:"omitempty,org"`
	After domain.MemberID `form:"after" binding:"omitempty,member"`
}

func (a *API) members(c *gin.Context) error {
	var q membersQuery
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	list, err := a.Orgs.Members(c.Request.Context(), a.Actor(c), q.Org, q.After, int(bind.Whole(q.Limit)))
	if err != nil {
		return err
	}
	out := page{Members: make([]person, len(list.Members)), Next: string(list.Next)}
	for i := range list.Members {
		out.Members[i] = personOf(&list.Members[i])
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (a *API) member(c *gin.Context) error {
	m, err := a.Members.Person(c.Request.Context(), a.Actor(c), domain.MemberID(c.Param("id")))
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, personOf(&m))
	return nil
}

// points prints as a decimal string.
type points domain.Points

// MarshalText implements encoding.TextMarshaler.
func (p points) MarshalText() ([]byte, error) { return []byte(domain.Points(p).String()), nil }

// block is the settled value of one 板块.
type block struct {
	Name   string `json:"name"`
	Points points `json:"points"`
}

// result is a standing: one member's score in one period.
type result struct {
	Member   person          `json:"member"`
	Scheme   string          `json:"scheme"`
	Period   string          `json:"period"`
	AsOf     string          `json:"as_of"`
	Scored   bool            `json:"scored"`
	Reason   string          `json:"reason,omitempty"` // why not scored
	Category string          `json:"category,omitempty"`
	Total    *points         `json:"total,omitempty"`
	Blocks   []block         `json:"blocks,omitempty"`
	Grade    string          `json:"grade,omitempty"`
	RedLines []string        `json:"red_lines,omitempty"`
	Missing  []string        `json:"missing,omitempty"`
	Alerts   []alert         `json:"alerts,omitempty"` // those still open
	Account  json.RawMessage `json:"account,omitempty"`
	Pending  *points         `json:"pending,omitempty"` // what waits would add, if all of it were agreed to
	Place    *place          `json:"place,omitempty"`
}

// place is a rank among those of the organisation asked for.
type place struct {
	Place int `json:"place"`
	Of    int `json:"of"`
	Tied  int `json:"tied"`
}

// alert is a proposal to a person.
type alert struct {
	Name    string `json:"name"`
	Level   string `json:"level"`
	On      string `json:"on"`
	Run     int    `json:"run"`
	Suggest string `json:"suggest"`
	Owner   string `json:"owner"`
	Due     string `json:"due"`
}

func alertOf(x *domain.Alert) alert {
	return alert{x.Name, string(x.Level), x.On.String(), x.Run, x.Suggest, x.Owner, x.Due.String()}
}

func (a *API) resultOf(m *domain.Member, p *standings.Population, st *domain.Standing) result {
	out := result{
		Member: personOf(m), Scheme: p.Book.Code, Period: p.Period.String(), AsOf: min(p.AsOf, p.Period.Last).String(),
		Scored: st.Scored, Reason: st.Why, Category: st.Category, Grade: st.Grade, RedLines: st.RedLines, Missing: st.Missing,
	}
	if st.Scored {
		total := points(st.Total)
		out.Total = &total
	}
	for _, b := range st.Blocks {
		out.Blocks = append(out.Blocks, block{b.Name, points(b.Value)})
	}
	out.Alerts = alertsOf(scoring.OpenAlerts(p.Book, st))
	return out
}

func alertsOf(list []domain.Alert) (out []alert) {
	for i := range list {
		out = append(out, alertOf(&list[i]))
	}
	return out
}

// pointsQuery declares the scheme and the period of points that are asked for, and
// the instant by which things had to be recorded.
type pointsQuery struct {
	Scheme string `form:"scheme" binding:"runes=100" label:"办法的编号"`
	Period string `form:"period" binding:"omitempty,period"`
	Known  string `form:"known_by" binding:"omitempty,instant"`
}

// when returns what is asked for.
func (q *pointsQuery) when() (w standings.When, err error) {
	w = standings.When{Scheme: q.Scheme, Period: q.Period}
	if q.Known != "" {
		w.AsKnownAt, err = time.Parse(time.RFC3339, q.Known)
	}
	return w, err
}

// standingQuery declares what of one member's points is asked for.
type standingQuery struct {
	pointsQuery
	AsOf string `form:"as_of" binding:"omitempty,day"`
}

func (a *API) standing(c *gin.Context) error {
	var q standingQuery
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	w, err := q.when()
	if err != nil {
		return err
	}
	w.AsOf = bind.Day(q.AsOf)
	d, err := a.Members.Detail(c.Request.Context(), a.Actor(c), domain.MemberID(c.Param("id")), w)
	if err != nil {
		return err
	}
	st := &d.Account.Standing
	out := a.resultOf(&d.Member, &standings.Population{Book: d.Book, Period: st.Period, AsOf: st.AsOf}, st)
	if out.Account, err = report.StatementJSON(d.Book, &d.Account); err != nil {
		return err
	}
	out.Alerts = alertsOf(d.Alerts)
	if len(d.Waiting) > 0 {
		pending := points(d.Pending)
		out.Pending = &pending
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// list is a ranking: everybody of an organisation in the order of places.
type list struct {
	Org     named    `json:"org"`
	Scheme  string   `json:"scheme"`
	Period  string   `json:"period"`
	AsOf    string   `json:"as_of"`
	Ties    string   `json:"ties"` // how ties are settled
	Members []result `json:"members"`
}

// rankingQuery declares what a ranking is asked for.
type rankingQuery struct {
	pointsQuery
	Org      domain.OrgID `form:"org" binding:"omitempty,org"`
	Category string       `form:"category" binding:"runes=100" label:"类别"`
}

func (a *API) ranking(c *gin.Context) error {
	var q rankingQuery
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	w, err := q.when()
	if err != nil {
		return err
	}
	ask := standings.ListQuery{Org: q.Org, Category: q.Category, When: w}
	r, err := a.Standings.Ranking(c.Request.Context(), a.Actor(c), ask)
	if err != nil {
		return err
	}
	body, err := r.Once("api", func() ([]byte, error) { return json.Marshal(a.listOf(r)) })
	if err != nil {
		return err
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", body)
	return nil
}

// listOf returns a ranking as it is answered.
func (a *API) listOf(r *standings.Ranking) list {
	out := list{
		Org: named{string(r.Org.ID), r.Org.Name}, Scheme: r.Book.Code, Period: r.Period.String(),
		AsOf: min(r.AsOf, r.Period.Last).String(), Ties: r.Ties(), Members: make([]result, 0, len(r.Listed)),
	}
	for _, row := range r.Listed {
		one := a.resultOf(&row.Member, r.Population, &row.Standing)
		if p, ok := row.At(r.Org.Level); ok {
			one.Place = &place{p.Place, p.Of, p.Tied}
		}
		out.Members = append(out.Members, one)
	}
	return out
}

// memberAlert is an alert with the member it is about.
type memberAlert struct {
	Member person `json:"member"`
	alert
}

// alertList holds the open alerts of an organisation, the gravest first.
type alertList struct {
	Org    named         `json:"org"`
	AsOf   string        `json:"as_of"`
	Alerts []memberAlert `json:"alerts"`
}

// alertsQuery declares the organisation whose alerts are asked for.
type alertsQuery struct {
	Org domain.OrgID `form:"org" binding:"omitempty,org"`
}

func (a *API) alerts(c *gin.Context) error {
	var q alertsQuery
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	list, err := a.Standings.AlertsIn(c.Request.Context(), a.Actor(c), q.Org)
	if err != nil {
		return err
	}
	out := alertList{named{string(list.Org.ID), list.Org.Name}, list.AsOf.String(), make([]memberAlert, len(list.Open))}
	for i := range list.Open {
		out.Alerts[i] = memberAlert{personOf(&list.Open[i].Member), alertOf(&list.Open[i].Alert)}
	}
	c.JSON(http.StatusOK, out)
	return nil
}

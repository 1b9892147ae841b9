package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/orgs"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// orgRoutes lists the pages and forms of organisations.
func (s *Site) orgRoutes() []route {
	return []route{
		{get, ui.OrgsPath, access.SeeBranches, s.OrgList},
		{get, ui.OrgsPath + "/:id", access.SeeBranches, s.Org},
		{post, ui.OrgsPath + "/:id", access.ManageOrgs, s.ChangeOrg},
		{get, ui.StreetsPath, access.ManageStreets, s.StreetList},
		{post, ui.StreetsPath, access.ManageStreets, s.NewStreet},
	}
}

// OrgList shows the tree of organisations, with who holds office in each.
func (s *Site) OrgList(c *gin.Context) error {
	actor := s.Session.Actor(c)
	tree, err := s.Orgs.Tree(c.Request.Context(), actor)
	if err != nil {
		return err
	}
	v := ui.Orgs{Frame: s.frame(c, nil), MayKeep: actor.May(access.ManageOrgs)}
	for i := range tree {
		v.Rows = append(v.Rows, orgRow(&tree[i]))
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// orgRow returns one organisation of the tree.
func orgRow(o *orgs.Listed) ui.OrgRow {
	row := ui.OrgRow{
		ID: o.ID, Name: o.Name, Depth: o.Depth, Level: o.Level, Kind: string(o.Kind), Members: o.Members, Closed: o.Closed,
	}
	for _, h := range o.Officers {
		row.Officers = append(row.Officers, ui.Officer{Name: h.Name, Role: h.Role.String()})
	}
	return row
}

// Org shows one organisation and what can be done to it.
func (s *Site) Org(c *gin.Context) error { return s.org(c, &orgForm{}, nil) }

// orgForm declares a change of an organisation, or one that is set up below it.
type orgForm struct {
	Do      string            `form:"do" binding:"button=found rename close reopen"`
	Name    string            `form:"name" binding:"required_if=Do rename,runes=50" label:"组织的名称" hint:"写全名，最多 50 字"`
	From    string            `form:"from" binding:"required_unless=Do found,omitempty,day" label:"从哪天起"`
	Sure    string            `form:"sure"`
	Founded string            `form:"founded" binding:"required_if=Do found,runes=50" label:"组织的名称" hint:"写全名，最多 50 字"`
	Kind    domain.BranchKind `form:"kind" binding:"runes=20" label:"种类"`
}

func (s *Site) org(c *gin.Context, typed *orgForm, refused error) error {
	o, err := s.Orgs.Detail(c.Request.Context(), s.Session.Actor(c), domain.OrgID(c.Param("id")))
	if err != nil {
		return err
	}
	v := ui.Org{
		Frame: s.frame(c, nil), Row: orgRow(&o.Listed), Above: o.Above, MayKeep: o.MayKeep, Day: typed.From,
		NewName: typed.Name, Founded: typed.Founded, Refusal: ui.Refuse(refused),
	}
	if v.Day == "" {
		v.Day = s.today().String()
	}
	if o.Below != nil {
		v.Below = o.Below.String()
	}
	if o.Level == domain.Community {
		var words []string
		for _, k := range domain.BranchKinds() {
			words = append(words, string(k))
		}
		v.Kinds = ui.Options(words, string(typed.Kind))
	}
	for _, step := range o.History {
		row := ui.OrgStep{What: string(step.Kind), From: step.From, By: step.ByName, At: s.clock(step.At)}
		if step.Kind == domain.OrgRenamed {
			row.Detail = step.Was + " → " + step.Name
		}
		v.History = append(v.History, row)
	}
	return s.form(c, v, refused)
}

// ChangeOrg renames, closes or reopens an organisation, or sets one up below it.
func (s *Site) ChangeOrg(c *gin.Context) error {
	var in orgForm
	var words string
	err := bind.Form(c, &in)
	if err == nil {
		words, err = s.changeOrg(c, &in)
	}
	if fault.Correctable(err) {
		return s.org(c, &in, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(c.Request.Context(), "notice", words)
	return see(c, ui.OrgPath(domain.OrgID(c.Param("id"))))
}

// changeOrg does what the form says and returns what was done.
func (s *Site) changeOrg(c *gin.Context, in *orgForm) (string, error) {
	ctx, actor, id := c.Request.Context(), s.Session.Actor(c), domain.OrgID(c.Param("id"))
	if in.Do == "found" {
		made, err := s.Orgs.Create(ctx, actor, orgs.Creation{Parent: id, Name: in.Founded, Kind: in.Kind,
			Sure: in.Sure == "1"})
		return "设了“" + made.Name + "”", err
	}
	kind := map[string]domain.OrgChangeKind{
		"rename": domain.OrgRenamed, "close": domain.OrgClosed, "reopen": domain.OrgReopened,
	}[in.Do]
	o, err := s.Orgs.Change(ctx, actor, domain.OrgChange{Org: id, Kind: kind, Name: in.Name, From: bind.Day(in.From),
		Sure: in.Sure == "1"})
	return "“" + o.Name + "”" + string(kind) + "登记了", err
}

// StreetList shows the streets below the district, and takes another one.
func (s *Site) StreetList(c *gin.Context) error { return s.streetList(c, &streetForm{}, nil) }

// streetForm declares a street (街道) that is set up.
type streetForm struct {
	Name string `form:"name" binding:"required,runes=50" label:"街道的名称" hint:"写全名，最多 50 字"`
}

func (s *Site) streetList(c *gin.Context, typed *streetForm, refused error) error {
	list, err := s.Orgs.Streets(c.Request.Context(), s.Session.Actor(c))
	if err != nil {
		return err
	}
	v := ui.Streets{Frame: s.frame(c, nil), District: list.District.Name, Name: typed.Name,
		Refusal: ui.Refuse(refused)}
	for _, o := range list.Streets {
		v.Rows = append(v.Rows, o.Name)
	}
	return s.form(c, v, refused)
}

// NewStreet sets a street up below the district.
func (s *Site) NewStreet(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	list, err := s.Orgs.Streets(ctx, actor)
	if err != nil {
		return err
	}
	var in streetForm
	var made domain.Org
	if err = bind.Form(c, &in); err == nil {
		made, err = s.Orgs.Create(ctx, actor, orgs.Creation{Parent: list.District.ID, Name: in.Name})
	}
	if fault.Correctable(err) {
		return s.streetList(c, &in, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", "设了“"+made.Name+"”")
	return see(c, ui.StreetsPath)
}

// amongOrgs returns organisations to choose from: those that are there, by name, with
// the one above where two have the same.
func amongOrgs(orgs []domain.Org, chosen string, fits func(domain.Org) bool) (out []ui.Option) {
	above, named := map[domain.OrgID]string{}, map[string]int{}
	for _, o := range orgs {
		above[o.ID] = o.Name
		named[o.Name]++
	}
	for _, o := range orgs {
		if o.Closed != 0 || !fits(o) {
			continue
		}
		words := o.Name
		if named[words] > 1 && above[o.Parent] != "" {
			words += "（" + above[o.Parent] + "）"
		}
		out = append(out, ui.Option{Value: string(o.ID), Words: words, Chosen: string(o.ID) == chosen})
	}
	return out
}

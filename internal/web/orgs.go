package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/roster"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// Orgs shows the tree of organisations, with who holds office in each.
func (s *Site) Orgs(c *gin.Context) error {
	actor := s.Session.Actor(c)
	v := ui.Orgs{Frame: s.frame(c, nil), MayKeep: actor.May(access.KeepOrgs)}
	err := s.DB.Read(c.Request.Context(), func(view *store.Snapshot) (err error) {
		v.Rows, err = orgRows(view, actor.Scope(access.SeeBranches), "")
		return err
	})
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// orgRows are the organisations of a scope at and below a path.
func orgRows(v *store.Snapshot, scope access.Scope, below string) ([]ui.OrgRow, error) {
	orgs, err := v.Orgs(scope, below)
	if err != nil {
		return nil, err
	}
	members, err := v.Members(scope, below)
	if err != nil {
		return nil, err
	}
	at := map[domain.OrgID]int{}
	for i := range members {
		if members[i].Left == 0 {
			for id := range strings.SplitSeq(members[i].Home.Path, ".") {
				at[domain.OrgID(id)]++
			}
		}
	}
	holders, err := v.Holders()
	if err != nil {
		return nil, err
	}
	out := make([]ui.OrgRow, len(orgs))
	for i, o := range orgs {
		out[i] = ui.OrgRow{ID: o.ID, Name: o.Name, Depth: domain.Depth(orgs, &o), Level: o.Level,
			Kind: string(o.Kind), Members: at[o.ID], Closed: o.Closed}
		for _, h := range holders {
			if h.Path == o.Path {
				out[i].Officers = append(out[i].Officers, ui.Officer{Name: h.Name, Role: h.Role.String()})
			}
		}
	}
	return out, nil
}

// Org shows one organisation and what can be done to it.
func (s *Site) Org(c *gin.Context) error { return s.org(c, nil) }

func (s *Site) org(c *gin.Context, refused error) error {
	actor, id := s.Session.Actor(c), domain.OrgID(c.Param("id"))
	scope := actor.Scope(access.SeeBranches)
	v := ui.Org{Frame: s.frame(c, nil), Day: c.PostForm("from"), NewName: c.PostForm("name"), Founded: c.PostForm("founded"), Refusal: ui.Refuse(refused)}
	if v.Day == "" {
		v.Day = s.today().String()
	}
	err := s.DB.Read(c.Request.Context(), func(view *store.Snapshot) error {
		o, err := view.Org(scope, id)
		if err != nil {
			return fault.Hide(err, "这个组织")
		}
		v.MayKeep = actor.Scope(access.KeepOrgs).Covers(o.Path)
		rows, err := orgRows(view, scope, o.Path)
		if err != nil {
			return err
		}
		v.Row = rows[0]
		if o.Parent != "" {
			up, err := view.Org(access.System("the name of what stands above is no secret"), o.Parent)
			if err != nil {
				return err
			}
			v.Above = up.Name
		}
		if o.Level != domain.Branch {
			v.Below = (o.Level - 1).String()
		}
		if o.Level == domain.Community {
			var words []string
			for _, k := range domain.BranchKinds() {
				words = append(words, string(k))
			}
			v.Kinds = ui.Options(words, c.PostForm("kind"))
		}
		steps, err := view.OrgChanges(scope, id)
		for _, step := range steps {
			row := ui.OrgStep{What: string(step.Kind), From: step.From, By: step.ByName, At: s.clock(step.At)}
			if step.Kind == domain.OrgRenamed {
				row.Detail = step.Was + " → " + step.Name
			}
			v.History = append(v.History, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.form(c, v, refused)
}

// ChangeOrg renames, closes or reopens an organisation, or sets one up below it.
func (s *Site) ChangeOrg(c *gin.Context) error {
	ctx, actor, id := c.Request.Context(), s.Session.Actor(c), domain.OrgID(c.Param("id"))
	kinds := map[string]domain.OrgChangeKind{"rename": domain.OrgRenamed, "close": domain.OrgClosed, "reopen": domain.OrgReopened}
	do := c.PostForm("do")
	if _, ok := kinds[do]; !ok && do != "found" {
		return fault.New(fault.Invalid, "不知道要做什么")
	}
	var words string
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		if do == "found" {
			made, err := roster.FoundTx(tx, roster.Founding{Parent: id, Name: c.PostForm("founded"), Kind: domain.BranchKind(c.PostForm("kind"))}, actor)
			words = "设了“" + made.Name + "”"
			return err
		}
		from, err := calendar.Parse(c.PostForm("from"))
		if err != nil {
			return err
		}
		o, err := roster.ChangeOrgTx(tx, domain.OrgChange{Org: id, Kind: kinds[do], Name: c.PostForm("name"), From: from}, s.today(), actor)
		words = "“" + o.Name + "”" + string(kinds[do]) + "登记了"
		return err
	})
	if fault.Correctable(err) {
		return s.org(c, err)
	}
	if err != nil {
		return err
	}
	s.Session.Put(ctx, "notice", words)
	return see(c, ui.OrgPath(id))
}

// amongOrgs are organisations to choose from: those that are there, by name, with
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

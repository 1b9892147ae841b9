package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/orgs"
	"jifen/internal/domain"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// Groups shows how a branch divides its members: by group, or by hub.
func (s *Site) Groups(c *gin.Context) error {
	var q struct {
		By string `form:"by" binding:"runes=20" label:"按什么"`
	}
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	id := domain.OrgID(c.Param("id"))
	g, err := s.Orgs.Groups(c.Request.Context(), s.Session.Actor(c), id)
	if err != nil {
		return err
	}
	v := ui.Groups{Frame: s.frame(c, &around{"", g.Org.Name}), Branch: id, Name: g.Org.Name, Day: s.today(),
		MayManage: g.MayManage}
	for i := range g.Kinds {
		k := &g.Kinds[i]
		here := k.Kind == q.By || i == 0 && !slices.Contains(domain.Groupings(), q.By)
		v.Kinds = append(v.Kinds, ui.Link{Words: k.Kind, Path: ui.GroupsPath(id, k.Kind), Here: here})
		if here {
			v.Kind, v.Groups = k.Kind, groupRows(k)
			v.None = memberLinks(k.None)
		}
	}
	s.render(c, http.StatusOK, v)
	return nil
}

func groupRows(k *orgs.Grouping) (out []ui.GroupRow) {
	for i := range k.Groups {
		g := &k.Groups[i]
		out = append(out, ui.GroupRow{Name: g.Name, Leaders: strings.Join(g.Leaders, "、"),
			Members: memberLinks(g.Members)})
	}
	return out
}

func memberLinks(list []domain.Member) (out []ui.GroupMember) {
	for i := range list {
		out = append(out, ui.GroupMember{ID: list[i].ID, Name: list[i].Name})
	}
	return out
}

// OwnGroup shows the leader of a group its members with their points.
func (s *Site) OwnGroup(c *gin.Context) error {
	w, err := s.when(c)
	if err != nil {
		return err
	}
	actor := s.Session.Actor(c)
	g, err := s.Orgs.OwnGroup(c.Request.Context(), actor, w)
	if err != nil {
		return err
	}
	v := ui.OwnGroup{Frame: s.framedBy(c, g.Book, g.Branch, g.Choices), Name: g.Name, Branch: g.Branch, Period: g.Period,
		Periods: periodOptions(g.Choices, g.Period), AsOf: min(g.AsOf, g.Period.Last)}
	for i := range g.Rows {
		r := &g.Rows[i]
		v.Members = append(v.Members, ui.MemberRow{ID: r.Member.ID, Name: r.Member.Name, Category: r.Standing.Category,
			Scored: r.Standing.Scored, Why: r.Standing.Why, Total: r.Standing.Total, Grade: r.Standing.Grade,
			Own: actor.IsMember(r.Member.ID)})
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// byGroup returns the links that list one group of a branch, none where it has none, and leaves
// of the rows those of the group that the address names.
func byGroup(c *gin.Context, b *orgs.Branch, rows []ui.MemberRow) ([]ui.Link, []ui.MemberRow) {
	var q struct {
		Group string `form:"group"`
	}
	_ = bind.Query(c, &q) // anything else lists nobody, as a group that is none
	var names []string
	for _, g := range b.Groups {
		if g.Group != "" && !slices.Contains(names, g.Group) {
			names = append(names, g.Group)
		}
	}
	if len(names) == 0 {
		return nil, rows
	}
	slices.SortFunc(names, func(x, y string) int { return strings.Compare(domain.GroupOrder(x), domain.GroupOrder(y)) })
	var links []ui.Link
	for _, name := range append([]string{""}, names...) {
		to := carried(c)
		to.Del("group")
		words := "全部"
		if name != "" {
			words = name
			to.Set("group", name)
		}
		path := c.Request.URL.Path
		if len(to) > 0 {
			path += "?" + to.Encode()
		}
		links = append(links, ui.Link{Words: words, Path: path, Here: q.Group == name})
	}
	if q.Group != "" {
		rows = slices.DeleteFunc(rows, func(m ui.MemberRow) bool { return b.Groups[m.ID].Group != q.Group })
	}
	return links, rows
}

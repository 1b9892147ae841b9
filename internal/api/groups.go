package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/domain"
	"jifen/internal/server/bind"
)

// groupList answers GET /branches/{id}/groups: how a branch divides its members today.
type groupList struct {
	Branch named      `json:"branch"`
	Kinds  []grouping `json:"kinds"`
}

// grouping holds the groups of a branch, or its hubs.
type grouping struct {
	Kind   string  `json:"kind"` // 党小组 or 党员中心户
	Groups []group `json:"groups"`
	None   []named `json:"none"` // who is in none
}

// group is one group with who is in it.
type group struct {
	Name    string   `json:"name"`
	Leaders []string `json:"leaders"`
	Members []named  `json:"members"`
}

func (a *API) groups(c *gin.Context) error {
	g, err := a.Orgs.Groups(c.Request.Context(), a.Actor(c), domain.OrgID(c.Param("id")))
	if err != nil {
		return err
	}
	people := func(list []domain.Member) []named {
		out := make([]named, len(list))
		for i := range list {
			out[i] = named{string(list[i].ID), list[i].Name}
		}
		return out
	}
	out := groupList{Branch: named{string(g.Org.ID), g.Org.Name}}
	for i := range g.Kinds {
		k := grouping{Kind: g.Kinds[i].Kind, Groups: []group{}, None: people(g.Kinds[i].None)}
		for _, x := range g.Kinds[i].Groups {
			k.Groups = append(k.Groups, group{x.Name, append([]string{}, x.Leaders...), people(x.Members)})
		}
		out.Kinds = append(out.Kinds, k)
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// ownGroup answers GET /group: the group that one leads.
type ownGroup struct {
	Name    string        `json:"name"`
	Branch  string        `json:"branch"`
	Period  string        `json:"period"`
	Members []groupMember `json:"members"`
}

// groupMember is one member of the group with his points.
type groupMember struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Category string  `json:"category,omitempty"`
	Total    *points `json:"total,omitempty"` // none: he is not scored
	Grade    string  `json:"grade,omitempty"`
	Why      string  `json:"why,omitempty"` // he is not scored
}

func (a *API) ownGroup(c *gin.Context) error {
	var q pointsQuery
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	w, err := q.when()
	if err != nil {
		return err
	}
	g, err := a.Orgs.OwnGroup(c.Request.Context(), a.Actor(c), w)
	if err != nil {
		return err
	}
	out := ownGroup{Name: g.Name, Branch: g.Branch, Period: g.Period.String(), Members: []groupMember{}}
	for i := range g.Rows {
		r := &g.Rows[i]
		m := groupMember{ID: string(r.Member.ID), Name: r.Member.Name, Category: r.Standing.Category,
			Grade: r.Standing.Grade, Why: r.Standing.Why}
		if r.Standing.Scored {
			total := points(r.Standing.Total)
			m.Total = &total
		}
		out.Members = append(out.Members, m)
	}
	c.JSON(http.StatusOK, out)
	return nil
}

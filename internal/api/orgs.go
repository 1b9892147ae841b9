package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/orgs"
	"jifen/internal/domain"
	"jifen/internal/server/bind"
)

// organisation is one organisation of a list, or what became of one.
type organisation struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Level  string   `json:"level"`
	Kind   string   `json:"kind,omitempty"` // of a branch
	Parent string   `json:"parent,omitempty"`
	Closed string   `json:"closed,omitempty"` // the first day on which it is not there any more
	Former []string `json:"former,omitempty"` // what it was called before, the oldest first
}

func organisationOf(o *domain.Org) organisation {
	out := organisation{ID: string(o.ID), Name: o.Name, Level: o.Level.String(), Kind: string(o.Kind),
		Parent: string(o.Parent)}
	if o.Closed != 0 {
		out.Closed = o.Closed.String()
	}
	return out
}

// organisations answers GET /orgs.
type organisations struct {
	Orgs []organisation `json:"orgs"`
}

func (a *API) orgs(c *gin.Context) error {
	list, err := a.Orgs.Named(c.Request.Context(), a.Actor(c))
	if err != nil {
		return err
	}
	out := organisations{Orgs: make([]organisation, len(list))}
	for i := range list {
		out.Orgs[i] = organisationOf(&list[i].Org)
		out.Orgs[i].Former = list[i].Former
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// orgInput is the body of POST /orgs.
type orgInput struct {
	Parent string `json:"parent" binding:"required,org" label:"设在哪个组织之下"`
	Name   string `json:"name" binding:"required,runes=50" label:"组织的名称"`
	Kind   string `json:"kind" binding:"runes=50" label:"类型"` // of a branch
	Sure   bool   `json:"sure"`                               // it is another one than that of a like name
}

func (a *API) makeOrg(c *gin.Context) error {
	var in orgInput
	if err := read(c, &in); err != nil {
		return err
	}
	o, err := a.Orgs.Create(c.Request.Context(), a.Actor(c), orgs.Creation{Parent: domain.OrgID(in.Parent), Name: in.Name,
		Kind: domain.BranchKind(in.Kind), Sure: in.Sure})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, organisationOf(&o))
	return nil
}

// orgChangeInput is the body of POST /orgs/{id}/changes.
type orgChangeInput struct {
	Do   string `json:"do" binding:"oneof=rename close reopen" label:"做什么"`
	Name string `json:"name" binding:"required_if=Do rename,runes=50" label:"新的名称"`
	From string `json:"from" binding:"day" label:"从哪天起"`
	Sure bool   `json:"sure"` // as of orgInput
}

func (a *API) changeOrg(c *gin.Context) error {
	var in orgChangeInput
	if err := read(c, &in); err != nil {
		return err
	}
	kind := map[string]domain.OrgChangeKind{"rename": domain.OrgRenamed, "close": domain.OrgClosed,
		"reopen": domain.OrgReopened}[in.Do]
	o, err := a.Orgs.Change(c.Request.Context(), a.Actor(c), domain.OrgChange{Org: domain.OrgID(c.Param("id")), Kind: kind,
		Name: in.Name, From: bind.Day(in.From), Sure: in.Sure})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, organisationOf(&o))
	return nil
}

package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// dossier answers GET /me/data: all that is held of who asks.
type dossier struct {
	Member person        `json:"member"`
	Parts  []dossierPart `json:"parts"`
}

// dossierPart is one part of it.
type dossierPart struct {
	Part  string        `json:"part"`
	Title string        `json:"title"`
	Items []dossierItem `json:"items"`
}

// dossierItem is one thing that is held, in words.
type dossierItem struct {
	What  string `json:"what"`
	Value string `json:"value,omitempty"`
	On    string `json:"on,omitempty"`
	State string `json:"state,omitempty"`
	By    string `json:"by,omitempty"` // who recorded it
	At    string `json:"at,omitempty"` // RFC 3339
}

// dossier lists all that is held of who asks; it is a file that is taken away, so the trail
// has a line of it.
func (a *API) dossier(c *gin.Context) error {
	d, err := a.Members.ExportDossier(c.Request.Context(), a.Actor(c))
	if err != nil {
		return err
	}
	out := dossier{Member: personOf(&d.Member), Parts: make([]dossierPart, len(d.Parts))}
	for i := range d.Parts {
		p := &d.Parts[i]
		part := dossierPart{Part: string(p.Code), Title: p.Title, Items: make([]dossierItem, len(p.Items))}
		for k, item := range p.Items {
			part.Items[k] = dossierItem{item.What, item.Value, item.On, item.State, item.ByName, item.At}
		}
		out.Parts[i] = part
	}
	c.JSON(http.StatusOK, out)
	return nil
}

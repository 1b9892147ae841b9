package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/domain"
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

// correction is the body of POST /me/corrections.
type correction struct {
	About  string `json:"about" binding:"required,runes=20" label:"哪一段"`
	Wrong  string `json:"wrong" binding:"required,runes=500" label:"哪里不对"`
	Wanted string `json:"wanted" binding:"required,runes=500" label:"应当是什么"`
}

// correctionAsked answers it: who answers.
type correctionAsked struct {
	Asked organs `json:"asked"`
}

// correct hands in what the asker says is wrong of what is held of him.
func (a *API) correct(c *gin.Context) error {
	var in correction
	if err := read(c, &in); err != nil {
		return err
	}
	done, err := a.Ledger.AskCorrection(c.Request.Context(), a.Actor(c), domain.CorrectionAsked{
		About: domain.DossierPart(in.About), Wrong: in.Wrong, Wanted: in.Wanted}, key(c))
	if err != nil {
		return err
	}
	kept(c, done.Replay, correctionAsked{done.Asked})
	return nil
}

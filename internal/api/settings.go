package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/domain"
)

// setting holds one thing that may be set of signing in.
type setting struct {
	Name  domain.SettingName `json:"name"`
	Title string             `json:"title"`
	Unit  string             `json:"unit"`
	Value int64              `json:"value"`
	Usual int64              `json:"usual"`
	Least int64              `json:"least"`
	Most  int64              `json:"most"`
	Never bool               `json:"never"` // 0 is let in, and means never
}

// settingChange holds one change of a setting.
type settingChange struct {
	Name  domain.SettingName `json:"name"`
	Value int64              `json:"value"`
	At    string             `json:"at"`
	By    string             `json:"by,omitempty"` // absent for the command line
}

// settings holds how signing in is set, and what was changed of it.
type settings struct {
	Settings []setting       `json:"settings"`
	Changes  []settingChange `json:"changes"`
}

func (a *API) settings(c *gin.Context) error {
	kept, err := a.Accounts.SettingsKept(c.Request.Context(), a.Actor(c))
	if err != nil {
		return err
	}
	out := settings{Changes: make([]settingChange, len(kept.Changes))}
	for _, s := range domain.KnownSettings() {
		out.Settings = append(out.Settings, setting{Name: s.Name, Title: s.Title, Unit: s.Unit, Value: kept.Now.Value(s.Name),
			Usual: s.Usual, Least: s.Least, Most: s.Most, Never: s.Never})
	}
	for i, x := range kept.Changes {
		out.Changes[i] = settingChange{Name: x.Name, Value: x.Value, At: instant(x.At), By: x.By}
	}
	c.JSON(http.StatusOK, out)
	return nil
}

// settingsInput is the body of POST /settings: what is not named stays.
type settingsInput struct {
	Set map[domain.SettingName]int64 `json:"set" binding:"required" label:"要改的设置"`
}

func (a *API) set(c *gin.Context) error {
	var in settingsInput
	if err := read(c, &in); err != nil {
		return err
	}
	if err := a.Accounts.Set(c.Request.Context(), a.Actor(c), in.Set); err != nil {
		return err
	}
	return a.settings(c)
}

// ownSession holds where somebody is signed in with a browser.
type ownSession struct {
	ID      string `json:"id"`
	Made    string `json:"made"`
	Seen    string `json:"seen"`
	Address string `json:"address,omitempty"`
	Agent   string `json:"agent,omitempty"` // the browser, in words
	Idle    bool   `json:"idle"`            // it opens nothing until the password is written
}

// ownSessions holds the list of where somebody is signed in.
type ownSessions struct {
	Sessions []ownSession `json:"sessions"`
}

func (a *API) ownSessions(c *gin.Context) error {
	own, err := a.Accounts.Own(c.Request.Context(), a.Actor(c))
	if err != nil {
		return err
	}
	out := ownSessions{make([]ownSession, len(own.Sessions))}
	for i := range own.Sessions {
		s := &own.Sessions[i]
		out.Sessions[i] = ownSession{ID: s.ID, Made: instant(s.Made), Seen: instant(s.Seen),
			Address: s.Address, Agent: s.Agent, Idle: s.Idle}
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (a *API) endSession(c *gin.Context) error {
	if err := a.Accounts.EndOwnSession(c.Request.Context(), a.Actor(c), c.Param("session")); err != nil {
		return err
	}
	c.JSON(http.StatusOK, ended{true})
	return nil
}

func (a *API) endSessions(c *gin.Context) error {
	if err := a.Accounts.EndOtherSessions(c.Request.Context(), a.Actor(c)); err != nil {
		return err
	}
	c.JSON(http.StatusOK, ended{true})
	return nil
}

package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/fault"
	"jifen/internal/server"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// officeOptions returns the offices among which somebody chooses the one that he works in;
// none where he has not several.
func officeOptions(actor *access.Actor) (out []ui.Option) {
	offices := actor.Offices()
	if len(offices) < 2 {
		return nil
	}
	now, _ := actor.Office()
	for _, g := range offices {
		out = append(out, ui.Option{Value: g.Key(), Words: g.Words(), Chosen: g.Key() == now.Key()})
	}
	return out
}

// officeCookie keeps the office that was worked in last in this browser, for the next
// sign-in. It opens nothing: who does not hold it works in his first one.
const officeCookie = "office"

// officeLife limits how long a browser keeps the office, in seconds.
const officeLife = 365 * 24 * 3600

// WorkIn changes the office that somebody works in.
func (s *Site) WorkIn(c *gin.Context) error {
	var in struct {
		Office string `form:"office" binding:"runes=50" label:"职务"`
	}
	if err := bind.Form(c, &in); err != nil {
		return err
	}
	if !s.Session.Actor(c).Holds(in.Office) {
		return fault.New(fault.Invalid, "现在没有这个职务").WithHint("从页面上方列出的职务里选")
	}
	s.Session.Put(c.Request.Context(), server.OfficeKey, in.Office)
	http.SetCookie(c.Writer, &http.Cookie{Name: officeCookie, Value: in.Office, Path: "/", MaxAge: officeLife,
		HttpOnly: true, Secure: s.TLS, SameSite: http.SameSiteLaxMode})
	return see(c, ui.HomePath)
}

// workAsBefore takes up the office that was worked in last in this browser.
func (s *Site) workAsBefore(c *gin.Context) {
	key, err := c.Cookie(officeCookie)
	if err != nil || len(key) > maxOffice {
		key = ""
	}
	s.Session.Put(c.Request.Context(), server.OfficeKey, key)
}

// maxOffice limits what a browser may say of an office, in bytes.
const maxOffice = 50

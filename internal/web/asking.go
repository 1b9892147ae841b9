package web

import (
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/ruleset"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// asked declares what the address of a page about points asks for: scheme, period,
// the day it is looked at as of, and the instant by which things had to be recorded.
type asked struct {
	Scheme string `form:"scheme" binding:"runes=100" label:"办法的编号"`
	Period string `form:"period" binding:"omitempty,period"`
	AsOf   string `form:"asof" binding:"omitempty,day"`
	Known  string `form:"known" binding:"omitempty,datetime=2006-01-02T15:04" hint:"写成 2026-06-30T18:00"`
}

// knownQuery is the part of an address that asks for what was known at an instant.
const knownQuery = "known"

// when reads what a page's address asks for.
func (s *Site) when(c *gin.Context) (standings.When, error) {
	var q asked
	if err := bind.Query(c, &q); err != nil {
		return standings.When{}, err
	}
	return s.whenOf(&q)
}

// whenOf returns what was asked for, an instant in the organisation's zone.
func (s *Site) whenOf(q *asked) (w standings.When, err error) {
	w = standings.When{Scheme: q.Scheme, Period: q.Period, AsOf: bind.Day(q.AsOf)}
	if q.Known != "" {
		w.AsKnownAt, err = time.ParseInLocation("2006-01-02T15:04", q.Known, s.Zone)
	}
	return w, err
}

// carried returns what the address asks for, for links that carry it on.
func carried(c *gin.Context) url.Values { return c.Request.URL.Query() }

// begins returns the day from which a scheme counts points, "" where that has come.
func (s *Site) begins(book *ruleset.RuleSet) string {
	if book.Since <= s.today() {
		return ""
	}
	return book.Since.String()
}

// framedBy returns frame for a page that shows one of several schemes.
func (s *Site) framedBy(c *gin.Context, book *ruleset.RuleSet, org string, choices standings.Choices) ui.Frame {
	f := s.frame(c, &around{book.Title, org})
	f.Begins = s.begins(book)
	for _, b := range choices.Schemes {
		f.Schemes = append(f.Schemes, ui.Option{Value: b.Code, Words: b.Title, Chosen: b.Code == book.Code})
	}
	return f
}

// periodOptions returns the periods to choose from on a page that shows one.
func periodOptions(choices standings.Choices, shown calendar.Period) (out []ui.Option) {
	for _, p := range choices.Periods {
		out = append(out, ui.Option{Value: p.String(), Words: p.Label(), Chosen: p == shown})
	}
	return out
}

package web

import (
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/web/ui"
)

// when reads what a page's address asks for: scheme, period, the day it is looked at
// as of, and the instant by which things had to be recorded.
func (s *Site) when(c *gin.Context) (standings.When, error) {
	w := standings.When{Scheme: c.Query("scheme"), Period: c.Query("period")}
	if text := c.Query("asof"); text != "" {
		on, err := day(text)
		if err != nil {
			return w, err
		}
		w.AsOf = on
	}
	if text := c.Query("known"); text != "" {
		at, err := time.ParseInLocation("2006-01-02T15:04", text, s.Zone)
		if err != nil {
			return w, fault.Wrap(err, fault.Invalid, "“%s”不是一个时刻", text).WithHint("写成 2026-06-30T18:00")
		}
		w.AsKnownAt = at
	}
	return w, nil
}

// framedBy returns frame for a page that shows one of several schemes.
func (s *Site) framedBy(c *gin.Context, book *ruleset.RuleSet, org string, choices standings.Choices) ui.Frame {
	f := s.frame(c, &around{book.Title, org})
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

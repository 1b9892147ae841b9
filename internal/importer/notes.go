package importer

import (
	"fmt"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Notes says, one sentence each, what is no mistake of a table and yet seldom
// meant: what was recorded for days that the period does not look at, and rows
// that say the same as another.
func (r *Roll) Notes(period calendar.Period) []string {
	since := r.files.Since()
	var before, after, lost, twice counter
	for _, rec := range r.Records {
		look := func(what string, on calendar.Day) {
			switch {
			case on > period.Last:
				after.add(what)
			case on < since:
				lost.add(what)
			case on < period.First:
				before.add(what)
			}
		}
		seen := make(map[string]string, len(rec.Entries))
		for i := range rec.Entries {
			e := &rec.Entries[i]
			what := fmt.Sprintf("%s %s（%s，%s）", rec.Member.Name, e.Item, e.On, e.ID)
			look(what, e.On)
			key := content(e)
			if first, same := seen[key]; same {
				twice.add(fmt.Sprintf("%s 和 %s（%s %s，%s）", e.ID, first, rec.Member.Name, e.Item, e.On))
				continue
			}
			seen[key] = e.ID
		}
		for i := range rec.Attendance {
			a := &rec.Attendance[i]
			look(fmt.Sprintf("%s %s（%s）", rec.Member.Name, a.Kind, a.On), a.On)
		}
	}
	var out []string
	out = lost.appendNote(out, fmt.Sprintf("在施行日 %s 以前，不算", since))
	out = after.appendNote(out, fmt.Sprintf("不在本期（%s 以后），这一期不算", period.Last))
	out = before.appendNote(out, fmt.Sprintf("不在本期（%s 以前），只有现在还管着的才算", period.First))
	return twice.appendNote(out, "和别的一条一模一样，都算了；是同一笔就删去一行")
}

// content returns the content of an entry without its id.
func content(e *domain.Entry) string {
	c := *e
	c.ID = ""
	return fmt.Sprintf("%+v", c)
}

// counter counts and keeps the first few.
type counter struct {
	n     int
	which []string
}

func (t *counter) add(what string) {
	const shown = 3
	if t.n++; t.n <= shown {
		t.which = append(t.which, oneLine(what))
	}
}

func (t *counter) appendNote(out []string, why string) []string {
	if t.n == 0 {
		return out
	}
	more := ""
	if t.n > len(t.which) {
		more = "等"
	}
	return append(out, fmt.Sprintf("%d 条%s：%s%s", t.n, why, strings.Join(t.which, "、"), more))
}

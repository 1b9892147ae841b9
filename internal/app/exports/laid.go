package exports

import (
	"cmp"
	"slices"
	"strconv"

	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/store"
)

// people lays out the members with what altered of them.
func (j *job) people() (Table, error) {
	laid, err := j.laid()
	return j.table(laid.Members, laid.Strange), err
}

// entries lays out the entries that count.
func (j *job) entries() (Table, error) {
	laid, err := j.laid()
	return j.table(laid.Entries, laid.Strange, "分值"), err
}

// attendance lays out who attended what.
func (j *job) attendance() (Table, error) {
	laid, err := j.laid()
	return j.table(laid.Attendance, laid.Strange), err
}

// table makes a table of rows with a header.
func (j *job) table(rows [][]string, strange int, numeric ...string) (out Table) {
	if len(rows) == 0 {
		return out
	}
	for _, name := range rows[0] {
		out.Columns = append(out.Columns, Column{name, slices.Contains(numeric, name)})
	}
	out.Rows = rows[1:]
	if strange > 0 {
		out.Footer = []string{"另有 " + strconv.Itoa(strange) + " 条（属性、记录或出勤）不是这份办法里的，没有列在这几张表里。"}
	}
	return out
}

// laid lays out what is recorded of everybody up to the last day that is shown.
func (j *job) laid() (out importer.Tables, err error) {
	list, err := j.s.Histories(j.v, j.q, j.Population)
	if err != nil {
		return out, err
	}
	names, err := j.names()
	if err != nil {
		return out, err
	}
	last := min(j.AsOf, j.Period.Last)
	records := make([]importer.MemberRecord, len(list))
	used := map[string]bool{}
	for i := range list {
		records[i] = recordOf(&list[i], names, last)
		for k := range records[i].Attendance {
			used[records[i].Attendance[k].Activity] = true
		}
	}
	held, err := j.held(used)
	return importer.Layout(records, held), err
}

// recordOf returns what was recorded of a member up to a day.
func recordOf(h *standings.History, names map[domain.OrgID]string, last calendar.Day) importer.MemberRecord {
	r := importer.MemberRecord{MemberHistory: h.Record, Text: func(day calendar.Day) *ruleset.RuleSet {
		if book, ok := h.Texts.On(day); ok {
			return book
		}
		return nil
	}}
	for i := range h.Homes {
		r.Homes = append(r.Homes, ruleversions.Residence{
			From: h.Homes[i].From, Home: named(&h.Homes[i].Home, names), Kind: h.Homes[i].Home.Kind})
	}
	m := &r.Member
	m.Home = r.Homes[len(r.Homes)-1].Home
	if m.Left > last {
		m.Left = 0
	}
	if n := slices.IndexFunc(m.Away, func(a domain.Absence) bool { return a.Back > last }); n >= 0 {
		m.Left = 0
		if m.Away[n].From <= last {
			m.Left = m.Away[n].From
		}
		m.Away = m.Away[:n]
	}
	r.Facts = slices.DeleteFunc(slices.Clone(r.Facts), func(f domain.Fact) bool { return f.From > last })
	r.Entries = slices.DeleteFunc(slices.Clone(r.Entries), func(e domain.Entry) bool { return e.On > last })
	r.Attendance = slices.DeleteFunc(slices.Clone(r.Attendance), func(a domain.Attendance) bool { return a.On > last })
	return r
}

// named writes a branch and what it is below by their names; what the actor does not see,
// by its number.
func named(home *domain.Org, names map[domain.OrgID]string) (out [domain.Levels]domain.OrgID) {
	for level, id := range store.Line(home.Path) {
		if id != "" {
			out[level] = domain.OrgID(cmp.Or(names[id], string(id)))
		}
	}
	out[domain.Branch] = domain.OrgID(cmp.Or(names[home.ID], home.Name))
	return out
}

// held names the activities that somebody of the population attended.
func (j *job) held(used map[string]bool) (map[string]importer.Held, error) {
	ids := make([]domain.ActivityID, 0, len(used))
	for word := range used {
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			continue // no number of ours
		}
		ids = append(ids, domain.ActivityID(n))
	}
	slices.Sort(ids)
	titles, err := j.q.View(j.v).ActivityNames(ids)
	out := make(map[string]importer.Held, len(titles))
	for id, a := range titles {
		out[strconv.FormatInt(int64(id), 10)] = importer.Held{Title: a.Title, Org: a.Org}
	}
	return out, err
}

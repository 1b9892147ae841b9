package importer

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
)

// MemberRecord is one member as tables tell of him. Organisations are told apart by their names.
type MemberRecord struct {
	domain.MemberHistory
	Homes []ruleversions.Residence // in order, the first from the beginning
	// Text returns the text that admits what happened to him on a day; nil for none.
	Text func(calendar.Day) *ruleset.RuleSet
}

// Held names an activity beside its id, in a table of attendance.
type Held struct {
	Title string
	Org   string
}

// Tables hold what is recorded of members, laid out as Read reads it: a header row each.
type Tables struct {
	Members, Entries, Attendance [][]string
	// Strange counts the facts, entries and attendances that no text of the members knows:
	// of another scheme. Read would refuse them, and they are not in the tables.
	Strange int
}

// Layout lays out what is recorded of members. What Read makes of the tables scores as the
// members do; of an entry that somebody recorded before its day nothing is said.
func Layout(people []MemberRecord, held map[string]Held) Tables {
	l := layout{held: held, attributes: map[string]*ruleset.Attribute{}, fields: map[string]bool{}}
	for i := range people {
		l.learn(&people[i])
	}
	l.names = slices.Sorted(maps.Keys(l.attributes))
	fields := slices.Sorted(maps.Keys(l.fields))
	out := Tables{
		Members: [][]string{slices.Concat(memberColumns(), l.names)},
		Entries: [][]string{slices.Concat([]string{"编号", "党员", "姓名", "支部", "项目", "日期", "分值",
			ruleset.RecordedWord}, fields)},
		Attendance: [][]string{{"活动", "名称", "组织", "种类", "日期", "党员", "姓名", "出勤"}},
	}
	for i := range people {
		p := &people[i]
		out.Members = append(out.Members, l.member(p)...)
		for k := range p.Entries {
			if row := l.entry(p, &p.Entries[k], fields); row != nil {
				out.Entries = append(out.Entries, row)
			}
		}
		for k := range p.Attendance {
			if row := l.attended(p, &p.Attendance[k]); row != nil {
				out.Attendance = append(out.Attendance, row)
			}
		}
	}
	out.Strange = l.strange
	return out
}

// layout lays members out.
type layout struct {
	held       map[string]Held
	attributes map[string]*ruleset.Attribute // that a text of somebody has, by name
	names      []string                      // of them, sorted
	fields     map[string]bool               // that an entry has
	strange    int
	learned    map[*ruleset.RuleSet]bool
}

// learn notes which columns a member takes.
func (l *layout) learn(p *MemberRecord) {
	note := func(book *ruleset.RuleSet) {
		if book == nil || l.learned[book] {
			return
		}
		if l.learned == nil {
			l.learned = map[*ruleset.RuleSet]bool{}
		}
		l.learned[book] = true
		for i := range book.Attributes {
			if a := &book.Attributes[i]; insteadOf(a.Type) == "" && !slices.Contains(memberColumns(), a.Name) {
				l.attributes[a.Name] = a
			}
		}
	}
	for i := range p.Facts {
		note(p.Text(p.Facts[i].From))
	}
	for i := range p.Entries {
		e := &p.Entries[i]
		note(p.Text(e.On))
		for k := range e.Fields {
			l.fields[e.Fields[k].Name] = true
		}
	}
	note(p.Text(calendar.Forever))
}

// turn holds what altered of a member on one day.
type turn struct {
	home  *ruleversions.Residence
	back  bool
	left  calendar.Day // after coming back; 0 = still here
	facts []*domain.Fact
}

// member returns the rows of a member: the first, and one for each day on which something
// altered.
func (l *layout) member(p *MemberRecord) [][]string {
	turns := l.turns(p)
	days := slices.Sorted(maps.Keys(turns))
	m := &p.Member
	left := m.Left
	if len(m.Away) > 0 {
		left = m.Away[0].From
	}
	first := l.row(m)
	if len(p.Homes) > 0 {
		setHome(first, &p.Homes[0])
	} else {
		setHome(first, &ruleversions.Residence{Home: m.Home, Kind: m.Kind})
	}
	first[6], first[7] = text(m.Joined), text(left)
	if len(days) > 0 && turns[days[0]].home == nil && !turns[days[0]].back {
		l.setFacts(first, days[0], turns[days[0]])
		days = days[1:]
	}
	out := [][]string{first}
	for _, day := range days {
		t, row := turns[day], l.row(m)
		if t.home != nil {
			setHome(row, t.home)
		}
		if t.back {
			row[6], row[7] = day.String(), text(t.left)
		}
		l.setFacts(row, day, t)
		out = append(out, row)
	}
	return out
}

// turns gathers what altered of a member by its day.
func (l *layout) turns(p *MemberRecord) map[calendar.Day]*turn {
	out := map[calendar.Day]*turn{}
	at := func(day calendar.Day) *turn {
		if out[day] == nil {
			out[day] = &turn{}
		}
		return out[day]
	}
	for i := range p.Facts {
		f := &p.Facts[i]
		if l.attributes[f.Attribute] == nil {
			l.strange++
			continue
		}
		at(f.From).facts = append(at(f.From).facts, f)
	}
	for i := 1; i < len(p.Homes); i++ {
		at(p.Homes[i].From).home = &p.Homes[i]
	}
	for i, a := range p.Member.Away {
		t := at(a.Back)
		if t.back, t.left = true, p.Member.Left; i+1 < len(p.Member.Away) {
			t.left = p.Member.Away[i+1].From
		}
	}
	return out
}

// row returns a row of a member with nothing but who it is.
func (l *layout) row(m *domain.Membership) []string {
	row := make([]string, len(memberColumns())+len(l.names))
	row[0], row[1] = string(m.ID), m.Name
	return row
}

func setHome(row []string, home *ruleversions.Residence) {
	row[2], row[3] = string(home.Home[domain.Branch]), string(home.Kind)
	row[4], row[5] = string(home.Home[domain.Community]), string(home.Home[domain.Street])
}

// setFacts writes what holds of a member from a day on.
func (l *layout) setFacts(row []string, day calendar.Day, t *turn) {
	if day > always {
		row[8] = day.String()
	}
	for _, f := range t.facts {
		at := slices.Index(l.names, f.Attribute)
		row[len(memberColumns())+at] = l.attributes[f.Attribute].Text(f.Value)
	}
}

// entry returns the row of an entry; nil for one that no text of the member knows.
func (l *layout) entry(p *MemberRecord, e *domain.Entry, fields []string) []string {
	book := p.Text(e.On)
	if book == nil || book.Item(e.Item) < 0 {
		l.strange++
		return nil
	}
	item := &book.Items[book.Item(e.Item)]
	row := make([]string, 8+len(fields))
	row[0], row[1], row[2], row[3] = e.ID, string(p.Member.ID), p.Member.Name, string(p.homeOn(e.On).Home[domain.Branch])
	row[4], row[5] = e.Item, e.On.String()
	if e.Chosen {
		row[6] = e.Points.String()
	}
	if e.Recorded > e.On {
		row[7] = e.Recorded.String()
	}
	for i := range e.Fields {
		f := &e.Fields[i]
		words := f.Value.Text
		if k := slices.IndexFunc(item.Fields, func(a ruleset.Attribute) bool { return a.Name == f.Name }); k >= 0 {
			words = item.Fields[k].Text(f.Value)
		}
		row[8+slices.Index(fields, f.Name)] = words
	}
	return row
}

// attended returns the row of one activity as a member attended it; nil for one that no
// text of the member knows.
func (l *layout) attended(p *MemberRecord, a *domain.Attendance) []string {
	book := p.Text(a.On)
	if book == nil || !slices.ContainsFunc(book.Groups,
		func(g ruleset.Group) bool { return slices.Contains(g.Kinds, a.Kind) }) {
		l.strange++
		return nil
	}
	h := l.held[a.Activity]
	return []string{a.Activity, h.Title, h.Org, a.Kind, a.On.String(), string(p.Member.ID), p.Member.Name,
		string(a.Status)}
}

// homeOn returns where a member was on a day.
func (p *MemberRecord) homeOn(day calendar.Day) ruleversions.Residence {
	if len(p.Homes) == 0 {
		return ruleversions.Residence{Home: p.Member.Home, Kind: p.Member.Kind}
	}
	return ruleversions.On(p.Homes, day)
}

// text writes a day, nothing for none.
func text(day calendar.Day) string {
	if cmp.Or(day, always) == always {
		return ""
	}
	return strings.TrimSpace(day.String())
}

package rules

import (
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// trial scores everybody as things are and as they would be with one more text in
// force from its day on, exactly as it will be done.
type trial struct {
	v       *store.Snapshot
	now     *standings.Timetable
	then    *standings.Timetable
	code    string // 编号 of the ledger that is looked at; "" for the main one
	members []domain.Member
	movers  map[domain.MemberID][]domain.Residence
	records []domain.MemberHistory

	places        bool     // items and blocks are looked for
	items, blocks []string // that have entries which count and no place any more
}

// try prepares a trial of a draft on those who are or were at home where it is for and
// whose version is not the known one; on all of them where nothing is known.
func (s *Service) try(v *store.Snapshot, d *domain.RuleDraft, until calendar.Day, known versions) (*trial, error) {
	t := &trial{v: v}
	if d.Beside {
		t.code = d.Code
	}
	var err error
	if t.now, err = s.standings.Timetable(v); err != nil {
		return nil, err
	}
	t.then = t.now.With(inForceOf(d))
	// Everybody: what somebody earned here before he moved is scored by this text too.
	everybody := access.System("a text is rehearsed on everybody it is for")
	if t.members, err = v.EverBelow(everybody, d.Org.Path); err != nil {
		return nil, err
	}
	if known != nil {
		t.members = slices.DeleteFunc(t.members, func(m domain.Member) bool { return known[m.ID] == m.Version })
	}
	if t.movers, err = v.Movers(everybody, d.Org.Path, until); err != nil {
		return nil, err
	}
	t.records, err = v.Records(t.members)
	return t, err
}

// yieldEvery counts the members after whom those who record meanwhile go first.
const yieldEvery = 8

// under is by which texts a member is scored; nil for none.
type under struct{ now, then *standings.Texts }

// homes returns where a member belonged up to a day, and whether he did at all.
func (t *trial) homes(m *domain.Member, on calendar.Day) []domain.Residence {
	list := t.movers[m.ID]
	if len(list) == 0 {
		return []domain.Residence{{Home: m.Home}}
	}
	n := 1
	for n < len(list) && list[n].From <= on {
		n++
	}
	return list[:n]
}

// on finds by which texts each member is scored on a day; of whom the text changes
// nothing the zero value.
func (t *trial) on(day calendar.Day) ([]under, error) {
	out, settled := make([]under, len(t.members)), map[string]under{}
	for i := range t.members {
		m := &t.members[i]
		_, moved := t.movers[m.ID]
		u, known := settled[m.Home.Path]
		if moved || !known {
			var err error
			homes := t.homes(m, day)
			if u.now, err = t.now.Texts(t.v, homes, t.code, day); err != nil {
				return nil, err
			}
			if u.then, err = t.then.Texts(t.v, homes, t.code, day); err != nil {
				return nil, err
			}
			if u.now == u.then {
				u = under{}
			}
			if !moved {
				settled[m.Home.Path] = u
			}
		}
		out[i] = u
	}
	return out, nil
}

// moved compares everybody on a day, but those who are left out.
func (t *trial) moved(day calendar.Day, left map[domain.MemberID]bool) (scored int, out []Moved, err error) {
	texts, err := t.on(day)
	if err != nil {
		return 0, nil, err
	}
	for i := range t.members {
		u := &texts[i]
		if u.now == u.then || left[t.members[i].ID] {
			continue
		}
		m, any := t.compare(u, &t.records[i], day)
		if i%yieldEvery == 0 {
			t.v.Yield()
		}
		if m.WasScored || m.Scored {
			scored++
		}
		if any {
			homes := t.homes(&t.members[i], day)
			m.Member, m.On = t.members[i], day
			m.Member.Home = homes[len(homes)-1].Home
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(x, y Moved) int { return strings.Compare(x.Member.Home.Path, y.Member.Home.Path) })
	return scored, out, nil
}

// compare scores one member as it is and as it would be.
func (t *trial) compare(u *under, record *domain.MemberHistory, day calendar.Day) (m Moved, moved bool) {
	was, a, before := score(u.now, record, day)
	is, b, after := score(u.then, record, day)
	m = Moved{
		Before: a.Total, After: b.Total, WasScored: a.Scored, Scored: b.Scored, GradeBefore: a.Grade, GradeAfter: b.Grade,
		CategoryWas: a.Category, CategoryIs: b.Category, Unscored: b.Why,
	}
	if was != nil && is != nil && was.Quotas != is.Quotas { // one of them grades by place
		m.GradeBefore, m.GradeAfter = "", ""
	}
	if t.places && u.now != nil && u.then != nil {
		account := before()
		t.homeless(u.then, &account.Total)
	}
	switch {
	case !a.Scored && !b.Scored:
		return m, false
	case a.Scored == b.Scored && a.Total == b.Total && m.GradeBefore == m.GradeAfter && a.Category == b.Category:
		return m, false
	}
	old, fresh := before(), after()
	m.Why = reasons(was, is, &old, &fresh)
	return m, true
}

// score scores a member by some texts, or by none; the account is told only to whom
// asks for it.
func score(texts *standings.Texts, record *domain.MemberHistory, day calendar.Day) (*ruleset.RuleSet, *domain.Standing,
	func() domain.Statement) {
	if texts == nil {
		return nil, &domain.Standing{}, func() domain.Statement { return domain.Statement{} }
	}
	res := texts.Member(record, texts.Book().Cycle.Unit.Of(day), day)
	return texts.Book(), &res.Standing, res.Statement
}

// homeless notes what counts now and would have no place any more: items that the
// text of their day neither has, nor renames (原名), nor retires (停用), and blocks
// that the text of the standing's day has not.
func (t *trial) homeless(then *standings.Texts, l *domain.Line) {
	for i := range l.Children {
		t.homeless(then, &l.Children[i])
	}
	if l.Kind != domain.LineEntry || l.Value == 0 {
		return
	}
	note := func(list *[]string, name string) {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	book, last := then.Book(), then.Book()
	if on, ok := then.On(l.On); ok {
		book = on
	}
	item := book.Item(l.Name)
	if item < 0 {
		// What follows from attendance or by itself is no entry that lost its item.
		if l.Entry != "" && !slices.Contains(book.Retired, l.Name) && !slices.Contains(last.Retired, l.Name) {
			note(&t.items, l.Name)
		}
		return
	}
	if at := book.Items[item].Block; at >= 0 {
		name := book.Blocks[at].Name
		if !slices.ContainsFunc(last.Blocks, func(b ruleset.Block) bool { return b.Name == name }) {
			note(&t.blocks, name)
		}
	}
}

// rehearse computes what a draft will do on the days on which it will do it: today,
// or from its first day on, and on the days that have passed since. Members whose
// version is the known one are left out.
func (s *Service) rehearse(v *store.Snapshot, d *domain.RuleDraft, book *ruleset.RuleSet, known versions) (Rehearsal,
	error) {
	today := s.today(v)
	out := Rehearsal{AsOf: max(today, d.From)}
	out.Period = book.Cycle.Unit.Of(out.AsOf)
	t, err := s.try(v, d, out.AsOf, known)
	if err != nil {
		return out, err
	}
	if out.basis, err = s.basisOf(v, d.Org.ID, t.members); err != nil {
		return out, err
	}
	if out.Fits, err = t.misfits(d, book); err != nil {
		return out, err
	}
	t.places = true
	if out.Members, out.Moved, err = t.moved(out.AsOf, nil); err != nil {
		return out, err
	}
	t.places = false
	before, err := t.now.Pick(v, d.Org.Path, t.code, out.AsOf)
	if err != nil {
		return out, err
	}
	if out.First = before == nil; out.First {
		out.Moved = nil // all of them begin
	}
	slices.Sort(t.items)
	slices.Sort(t.blocks)
	out.Homeless, out.NoBlock = t.items, t.blocks
	if out.Past, err = t.past(d.From, today); err == nil && d.From >= today {
		out.Past = reachBack(out.Moved, d.From)
	}
	return out, err
}

// reachBack picks those of whom a text that begins on a day changes what days
// before it gave: the points of an entry, or of a part of the period that has ended.
func reachBack(moved []Moved, from calendar.Day) (out []Moved) {
	for i := range moved {
		if moved[i].WasScored && slices.ContainsFunc(moved[i].Why,
			func(r Reason) bool { return r.closed || r.on != 0 && r.on < from }) {
			out = append(out, moved[i])
		}
	}
	return out
}

// past finds whom the text moves on a day that has passed, each on the last such
// day. Looked at are the days on which standings can differ for good: yesterday,
// the text's first day, the ends of the months of a year, and of every quarter
// before.
func (t *trial) past(from, today calendar.Day) (out []Moved, err error) {
	left := map[domain.MemberID]bool{}
	for _, day := range pastDays(from, today) {
		_, moved, err := t.moved(day, left)
		if err != nil {
			return nil, err
		}
		for i := range moved {
			if moved[i].WasScored { // else he had no points that could change
				left[moved[i].Member.ID] = true
				out = append(out, moved[i])
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Moved) int { return strings.Compare(x.Member.Home.Path, y.Member.Home.Path) })
	return out, nil
}

// pastDays returns the days of a trial from a day to yesterday, the latest first.
func pastDays(from, today calendar.Day) (out []calendar.Day) {
	add := func(day calendar.Day) {
		if from <= day && day < today {
			out = append(out, day)
		}
	}
	add(today - 1)
	window := calendar.Month.Of(today)
	for n := 0; window.First > from && n < maxPast; n++ {
		if n == 12 {
			window = calendar.Quarter.Of(window.First)
		}
		window = window.Prev()
		add(window.Last)
	}
	add(from)
	slices.Sort(out)
	out = slices.Compact(out)
	slices.Reverse(out)
	return out
}

// maxPast bounds the months and quarters back for which a text is tried: ten years.
const maxPast = 12 + 36

package enactment

import (
	"context"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/rulebook"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Rehearsal is a text tried on the real ledger: whom it moves, and by which
// clause.
type Rehearsal struct {
	Members int // scored under either text
	AsOf    calendar.Day
	Period  calendar.Period
	First   bool    // no text is in force: there is nothing to compare with
	Moved   []Moved // by branch and member

	// Before is whom the text moves before its own day, within a cycle that has
	// begun: a revision in mid-cycle may move nobody there.
	Before    []Moved
	BeforeDay calendar.Day // the day before the text's; 0 where the text begins with a cycle

	// Homeless are items of entries that still count and that the text neither
	// has, nor renames (原名), nor retires (停用).
	Homeless []string
}

// Moved is one member whom a text moves.
type Moved struct {
	Member                  store.Member
	Before, After           party.Points
	Scored                  bool // after
	GradeBefore, GradeAfter string
	CategoryWas, CategoryIs string
	Why                     []Reason
}

// Reason is one line of the account that differs.
type Reason struct {
	What          string // 志愿服务 2026-03-01
	Before, After party.Points
	Clause        rulebook.Clause // of the text that has the line, the new one first
}

// Words says what becomes of a member: 77 → 76 分，三星 → 二星.
func (m *Moved) Words() string {
	var parts []string
	switch {
	case !m.Scored:
		parts = append(parts, "不再计分")
	case m.Before != m.After:
		parts = append(parts, m.Before.String()+" → "+m.After.String()+" 分")
	}
	if m.GradeBefore != m.GradeAfter {
		parts = append(parts, m.GradeBefore+" → "+m.GradeAfter)
	}
	if m.CategoryWas != m.CategoryIs {
		parts = append(parts, "类别 "+m.CategoryWas+" → "+m.CategoryIs)
	}
	return strings.Join(parts, "，")
}

// Words says a line that differs, with the clause: 起点：80 → 70 〔板块.基础.起点〕.
func (r *Reason) Words() string {
	words := r.What + "：" + r.Before.String() + " → " + r.After.String()
	if r.Clause.Path == "" {
		return words
	}
	at := r.Clause.Path
	if r.Clause.Basis != "" {
		at = r.Clause.Basis + "，" + at
	}
	return words + " 〔" + at + "〕"
}

// Rehearse tries a rule file on the ledger as it is now, for an organisation.
// from is the day from which it would hold; 0 = its 施行.
func (s *Service) Rehearse(ctx context.Context, actor *access.Actor, p Proposal) (*Review, error) {
	if err := permitted(actor); err != nil {
		return nil, err
	}
	out := &Review{}
	err := s.db.Exclusive(ctx, func(tx *store.Tx) error {
		org, err := tx.Org(scope(actor), p.Org)
		if err != nil {
			return err
		}
		d := store.Draft{Org: org, Beside: p.Beside, Source: string(p.Source), Cases: string(p.Cases), From: p.From}
		c, err := s.check(&tx.View, &d, p.Name)
		if err != nil {
			return err
		}
		out.Draft, out.Book, out.Root, out.Warnings, out.Cases = d, c.book, c.root, c.warnings, c.cases
		out.Rehearsal, err = s.rehearse(&tx.View, &d, c.book)
		return err
	})
	return out, err
}

// allows refuses a text that would move somebody before its own day, or leave
// entries without an item.
func (r *Rehearsal) allows() error {
	if len(r.Homeless) > 0 {
		return fault.New(fault.Invalid, "有记录的项目在新办法里没有了：%s", strings.Join(r.Homeless, "、")).WithHint("改了名的，在新项目里写 原名: [旧名]；不再记的，写进 停用: […]")
	}
	if n := len(r.Before); n > 0 {
		m := &r.Before[0]
		return fault.New(fault.Invalid, "施行以前的分也变了：到 %s 为止 %d 人，例如 %s 由 %s 变为 %s", r.BeforeDay, n, m.Member.Name, m.Before, m.After).
			WithHint("中途修订只改以后的：把改动写成带日期的值，如 {自 旧日期: 原来的, 自 新日期: 改成的}")
	}
	return nil
}

// rehearse compares the text in force with another, member by member.
func (s *Service) rehearse(v *store.View, d *store.Draft, book *rulebook.Rulebook) (Rehearsal, error) {
	today, org, from := s.today(v), d.Org, d.From
	out := Rehearsal{AsOf: today, Period: book.Cycle.Unit.Of(today)}
	now, err := s.present(v, d, today)
	if err != nil || now == nil {
		out.First = err == nil
		return out, err
	}
	members, err := v.Members(access.System("a text is rehearsed on everybody it is for"), org.Path)
	if err != nil {
		return out, err
	}
	records, err := v.Records(members)
	if err != nil {
		return out, err
	}
	// A text of a coming cycle is tried on the running one as if it held already.
	tried := *book
	tried.From = min(book.From, now.From)
	out.Members, out.Moved = compare(now, &tried, members, records, out.Period, today)
	if cycle := book.Cycle.Unit.Of(from); from > cycle.First {
		out.BeforeDay = from - 1
		then, err := s.present(v, d, out.BeforeDay)
		if err != nil {
			return out, err
		}
		if then != nil {
			_, out.Before = compare(then, &tried, members, records, cycle, min(out.BeforeDay, today))
		}
	}
	out.Homeless = homeless(now, book, records, from)
	return out, nil
}

// present is the rulebook that a draft takes the place of, as it is on a day;
// nil for none.
func (s *Service) present(v *store.View, d *store.Draft, on calendar.Day) (*rulebook.Rulebook, error) {
	book, err := s.standings.Scheme(v, d.Org.Path, d.Code, on)
	if fault.CodeOf(err) == fault.NotFound && !d.Beside {
		book, err = s.standings.Book(v, d.Org.Path, on)
	}
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil //nolint:nilnil // none is no error
	}
	return book, err
}

// compare scores everybody under two texts.
func compare(was, is *rulebook.Rulebook, members []store.Member, records []party.Record, period calendar.Period, asOf calendar.Day) (scored int, out []Moved) {
	for i := range members {
		a := scoring.Member(was, &records[i], was.Cycle.Unit.Of(min(asOf, period.Last)), asOf)
		b := scoring.Member(is, &records[i], period, asOf)
		if a.Standing.Scored || b.Standing.Scored {
			scored++
		}
		if a.Standing.Scored == b.Standing.Scored && a.Standing.Total == b.Standing.Total && a.Standing.Grade == b.Standing.Grade && a.Standing.Category == b.Standing.Category {
			continue
		}
		m := Moved{
			Member: members[i], Before: a.Standing.Total, After: b.Standing.Total, Scored: b.Standing.Scored,
			GradeBefore: a.Standing.Grade, GradeAfter: b.Standing.Grade, CategoryWas: a.Standing.Category, CategoryIs: b.Standing.Category,
		}
		before, after := a.Account(), b.Account()
		m.Why = reasons(was, is, &before, &after)
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(x, y Moved) int { return strings.Compare(x.Member.Home.Path, y.Member.Home.Path) })
	return scored, out
}

// reasons are the leaves in which two accounts differ.
func reasons(was, is *rulebook.Rulebook, before, after *party.Account) []Reason {
	type leaf struct {
		line   *party.Line
		clause rulebook.Clause
	}
	collect := func(book *rulebook.Rulebook, a *party.Account) (order []string, leaves map[string]leaf) {
		leaves = map[string]leaf{}
		var walk func(path string, l *party.Line)
		walk = func(path string, l *party.Line) {
			if len(l.Children) > 0 {
				for i := range l.Children {
					walk(path+"/"+l.Name, &l.Children[i])
				}
				return
			}
			key := path + "|" + string(l.Kind) + "|" + l.Name + "|" + l.Entry + "|" + l.Activity
			if l.Kind == party.LineEntry {
				key = l.Entry + "|" + l.Activity + "|" + l.Name + "|" + l.On.String() // wherever it is counted
			}
			if _, twice := leaves[key]; !twice {
				order = append(order, key)
			}
			x := leaf{line: l}
			if l.Clause >= 0 && l.Clause < len(book.Clauses) {
				x.clause = book.Clauses[l.Clause]
			}
			leaves[key] = x
		}
		walk("", &a.Total)
		return order, leaves
	}
	oldOrder, old := collect(was, before)
	newOrder, fresh := collect(is, after)
	var out []Reason
	say := func(l *party.Line) string {
		if l.Kind == party.LineEntry {
			return l.Name + " " + l.On.String()
		}
		if l.Name == "" || l.Name == string(l.Kind) {
			return string(l.Kind)
		}
		return string(l.Kind) + " " + l.Name
	}
	for _, key := range newOrder {
		n, o := fresh[key], old[key]
		value := party.Points(0)
		if o.line != nil {
			value = o.line.Value
		}
		if n.line.Value != value {
			out = append(out, Reason{say(n.line), value, n.line.Value, n.clause})
		}
	}
	for _, key := range oldOrder {
		if o := old[key]; fresh[key].line == nil && o.line.Value != 0 {
			out = append(out, Reason{say(o.line), o.line.Value, 0, o.clause})
		}
	}
	return out
}

// homeless finds items of the old text that have entries in the cycle of a day
// or still count, and that the new text does not know.
func homeless(was, is *rulebook.Rulebook, records []party.Record, from calendar.Day) []string {
	var out []string
	cycle := was.Cycle.Unit.Of(from)
	for i := range records {
		for k := range records[i].Entries {
			e := &records[i].Entries[k]
			if e.On >= cycle.First && was.Item(e.Item) >= 0 && is.Item(e.Item) < 0 && !slices.Contains(is.Retired, e.Item) && !slices.Contains(out, e.Item) {
				out = append(out, e.Item)
			}
		}
	}
	slices.Sort(out)
	return out
}

package rules

import (
	"context"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Rehearsal is a text tried on the real ledger: whom it moves, and by which
// clause.
type Rehearsal struct {
	Members int          // scored with it or without it, among those whom it is about
	AsOf    calendar.Day // today, or the text's first day where that is to come
	Period  calendar.Period
	First   bool    // no such text is in force: there is nothing to compare with
	Moved   []Moved // by branch and member

	// Past is whom the text moves on days that have passed, each with the last such
	// day: that takes the consent of both who put it in force.
	Past []Moved

	// Fits says for whom the text is not (适用) though one might think so.
	Fits []string

	// Homeless are items of entries that count and that the text neither has, nor
	// renames (原名), nor retires (停用); NoBlock are blocks of entries of before
	// that still count and that it has not.
	Homeless, NoBlock []string

	basis basis
}

// Moved is one member whom a text moves.
type Moved struct {
	Member                  domain.Member
	On                      calendar.Day
	Before, After           domain.Points
	WasScored, Scored       bool
	Unscored                string // why he is not scored after
	GradeBefore, GradeAfter string
	CategoryWas, CategoryIs string
	Why                     []Reason
}

// Reason is one line of the account that differs.
type Reason struct {
	What          string // 志愿服务 2026-03-01
	Before, After domain.Points
	Clause        ruleset.Clause // of the text that has the line, the new one first

	on     calendar.Day // of an entry: its day
	closed bool         // it stands in a part of the period that has ended
}

// Words describes the change of a member's standing: 77 → 76 分，三星 → 二星.
func (m *Moved) Words() string {
	switch {
	case !m.Scored && m.Unscored != "":
		return m.Before.String() + " 分 → 不再计分（" + m.Unscored + "）"
	case !m.Scored:
		return m.Before.String() + " 分 → 不再计分"
	}
	var parts []string
	switch {
	case !m.WasScored:
		parts = append(parts, "不计分 → "+m.After.String()+" 分")
	case m.Before != m.After:
		parts = append(parts, m.Before.String()+" → "+m.After.String()+" 分")
	}
	if m.WasScored && m.GradeBefore != m.GradeAfter {
		parts = append(parts, orNone(m.GradeBefore, "不评")+" → "+orNone(m.GradeAfter, "不评"))
	}
	if m.WasScored && m.CategoryWas != m.CategoryIs {
		parts = append(parts, "类别 "+orNone(m.CategoryWas, "无")+" → "+orNone(m.CategoryIs, "无"))
	}
	return strings.Join(parts, "，")
}

func orNone(word, none string) string {
	if word == "" {
		return none
	}
	return word
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
	err := s.db.LongRead(ctx, func(v *store.Snapshot) error {
		org, err := v.Org(scope(actor), p.Org)
		if err != nil {
			return err
		}
		d := domain.RuleDraft{Org: org, Beside: p.Beside, Source: string(p.Source), Cases: string(p.Cases), From: p.From}
		c, err := s.check(v, &d, p.Name)
		if err != nil {
			return err
		}
		out.Draft, out.Book, out.Root, out.Warnings, out.Cases = d, c.book, c.root, c.warnings, c.cases
		out.Rehearsal, err = s.rehearse(v, &d, c.book, nil)
		return err
	})
	return out, err
}

// allows refuses a text that leaves entries without an item, or that moves points
// of days past where not both have agreed.
func (r *Rehearsal) allows(agreed bool) error {
	if len(r.Homeless) > 0 {
		return fault.New(fault.Invalid, "有记录的项目在新办法里没有了：%s",
			strings.Join(r.Homeless, "、")).WithHint("改了名的，在新项目里写 原名: [旧名]；不再记的，写进 停用: […]")
	}
	if len(r.NoBlock) > 0 {
		return fault.New(fault.Invalid, "有记录还在算分的板块，在新办法里没有了：%s",
			strings.Join(r.NoBlock, "、")).WithHint("以前得的分落在同名的板块里：新办法里留着这个板块，或者等它们到期")
	}
	if len(r.Past) > 0 && !agreed {
		return pastMoves(r.Past)
	}
	return nil
}

// pastMoves names the members a text moves on days that have passed, and the remedy.
func pastMoves(past []Moved) error {
	return fault.New(fault.Invalid, "%s", PastWords(past)).
		WithHint("只改以后的：从今天或以后的一天起启用，或把改动写成带日期的值，如 {自 旧日期: 原来的, 自 新日期: 改成的}。" +
			"确实要改以前的分，起草的人和确认的人都要写明同意（网页上各勾“同意”，命令行写 --drafter-agrees --confirmer-agrees）")
}

// PastWords counts the members a text moves on days that have passed, with an example;
// "" for nobody.
func PastWords(past []Moved) string {
	if len(past) == 0 {
		return ""
	}
	m := &past[0]
	return "会改变已经过去的日子的分：" + strconv.Itoa(len(past)) + " 人，例如" + m.Member.Home.Name + "的" + m.Member.Name + "，截至 " +
		m.On.String() + "，" + m.Words()
}

// reasons returns the leaves in which two accounts differ.
func reasons(was, is *ruleset.RuleSet, before, after *domain.Statement) []Reason {
	type leaf struct {
		line   *domain.Line
		clause ruleset.Clause
		closed bool
	}
	collect := func(book *ruleset.RuleSet, a *domain.Statement) (order []string, leaves map[string]leaf) {
		leaves = map[string]leaf{}
		var walk func(path string, l *domain.Line, closed bool)
		walk = func(path string, l *domain.Line, closed bool) {
			if l.Kind == domain.LinePart {
				closed = l.Note == "" // a part that runs says so
			}
			if len(l.Children) > 0 {
				for i := range l.Children {
					walk(path+"/"+l.Name, &l.Children[i], closed)
				}
				return
			}
			key := path + "|" + string(l.Kind) + "|" + l.Name + "|" + l.Entry + "|" + l.Activity
			if l.Kind == domain.LineEntry {
				key = l.Entry + "|" + l.Activity + "|" + l.Name + "|" + l.On.String() // wherever it is counted
			}
			if _, twice := leaves[key]; !twice {
				order = append(order, key)
			}
			x := leaf{line: l, closed: closed}
			if book != nil && l.Clause >= 0 && l.Clause < len(book.Clauses) {
				x.clause = book.Clauses[l.Clause]
			}
			leaves[key] = x
		}
		walk("", &a.Total, false)
		return order, leaves
	}
	oldOrder, old := collect(was, before)
	newOrder, fresh := collect(is, after)
	var out []Reason
	say := func(l *domain.Line) string {
		if l.Kind == domain.LineEntry {
			return l.Name + " " + l.On.String()
		}
		if l.Name == "" || l.Name == string(l.Kind) {
			return string(l.Kind)
		}
		return string(l.Kind) + " " + l.Name
	}
	for _, key := range newOrder {
		n, o := fresh[key], old[key]
		value := domain.Points(0)
		if o.line != nil {
			value = o.line.Value
		}
		if n.line.Value != value {
			out = append(out, Reason{say(n.line), value, n.line.Value, n.clause, n.line.On, n.closed})
		}
	}
	for _, key := range oldOrder {
		if o := old[key]; fresh[key].line == nil && o.line.Value != 0 {
			out = append(out, Reason{say(o.line), o.line.Value, 0, o.clause, o.line.On, o.closed})
		}
	}
	return out
}

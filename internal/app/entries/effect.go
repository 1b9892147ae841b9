package entries

import (
	"slices"

	"jifen/internal/domain"
	"jifen/internal/scoring"
)

// Effect tells the effect of an entry, before or after it is recorded.
type Effect struct {
	Entry       domain.EntryID   // 0 in a preview
	Request     domain.RequestID // that it became; 0 for what counts at once, and in a preview
	Name        string           // the member's
	Waiting     bool             // it becomes a claim (待确认)
	Asked       []string         // the organs that have to agree first, in order
	Same        int              // how many like it are recorded of the member on that day
	ShowsTotals bool             // the member's totals are the writer's to see; else they are zero
	Before      domain.Points    // the member's total
	After       domain.Points
	Granted     domain.Points // what the entry itself gives
	Wanted      domain.Points // before limits
	Note        string        // why it gives what it gives, and what of it the total does not get
	Replay      bool

	GradeBefore, GradeAfter string
}

// effect returns the effect of an entry, with the totals of its member where they are
// the writer's to see.
func (p *posted) effect() Effect {
	out, _ := p.effectAfter(nil)
	return out
}

// effectAfter is effect where it may be known how the member was scored before the entry
// (nil where it is not), and returns how he is with it, nil where he was not scored.
func (p *posted) effectAfter(before *scoring.Result) (_ Effect, after *scoring.Result) {
	out := Effect{
		Entry: p.id, Request: p.request, Name: p.member.Name, Waiting: len(p.route) > 0,
		Asked: domain.NamesOf(p.route), ShowsTotals: p.showsTotals,
	}
	if !out.ShowsTotals {
		return out, nil
	}
	with, without := p.record, &p.record
	with.Entries = append(slices.Clone(with.Entries), p.entry)
	for i := range without.Entries {
		if without.Entries[i].Alike(p.entry) {
			out.Same++
		}
	}
	if before == nil {
		before = p.Member(without)
	}
	res := p.Member(&with)
	out.Before, out.GradeBefore = before.Standing.Total, before.Standing.Grade
	out.After, out.GradeAfter = res.Standing.Total, res.Standing.Grade
	total, idle := res.Lines()
	if l := find(&total, idle, p.entry.ID); l != nil {
		out.Granted, out.Wanted, out.Note = l.Value, l.Wanted, l.Note
	}
	if out.After-out.Before != out.Granted {
		out.Note = joined(out.Note, res.Absorbed(before))
	}
	if idle := res.IdleRepair(p.entry.ID); idle != "" {
		out.Note = idle
	}
	return out, res
}

// joined puts two notes behind each other; either may be "".
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "；" + b
}

// find returns the line of an entry in an account, nil for one that is for the
// record only.
func find(l *domain.Line, idle []domain.Line, id string) *domain.Line {
	if l.Kind == domain.LineEntry && l.Entry == id {
		return l
	}
	for i := range l.Children {
		if at := find(&l.Children[i], nil, id); at != nil {
			return at
		}
	}
	for i := range idle {
		if idle[i].Entry == id {
			return &idle[i]
		}
	}
	return nil
}

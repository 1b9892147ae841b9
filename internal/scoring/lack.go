package scoring

import (
	"jifen/internal/calendar"
	"jifen/internal/formula"
	"jifen/internal/party"
	"jifen/internal/rulebook"
)

// Lack says what is lacking for the nearest better grade: the smallest set of
// conditions which, made true, would give it. ok is false where there is no
// better one, or no set would do.
func (r *Result) Lack() (lack party.Lack, ok bool) {
	m := r.at
	if !m.scored || m.grade <= 0 {
		return lack, false
	}
	book := r.run.book
	if m.struck { // a red line holds the grade down, whatever the rows say
		for i := range book.RedLines {
			if line := &book.RedLines[i]; m.red.has(i) && (line.Grade >= 0 || line.MaxGrade >= 0 || len(line.Sets) > 0) {
				lack.Needs = append(lack.Needs, party.Need{Source: line.Name, RedLine: true})
				lack.Clause = line.Clause
			}
		}
		lack.Grade = book.GradeNames[m.bare]
		return lack, len(lack.Needs) > 0 && m.bare < m.grade
	}
	if book.Quotas {
		return lack, false // a place among others is not had by oneself
	}
	e := r.run.look(m.day, r.run.segmentAt(m.day), m.category)
	defer e.done()
	e.at = m
	rows, _, known := book.Grades.At(m.day, e)
	if !known {
		return lack, false
	}
	best := -1
	for i := range rows {
		if rows[i].Grade < m.grade && (best < 0 || rows[i].Grade > rows[best].Grade) {
			best = i
		}
	}
	if best < 0 {
		return lack, false
	}
	atoms, ok := rows[best].When.Lacking(m.day, e)
	lack.Grade, lack.Clause = book.GradeNames[rows[best].Grade], rows[best].Clause
	for _, a := range atoms {
		n := party.Need{Source: a.Source, Want: a.Want}
		if a.Known {
			n.Now = party.Points(a.Now.Round(2, formula.HalfUp)).String()
		}
		lack.Needs = append(lack.Needs, n)
	}
	return lack, ok && len(atoms) > 0
}

// Rooms says what is still to be had under each limit on the standing's day:
// of items that something was recorded of, and of blocks. Limits of single
// entries (单笔) are left out: each entry has its own.
func (r *Result) Rooms() []party.Room {
	run := r.run
	if !r.at.scored {
		return nil
	}
	e := run.look(run.day, run.segmentAt(run.day), run.entryCategory(run.day))
	defer e.done()
	var out []party.Room
	add := func(name string, item bool, limits []rulebook.Limit) {
		for i := range limits {
			l := &limits[i]
			caps, clause, ok := l.Caps.At(run.day, e)
			if !ok || l.Unit == calendar.Single {
				continue
			}
			used := run.rooms[l.ID]
			if used.window != l.Unit.OrdinalIn(run.day.Months(), run.day) {
				used = room{}
			}
			room := party.Room{Name: name, Item: item, Unit: l.Unit, Clause: clause, HasPlus: caps.HasPlus, HasMinus: caps.HasMinus, HasTimes: caps.HasTimes,
				Plus: max(0, caps.Plus-used.plus), Minus: max(0, caps.Minus-used.minus), Times: max(0, caps.Times-used.times)}
			out = append(out, room)
		}
	}
	touched := make([]bool, len(run.book.Items))
	for i := range run.outcomes {
		if o := &run.outcomes[i]; o.item >= 0 && o.happened && o.day >= run.period.First {
			touched[o.item] = true
		}
	}
	for i := range run.book.Items {
		if it := &run.book.Items[i]; touched[i] {
			e.item = it
			add(it.Name, true, it.Limits)
		}
	}
	e.item = nil
	for i := range run.book.Blocks {
		add(run.book.Blocks[i].Name, false, run.book.Blocks[i].Limits)
	}
	return out
}

package scoring

import (
	"jifen/internal/calendar"
	"jifen/internal/formula"
	"jifen/internal/party"
	"jifen/internal/rulebook"
)

// moment is the standing of one cycle on one of its days: steps 16 to 21 and
// 23 of the evaluation order. Alerts and 上期 look at moments other than the
// one that was asked for.
type moment struct {
	period   calendar.Period
	day      calendar.Day
	scored   bool
	category int // the standing's own
	start    int // the category that 起点, 上限 and 下限 are read by
	values   []party.Points
	parts    []parts // how each value came about
	red      []bool
	added    int
	deducted int
	grade    int // −1: none
	bare     int // the grade without red lines
}

// parts is how a block's value came about, in the order of evaluation.
type parts struct {
	start       party.Points
	startClause int
	hasStart    bool
	entries     party.Points
	children    party.Points // their plain sum
	formula     party.Points // what the formula makes of the children
	clamp       party.Points // what 下限 added or 上限 took
	clampClause int
	capped      bool // clamp is of the 上限
	bound       party.Points
	red         party.Points // what red lines changed
	redLine     int          // which, −1 for none
}

// momentAt returns the moment of a day in its cycle, computed once.
func (r *run) momentAt(period calendar.Period, day calendar.Day) *moment {
	for _, m := range r.moments {
		if m.day == day && m.period == period {
			return m
		}
	}
	m := &moment{period: period, day: day, grade: -1, bare: -1, category: -1, start: -1}
	r.moments = append(r.moments, m)
	r.fill(m)
	return m
}

func (r *run) fill(m *moment) {
	seg := r.segmentAt(m.day)
	m.values = make([]party.Points, len(r.book.Blocks))
	m.parts = make([]parts, len(r.book.Blocks))
	m.red = make([]bool, len(r.book.RedLines))
	m.category, m.start = seg.category, seg.category
	if r.book.Cycle.EntryBy == rulebook.AtStart {
		m.category = r.startCategory(m.period)
	}
	if r.book.Cycle.StartBy == rulebook.AtStart {
		m.start = r.startCategory(m.period)
	}
	m.scored = m.day >= r.start && m.day >= r.book.From && seg.scored
	if !m.scored {
		return
	}
	own := m.period == r.period && m.day == r.day
	for i := range r.outcomes {
		o := &r.outcomes[i]
		if o.granted == 0 || o.day > m.day || o.end <= m.day {
			continue
		}
		m.parts[r.book.Items[o.item].Block].entries += o.granted
		if o.granted > 0 {
			m.added++
		} else {
			m.deducted++
		}
	}
	e := env{run: r, day: m.day, segment: seg, category: m.start, at: m, collect: own}
	if own { // the standing's own category, so that a missing fact is told
		c := env{run: r, day: m.day, segment: seg, collect: true}
		for i := range r.book.Categories {
			if r.book.Categories[i].When.Judge(m.day, &c) == formula.True {
				break
			}
		}
	}
	r.settle(m, &e)
	e.category = m.category
	m.bare = r.gradeOf(m, &e)
	if r.judgeRedLines(m, &e) {
		e.category = m.start
		r.settle(m, &e)
		e.category = m.category
		m.grade = r.gradeOf(m, &e)
		r.boundGrade(m)
	} else {
		m.grade = m.bare
	}
}

// settle gives every block its value, children first: start, entries,
// children or formula, rounding, floor and cap, red lines.
func (r *run) settle(m *moment, e *env) {
	for _, b := range r.book.Settle {
		block := &r.book.Blocks[b]
		p := &m.parts[b]
		*p = parts{entries: p.entries, redLine: -1}
		p.start, p.startClause, p.hasStart = block.Start.At(m.day, e)
		for k := range r.book.Blocks {
			if r.book.Blocks[k].Parent == b {
				p.children += m.values[k]
			}
		}
		p.formula = p.children
		if block.Formula != nil {
			if n, ok := block.Formula.Eval(e); ok {
				p.formula = party.Points(n.Round(r.book.Decimals, r.book.Rounding))
			}
		}
		v := p.start + p.entries + p.formula
		v += r.clamp(v, block, p, m.day, e)
		v += r.redSet(v, b, m, p)
		m.values[b] = v
	}
}

func (r *run) clamp(v party.Points, block *rulebook.Block, p *parts, day calendar.Day, e *env) party.Points {
	if floor, clause, ok := block.Floor.At(day, e); ok && v < floor {
		p.clamp, p.clampClause, p.bound = floor-v, clause, floor
		return p.clamp
	}
	if top, clause, ok := block.Cap.At(day, e); ok && v > top {
		p.clamp, p.clampClause, p.bound, p.capped = top-v, clause, top, true
	}
	return p.clamp
}

// redSet returns what the acting red lines change about a block: the lowest
// value set wins, and it is not clamped again.
func (r *run) redSet(v party.Points, block int, m *moment, p *parts) party.Points {
	for i := range r.book.RedLines {
		if !m.red[i] {
			continue
		}
		for _, s := range r.book.RedLines[i].Sets {
			if s.Block == block && (p.redLine < 0 || s.To-v < p.red) {
				p.red, p.redLine = s.To-v, i
			}
		}
	}
	return p.red
}

// judgeRedLines sets which red lines act, and reports whether any does.
func (r *run) judgeRedLines(m *moment, e *env) bool {
	acting := false
	for i := range r.book.RedLines {
		line := &r.book.RedLines[i]
		if line.AtCycle {
			m.red[i] = r.heldThisCycle(line, m)
		} else {
			m.red[i] = line.When.Holds(m.day, e)
		}
		acting = acting || m.red[i]
	}
	return acting
}

// heldThisCycle reports whether a red line held on some scored day of the
// cycle up to the moment's day. Only days on which it may turn are looked at.
func (r *run) heldThisCycle(line *rulebook.RedLine, m *moment) bool {
	check := func(day calendar.Day) bool {
		if day < m.period.First || day > m.day {
			return false
		}
		seg := r.segmentAt(day)
		e := env{run: r, day: day, segment: seg, category: r.entryCategory(day)}
		return seg.scored && line.When.Holds(day, &e)
	}
	if check(max(m.period.First, r.start)) || check(m.day) {
		return true
	}
	for i := range r.segments {
		if check(r.segments[i].from) {
			return true
		}
	}
	if !line.ReadsPast {
		return false
	}
	for i := range r.outcomes {
		if check(r.outcomes[i].day) || check(r.outcomes[i].end) {
			return true
		}
	}
	for w := calendar.Month.Of(m.period.First); w.First <= m.day; w = w.Next() {
		if check(w.First) { // counters start anew
			return true
		}
	}
	return false
}

// gradeOf returns the first row of 等次 whose condition holds, −1 for none.
func (r *run) gradeOf(m *moment, e *env) int {
	rows, _, ok := r.book.Grades.At(m.day, e)
	if !ok {
		return -1
	}
	for i := range rows {
		if rows[i].When.Holds(m.day, e) {
			return rows[i].Grade
		}
	}
	return -1
}

// boundGrade applies the worst grade that red lines set, then the worst bound.
// Grades are numbered from the best down.
func (r *run) boundGrade(m *moment) {
	if m.grade < 0 {
		return
	}
	set := -1
	for i, hit := range m.red {
		if hit {
			set = max(set, r.book.RedLines[i].Grade)
		}
	}
	if set >= 0 {
		m.grade = set
	}
	for i, hit := range m.red {
		if hit {
			m.grade = max(m.grade, r.book.RedLines[i].MaxGrade)
		}
	}
}

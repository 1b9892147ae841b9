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
	category int            // the standing's own
	start    int            // the category that 起点, 上限 and 下限 are read by
	values   []party.Points // per block
	entries  []party.Points // per block: what entries give it
	children []party.Points // per block: the plain sum of its child blocks
	parts    []parts        // per block: how its value came about; nil unless this moment was asked for
	red      redSet
	added    int
	deducted int
	grade    int // −1: none
	bare     int // the grade without red lines
}

// redSet is a set of red lines, a bit for each.
type redSet uint64

func (s redSet) has(i int) bool { return s>>i&1 != 0 }

// parts is how a block's value came about, in the order of evaluation.
type parts struct {
	start       party.Points
	startClause int
	hasStart    bool
	formula     party.Points // what the formula makes of the children beyond their plain sum
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
	m.category, m.start = seg.category, seg.category
	if r.book.Cycle.EntryBy == rulebook.AtStart {
		m.category = r.startCategory(m.period)
	}
	if r.book.Cycle.StartBy == rulebook.AtStart {
		m.start = r.startCategory(m.period)
	}
	n := len(r.book.Blocks)
	sums := make([]party.Points, 3*n)
	m.values, m.entries, m.children = sums[:n:n], sums[n:2*n:2*n], sums[2*n:]
	m.scored = m.day >= r.start && m.day >= r.book.From && seg.scored
	if !m.scored {
		return
	}
	r.tally(m)
	e := r.look(m.day, seg, m.start)
	defer e.done()
	e.at = m
	if m.period == r.period && m.day == r.day {
		m.parts = make([]parts, n)
		e.collect = true
		r.missCategory(m.day, seg)
	}
	r.settle(m, e)
	e.category = m.category
	m.bare = r.gradeOf(m, e)
	m.grade = m.bare
	if r.judgeRedLines(m, e); m.red != 0 {
		e.category = m.start
		r.settle(m, e)
		e.category = m.category
		m.grade = r.boundGrade(m, r.gradeOf(m, e))
	}
}

// tally adds up, per block, the entries that count on the moment's day.
func (r *run) tally(m *moment) {
	for i := range r.outcomes {
		o := &r.outcomes[i]
		if !o.on(m.day) {
			continue
		}
		m.entries[o.block] += o.granted
		if o.granted > 0 {
			m.added++
		} else {
			m.deducted++
		}
	}
}

// missCategory judges the category once more, so that a fact is told that is
// missing for it.
func (r *run) missCategory(day calendar.Day, seg *segment) {
	e := r.look(day, seg, -1)
	defer e.done()
	e.collect = true
	for i := range r.book.Categories {
		if r.book.Categories[i].When.Judge(day, e) == formula.True {
			return
		}
	}
}

// settle gives every block its value, children first: start, entries,
// children or formula, rounding, floor and cap, red lines.
func (r *run) settle(m *moment, e *env) {
	clear(m.children)
	for _, b := range r.book.Settle {
		block := &r.book.Blocks[b]
		p := parts{redLine: -1}
		p.start, p.startClause, p.hasStart = block.Start.At(m.day, e)
		if block.Formula != nil {
			if n, ok := block.Formula.Eval(e); ok {
				p.formula = party.Points(n.Round(r.book.Decimals, r.book.Rounding)) - m.children[b]
			}
		}
		v := p.start + m.entries[b] + m.children[b] + p.formula
		p.clampTo(v, block, m.day, e)
		v += p.clamp
		r.forceRed(v, b, m, &p)
		v += p.red
		m.values[b] = v
		if block.Parent >= 0 {
			m.children[block.Parent] += v
		}
		if m.parts != nil {
			m.parts[b] = p
		}
	}
}

// clampTo notes what 下限 adds to a value or 上限 takes from it.
func (p *parts) clampTo(v party.Points, block *rulebook.Block, day calendar.Day, e *env) {
	if floor, clause, ok := block.Floor.At(day, e); ok && v < floor {
		p.clamp, p.clampClause, p.bound = floor-v, clause, floor
		return
	}
	if top, clause, ok := block.Cap.At(day, e); ok && v > top {
		p.clamp, p.clampClause, p.bound, p.capped = top-v, clause, top, true
	}
}

// forceRed notes what the acting red lines change about a block: the lowest
// value set wins, and it is not clamped again.
func (r *run) forceRed(v party.Points, block int, m *moment, p *parts) {
	if m.red == 0 {
		return
	}
	for i := range r.book.RedLines {
		if !m.red.has(i) {
			continue
		}
		for _, s := range r.book.RedLines[i].Sets {
			if s.Block == block && (p.redLine < 0 || s.To-v < p.red) {
				p.red, p.redLine = s.To-v, i
			}
		}
	}
}

// judgeRedLines finds which red lines act.
func (r *run) judgeRedLines(m *moment, e *env) {
	for i := range r.book.RedLines {
		line := &r.book.RedLines[i]
		if line.AtCycle && r.heldThisCycle(line, m) || !line.AtCycle && line.When.Holds(m.day, e) {
			m.red |= 1 << i
		}
	}
}

// heldThisCycle reports whether a red line held on some scored day of the
// cycle up to the moment's day. Only days on which it may turn are looked at.
func (r *run) heldThisCycle(line *rulebook.RedLine, m *moment) bool {
	check := func(day calendar.Day) bool {
		if day < m.period.First || day > m.day {
			return false
		}
		seg := r.segmentAt(day)
		if !seg.scored {
			return false
		}
		e := r.look(day, seg, r.entryCategory(day))
		defer e.done()
		return line.When.Holds(day, e)
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
func (r *run) boundGrade(m *moment, grade int) int {
	if grade < 0 {
		return grade
	}
	set, bound := -1, -1
	for i := range r.book.RedLines {
		if m.red.has(i) {
			set, bound = max(set, r.book.RedLines[i].Grade), max(bound, r.book.RedLines[i].MaxGrade)
		}
	}
	if set >= 0 {
		grade = set
	}
	return max(grade, bound)
}

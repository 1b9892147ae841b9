package scoring

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// valuation is the standing of one cycle on one of its days: steps 16 to 21 and
// 23 of the evaluation order. Alerts and 上期 look at valuations other than the
// one that was asked for. A part of a block that is settled by parts (每, 取) is
// a valuation of its own, of that block and those below it.
type valuation struct {
	run        *run // whose text it is read by
	period     calendar.Period
	day        calendar.Day
	root       int // the block that it settles
	scored     bool
	category   int             // the standing's own
	start      int             // the category that 起点, 上限 and 下限 are read by
	values     []domain.Points // per block
	entries    []domain.Points // per block: what entries give it
	children   []domain.Points // per block: the plain sum of its child blocks
	breakdowns []breakdown     // per block: how its value came about; nil unless this valuation was asked for
	rolled     map[int][]*valuation
	red        redSet
	struck     bool          // a red line acts here or in a part
	judged     bool          // red lines have been judged
	settled    bool          // nothing of it changes any more
	plain      domain.Points // the root's value without red lines
	recorded   bool          // of a part: something happened in it
	added      int
	deducted   int
	grade      int // −1: none
	bare       int // the grade without red lines

	waitSince calendar.Day // additions since then count nothing now (加分: 暂停); 0 = all count
}

// redSet is a set of red lines, a bit for each.
type redSet uint64

func (s redSet) has(i int) bool { return s>>i&1 != 0 }

// breakdown holds the steps by which a block's value came about, in the order of evaluation.
type breakdown struct {
	start         domain.Points
	startClause   int
	hasStart      bool
	formulaClause int
	formula       domain.Points // what the formula makes of the children beyond their plain sum
	scored, of    int           // 折算: how many of how many months or days the start is for; 0, 0 = all
	whole         domain.Points // the start before 折算
	rolled        domain.Points // what 取 makes of the parts beyond their plain sum
	clamp         domain.Points // what 下限 added or 上限 took
	clampClause   int
	capped        bool // clamp is of the 上限
	bound         domain.Points
	red           domain.Points // what red lines changed
	redLine       int           // which, −1 for none
}

// valuationAt returns the valuation of a day in its cycle, computed once.
func (r *run) valuationAt(period calendar.Period, day calendar.Day) *valuation {
	for _, m := range r.valuations {
		if m.day == day && m.period == period {
			return m
		}
	}
	m := r.room.valuation()
	*m = valuation{run: r, period: period, day: day, root: r.book.Total(), grade: -1, bare: -1, category: -1, start: -1}
	if r.valuations == nil {
		r.valuations = make([]*valuation, 0, atOnce)
	}
	r.valuations = append(r.valuations, m)
	r.evaluateDay(m)
	m.settled = true
	return m
}

func (r *run) evaluateDay(m *valuation) {
	seg := r.segmentAt(m.day)
	r.setCategories(m, seg)
	m.scored = m.day >= r.start && seg.scored
	if !m.scored {
		r.allocate(m)
		return
	}
	asked := m.period == r.period && m.day == r.day
	if asked {
		m.breakdowns = make([]breakdown, len(r.book.Blocks))
	}
	e := r.prepare(m, seg)
	defer e.release()
	if asked {
		e.collect = true
		r.recordMissingForCategory(m.day, seg)
	}
	r.settleBlocks(m, e)
	e.category = m.category
	m.bare = r.gradeOf(m, e)
	m.grade = m.bare
	if r.judgeRedLines(m, e); m.struck {
		e.category = m.start
		r.settleBlocks(m, e)
		e.category = m.category
		m.grade = r.boundGrade(m, r.gradeOf(m, e))
	}
}

// setCategories reads the categories of the standing and of its start.
func (r *run) setCategories(m *valuation, seg *segment) {
	m.category, m.start = seg.category, seg.category
	cycle := m.period
	if m.root != r.book.Total() {
		cycle = r.book.Cycle.Unit.Of(m.day)
	}
	if r.book.Cycle.EntryBy == ruleset.AtStart {
		m.category = r.startCategory(cycle)
	}
	if r.book.Cycle.StartBy == ruleset.AtStart {
		m.start = r.startCategory(cycle)
	}
}

// allocate makes room for a valuation's values.
func (r *run) allocate(m *valuation) {
	n := len(r.book.Blocks)
	sums := r.room.sums(3 * n)
	m.values, m.entries, m.children = sums[:n:n], sums[n:2*n:2*n], sums[2*n:]
}

// prepare makes room for a valuation and what reads it.
func (r *run) prepare(m *valuation, seg *segment) *env {
	r.allocate(m)
	e := r.borrowEnv(m.day, seg, m.start)
	e.at = m
	return e
}

// sumEntries adds up, per block, the entries that count on the valuation's day.
func (r *run) sumEntries(m *valuation) {
	clear(m.entries)
	m.added, m.deducted = 0, 0
	part := r.partRoot(m)
	n, live := len(r.live), r.pass != nil && m.day >= r.period.First
	if !live {
		n = len(r.outcomes)
	}
	for i := range n {
		o := &r.outcomes[i]
		if live {
			o = &r.outcomes[r.live[i]]
		}
		if !o.countsOn(m.day) || r.book.Blocks[o.block].Under != part || m.waits(o) {
			continue
		}
		m.entries[o.block] += o.granted
		if part >= 0 && o.day < m.period.First && m.period.First > r.book.Cycle.Unit.Of(m.day).First {
			continue // an entry that counts in several parts is one
		}
		if o.granted > 0 {
			m.added++
		} else {
			m.deducted++
		}
	}
	if r.assumption != nil && m.day == r.day {
		r.applyAssumption(m, part)
	}
}

// assumption holds the points of entries that are added in thought, by block, and the
// blocks of which they are.
type assumption struct {
	given  []domain.Points
	blocks []int
}

// applyAssumption adds to a valuation what entries in thought would give on its day.
func (r *run) applyAssumption(m *valuation, part int) {
	for b, p := range r.assumption.given {
		if r.book.Blocks[b].Under == part && (p < 0 || m.waitSince == 0) {
			m.entries[b] += p
		}
	}
}

// partRoot returns the block whose part a valuation is, −1 for a whole cycle.
func (r *run) partRoot(m *valuation) int {
	if m.root == r.book.Total() {
		return -1
	}
	return m.root
}

// recordMissingForCategory judges the category once more, so that a fact is told that is
// missing for it.
func (r *run) recordMissingForCategory(day calendar.Day, seg *segment) {
	e := r.borrowEnv(day, seg, -1)
	defer e.release()
	e.collect = true
	for i := range r.book.Categories {
		if r.book.Categories[i].When.Judge(day, e) == formula.True {
			return
		}
	}
}

// settleBlocks gives every block its value, children first: start, entries,
// children or formula, rounding, floor and cap, red lines. A block that is
// settled by parts gets what its parts come to.
func (r *run) settleBlocks(m *valuation, e *env) {
	clear(m.children)
	r.sumEntries(m)
	part := r.partRoot(m)
	for _, b := range r.book.Settle {
		block := &r.book.Blocks[b]
		switch {
		case part < 0 && block.Under == b:
			r.rollUp(m, b)
		case block.Under == part:
			r.settleBlock(m, e, b)
		}
	}
}

func (r *run) settleBlock(m *valuation, e *env, b int) {
	block := &r.book.Blocks[b]
	p := breakdown{redLine: -1}
	p.start, p.startClause, p.hasStart = r.clampValue(&block.Start, m, e)
	r.prorate(&p, block, m)
	if n, clause, ok := r.formulaValue(&block.Formula, m, e); ok {
		p.formula, p.formulaClause = n-m.children[b], clause
	}
	v := p.start + m.entries[b] + m.children[b] + p.formula
	r.clamp(&p, v, block, m, e)
	v += p.clamp
	r.applyRedLines(v, b, m, &p)
	v += p.red
	m.values[b] = v
	if block.Parent >= 0 {
		m.children[block.Parent] += v
	}
	if m.breakdowns != nil {
		m.breakdowns[b] = p
	}
}

// clamp notes what 下限 adds to a value or 上限 takes from it.
func (r *run) clamp(p *breakdown, v domain.Points, block *ruleset.Block, m *valuation, e *env) {
	if floor, clause, ok := r.clampValue(&block.Floor, m, e); ok && v < floor {
		p.clamp, p.clampClause, p.bound = floor-v, clause, floor
		return
	}
	if top, clause, ok := r.clampValue(&block.Cap, m, e); ok && v > top {
		p.clamp, p.clampClause, p.bound, p.capped = top-v, clause, top, true
	}
}

// applyRedLines notes what the acting red lines change about a block: the lowest
// value set wins, and it is not clamped again.
func (r *run) applyRedLines(v domain.Points, block int, m *valuation, p *breakdown) {
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

// judgeRedLines finds which red lines act: those of a part that set its blocks,
// those of a whole cycle all; and since when additions wait for one to end.
func (r *run) judgeRedLines(m *valuation, e *env) {
	m.judged = true
	part := r.partRoot(m)
	for _, t := range r.trackers {
		if t != nil {
			r.advance(t, m.day) // the pass may not have come so far
		}
	}
	for i := range r.book.RedLines {
		line := &r.book.RedLines[i]
		if line.Bonus == ruleset.BonusWaits {
			if since, ok := r.trackers[i].actingOn(m.day); ok {
				if m.waitSince == 0 || since < m.waitSince {
					m.waitSince = since
				}
				m.struck = true
			}
		}
		if part >= 0 && !r.setsBlockOf(line, part) || !r.isActing(i, m, e) {
			continue
		}
		m.red |= 1 << i
		m.struck = true
	}
	for _, list := range m.rolled {
		for _, p := range list {
			m.struck = m.struck || p.struck
		}
	}
}

// setsBlockOf reports whether a red line sets a block of a part.
func (r *run) setsBlockOf(line *ruleset.RedLine, part int) bool {
	for _, s := range line.Sets {
		if r.book.Blocks[s.Block].Under == part {
			return true
		}
	}
	return false
}

// isActing reports whether a red line acts on a valuation: while its condition holds,
// or, until the period's end, once it held on a scored day of it.
func (r *run) isActing(i int, m *valuation, e *env) bool {
	line := &r.book.RedLines[i]
	blind := r.repairedOn(line, m.day)
	if line.AtCycle {
		if e.collect {
			line.When.Holds(m.day, e) // so that a fact is told that is missing for it
		}
		return r.trackers[i].heldWithin(max(m.period.First, r.start, blind+1), m.day)
	}
	if len(line.Repairs) == 0 {
		return line.When.Holds(m.day, e)
	}
	e.blind = blind
	defer func() { e.blind = 0 }()
	return m.day > blind && line.When.Holds(m.day, e)
}

// gradeOf returns the first row of 等次 whose condition holds, −1 for none.
func (r *run) gradeOf(m *valuation, e *env) int {
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
func (r *run) boundGrade(m *valuation, grade int) int {
	if grade < 0 {
		return grade
	}
	set, bound := r.redGrades(m)
	if set >= 0 {
		grade = set
	}
	return max(grade, bound)
}

// redGrades returns the worst grade that acting red lines set and the worst
// best they allow, −1 for none.
func (r *run) redGrades(m *valuation) (set, bound int) {
	set, bound = -1, -1
	for i := range r.book.RedLines {
		if m.red.has(i) {
			set, bound = max(set, r.book.RedLines[i].Grade), max(bound, r.book.RedLines[i].MaxGrade)
		}
	}
	return set, bound
}

package scoring

import (
	"cmp"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// rollUp settles a block by its parts (每, 取): those that have begun and hold a
// scored day.
func (r *run) rollUp(m *valuation, b int) {
	list := r.partsOf(m, b)
	var sum domain.Points
	for _, p := range list {
		sum += p.value(m.judged)
	}
	combined := r.combine(list, b, m.judged)
	m.values[b] = combined
	m.added, m.deducted = m.added+countEntries(list, true), m.deducted+countEntries(list, false)
	for k := range r.book.Blocks { // what lies below shows as it stands in the last part
		if r.book.Blocks[k].Under == b && k != b && len(list) > 0 {
			m.values[k] = list[len(list)-1].values[k]
		}
	}
	if parent := r.book.Blocks[b].Parent; parent >= 0 {
		m.children[parent] += combined
	}
	if m.breakdowns != nil {
		m.breakdowns[b] = breakdown{redLine: -1, rolled: combined - sum}
	}
}

func countEntries(list []*valuation, plus bool) (n int) {
	for _, p := range list {
		if plus {
			n += p.added
		} else {
			n += p.deducted
		}
	}
	return n
}

// value returns what a part comes to, with or without red lines.
func (m *valuation) value(judged bool) domain.Points {
	if judged {
		return m.values[m.root]
	}
	return m.plain
}

// combine makes one value of the parts.
func (r *run) combine(list []*valuation, b int, judged bool) domain.Points {
	take := r.book.Blocks[b].Parts
	list = r.includedParts(list, b, judged)
	values := make([]domain.Points, len(list))
	for i, p := range list {
		values[i] = p.value(judged)
	}
	switch take.Take {
	case ruleset.Last:
		if len(values) == 0 {
			return 0
		}
		return values[len(values)-1]
	case ruleset.Best:
		slices.SortFunc(values, func(a, b domain.Points) int { return cmp.Compare(b, a) })
		values = values[:min(take.Best, len(values))]
	case ruleset.Mean, ruleset.Sum:
	}
	var sum domain.Points
	for _, v := range values {
		sum += v
	}
	if take.Take == ruleset.Sum {
		return sum
	}
	mean, ok := formula.Hundredths(int64(sum)).Quo(formula.Int(int64(len(values))))
	if !ok {
		return 0
	}
	return domain.Points(mean.Round(r.book.Decimals, r.book.Rounding))
}

// partsOf returns the valuations of a block's parts up to a valuation's day, computed
// once for it.
func (r *run) partsOf(m *valuation, b int) []*valuation {
	if list, ok := m.rolled[b]; ok {
		return list
	}
	var list []*valuation
	every := r.book.Blocks[b].Parts.Every
	for w := every.Of(m.period.First); w.First <= m.day; w = w.Next() {
		if day := min(m.day, w.Last); r.scoredWithin(w.First, day) {
			at, root := r.partRun(b, day)
			list = append(list, at.partAt(root, w, day, m.breakdowns != nil))
		}
	}
	if m.rolled == nil {
		m.rolled = map[int][]*valuation{}
	}
	m.rolled[b] = list
	return list
}

// partRun returns the run by whose text a part that ends on a day is settled,
// and what its text calls the block: the text of that day, if it has the block
// and settles it by the same parts.
func (r *run) partRun(b int, day calendar.Day) (at *run, root int) {
	if at = r.runAt(day); at == r {
		return r, b
	}
	root = r.texts.between(r.k, at.k).blocks[b]
	if root < 0 || at.book.Blocks[root].Parts == nil || at.book.Blocks[root].Parts.Every != r.book.Blocks[b].Parts.Every {
		return r, b
	}
	return at, root
}

// partAt settles one part of a block.
func (r *run) partAt(b int, w calendar.Period, day calendar.Day, explain bool) *valuation {
	m := &valuation{run: r, period: w, day: day, root: b, scored: true, grade: -1, bare: -1}
	seg := r.segmentAt(day)
	r.setCategories(m, seg)
	if explain {
		m.breakdowns = make([]breakdown, len(r.book.Blocks))
	}
	e := r.prepare(m, seg)
	defer e.release()
	r.settleBlocks(m, e)
	m.plain, m.recorded = m.values[b], r.recordedIn(m)
	e.category = m.category // of the part's last day, as on the cycle
	if r.judgeRedLines(m, e); m.struck {
		e.category = m.start
		r.settleBlocks(m, e)
	}
	return m
}

// partValue returns the value of a block on the valuation's day as an alert reads
// it that is judged by the same parts: that part's own.
func (m *valuation) partValue(e *env, b int) (formula.Number, bool) {
	u := e.run.book.Blocks[b].Under
	if u < 0 || e.run.book.Blocks[u].Parts.Every != e.part {
		return formula.Hundredths(int64(m.values[b])), m.scored
	}
	list := e.run.partsOf(m, u)
	if len(list) == 0 || !list[len(list)-1].period.Contains(m.day) ||
		e.run.exclusionOf(list[len(list)-1], u, true) == nothingRecorded {
		return formula.Number{}, false
	}
	last := list[len(list)-1]
	if last.run != e.run {
		if b = e.run.texts.between(e.run.k, last.run.k).blocks[b]; b < 0 {
			return formula.Number{}, false
		}
	}
	return formula.Hundredths(int64(last.values[b])), true
}

// scoredWithin reports whether the member was scored on some day of a stretch.
func (r *run) scoredWithin(from, to calendar.Day) bool {
	for i := len(r.segments) - 1; i >= 0; i-- {
		s := &r.segments[i]
		if s.from > to {
			continue
		}
		if s.scored {
			return true
		}
		if s.from <= from {
			return false
		}
	}
	return false
}

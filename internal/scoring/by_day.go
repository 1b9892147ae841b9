package scoring

import (
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
)

// clampValue resolves 起点, 上限 or 下限: on the valuation's day by its category,
// or, under 起点按: 天数, as the mean over the scored days so far.
func (r *run) clampValue(v *ruleset.Value[domain.Points], m *valuation, e *env) (value domain.Points, clause int,
	ok bool) {
	if r.book.Cycle.StartBy != ruleset.ByDays || !v.Set() {
		return v.At(m.day, e)
	}
	return r.meanByDays(m, e, func() (formula.Number, int, bool) {
		one, clause, ok := v.At(m.day, e)
		return formula.Hundredths(int64(one)), clause, ok
	})
}

// formulaValue resolves 公式 as clampValue does.
func (r *run) formulaValue(v *ruleset.Value[*formula.Formula], m *valuation, e *env) (value domain.Points, clause int,
	ok bool) {
	if !v.Set() {
		return 0, 0, false
	}
	at := func() (formula.Number, int, bool) {
		f, clause, ok := v.At(m.day, e)
		if !ok {
			return formula.Number{}, 0, false
		}
		n, ok := f.Eval(e)
		return n, clause, ok
	}
	if r.book.Cycle.StartBy == ruleset.ByDays {
		return r.meanByDays(m, e, at)
	}
	n, clause, ok := at()
	return domain.Points(n.Round(r.book.Decimals, r.book.Rounding)), clause, ok
}

// meanByDays returns the mean of what a value is by each category over the
// scored days so far, rounded.
func (r *run) meanByDays(m *valuation, e *env, at func() (formula.Number, int, bool)) (value domain.Points, clause int,
	ok bool) {
	sum, days := formula.Number{}, int64(0)
	was := e.category
	defer func() { e.category = was }()
	for i := range r.segments {
		s := &r.segments[i]
		from, to := r.clipSegment(i, m.period.First, m.day)
		if !s.scored || from > to {
			continue
		}
		e.category = s.category
		one, c, has := at()
		if !has {
			return 0, 0, false
		}
		n := int64(to - from + 1)
		sum, days, clause, ok = sum.Add(one.Mul(formula.Int(n))), days+n, c, true
	}
	if mean, isNumber := sum.Quo(formula.Int(days)); isNumber {
		value = domain.Points(mean.Round(r.book.Decimals, r.book.Rounding))
	}
	return value, clause, ok
}

// clipSegment returns which days of a stretch lie in a segment; from is after to
// where none do.
func (r *run) clipSegment(segment int, first, last calendar.Day) (from, to calendar.Day) {
	from, to = max(r.segments[segment].from, first), last
	if segment+1 < len(r.segments) {
		to = min(to, r.segments[segment+1].from-1)
	}
	return from, to
}

// prorate cuts the start for the months or days of the period on which the
// member has not been scored (折算). What lies ahead counts as scored; days
// before the scheme began are nobody's.
func (r *run) prorate(p *breakdown, block *ruleset.Block, m *valuation) {
	if block.Prorate == calendar.NoUnit || !p.hasStart {
		return
	}
	first := max(m.period.First, r.start)
	scored, of := 0, 0
	if block.Prorate == calendar.Month {
		for w := calendar.Month.Of(first); w.First <= m.period.Last; w = w.Next() {
			of++
			if w.First > m.day || r.scoredWithin(max(w.First, first), min(w.Last, m.day)) {
				scored++
			}
		}
	} else {
		of = int(m.period.Last-first) + 1
		scored = of
		for i := range r.segments {
			if from, to := r.clipSegment(i, first, m.day); from <= to && !r.segments[i].scored {
				scored -= int(to-from) + 1
			}
		}
	}
	if scored == of {
		return
	}
	p.whole, p.scored, p.of = p.start, scored, of
	share, _ := formula.Int(int64(scored)).Quo(formula.Int(int64(of)))
	p.start = domain.Points(formula.Hundredths(int64(p.start)).Mul(share).Round(r.book.Decimals, r.book.Rounding))
}

// prorateNote describes how 折算 cut a start: 80 × 6 ÷ 12 个月.
func prorateNote(p *breakdown, block *ruleset.Block) string {
	if p.of == 0 {
		return ""
	}
	unit := "天"
	if block.Prorate == calendar.Month {
		unit = "个月"
	}
	return "折算：" + p.whole.String() + " × " + strconv.Itoa(p.scored) + " ÷ " + strconv.Itoa(p.of) + " " + unit
}

// joinNotes joins what is said of one line.
func joinNotes(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "；" + b
}

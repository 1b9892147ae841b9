package ruleset

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/yamldoc"
)

// row is one row of a first-match table, as far as its order is concerned.
type row struct {
	name string
	at   *yamldoc.Node // where it is told about
	when Cond
	some bool // takes only some of those who fulfil it (占)
}

// isElse reports whether a row is 其余.
func (r *row) isElse() bool { return r.when.v.face == plain && r.when.v.plain == nil }

// coverage is the result of going through the space of a table.
type coverage struct {
	whole bool   // every point was looked at, and every row could be judged
	gap   string // a situation that no row takes; "" if none was found
	dead  []unreachableRow
}

// unreachableRow is a row that provably nobody comes to: who fulfils it was taken by
// others before. Where there are no others, nobody can fulfil it.
type unreachableRow struct {
	row int
	by  []int
}

// rowState holds what is known of one row so far.
type rowState struct {
	tangled bool // its numbers are compared in ways that the probes do not meet
	reached bool
	effort  int
	by      []int // rows that took who fulfils it
}

// cover goes through the space of a first-match table.
func (s *scope) cover(rows []row) coverage {
	var all reading
	state := make([]rowState, len(rows))
	for i := range rows {
		var own reading
		rows[i].when.read(&own)
		rows[i].when.read(&all)
		state[i] = rowState{tangled: own.tangled, effort: rows[i].when.cost()}
	}
	p := s.space(&all, maxPoints)
	if p == nil {
		return s.coverPairs(rows, state)
	}
	return s.l.coverAllPoints(p, rows, state)
}

// coverAllPoints judges every row at every point. A tangled row may hold anywhere
// and need not hold anywhere: it is no help to those that want every situation
// taken, and is never called dead for what it says itself.
func (l *loader) coverAllPoints(p *space, rows []row, state []rowState) coverage {
	out := coverage{whole: true}
	left, gapless := len(rows), len(rows) > 0 && rows[len(rows)-1].isElse()
	p.each(func() bool {
		taken := -1
		for i := range rows {
			st := &state[i]
			if taken >= 0 && st.reached {
				continue
			}
			l.effort += st.effort
			if !st.tangled && !rows[i].when.Holds(p.today(), p) {
				continue
			}
			switch {
			case taken >= 0:
				if !slices.Contains(st.by, taken) {
					st.by = append(st.by, taken)
				}
			case !st.reached:
				st.reached = true
				left--
			}
			if taken < 0 && !st.tangled && !rows[i].some {
				taken = i
			}
		}
		if taken < 0 && out.gap == "" {
			out.gap = p.String()
		}
		if l.effort > maxEffort {
			out.whole = false
		}
		return out.whole && (left > 0 || (!gapless && out.gap == ""))
	})
	if !out.whole {
		return out
	}
	for i := range state {
		if !state[i].reached {
			out.dead = append(out.dead, unreachableRow{i, state[i].by})
		}
		out.whole = out.whole && !state[i].tangled
	}
	return out
}

// coverPairs is for a table whose space is too large: it holds each row
// against each one above. What one row alone covers is dead all the same.
func (s *scope) coverPairs(rows []row, state []rowState) coverage {
	const mostPairs = 1000
	var out coverage
	pairs := 0
	for i := range rows {
		for k := -1; k < i && pairs < mostPairs && s.l.effort <= maxEffort; k++ { // −1: the row by itself
			if state[i].tangled || (k >= 0 && (state[k].tangled || rows[k].some)) {
				continue
			}
			pairs++
			var r reading
			rows[i].when.read(&r)
			list := rows[i : i+1]
			own := []rowState{state[i]}
			if k >= 0 {
				rows[k].when.read(&r)
				list, own = []row{rows[k], rows[i]}, []rowState{state[k], state[i]}
			}
			p := s.space(&r, maxPoints/10)
			if p == nil {
				continue
			}
			found := s.l.coverAllPoints(p, list, own)
			if d := len(found.dead) - 1; d >= 0 && found.dead[d].row == len(list)-1 {
				by := []int(nil)
				if k >= 0 {
					by = []int{k}
				}
				out.dead = append(out.dead, unreachableRow{i, by})
				break
			}
		}
	}
	return out
}

// requireTotal holds a table whose last row is not 其余 to taking everybody.
func (s *scope) requireTotal(rows []row, what, why string) {
	var all reading
	for i := range rows {
		rows[i].when.read(&all)
	}
	if len(rows) == 0 || !s.sound(&all) {
		return
	}
	last := rows[len(rows)-1].at
	found := s.cover(rows)
	switch {
	case found.whole && found.gap == "":
	case found.gap != "" && found.whole:
		s.warnOpen(&ladder{what: what, lines: rows, graded: what == "等次"}, last, found.gap, what+"不全",
			"补上这一种情况，或最后另加一行 其余，"+why)
	default:
		s.l.fail(last, what+"的末行必须是“其余”", "证明不了各行合起来包括所有情况；最后另加一行 其余，"+why)
	}
}

// warnUnreachable warns, once the file is read, of rows that nobody
// comes to, but for those that something else leads to.
func (s *scope) warnUnreachable(rows []row, what string, elsewhere func(i int) bool) {
	s.l.later = append(s.l.later, func() {
		if s.l.effort > maxEffort {
			return
		}
		for _, d := range s.cover(rows).dead {
			if elsewhere != nil && elsewhere(d.row) {
				continue
			}
			r := &rows[d.row]
			name := what + "“" + r.name + "”"
			switch {
			case r.isElse():
				s.l.warn(r.at, name+"永远轮不到：前面各行已经包括所有情况", "删去这一行；前面哪一行写宽了，就改那一行")
			case len(d.by) == 0:
				s.l.warn(r.at, name+"永远轮不到：没有人能符合它的条件", "检查条件里的数和选项；确实不要就删去这一行")
			default:
				var by []string
				slices.Sort(d.by)
				for _, k := range d.by {
					by = append(by, "“"+rows[k].name+"”")
				}
				s.l.warn(r.at, name+"永远轮不到：符合它的都先归了"+strings.Join(by, "、"), "把它移到前面，或改条件；确实不要就删去这一行")
			}
		}
	})
}

// fallsThrough reports whether, at a point, a value comes to cases of which none fits.
func (v *Value[T]) fallsThrough(day calendar.Day, env Env) bool {
	for v != nil {
		switch v.face {
		case byDate:
			v = v.onDay(day)
		case byCase:
			if v = v.matchingCase(env); v == nil {
				return true
			}
		case absent, plain:
			return false
		}
	}
	return false
}

// gapOf looks for a situation in which no case of a value fits; "" with proven
// means that there is none.
func gapOf[T any](s *scope, v *Value[T]) (gap string, proven bool) {
	var r reading
	v.read(&r)
	p := s.space(&r, maxPoints)
	if p == nil || r.tangled {
		return "", false
	}
	effort := v.cost()
	p.each(func() bool {
		if v.fallsThrough(p.today(), p) {
			gap = p.String()
		}
		s.l.effort += effort
		return gap == "" && s.l.effort <= maxEffort
	})
	return gap, gap != "" || s.l.effort <= maxEffort
}

// warnUncovered warns, once the file is read, of a value that some
// people would be without.
func warnUncovered[T any](s *scope, v *Value[T], n *yamldoc.Node, what string) {
	if v.face == plain || v.face == absent {
		return
	}
	s.l.later = append(s.l.later, func() {
		if s.l.mistaken(n) {
			return
		}
		if gap, _ := gapOf(s, v); gap != "" {
			s.l.warn(n, what+"不是人人都有：例如 "+gap+" 的党员没有", "最后加一行 其余: …")
		}
	})
}

package ruleset

import (
	"regexp"
	"slices"
	"strings"

	"jifen/internal/formula"
)

// checkMeasured warns of a ladder by a computed number, such as a share: of a line
// that those in front of it cover, and of a hole between two lines that falls
// to 其余.
func (s *scope) checkMeasured(d *ladder, r *reading) {
	rest := d.elseLine()
	if rest < 2 {
		return
	}
	sources := make([]string, rest)
	for i := range sources {
		v := &d.lines[i].when.v
		if v.face != plain || v.plain == nil || d.lines[i].some {
			return
		}
		sources[i] = v.plain.Source
	}
	m, ok := formula.MeasureOf(sources)
	if !ok {
		return
	}
	points := between(m.Cuts, s.stepOf(&m, r))
	taken := make([]int, len(points))
	covers := make([][]int, rest) // for each line, those that take what it would
	for k, p := range points {
		taken[k] = rest
		for i, holds := range m.Holds {
			switch {
			case !holds(p):
			case taken[k] == rest:
				taken[k] = i
			case !slices.Contains(covers[i], taken[k]):
				covers[i] = append(covers[i], taken[k])
			}
		}
	}
	for i := range rest {
		if !slices.Contains(taken, i) && len(covers[i]) > 0 {
			var by []string
			for _, k := range covers[i] {
				by = append(by, "“"+d.lines[k].name+"”")
			}
			s.l.warn(d.lines[i].at, d.what+"“"+d.lines[i].name+"”永远轮不到：符合它的都先归了"+strings.Join(by, "、"), "把它移到前面，或改条件；确实不要就删去这一行")
		}
	}
	for _, h := range gaps(points, taken, rest) {
		s.warnGap(d, &m, points, taken, h)
	}
}

// between returns every cut, one number between each two neighbours if there is
// any, and one beyond either end. step is of what the numbers are multiples, 0
// for any number.
func between(cuts []formula.Number, step formula.Number) []formula.Number {
	one := formula.Int(1)
	out := []formula.Number{cuts[0].Sub(one)}
	for i, c := range cuts {
		if i > 0 {
			middle, _ := cuts[i-1].Add(c).Quo(formula.Int(2))
			if step.Sign() > 0 {
				n, _ := middle.Quo(step)
				if middle = n.Trunc().Mul(step); middle.Cmp(cuts[i-1]) <= 0 {
					middle = middle.Add(step)
				}
			}
			if middle.Cmp(c) < 0 {
				out = append(out, middle)
			}
		}
		out = append(out, c)
	}
	return append(out, cuts[len(cuts)-1].Add(one))
}

// stepOf returns of what a computed number is always a multiple; 0 for nothing.
func (s *scope) stepOf(m *formula.Measure, r *reading) formula.Number {
	switch {
	case m.Whole:
		return formula.Int(1)
	case !m.Exact:
		return formula.Int(0)
	}
	step := int64(100)
	for _, slot := range r.slots {
		kind, i := Slot(slot)
		g, points := s.grid(kind, i)
		switch {
		case points:
			step = min(step, g.step)
		case kind == SlotCounter && s.l.book.Counters[i].Field < 0, kind == SlotAlert, kind == SlotDate, kind == SlotLate:
		default:
			step = 1
		}
	}
	return formula.Hundredths(step)
}

// gaps returns the stretches of 其余 that lie between two lines: the first and
// the last point of each. Where 其余 has neither end, its widest stretch of 1
// or more is what it is for.
func gaps(points []formula.Number, taken []int, rest int) (out [][2]int) {
	ends, widest := false, -1
	width := func(g [2]int) formula.Number { return points[g[1]+1].Sub(points[g[0]-1]) }
	for i := 0; i < len(points); i++ {
		if taken[i] != rest {
			continue
		}
		last := i
		for last+1 < len(points) && taken[last+1] == rest {
			last++
		}
		if i == 0 || last == len(points)-1 {
			ends = true
		} else {
			out = append(out, [2]int{i, last})
			if n := len(out) - 1; widest < 0 || width(out[n]).Cmp(width(out[widest])) > 0 {
				widest = n
			}
		}
		i = last
	}
	if !ends && widest >= 0 && width(out[widest]).Cmp(formula.Int(1)) > 0 {
		out = slices.Delete(out, widest, widest+1)
	}
	return out
}

// warnGap warns of a stretch that falls to 其余 between two lines.
func (s *scope) warnGap(d *ladder, m *formula.Measure, points []formula.Number, taken []int, g [2]int) {
	below, above := &d.lines[taken[g[0]-1]], &d.lines[taken[g[1]+1]]
	if strings.Contains(below.when.v.plain.Source+above.when.v.plain.Source, "==") {
		return // single numbers are named, so others like them are meant to fall
	}
	inside := points[g[0]]
	if g[1] > g[0] && g[1]-g[0] < 3 { // a cut of its own may stand at either side
		inside = points[(g[0]+g[1])/2]
	}
	rest := "“" + d.lines[d.elseLine()].name + "”"
	if !d.graded {
		rest = "其余"
	}
	s.l.warn(below.at, d.what+"“"+below.name+"”和“"+above.name+"”中间有缺口："+m.Text+" 得 "+inside.String()+" 时落到"+rest,
		joinedLine(below, points[g[0]-1], points[g[1]+1]))
}

// joinedLine writes the lower of two lines anew so that it ends where the upper one
// begins.
func joinedLine(below *row, last, next formula.Number) string {
	text := below.when.v.plain.Source
	upper := regexp.MustCompile(`(?:<=|<)\s*` + regexp.QuoteMeta(last.String()) + `(?:[^0-9.]|$)`)
	if found := upper.FindAllString(text, -1); len(found) == 1 {
		tail := found[0][strings.Index(found[0], last.String())+len(last.String()):]
		return "把“" + text + "”写成：" + strings.Replace(text, found[0], "< "+next.String()+tail, 1)
	}
	return "改“" + below.name + "”这一行的条件，让它和旁边的一行接上"
}

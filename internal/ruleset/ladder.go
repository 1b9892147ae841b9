package ruleset

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// ladder is a first-match table by conditions, looked at along the numbers that
// its lines compare: from a smaller number to a greater one it should go one
// way, and what no line names should not lie between two lines that do.
type ladder struct {
	what   string
	lines  []row
	worth  []formula.Number // what each line gives; nil where that is no number
	graded bool             // best line first, by 总分
}

// elseLine returns the index of 其余, −1 where the ladder has none.
func (d *ladder) elseLine() int {
	if last := len(d.lines) - 1; last >= 0 && d.lines[last].isElse() {
		return last
	}
	return -1
}

// hole is a stretch of a number at which a ladder falls lower than it should.
type hole struct {
	slot         int
	from, to     int64 // the first and the last number in it, in hundredths
	step         int64 // from one number to the next
	end          bool  // nothing lies above it
	below, above int   // the lines beside it; −1 for none
	into         int   // the line it falls to; −1 for none
	lower, upper string
	day          calendar.Day // from which it is there; 0 where no day matters
}

// step is the line that a ladder takes at one number.
type step struct {
	at    int // which probe
	taken int // which line; −1 for none
}

// The most holes and inversions that are told of one ladder.
const mostHoles = 20

// walk calls f with the line along every number axis of a space, for every
// situation of the other axes, until the purse is empty; it reports whether it
// came to the end.
func (s *scope) walk(p *space, lines []row, f func(axis int, steps []step)) bool {
	effort := probeEffort
	for i := range lines {
		effort += lines[i].when.cost()
	}
	for k := range p.axes {
		order := p.ascending(k)
		if len(order) < 2 {
			continue
		}
		steps := make([]step, len(order))
		size := len(p.axes[k].probes)
		whole := p.axes[k].probes
		p.axes[k].probes = whole[:1] // so that each keeps to the other axes
		p.each(func() bool {
			p.axes[k].probes = whole
			for i, at := range order {
				p.at[k] = at
				steps[i] = step{at, first(p, lines)}
			}
			p.at[k] = 0
			f(k, steps)
			p.axes[k].probes = whole[:1]
			s.l.effort += effort * size
			return s.l.effort <= maxEffort
		})
		p.axes[k].probes = whole
		if s.l.effort > maxEffort {
			return false
		}
	}
	return true
}

// ascending returns the probes of an axis that are numbers, in order; none for
// what is no number.
func (p *space) ascending(k int) []int {
	a := &p.axes[k]
	if !a.numeric {
		return nil
	}
	var out []int
	for i := range a.probes {
		if !a.probes[i].unknown {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(x, y int) int { return a.probes[x].number.Cmp(a.probes[y].number) })
	return out
}

// first returns the line that takes a point, −1 for none. A line that takes
// only some of those who fulfil it (占) takes nobody here.
func first(p *space, lines []row) int {
	for i := range lines {
		if !lines[i].some && lines[i].when.Holds(p.today(), p) {
			return i
		}
	}
	return -1
}

// holes finds the holes of a ladder, each once.
func (s *scope) holes(p *space, d *ladder) []hole {
	var out []hole
	total := SlotBlock | s.l.book.Total()
	s.walk(p, d.lines, func(k int, steps []step) {
		along := d.graded && p.axes[k].slot == total
		if kind, _ := Slot(p.axes[k].slot); d.graded && !along && kind != SlotBlock {
			return
		}
		found := innerElseRanges
		if along {
			found = descendingRanges
		}
		for _, f := range found(p, k, d, steps) {
			h := s.hole(p, k, d, steps, f[0], f[1])
			if !along && h.into >= 0 && s.single(&h) {
				continue
			}
			again := slices.ContainsFunc(out, func(o hole) bool { o.day = h.day; return o == h })
			if len(out) < mostHoles && !again {
				out = append(out, h)
			}
		}
	})
	slices.SortStableFunc(out, func(a, b hole) int { return cmp.Compare(b.from, a.from) })
	return out
}

// descendingRanges returns the stretches at which a greater number gets a lower line
// than a smaller one did.
func descendingRanges(_ *space, _ int, d *ladder, steps []step) (out [][2]int) {
	depth := func(taken int) int {
		if taken < 0 {
			return len(d.lines)
		}
		return taken
	}
	best := depth(steps[0].taken)
	for i := 1; i < len(steps); i++ {
		here := depth(steps[i].taken)
		if here <= best {
			best = here
			continue
		}
		last := i
		for last+1 < len(steps) && steps[last+1].taken == steps[i].taken {
			last++
		}
		out = append(out, [2]int{i, last})
		i = last
	}
	return out
}

// innerElseRanges returns the stretches of 其余 (or of no line) that lie between two
// lines and were not meant: others lie at an end, or they are narrower than 1,
// or than another one between two lines.
func innerElseRanges(p *space, k int, d *ladder, steps []step) [][2]int {
	rest := d.elseLine()
	var between [][2]int
	ends, widest := 0, int64(0)
	for i := 0; i < len(steps); i++ {
		if steps[i].taken != rest {
			continue
		}
		last := i
		for last+1 < len(steps) && steps[last+1].taken == rest {
			last++
		}
		if i == 0 || last == len(steps)-1 {
			ends++
		} else {
			between = append(between, [2]int{i, last})
			widest = max(widest, p.height(k, steps[last].at)-p.height(k, steps[i].at))
		}
		i = last
	}
	if rest < 0 {
		return between
	}
	return slices.DeleteFunc(between, func(b [2]int) bool {
		width := p.height(k, steps[b[1]].at) - p.height(k, steps[b[0]].at)
		return ends == 0 && width >= 100 && width == widest
	})
}

// height returns a probe's number in hundredths.
func (p *space) height(k, at int) int64 { return p.axes[k].probes[at].number.Round(2, formula.Down) }

// hole tells of the stretch between two steps.
func (s *scope) hole(p *space, k int, d *ladder, steps []step, from, to int) hole {
	h := hole{
		slot: p.axes[k].slot, from: p.height(k, steps[from].at), to: p.height(k, steps[to].at), end: to == len(steps)-1,
		below: -1, above: -1, into: steps[from].taken, step: 1,
	}
	if p.day > 0 {
		h.day = p.today()
	}
	if from > 0 {
		h.step = h.from - p.height(k, steps[from-1].at)
		beside := from - 1
		for i := beside; d.graded && i >= 0; i-- { // the line that is better than this one, however far below
			if t := steps[i].taken; t >= 0 && (h.into < 0 || t < h.into) {
				beside = i
				break
			}
		}
		h.below = steps[beside].taken
		p.at[k] = steps[beside].at
		h.lower = source(p, d, h.below)
	}
	if !h.end {
		h.above = steps[to+1].taken
		p.at[k] = steps[to+1].at
		h.upper = source(p, d, h.above)
	}
	p.at[k] = 0
	return h
}

// single reports whether a line beside a hole names one number and not a band:
// then others like it are meant.
func (s *scope) single(h *hole) bool {
	equal := s.equalities(h.slot)
	return equal.MatchString(h.lower) || equal.MatchString(h.upper)
}

// equalities finds where a condition asks for one number.
func (s *scope) equalities(slot int) *regexp.Regexp {
	names := s.numberPattern(slot)
	return regexp.MustCompile(`(?:` + names + `)\s*==|==\s*(?:` + names + `)`)
}

// source returns the text of a line's condition at a point.
func source(p *space, d *ladder, line int) string {
	if line < 0 {
		return ""
	}
	if c, _, ok := d.lines[line].when.v.At(p.today(), p); ok && c != nil {
		return c.Source
	}
	return ""
}

// checkLadder warns, once the file is found to be right, of a ladder in which a hole
// falls to 其余, a line is shadowed, or a greater number gives less than a
// smaller one and more than a smaller one still.
func (s *scope) checkLadder(d *ladder) {
	s.l.later = append(s.l.later, func() {
		if s.l.effort > maxEffort {
			return
		}
		exact := *s
		exact.exact = true
		var r reading
		for i := range d.lines {
			d.lines[i].when.read(&r)
		}
		if !s.sound(&r) {
			return
		}
		if r.tangled {
			exact.checkMeasured(d, &r)
			return
		}
		p := exact.space(&r, maxPoints)
		if p == nil {
			return
		}
		found := exact.holes(p, d)
		for i := range found {
			if found[i].into >= 0 { // else an error has told of it
				exact.warnHole(d, &found[i])
			}
		}
		if len(found) == 0 && d.worth != nil {
			exact.checkTurns(p, d)
		}
	})
}

// warnOpen refuses a ladder that leaves somebody without a line: every hole between
// two lines with the line that mends it, and besides them gap, or the first
// situation like it.
func (s *scope) warnOpen(d *ladder, at *yamldoc.Node, gap, message, advice string) {
	var r reading
	for i := range d.lines {
		d.lines[i].when.read(&r)
	}
	p := s.space(&r, maxPoints)
	if p == nil || r.tangled {
		s.l.fail(at, message+"："+gap+" 时没有一行符合", advice)
		return
	}
	found := slices.DeleteFunc(s.holes(p, d), func(h hole) bool { return h.into >= 0 })
	for i := range found {
		h := &found[i]
		s.l.fail(h.line(d).at, message+"："+h.sinceText()+s.numberName(h.slot)+"＝"+h.rangeText()+"时没有一行符合", s.closedLine(d, h))
	}
	if len(found) > 0 {
		gap = s.uncoveredCase(p, d, found)
	}
	if gap != "" {
		s.l.fail(at, message+"："+gap+" 时没有一行符合", advice)
	}
}

// uncoveredCase returns a situation that no line takes and no hole tells of; "" for
// none.
func (s *scope) uncoveredCase(p *space, d *ladder, found []hole) (gap string) {
	effort := probeEffort
	for i := range d.lines {
		effort += d.lines[i].when.cost()
	}
	p.each(func() bool {
		inside := slices.ContainsFunc(found, func(h hole) bool {
			k := slices.IndexFunc(p.axes, func(a axis) bool { return a.slot == h.slot })
			probe := p.axes[k].probes[p.at[k]]
			n := probe.number.Round(2, formula.Down)
			return !probe.unknown && h.from <= n && n <= h.to
		})
		if !inside && first(p, d.lines) < 0 {
			gap = p.String()
		}
		s.l.effort += effort
		return gap == "" && s.l.effort <= maxEffort
	})
	return gap
}

// placeName returns what a place of the file is called: “值守”的分值.
func (s *scope) placeName() string {
	parts := strings.Split(s.path, ".")
	if len(parts) > 2 && slices.Contains([]string{"项目", "板块", "预警", "红线", "标杆"}, parts[0]) {
		return "“" + parts[1] + "”的" + parts[2]
	}
	return strings.Join(parts[:min(2, len(parts))], "的")
}

// numberOf returns what a plain value is as a number, if it is one.
func numberOf[T any](v *Value[T]) (formula.Number, bool) {
	if v.face != plain {
		return formula.Number{}, false
	}
	switch x := any(v.plain).(type) {
	case domain.Points:
		return formula.Hundredths(int64(x)), true
	case formula.Number:
		return x, true
	case Factor:
		return x.number, x.Formula == nil
	case Amount:
		return formula.Hundredths(int64(x.Points)), x.Kind == Fixed
	case Validity:
		if x.Forever {
			return formula.Int(1 << 40), true
		}
		return formula.Int(int64(x.Span.Months)*31 + int64(x.Span.Days)), !x.Cycle
	}
	return formula.Number{}, false
}

// ladderOf makes a ladder of the cases of a value, which stand in n.
func ladderOf[T any](what string, n *yamldoc.Node, v *Value[T]) *ladder {
	d := &ladder{what: what}
	nodes := slices.DeleteFunc(slices.Clone(n.Pairs), func(p yamldoc.Pair) bool { return p.Key.Text == "按" })
	for i := range v.cases {
		w := Cond{Plain(v.cases[i].when, -1)}
		d.lines = append(d.lines, row{name: nodes[i].Key.Text, at: nodes[i].Key, when: w})
		worth, ok := numberOf(&v.cases[i].value)
		if ok && len(d.worth) == i {
			d.worth = append(d.worth, worth)
		}
	}
	if len(d.worth) < len(d.lines) {
		d.worth = nil
	}
	return d
}

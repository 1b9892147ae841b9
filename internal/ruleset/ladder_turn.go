package ruleset

import "slices"

// checkTurns warns of a ladder whose numbers go up and down again along the only
// number that it compares.
func (s *scope) checkTurns(p *space, d *ladder) {
	along := -1
	for k := range p.axes {
		if kind, _ := Slot(p.axes[k].slot); len(p.ascending(k)) > 1 {
			if along >= 0 || kind == SlotAttribute {
				return // of persons: the young and the old may both have more
			}
			along = k
		}
	}
	if along < 0 || slices.ContainsFunc(d.lines,
		func(r row) bool { return s.equalities(p.axes[along].slot).MatchString(r.name) }) {
		return
	}
	told := false
	s.walk(p, d.lines, func(k int, steps []step) {
		if told || k != along {
			return
		}
		sorted := slices.Clone(steps)
		at, _ := slices.BinarySearchFunc(sorted, 0, func(st step, _ int) int { return p.axes[k].probes[st.at].number.Sign() })
		for _, side := range [][]step{sorted[:at], sorted[at:]} { // what deducts and what adds are each a ladder
			if a, b, c := d.findTurn(side); c >= 0 && !told {
				told = true
				s.warnTurn(p, k, d, side[a], side[b], side[c])
			}
		}
	})
}

// findTurn returns three steps of which the middle one gives more than both others,
// or less; −1 for none. 其余 at both ends is what lies outside of the bands.
func (d *ladder) findTurn(steps []step) (a, b, c int) {
	rest := d.elseLine()
	lo, hi := 0, len(steps)
	if hi > 0 && rest >= 0 && steps[0].taken == rest && steps[hi-1].taken == rest {
		for lo < hi && steps[lo].taken == rest {
			lo++
		}
		for hi > lo && steps[hi-1].taken == rest {
			hi--
		}
	}
	up, down := -1, -1 // the step before the latest rise and fall
	for i := lo + 1; i < hi; i++ {
		if steps[i].taken < 0 || steps[i-1].taken < 0 {
			return -1, -1, -1
		}
		switch d.worth[steps[i].taken].Cmp(d.worth[steps[i-1].taken]) {
		case 1:
			if down >= 0 {
				return down, i - 1, i
			}
			up = i - 1
		case -1:
			if up >= 0 {
				return up, i - 1, i
			}
			down = i - 1
		}
	}
	return -1, -1, -1
}

// warnTurn warns of a ladder that goes up and down again.
func (s *scope) warnTurn(p *space, k int, d *ladder, a, b, c step) {
	say := func(st step) string { return p.axes[k].probes[st.at].text + " 得 " + d.worth[st.taken].String() }
	s.l.warn(d.lines[b.taken].at, d.what+"不是一路升或一路降："+p.axes[k].name+" "+say(a)+"，"+say(b)+"，"+say(c),
		"看看这几行的数和先后；确是有意的，可以不管")
}

package ruleset

import (
	"cmp"
	"slices"

	"jifen/internal/domain"
	"jifen/internal/formula"
)

// grid holds the values of a numeric slot: multiples of step from lo to hi, in
// hundredths.
type grid struct{ step, lo, hi int64 }

// unbounded is further than any number a rule file may name.
const unbounded = 1_000_000_000_000

// axis returns what a slot may be, cut at the numbers that it is compared with.
func (s *scope) axis(slot int, cuts []formula.Number) axis {
	b := s.l.book
	kind, i := Slot(slot)
	out := axis{slot: slot, name: s.slotName(kind, i), numeric: true}
	if g, ok := s.grid(kind, i); ok && s.exact {
		out.probes = g.probes(cuts)
		if kind == SlotPrevBlock {
			out.probes = append(out.probes, missingProbe())
		}
		return out
	}
	switch kind {
	case SlotAttribute:
		a := &b.Attributes[i]
		out.numeric = a.Type != YesNo && a.Type != Options
		out.probes = attributeProbes(a, cuts)
		if a.Type != YesNo && !a.BuiltIn {
			out.probes = append(out.probes, missingProbe())
		}
	case SlotField:
		out.numeric = s.fields[i].Type != YesNo && s.fields[i].Type != Options
		out.probes = attributeProbes(&s.fields[i], cuts)
	case SlotCategory:
		out.numeric, out.probes = false, optionProbes(s.l.categoryCodes())
	case SlotHas, SlotRedLine:
		out.numeric, out.probes = false, flagProbes()
	case SlotGrade, SlotPrevGrade:
		out.numeric, out.probes = false, append(optionProbes(b.GradeNames), missingProbe())
	case SlotPrevBlock:
		out.probes = append(grid{1, -unbounded, unbounded}.probes(cuts), missingProbe())
	case SlotPlace:
		out.probes = append(grid{100, 100, unbounded}.probes(cuts), missingProbe())
	case SlotBlock:
		lo, hi := s.l.clampRange(i)
		out.probes = grid{int64(b.Grain()), lo, hi}.probes(cuts)
	case SlotAdded, SlotDeducted:
		out.probes = grid{100, 0, unbounded}.probes(cuts)
	case SlotCounter:
		g := grid{100, 0, unbounded}
		if c := b.Counters[i]; c.Field >= 0 {
			g = grid{1, -unbounded, unbounded}
			if fields := b.Items[c.Item].Fields; c.Field < len(fields) && fields[c.Field].Lo >= 0 {
				g.lo = 0
			}
		}
		out.probes = g.probes(cuts)
	case SlotLate:
		out.probes = grid{100, 0, MaxLate * 100}.probes(cuts)
	case SlotPoints:
		out.probes = grid{1, -unbounded, unbounded}.probes(cuts)
	case SlotAlert:
		out.probes = grid{100, 0, unbounded}.probes(cuts)
	case SlotDate:
		out.numeric = false // no month is more than another
		out.probes = grid{100, 100, datesIn(i) * 100}.probes(cuts)
	}
	return out
}

func missingProbe() probe { return probe{unknown: true, flag: formula.Unknown, text: "不知道"} }

func flagProbes() []probe {
	return []probe{{flag: formula.False, text: "否"}, {flag: formula.True, text: "是"}}
}

func optionProbes(options []string) []probe {
	out := make([]probe, 0, len(options)+1)
	for i, o := range options {
		out = append(out, probe{option: i, text: o})
	}
	return out
}

func attributeProbes(a *Attribute, cuts []formula.Number) []probe {
	switch a.Type {
	case YesNo:
		return flagProbes()
	case Options:
		return optionProbes(a.Options)
	case Decimal:
		return grid{1, a.Lo, a.Hi}.probes(cuts)
	default: // whole years; a day may lie in the future
		return grid{100, -200_00, 200_00}.probes(cuts)
	}
}

// probes returns the least of the grid that meets every stretch between two
// neighbouring cuts, and every cut, that the grid meets at all.
func (g grid) probes(cuts []formula.Number) []probe {
	var at []int64
	for _, c := range cuts {
		f := g.floor(c)
		at = append(at, f, f+g.step)
		if formula.Hundredths(f).Cmp(c) == 0 {
			at = append(at, f-g.step)
		}
	}
	if g.lo > -unbounded {
		at = append(at, g.lo)
	}
	if g.hi < unbounded {
		at = append(at, g.hi)
	}
	at = slices.DeleteFunc(at, func(h int64) bool { return h < g.lo || h > g.hi })
	if len(at) == 0 {
		at = append(at, max(g.lo, min(0, g.hi)))
	}
	slices.SortFunc(at, nearZeroFirst)
	at = slices.Compact(at)
	out := make([]probe, 0, len(at)+1)
	for _, h := range at {
		out = append(out, probe{number: formula.Hundredths(h), text: domain.Points(h).String()})
	}
	return out
}

// nearZeroFirst puts what a person would think of before what he would not:
// numbers from 0 up, then those below.
func nearZeroFirst(a, b int64) int {
	if (a < 0) != (b < 0) {
		return cmp.Compare(b, a)
	}
	return cmp.Compare(max(a, -a), max(b, -b))
}

// floor returns the greatest number of the grid that is not above n.
func (g grid) floor(n formula.Number) int64 {
	h := n.Round(2, formula.Down)
	f := h - h%g.step
	for formula.Hundredths(f).Cmp(n) > 0 {
		f -= g.step
	}
	return f
}

package scoring

import (
	"jifen/internal/calendar"
	"jifen/internal/formula"
	"jifen/internal/rulebook"
)

// occurrences are the deductions of one item that happened and are still inside
// the window of its 重复, whatever they were weighed to.
type occurrences struct {
	live int
	ends []occurrence // a heap: whichever leaves the window first stands first
}

// occurrence is one of them: an outcome, and the first day on which the window
// no longer holds it.
type occurrence struct {
	until   calendar.Day
	outcome int32
}

// repeated weighs a deduction by how often it happened before (重复).
func (h *hand) repeated(o *outcome, rep *rulebook.Repeat, base formula.Number) formula.Number {
	n := h.earlier(o, rep) + 1
	o.nth = int32(n) //nolint:gosec // a member's entries are few
	return base.Mul(rep.Factor(n))
}

// earlier counts the occurrences that the window still holds on an entry's day.
// Days only ascend, so what has left it is dropped for good.
func (h *hand) earlier(o *outcome, rep *rulebook.Repeat) int {
	if h.repeats == nil {
		h.repeats = make([]occurrences, len(h.book.Items))
	}
	seen := &h.repeats[o.item]
	for len(seen.ends) > 0 && seen.ends[0].until <= o.day {
		gone := seen.pop()
		if h.holds(gone, rep) {
			seen.live--
		}
	}
	return seen.live
}

// holds reports whether an occurrence is one still: under 有效期, one that a
// higher entry ended has left before its day.
func (h *hand) holds(c occurrence, rep *rulebook.Repeat) bool {
	return !rep.Valid || h.outcomes[c.outcome].end == c.until
}

// occurs notes that a deduction happened. It is told of entries that are scored,
// applicable and not beaten, once it is known until when they are valid.
func (h *hand) occurs(o *outcome, rep *rulebook.Repeat) {
	until := o.end
	switch {
	case rep.Window != calendar.NoUnit:
		until = rep.Window.Of(o.day).Last + 1
	case !rep.Valid:
		until = rep.Within.After(o.day)
	}
	if until <= o.day {
		return
	}
	seen := &h.repeats[o.item]
	seen.live++
	seen.push(occurrence{until, int32(len(h.outcomes) - 1)}) //nolint:gosec // as above
}

// forget takes an entry that a higher one on the same matter ends out of what
// happened, where 重复 asks for what is valid. It is called before the entry's
// end is changed.
func (h *hand) forget(o *outcome) {
	rep := h.book.Items[o.item].Repeat
	if rep == nil || !rep.Valid || o.nth == 0 || h.repeats == nil {
		return
	}
	h.repeats[o.item].live--
}

func (s *occurrences) push(c occurrence) {
	s.ends = append(s.ends, c)
	for i := len(s.ends) - 1; i > 0; {
		up := (i - 1) / 2
		if s.ends[up].until <= s.ends[i].until {
			return
		}
		s.ends[up], s.ends[i] = s.ends[i], s.ends[up]
		i = up
	}
}

func (s *occurrences) pop() occurrence {
	first, last := s.ends[0], len(s.ends)-1
	s.ends[0] = s.ends[last]
	s.ends = s.ends[:last]
	for i := 0; ; {
		least := i
		for down := 2*i + 1; down <= 2*i+2 && down < last; down++ {
			if s.ends[down].until < s.ends[least].until {
				least = down
			}
		}
		if least == i {
			return first
		}
		s.ends[i], s.ends[least] = s.ends[least], s.ends[i]
		i = least
	}
}

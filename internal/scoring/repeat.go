package scoring

import (
	"jifen/internal/calendar"
	"jifen/internal/formula"
	"jifen/internal/ruleset"
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

// weighRepeated weighs a deduction by how often it happened before (重复). Entries on
// one matter are one occurrence, on the day of the one that holds it.
func (h *pass) weighRepeated(o *outcome, it *ruleset.Item, base formula.Number) formula.Number {
	n := h.countEarlier(o) + 1
	if at, ok := h.holderOf(o, it, false); ok && h.outcomes[at].item == o.item &&
		h.occurrenceUntil(&h.outcomes[at], it.Repeat) > o.day {
		n--
	}
	o.nth = int32(n) //nolint:gosec // a member's entries are few
	return base.Mul(it.Repeat.Factor(n))
}

// countEarlier counts the occurrences that the window still holds on an entry's day.
// Days only ascend, so what has left it is dropped for good.
func (h *pass) countEarlier(o *outcome) int {
	if h.repeats == nil {
		h.repeats = make([]occurrences, len(h.book.Items))
	}
	h.dropExpired(int(o.item), o.day)
	return h.repeats[o.item].live
}

// dropExpired drops what the window of an item no longer holds on a day.
func (h *pass) dropExpired(item int, day calendar.Day) {
	seen := &h.repeats[item]
	for len(seen.ends) > 0 && seen.ends[0].until <= day {
		if gone := seen.pop(); !h.outcomes[gone.outcome].overtaken {
			seen.live--
		}
	}
}

// occurrenceUntil returns the first day on which the window of 重复 no longer
// holds an entry.
func (h *pass) occurrenceUntil(o *outcome, rep *ruleset.Repeat) calendar.Day {
	switch {
	case rep.Window != calendar.NoUnit:
		return rep.Window.Of(o.day).Last + 1
	case rep.Valid:
		return o.until
	default:
		return rep.Within.After(o.day)
	}
}

// addOccurrence notes that a deduction happened. It is told of entries that are scored,
// applicable and not beaten, once it is known until when they are valid.
func (h *pass) addOccurrence(i int, rep *ruleset.Repeat) {
	o := &h.outcomes[i]
	if h.repeats == nil {
		h.repeats = make([]occurrences, len(h.book.Items))
	}
	seen := &h.repeats[o.item]
	seen.live++
	seen.push(occurrence{h.occurrenceUntil(o, rep), int32(i)}) //nolint:gosec // a member's entries are few
}

// removeOccurrence takes an entry that a higher one on the same matter ends on a day out
// of what happened. It is called before the entry is changed.
func (h *pass) removeOccurrence(o *outcome, day calendar.Day) {
	if o.item < 0 || o.nth == 0 || h.repeats == nil {
		return
	}
	h.dropExpired(int(o.item), day)
	if rep := h.book.Items[o.item].Repeat; rep != nil && h.occurrenceUntil(o, rep) > day {
		h.repeats[o.item].live--
	}
}

func (s *occurrences) push(c occurrence) {
	if s.ends == nil {
		s.ends = make([]occurrence, 0, 8)
	}
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

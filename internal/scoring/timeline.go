package scoring

import (
	"cmp"
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// segment is a stretch of days on which what is known of the member is the
// same: attributes, exemption, category.
type segment struct {
	from      calendar.Day
	known     []attribute
	category  int // −1 if no row holds
	exemption int // −1 if none
	scored    bool
	ranked    bool
}

// attribute is one attribute's value: a number in hundredths, an option's
// index, 1 or 0, or a day, by the attribute's type.
type attribute struct {
	known bool
	since calendar.Day // of the fact that says so; 0 for what holds of everybody
	value int64
}

// timeline cuts the days from start to the standing's day wherever anything
// may change. The first segment reaches back without end.
func (r *run) timeline() []segment {
	facts := r.record.Facts
	if byDay := func(a, b domain.Fact) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Attribute, b.Attribute),
			cmp.Compare(a.Value.Text, b.Value.Text), cmp.Compare(a.Value.Number, b.Value.Number))
	}; !slices.IsSortedFunc(facts, byDay) {
		facts = slices.Clone(facts)
		slices.SortFunc(facts, byDay)
	}
	var most [32]calendar.Day
	days := r.changeDays(facts, most[:0])
	segments := make([]segment, 0, len(days))
	width := len(r.book.Attributes)
	backing := make([]attribute, width*len(days))
	next := 0
	for i, day := range days {
		known := backing[i*width : (i+1)*width : (i+1)*width]
		if i > 0 {
			copy(known, segments[i-1].known)
		} else {
			setDefaults(known)
		}
		for ; next < len(facts) && facts[next].From <= day; next++ {
			r.setAttribute(known, &facts[next])
		}
		segments = append(segments, segment{from: day, known: known, category: -1, exemption: -1})
		r.complete(&segments[i])
	}
	return segments
}

// setDefaults sets what holds of every member unless something else is recorded: a
// full member, no disciplinary action, no exemption.
func setDefaults(known []attribute) {
	for _, i := range [...]int{ruleset.Membership, ruleset.Discipline, ruleset.Exempted} {
		known[i] = attribute{known: true}
	}
}

// changeDays appends the first days of the segments, ascending.
func (r *run) changeDays(facts []domain.Fact, days []calendar.Day) []calendar.Day {
	days = append(days, r.start)
	add := func(d calendar.Day) {
		if d > r.start && d <= r.day {
			days = append(days, d)
		}
	}
	add(r.record.Member.Joined)
	add(r.record.Member.Left)
	for _, a := range r.record.Member.Away {
		add(a.From)
		add(a.Back)
	}
	for i := range facts {
		add(facts[i].From)
	}
	for _, d := range r.book.Dates {
		add(d)
	}
	for k := range r.k + 1 {
		add(r.texts.list[k].first)
		for _, g := range r.texts.list[k].gaps {
			add(g.from)
			add(g.end)
		}
	}
	r.anniversaries(facts, r.start, r.day, add)
	slices.Sort(days)
	return slices.Compact(days)
}

// anniversaries calls add for every day in (from, to] on which a derived
// attribute grows by a year.
func (r *run) anniversaries(facts []domain.Fact, from, to calendar.Day, add func(calendar.Day)) {
	for i := range r.book.Attributes {
		source := sourceOf(r.book.Attributes[i].Type)
		if source < 0 {
			continue
		}
		for k := range facts {
			if facts[k].Attribute != r.book.Attributes[source].Name {
				continue
			}
			birth := calendar.Day(facts[k].Value.Number)
			for n := max(0, from.YearsSince(birth)); ; n++ {
				d := calendar.Anniversary(birth, n)
				if d > to {
					break
				}
				add(d)
			}
		}
	}
}

// sourceOf returns the built-in attribute that a derived one counts from, −1
// for one that is recorded.
func sourceOf(t ruleset.AttributeType) int {
	switch t {
	case ruleset.Age:
		return ruleset.Born
	case ruleset.Service:
		return ruleset.Confirmed
	default:
		return -1
	}
}

func (r *run) setAttribute(known []attribute, f *domain.Fact) {
	i := r.book.Attribute(f.Attribute)
	if i < 0 {
		return
	}
	a := &r.book.Attributes[i]
	if a.Type == ruleset.Options {
		k := slices.Index(a.Options, f.Value.Text)
		known[i] = attribute{known: k >= 0, since: f.From, value: int64(k)}
		return
	}
	known[i] = attribute{known: true, since: f.From, value: f.Value.Number}
}

// complete fills in what follows from the facts of a segment.
func (r *run) complete(s *segment) {
	day, known := s.from, s.known
	for i := range r.book.Attributes {
		a := &r.book.Attributes[i]
		if source := sourceOf(a.Type); source >= 0 {
			birth := known[source]
			known[i] = attribute{known: birth.known, since: birth.since}
			if birth.known {
				known[i].value = int64(max(0, day.YearsSince(calendar.Day(birth.value)))) * 100
			}
		}
	}
	if e := known[ruleset.Exempted]; e.known && e.value > 0 {
		s.exemption = int(e.value) - 1 // option 0 is 无
	}
	s.category = r.categoryOf(day, s)
	s.scored = r.record.Member.Here(day) && day >= r.start && !r.texts.list[min(r.texts.at(day), r.k)].gap(day) &&
		(day < r.first || r.coversBranch())
	s.ranked = true
	if s.category >= 0 {
		s.scored = s.scored && r.book.Categories[s.category].Scored
		s.ranked = r.book.Categories[s.category].Ranked
	}
	if s.exemption >= 0 {
		s.scored = s.scored && !r.book.Exemptions[s.exemption].NotScored
		s.ranked = s.ranked && !r.book.Exemptions[s.exemption].NotRanked
	}
}

// categoryOf returns the first row of 类别 that holds.
func (r *run) categoryOf(day calendar.Day, s *segment) int {
	e := r.borrowEnv(day, s, -1)
	defer e.release()
	for i := range r.book.Categories {
		if r.book.Categories[i].When.Holds(day, e) {
			return i
		}
	}
	return -1
}

// segmentAt returns the segment that holds a day.
func (r *run) segmentAt(day calendar.Day) *segment {
	lo, hi := 0, len(r.segments) // the one at lo begins on or before the day, or is the first
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; r.segments[mid].from <= day {
			lo = mid
		} else {
			hi = mid
		}
	}
	return &r.segments[lo]
}

// scoredThroughout reports whether the member was scored on every day of a
// stretch.
func (r *run) scoredThroughout(from, to calendar.Day) bool {
	if from < r.start {
		return false
	}
	for i := len(r.segments) - 1; i >= 0; i-- {
		s := &r.segments[i]
		if s.from > to {
			continue
		}
		if !s.scored {
			return false
		}
		if s.from <= from {
			return true
		}
	}
	return false
}

// entryCategory returns the category that an entry of a day meets (类别按).
func (r *run) entryCategory(day calendar.Day) int {
	switch r.book.Cycle.EntryBy {
	case ruleset.AtStart:
		return r.startCategory(r.book.Cycle.Unit.Of(day))
	case ruleset.AtEnd:
		return r.segmentAt(min(r.book.Cycle.Unit.Of(day).Last, r.day)).category
	default:
		return r.segmentAt(day).category
	}
}

// startCategory returns the category on a cycle's first day, or on the day of
// joining if that is later.
func (r *run) startCategory(p calendar.Period) int {
	return r.segmentAt(max(p.First, r.record.Member.Joined)).category
}

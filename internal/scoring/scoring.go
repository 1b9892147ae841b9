// Package scoring is the engine: from a rule file and what is recorded of a
// member to a standing, its account, and the day until which both hold.
//
// It is pure: the same arguments give the same bytes, in whatever order the
// records are passed. It has two functions. Member looks at one member. Place
// looks at a population: places and benchmarks.
//
// Entries are handled in one forward pass by day. What an entry gets depends
// only on itself and on what stands before it, so later entries never rewrite
// an earlier day, and appending is the same as recomputing.
package scoring

import (
	"jifen/internal/calendar"
	"jifen/internal/party"
	"jifen/internal/rulebook"
)

// Result is what Member computes.
type Result struct {
	Standing party.Standing
	// StableUntil is the last day as of which the result is still the same if
	// nothing new is recorded, but for the day it was asked for: AsOf, Day, the
	// days of alerts that are judged at once (实时), and the account's Rooms. Forever once the
	// period has ended.
	StableUntil calendar.Day

	run *run
	at  *moment
}

// Member scores one member for a period as of a day. The period must be a
// cycle of the rulebook (Period.Unit = Cycle.Unit); attributes and items that
// the rulebook does not know count nothing.
func Member(book *rulebook.Rulebook, record *party.Record, period calendar.Period, asOf calendar.Day) *Result {
	r := newRun(book, record, period, asOf)
	r.handle()
	m := r.momentAt(period, r.day)
	res := &Result{run: r, at: m}
	res.Standing = r.standing(m)
	if m.scored {
		res.Standing.Alerts, res.Standing.Waiting = r.alerts()
		res.Standing.Meets = r.meets(m)
	}
	res.Standing.Missing = r.missingNames()
	res.StableUntil = r.stableUntil()
	return res
}

// run is one call of Member.
type run struct {
	book   *rulebook.Rulebook
	record *party.Record
	period calendar.Period
	asOf   calendar.Day
	day    calendar.Day // the standing's day
	start  calendar.Day // nothing before it matters

	segments []segment
	events   [classes][]event // each in the order they are handled
	starts   []int32          // where an item's events begin in counted
	counted  []event          // events of the items that counters ask for, by item and day
	outcomes []outcome
	moments  []*moment
	idle     []*env // see look
	missing  []bool // per attribute; nil: none
	rooms    []room // by limit, as the last entry left them
}

func newRun(book *rulebook.Rulebook, record *party.Record, period calendar.Period, asOf calendar.Day) *run {
	r := &run{book: book, record: record, period: period, asOf: asOf, day: min(asOf, period.Last)}
	r.start = book.From
	if !book.Lifelong {
		// Whole years, because limits run over calendar windows up to a year.
		y, _, _ := period.First.AddMonths(-book.Lookback).Civil()
		r.start = max(book.From, calendar.Of(y, 1, 1))
	}
	r.segments = r.timeline()
	r.gather()
	r.index()
	r.automatic()
	return r
}

// standing assembles the public result of a moment.
func (r *run) standing(m *moment) party.Standing {
	s := party.Standing{
		Member: r.record.Member.ID, Scheme: r.book.Code, Period: r.period, AsOf: r.asOf, Day: r.day,
		Scored: m.scored, Ranked: m.scored && r.segmentAt(m.day).ranked,
	}
	if c := m.category; c >= 0 {
		s.Category = r.book.Categories[c].Code
	}
	if !m.scored {
		s.Why = r.whyNotScored(m.day)
		return s
	}
	s.Total, s.Added, s.Deducted = m.values[r.book.Total()], m.added, m.deducted
	s.Blocks = make([]party.BlockValue, 0, r.book.Total())
	for i := range r.book.Total() {
		s.Blocks = append(s.Blocks, party.BlockValue{Name: r.book.Blocks[i].Name, Value: m.values[i]})
	}
	if m.grade >= 0 {
		s.Grade, s.Bare = r.book.GradeNames[m.grade], r.book.GradeNames[m.bare]
	}
	for i := range r.book.RedLines {
		if m.red.has(i) {
			s.RedLines = append(s.RedLines, r.book.RedLines[i].Name)
		}
	}
	s.Group = r.group(m)
	if r.book.Quotas {
		r.claim(&s, m)
	}
	return s
}

// group returns among whom the member is ranked (人群).
func (r *run) group(m *moment) string {
	e := r.look(m.day, r.segmentAt(m.day), m.category)
	defer e.done()
	for i := range r.book.Ranking.Groups {
		if g := &r.book.Ranking.Groups[i]; g.When.Holds(m.day, e) {
			return g.Name
		}
	}
	return ""
}

// claim notes which rows of 等次 the member may have by his place, and what red
// lines say of the grade. Which one he has, Place says.
func (r *run) claim(s *party.Standing, m *moment) {
	s.Grade, s.Bare = "", ""
	e := r.look(m.day, r.segmentAt(m.day), m.category)
	defer e.done()
	e.at = m
	rows, _, _ := r.book.Grades.At(m.day, e)
	for i := range rows {
		if holds := rows[i].When.Holds(m.day, e); holds || rows[i].Last.Set() {
			s.Claims = append(s.Claims, party.GradeClaim{
				Grade: r.book.GradeNames[rows[i].Grade], Within: rows[i].Within, Last: rows[i].Last, Unmet: !holds})
		}
	}
	set, bound := r.redGrades(m)
	if set >= 0 {
		s.Forced = r.book.GradeNames[set]
	}
	if bound >= 0 {
		s.Bound = r.book.GradeNames[bound]
	}
}

// meets returns the benchmarks whose condition holds.
func (r *run) meets(m *moment) []string {
	var out []string
	for i := range r.book.Benchmarks {
		b := &r.book.Benchmarks[i]
		e := r.look(m.day, r.segmentAt(m.day), m.category)
		e.at = m
		if b.When.Holds(m.day, e) {
			out = append(out, b.Name)
		}
		e.done()
	}
	return out
}

func (r *run) missingNames() []string {
	var out []string
	for i, m := range r.missing {
		if m {
			out = append(out, r.book.Attributes[i].Name)
		}
	}
	return out
}

// whyNotScored says in Chinese why a member has no total on a day.
func (r *run) whyNotScored(day calendar.Day) string {
	m := &r.record.Member
	s := r.segmentAt(day)
	switch {
	case m.Joined > day:
		return m.Joined.String() + " 才转入"
	case m.GoneSince(day) != 0:
		return m.GoneSince(day).String() + " 已转出"
	case day < r.book.From:
		return "办法自 " + r.book.From.String() + " 起施行"
	case !r.covers():
		return "本办法不适用于" + string(m.Kind) + "支部"
	case s.exemption >= 0 && r.book.Exemptions[s.exemption].NotScored:
		return "豁免：" + r.book.Exemptions[s.exemption].Code
	case s.category >= 0 && !r.book.Categories[s.category].Scored:
		return r.book.Categories[s.category].Name + "不计分"
	}
	return "不计分"
}

// covers reports whether the scheme is for the member's kind of branch; a
// member whose branch has no stated kind is covered.
func (r *run) covers() bool {
	kind := r.record.Member.Kind
	if kind == "" || len(r.book.Kinds) == 0 {
		return true
	}
	for _, k := range r.book.Kinds {
		if k == kind {
			return true
		}
	}
	return false
}

// NextGrade is the nearest better grade that points alone would give.
type NextGrade struct {
	Grade string
	Short party.Points // how many points are lacking
}

// reachable bounds how far Next looks for a better grade.
const reachable = 100_00

// Next returns the nearest better grade that more points in 总分 would give,
// nothing else changed; ok is false if there is none within a hundred points,
// or a red line holds the grade down.
func (r *Result) Next() (next NextGrade, ok bool) {
	m := r.at
	if !m.scored || m.grade <= 0 || m.struck || r.run.book.Quotas {
		return next, false
	}
	total := r.run.book.Total()
	was := m.values[total]
	defer func() { m.values[total] = was }()
	e := r.run.look(m.day, r.run.segmentAt(m.day), m.category)
	defer e.done()
	e.at = m
	for step := r.run.book.Grain(); m.values[total]-was < reachable; {
		m.values[total] += step
		if g := r.run.gradeOf(m, e); g >= 0 && g < m.grade {
			return NextGrade{r.run.book.GradeNames[g], m.values[total] - was}, true
		}
	}
	return next, false
}

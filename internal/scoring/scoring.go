// Package scoring is the engine: from a rule file and what is recorded of a
// member to a standing, its statement, and the day until which both hold.
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
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// Result is the result of Member.
type Result struct {
	Standing domain.Standing
	// StableUntil is the last day as of which the result is still the same if
	// nothing new is recorded, but for the day it was asked for: AsOf, Day, the
	// days of alerts that are judged at once (实时), and the statement's Rooms. Forever once the
	// period has ended.
	StableUntil calendar.Day

	run *run
	at  *valuation
}

// Member scores one member for a period as of a day, under the texts that he was under
// one after the other, from the scheme's first day (首次施行) on. The period must be a
// cycle of the text that holds on the standing's day, the earlier of the period's end
// and asOf; attributes and items that the rulebook does not know count nothing.
func Member(texts *Texts, record *domain.MemberHistory, period calendar.Period, asOf calendar.Day) *Result {
	r := newRun(texts, record, period, asOf)
	m := r.valuationAt(period, r.day)
	res := &Result{run: r, at: m}
	res.Standing = r.standing(m)
	if m.scored {
		res.Standing.Alerts, res.Standing.Waiting = r.alerts()
		res.Standing.Open = r.openAlerts(res.Standing.Alerts)
		res.Standing.Meets = r.benchmarksMet(m)
	}
	res.Standing.Missing = r.missingNames()
	res.StableUntil = r.stableUntil()
	return res
}

// Book returns the rulebook that the standing is read by, with the clauses of
// the earlier texts behind its own: what the lines of the statement cite.
func (r *Result) Book() *ruleset.RuleSet { return r.run.texts.list[r.run.k].merged }

// run is one member's records under one text: the one that holds on the
// standing's day, or an earlier one, which handles the days of its stretch and
// hands what came of them on to the next.
type run struct {
	texts  *Texts
	k      int    // which of the texts
	chain  []*run // the runs of the earlier texts and this one
	book   *ruleset.RuleSet
	record *domain.MemberHistory
	period calendar.Period
	asOf   calendar.Day
	day    calendar.Day // the standing's day
	start  calendar.Day // the scheme's first day: nothing before it counts
	first  calendar.Day // the first day that this text handles
	upTo   calendar.Day // the last one

	segments   []segment
	events     [classes][]event // each in the order they are handled
	starts     []int32          // where an item's events begin in counted
	counted    []event          // events of the items that counters ask for, by item and day
	outcomes   []outcome
	latest     []int32 // by item, the last outcome that happened, −1 for none
	live       []int32 // outcomes that count on some day of the period or later
	trackers   []*redLineTracker
	state      pass
	pass       *pass // the state behind the last event; nil before
	valuations []*valuation
	past       []*run // runs of earlier standing's days, see asOfDay
	room       room
	alertHeld  map[alertWindow]bool // whether an alert held in a window
	missing    []bool               // per attribute; nil: none
	limitUse   []limitUse           // by limit, as the last entry left them
	assumption *assumption          // what entries in thought add on the standing's day; nil: none
}

// newRun handles everything up to the standing's day, text by text.
func newRun(texts *Texts, record *domain.MemberHistory, period calendar.Period, asOf calendar.Day) *run {
	return preparedRun(texts, record, period, asOf, func(*run) {})
}

// preparedRun is newRun; it lets prepare look at each run before its events are
// handled.
func preparedRun(texts *Texts, record *domain.MemberHistory, period calendar.Period, asOf calendar.Day,
	prepare func(*run)) *run {
	day := min(asOf, period.Last)
	last := texts.at(day)
	chain := make([]*run, last+1)
	for k := range chain {
		x := &texts.list[k]
		r := &run{
			texts: texts, k: k, chain: chain[:k+1], book: x.Book, record: record, period: period, asOf: asOf, day: day,
			start: texts.Since(), first: max(x.first, texts.Since()), upTo: min(x.last, day),
		}
		chain[k] = r
		r.segments = r.timeline()
		r.gather()
		r.index()
		r.automatic()
		prepare(r)
		r.applyEvents()
	}
	return chain[last]
}

// runAt returns the run of the text that holds on a day up to the standing's.
func (r *run) runAt(day calendar.Day) *run { return r.chain[min(r.texts.at(day), r.k)] }

// standing assembles the public result of a valuation.
func (r *run) standing(m *valuation) domain.Standing {
	s := domain.Standing{
		Member: r.record.Member.ID, Scheme: r.book.Code, Period: r.period, AsOf: r.asOf, Day: r.day,
		Scored: m.scored, Ranked: m.scored && r.segmentAt(m.day).ranked,
	}
	if c := m.category; c >= 0 {
		s.Category = r.book.Categories[c].Code
	}
	if !m.scored {
		s.Why = r.notScoredReason(m.day)
		return s
	}
	s.Total, s.Added, s.Deducted = m.values[r.book.Total()], m.added, m.deducted
	s.Blocks = make([]domain.BlockValue, 0, r.book.Total())
	for i := range r.book.Total() {
		s.Blocks = append(s.Blocks, domain.BlockValue{Name: r.book.Blocks[i].Name, Value: m.values[i]})
	}
	if m.grade >= 0 {
		s.Grade, s.Bare = r.book.GradeNames[m.grade], r.book.GradeNames[m.bare]
	}
	for i := range r.book.RedLines {
		if m.red.has(i) {
			s.RedLines = append(s.RedLines, r.book.RedLines[i].Name)
		}
	}
	s.Group = r.rankGroupOf(m)
	if r.byShare(m) {
		r.noteGradeClaims(&s, m)
	}
	return s
}

// rankGroupOf returns among whom the member is ranked (人群).
func (r *run) rankGroupOf(m *valuation) string {
	e := r.borrowEnv(m.day, r.segmentAt(m.day), m.category)
	defer e.release()
	e.collect = true
	for i := range r.book.Ranking.Groups {
		if g := &r.book.Ranking.Groups[i]; g.When.Holds(m.day, e) {
			return g.Name
		}
	}
	return ""
}

// byShare reports whether the table of grades that a valuation is graded by gives
// one by share. Another table of the same file may.
func (r *run) byShare(m *valuation) bool {
	if !r.book.Quotas {
		return false
	}
	e := r.borrowEnv(m.day, r.segmentAt(m.day), m.category)
	defer e.release()
	e.at = m
	rows, _, _ := r.book.Grades.At(m.day, e)
	return slices.ContainsFunc(rows, func(row ruleset.GradeRow) bool { return row.Within.Set() || row.Last.Set() })
}

// noteGradeClaims notes which rows of 等次 the member may have by his place, and what red
// lines say of the grade. Which one he has, Place says.
func (r *run) noteGradeClaims(s *domain.Standing, m *valuation) {
	s.Grade, s.Bare, s.ByPlace = "", "", true
	e := r.borrowEnv(m.day, r.segmentAt(m.day), m.category)
	defer e.release()
	e.at = m
	rows, _, _ := r.book.Grades.At(m.day, e)
	for i := range rows {
		if holds := rows[i].When.Holds(m.day, e); holds || rows[i].Last.Set() {
			s.Claims = append(s.Claims, domain.GradeClaim{
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

// benchmarksMet returns the benchmarks whose condition holds.
func (r *run) benchmarksMet(m *valuation) []string {
	var out []string
	for i := range r.book.Benchmarks {
		b := &r.book.Benchmarks[i]
		e := r.borrowEnv(m.day, r.segmentAt(m.day), m.category)
		e.at, e.collect = m, true
		if b.When.Holds(m.day, e) {
			out = append(out, b.Name)
		}
		e.release()
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

// notScoredReason says in Chinese why a member has no total on a day.
func (r *run) notScoredReason(day calendar.Day) string {
	m := &r.record.Member
	s := r.segmentAt(day)
	switch {
	case m.Joined > day:
		return m.Joined.String() + " 才转入"
	case m.GoneSince(day) != 0:
		return m.GoneSince(day).String() + " 已转出"
	case day < r.start:
		return "办法自 " + r.start.String() + " 起施行"
	case r.texts.list[r.k].gap(day):
		return "那时所在支部没有启用的办法"
	case !r.coversBranch():
		return "本办法不适用于" + string(r.branchKind()) + "支部"
	case s.exemption >= 0 && r.book.Exemptions[s.exemption].NotScored:
		return "豁免：" + r.book.Exemptions[s.exemption].Code
	case s.category >= 0 && !r.book.Categories[s.category].Scored:
		return r.book.Categories[s.category].Name + "不计分"
	}
	return "不计分"
}

// coversBranch reports whether the scheme is for the member's kind of branch; a
// member whose branch has no stated kind is covered.
func (r *run) coversBranch() bool {
	kind := r.branchKind()
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

// branchKind returns the kind of the branch that the member is in under this text.
func (r *run) branchKind() domain.BranchKind {
	if k := r.texts.list[r.k].Kind; k != "" {
		return k
	}
	return r.record.Member.Kind
}

// NextGrade is the nearest better grade that points alone would give.
type NextGrade struct {
	Grade string
	Short domain.Points // how many points are lacking
}

// reachable bounds how far Next looks for a better grade.
const reachable = 100_00

// Next returns the nearest better grade that more points in 总分 would give,
// nothing else changed; ok is false if there is none within a hundred points and
// the cap of 总分, or a red line holds the grade down.
func (r *Result) Next() (next NextGrade, ok bool) {
	m := r.at
	if !m.scored || m.grade <= 0 || r.Standing.ByPlace || m.bare < m.grade {
		return next, false
	}
	set, bound := r.run.redGrades(m)
	for i := range r.run.book.RedLines {
		if m.red.has(i) && len(r.run.book.RedLines[i].Sets) > 0 {
			return next, false // points do not move what a red line fixes
		}
	}
	total := r.run.book.Total()
	was := m.values[total]
	defer func() { m.values[total] = was }()
	e := r.run.borrowEnv(m.day, r.run.segmentAt(m.day), m.category)
	defer e.release()
	e.at = m
	top, _, capped := r.run.clampValue(&r.run.book.Blocks[total].Cap, m, e)
	for step := r.run.book.Grain(); m.values[total]-was < reachable; {
		if m.values[total] += step; capped && m.values[total] > top {
			return next, false
		}
		if g := r.run.gradeOf(m, e); g >= 0 && g < m.grade {
			if set >= 0 || g < bound {
				return next, false
			}
			return NextGrade{r.run.book.GradeNames[g], m.values[total] - was}, true
		}
	}
	return next, false
}

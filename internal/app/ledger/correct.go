package ledger

import (
	"context"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// TakeBack withdraws a whole activity's attendance. Who logged it today undoes it
// with a word, as long as nobody has decided on a line of it; later, and for
// whoever else records there, it takes a reason, and the lines have to be his to
// withdraw: what counts for himself, and what others have agreed to, is taken
// back by those above (fault.Forbidden).
func (s *Service) TakeBack(ctx context.Context, actor *access.Actor, id domain.ActivityID, reason, key string) (Receipt, error) {
	out := Receipt{Activity: id}
	reason, err := kernel.Note(reason, "理由")
	if err != nil {
		return out, err
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) (err error) {
		out, out.Replay, err = kernel.Once(tx, actor, key, []any{"take back", id, reason}, func() (Receipt, error) { return s.takeBack(tx, actor, id, reason) })
		return err
	}, access.Record)
	return out, err
}

func (s *Service) takeBack(tx *store.Tx, actor *access.Actor, id domain.ActivityID, reason string) (Receipt, error) {
	out := Receipt{Activity: id}
	a, err := tx.Activity(actor.Scope(access.Record), id)
	if err != nil {
		return out, kernel.Hide(err, "这次活动")
	}
	lines, err := tx.Attendance(access.System("an activity is taken back with all its lines"), id)
	if err != nil {
		return out, err
	}
	members := make([]domain.Member, len(lines))
	for i := range lines {
		if members[i], err = tx.Member(access.System("an activity is taken back with all its lines"), lines[i].Member); err != nil {
			return out, err
		}
	}
	if err := s.mayTakeBack(tx, actor, &a, lines, members, reason); err != nil {
		return out, err
	}
	for i := range members {
		if _, err := tx.InsertAttendance(&a, &members[i], domain.AttendanceInput{Status: domain.AttendanceReversed, Reason: reason}, actor.Account); err != nil {
			return out, err
		}
		out.Posted++
	}
	return out, audit.Record(tx, actor, audit.TookBackMeet, audit.What{Org: a.Org, Detail: strings.TrimSpace(a.Kind + " " + a.On.String() + " " + reason)})
}

// mayTakeBack refuses to take back what is not an actor's to take.
func (s *Service) mayTakeBack(tx *store.Tx, actor *access.Actor, a *domain.Activity, lines []domain.PresentLine, members []domain.Member, reason string) error {
	if len(lines) == 0 {
		return fault.New(fault.Conflict, "这次活动已经撤销")
	}
	branch, err := tx.Org(actor.Scope(access.Record), a.Org)
	if err != nil {
		return err
	}
	if err := s.openFor(&tx.Snapshot, branch, a); err != nil {
		return err
	}
	for i := range lines {
		l, m := &lines[i], &members[i]
		if !l.Counts {
			continue // it only waits: nothing is taken away
		}
		if actor.Recording(m.ID, m.Home.Path) != access.Posts {
			return fault.New(fault.Forbidden, "%s的出勤已经由别人确认，不能整场撤销", whom(actor, l)).WithHint("请上级党组织撤销这次活动，或者一个人一个人更正")
		}
		if m.Home.ID != branch.ID {
			if err := s.openFor(&tx.Snapshot, m.Home, a); err != nil {
				return err
			}
		}
	}
	if reason == "" && !s.Fresh(&tx.Snapshot, actor, a, lines) {
		return fault.New(fault.Invalid, "要写撤销的理由").WithHint("当天自己记的、别人还没有确认过的，才可以不写")
	}
	return nil
}

// Fresh reports whether an activity is the actor's own work of today, on which
// nobody else has built yet: what he may undo with a word.
func (s *Service) Fresh(v *store.Snapshot, actor *access.Actor, a *domain.Activity, lines []domain.PresentLine) bool {
	logged, err := store.ParseInstant(a.At)
	if err != nil || a.By != actor.Account || calendar.FromTime(logged.In(s.Zone)) != s.Today(v) {
		return false
	}
	return !slices.ContainsFunc(lines, func(l domain.PresentLine) bool { return l.Touched || l.By != actor.Account })
}

// whom names a member to whom an actor may know him by; a stranger by his number.
func whom(actor *access.Actor, l *domain.PresentLine) string {
	if l.Member == actor.Member {
		return "您本人"
	}
	return "编号 " + string(l.Member) + " 的党员"
}

// openFor refuses what happened in a locked period of a branch.
func (s *Service) openFor(v *store.Snapshot, branch domain.Org, a *domain.Activity) error {
	book, err := s.standings.BookThat(v, branch.Path, a.On, func(b *ruleset.RuleSet) bool { return b.Kind(a.Kind) })
	if err != nil {
		return err
	}
	return s.checkDay(v, book, branch, a.On)
}

// Correction is how a member attended an activity after all, and why that is
// said only now.
type Correction struct {
	Activity domain.ActivityID
	Member   domain.MemberID
	Status   domain.AttendanceStatus
	MadeUpOn calendar.Day // of 补课: the day on which it was made up, which must be said
	Reason   string
}

// CorrectAttendance records anew how a member attended: what followed from the
// earlier line no longer counts, what follows from this one does, and both stay
// readable. The writer's own line, and those outside the scope, wait.
func (s *Service) CorrectAttendance(ctx context.Context, actor *access.Actor, c Correction, key string) (Effect, error) {
	var out Effect
	reason, err := kernel.Note(c.Reason, "理由")
	if err != nil {
		return out, err
	}
	if reason == "" {
		return out, fault.New(fault.Invalid, "要写更正的理由").WithHint("例如：签到表上漏看了")
	}
	c.Reason = reason
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		out, out.Replay, err = kernel.Once(tx, actor, key, c, func() (Effect, error) { return s.correct(tx, actor, &c) })
		return err
	}, access.Record)
	return out, err
}

func (s *Service) correct(tx *store.Tx, actor *access.Actor, c *Correction) (out Effect, err error) {
	if c.Member, err = meant(&tx.Snapshot, c.Member); err != nil {
		return out, err
	}
	a, err := tx.Activity(actor.Scope(access.Record), c.Activity)
	if err != nil {
		return out, kernel.Hide(err, "这次活动")
	}
	branch, err := tx.Org(actor.Scope(access.Record), a.Org)
	if err != nil {
		return out, err
	}
	book, err := s.standings.BookThat(&tx.Snapshot, branch.Path, a.On, func(b *ruleset.RuleSet) bool { return b.Kind(a.Kind) })
	if err != nil {
		return out, err
	}
	alone := Meeting{Org: a.Org, Kind: a.Kind, On: a.On, Lines: []Line{{c.Member, c.Status, c.MadeUpOn}}}
	if err := s.checkMeeting(tx, book, branch, &alone); err != nil {
		return out, err
	}
	members, err := s.attendees(tx, actor, &alone)
	if err != nil {
		return out, err
	}
	follows, err := s.inTime(tx, actor, c, lateness{allowed: book.Workflow.Late, rule: "办法", on: a.On}, branch.Path)
	if err != nil {
		return out, err
	}
	was, err := held(tx, c, members[0].Name)
	if err != nil {
		return out, err
	}
	before, err := tx.Records(members)
	if err != nil {
		return out, err
	}
	line := domain.AttendanceInput{Status: c.Status, MadeUpOn: c.MadeUpOn, Route: attendanceRoute(actor, &members[0]), Reason: c.Reason}
	if out.Asked, out.Waiting = domain.NamesOf(line.Route), len(line.Route) > 0; out.Waiting {
		line.Follows = follows
	}
	if _, err := tx.InsertAttendance(&a, &members[0], line, actor.Account); err != nil {
		return out, err
	}
	after, err := tx.Records(members)
	if err != nil {
		return out, err
	}
	if out.Told = actor.Scope(access.Record).Sees(c.Member, members[0].Home.Path); out.Told {
		x, err := s.reckon(&tx.Snapshot, &members[0], a.On, func(b *ruleset.RuleSet) bool { return b.Kind(a.Kind) })
		if err != nil {
			return out, err
		}
		out.Before, out.After = x.Member(&before[0]).Standing.Total, x.Member(&after[0]).Standing.Total
	}
	return out, audit.Record(tx, actor, audit.CorrectedMeet, audit.What{Org: a.Org, Member: c.Member, Detail: a.Kind + " " + a.On.String() + " " + string(was) + " → " + string(c.Status)})
}

// inTime refuses a correction that comes too late. It returns the actor's own
// returned request about the line, which the correction takes up again and from
// whose first handing in the deadline runs; 0 for none.
func (s *Service) inTime(
	tx *store.Tx, actor *access.Actor, c *Correction, l lateness, path string,
) (follows domain.RequestID, err error) {
	if c.Status == domain.MadeUp {
		if l.on = c.MadeUpOn; l.on == 0 {
			return 0, fault.New(fault.Invalid, "要写哪一天补的课")
		}
	}
	if follows, err = tx.ReturnedLine(c.Activity, c.Member, actor.Account); err != nil {
		return 0, err
	}
	if l.first = s.Today(&tx.Snapshot); follows != 0 {
		if l.first, err = tx.FirstHandedIn(follows, l.on); err != nil {
			return 0, err
		}
	}
	return follows, checkLate(actor, path, c.Reason, l)
}

// held is the line that a correction takes the place of.
func held(tx *store.Tx, c *Correction, name string) (was domain.AttendanceStatus, err error) {
	lines, err := tx.Attendance(access.System("the line that is corrected, whoever's it is"), c.Activity)
	was = "没有记"
	for _, l := range lines {
		if l.Member == c.Member {
			was = l.Status
		}
	}
	switch {
	case err != nil:
		return was, err
	case len(lines) == 0:
		return was, fault.New(fault.Conflict, "这次活动已经撤销")
	case was == c.Status:
		return was, fault.New(fault.Conflict, "%s 本来就记的是“%s”", name, was)
	}
	return was, nil
}

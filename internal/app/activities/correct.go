package activities

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Correction holds the attendance of a member as it was after all, with a reason.
type Correction struct {
	Activity domain.ActivityID
	Member   domain.MemberID
	Status   domain.AttendanceStatus
	MadeUpOn calendar.Day // of 补课: the day on which it was made up, which must be said
	Reason   string
}

// Corrected holds the outcome of a correction.
type Corrected struct {
	Waiting       bool          // it waits for others to agree
	Asked         []string      // the organs that have to agree first, in order
	ShowsTotals   bool          // the member's totals are the writer's to see; else they are zero
	Before, After domain.Points // the member's total
	Replay        bool
}

// Correct records anew how a member attended: what followed from the
// earlier line no longer counts, what follows from this one does, and both stay
// readable. The writer's own line, and those outside the scope, wait.
func (s *Service) Correct(ctx context.Context, actor *access.Actor, c Correction, key string) (Corrected, error) {
	var out Corrected
	reason, err := kernel.Note(c.Reason, "理由")
	if err != nil {
		return out, err
	}
	if reason == "" {
		return out, fault.New(fault.Invalid, "要写更正的理由").WithHint("例如：签到表上漏看了")
	}
	c.Reason = reason
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		out, out.Replay, err = kernel.Once(tx, actor, key, c, func() (Corrected, error) {
			return s.correct(tx, actor, &c)
		})
		return err
	}, access.Record)
	return out, err
}

// corrected holds what a correction is judged by.
type corrected struct {
	activity domain.Activity
	branch   domain.Org
	book     *ruleset.RuleSet
	members  []domain.Member // the one whose line it is
}

// judgeCorrection refuses a line that could not be recorded either.
func (s *Service) judgeCorrection(v *store.Snapshot, actor *access.Actor, c *Correction) (out corrected, err error) {
	if out.activity, err = v.Activity(actor.Scope(access.Record), c.Activity); err != nil {
		return out, fault.Hide(err, "这次活动")
	}
	a := &out.activity
	if out.branch, err = v.Org(actor.Scope(access.Record), a.Org); err != nil {
		return out, err
	}
	if out.book, err = s.standings.BookThat(v, out.branch.Path, a.On, kindKnown(a.Kind)); err != nil {
		return out, err
	}
	alone := ActivityInput{Org: a.Org, Kind: a.Kind, On: a.On, Lines: []Line{{c.Member, c.Status, c.MadeUpOn}}}
	if err := s.checkInput(v, out.book, out.branch, &alone); err != nil {
		return out, err
	}
	if out.members, err = s.attendees(v, actor, &alone); err != nil {
		return out, err
	}
	return out, s.openAtHome(v, actor, &alone, out.members)
}

func (s *Service) correct(tx *store.Tx, actor *access.Actor, c *Correction) (out Corrected, err error) {
	if c.Member, err = recording.Meant(&tx.Snapshot, c.Member); err != nil {
		return out, err
	}
	j, err := s.judgeCorrection(&tx.Snapshot, actor, c)
	if err != nil {
		return out, err
	}
	a, branch, book, members := j.activity, j.branch, j.book, j.members
	late := recording.Lateness{Allowed: book.Workflow.Late, Rule: "办法", On: a.On}
	follows, err := s.inTime(tx, actor, c, late, branch.Path)
	if err != nil {
		return out, err
	}
	was, err := s.held(tx, actor, c, &a, branch.Path, &members[0])
	if err != nil {
		return out, err
	}
	before, err := tx.Records(members)
	if err != nil {
		return out, err
	}
	line := domain.AttendanceInput{
		Status: c.Status, MadeUpOn: c.MadeUpOn, Route: attendanceRoute(actor, &members[0]), Reason: c.Reason,
	}
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
	if out.ShowsTotals = actor.Scope(access.Record).Sees(c.Member, members[0].Home.Path); out.ShowsTotals {
		x, err := recording.Reckon(s.standings, &tx.Snapshot, &members[0], a.On, kindKnown(a.Kind))
		if err != nil {
			return out, err
		}
		out.Before, out.After = x.Member(&before[0]).Standing.Total, x.Member(&after[0]).Standing.Total
	}
	detail := a.Kind + " " + a.On.String() + " " + string(was) + " → " + string(c.Status)
	what := audit.What{Org: a.Org, Member: c.Member, Detail: detail}
	return out, audit.Record(tx, actor, audit.CorrectedAttendance, what)
}

// inTime refuses a correction that comes too late. It returns the actor's own
// returned request about the line, which the correction takes up again and from
// whose first handing in the deadline runs; 0 for none.
func (s *Service) inTime(
	tx *store.Tx, actor *access.Actor, c *Correction, l recording.Lateness, path string,
) (follows domain.RequestID, err error) {
	if c.Status == domain.MadeUp {
		if l.On = c.MadeUpOn; l.On == 0 {
			return 0, fault.New(fault.Invalid, "要写哪一天补的课")
		}
	}
	if follows, err = tx.ReturnedLine(c.Activity, c.Member, actor.Account); err != nil {
		return 0, err
	}
	if l.First = s.Today(&tx.Snapshot); follows != 0 {
		if l.First, err = tx.FirstHandedIn(follows, l.On); err != nil {
			return 0, err
		}
	}
	return follows, recording.CheckLate(actor, path, c.Reason, l)
}

// held returns the line that a correction takes the place of; what others recorded is not
// for who decides nothing.
func (s *Service) held(
	tx *store.Tx, actor *access.Actor, c *Correction, a *domain.Activity, path string, m *domain.Member,
) (was domain.AttendanceStatus, err error) {
	lines, err := tx.Attendance(access.System("the line that is corrected, whoever's it is"), c.Activity)
	was = "没有记"
	for _, l := range lines {
		if l.Member == c.Member && err == nil {
			was, err = l.Status, recording.CheckOwn(actor, path, l.By, a.At, s.Today(&tx.Snapshot), s.Zone)
		}
	}
	switch {
	case err != nil:
		return was, err
	case len(lines) == 0:
		return was, fault.New(fault.Conflict, "这次活动已经撤销")
	case was == c.Status:
		name, err := recording.Called(&tx.Snapshot, actor, m, a.On)
		if err != nil {
			return was, err
		}
		return was, fault.New(fault.Conflict, "%s 本来就记的是“%s”", name, was)
	}
	return was, nil
}

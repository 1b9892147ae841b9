package activities

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Line is one member's attendance as it was ticked.
type Line struct {
	Member domain.MemberID
	Status domain.AttendanceStatus

	MadeUpOn calendar.Day // of 补课: the day on which it was made up; 0 = not said
}

// ActivityInput is one activity to be recorded.
type ActivityInput struct {
	Org   domain.OrgID // the branch that held it
	Kind  string
	On    calendar.Day
	Title string
	Lines []Line
	Paper string // the paper record it is taken from (see Import); "" = recorded as it happened
}

// Receipt counts what recording or reversing an activity did.
type Receipt struct {
	Activity domain.ActivityID
	Posted   int           // people whose line counts
	Waiting  int           // people whose line became a claim (待确认)
	Points   domain.Points // what it did to their totals, all together
	Replay   bool          // this very form was sent before; nothing was written now
}

// Record records an activity with its attendance. The writer's own line
// and lines of people outside the writer's scope become claims and never stop
// the batch. An unknown member, status or kind, a day to come and a locked
// period refuse the whole, with fault.Invalid or fault.Forbidden naming it.
func (s *Service) Record(ctx context.Context, actor *access.Actor, m ActivityInput, key string) (Receipt, error) {
	out, _, err := s.write(ctx, actor, m, key, s.foresee(ctx, actor, m))
	return out, err
}

// write records an activity, as it was foreseen where that still holds; it reports
// whether it did.
func (s *Service) write(
	ctx context.Context, actor *access.Actor, m ActivityInput, key string, f *foreseen,
) (out Receipt, kept bool, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) (err error) {
		if kept, err = s.unchanged(tx, actor, f, key); err != nil {
			return err
		}
		if kept {
			if out, err = f.record(tx, actor); err != nil {
				return err
			}
			return kernel.Answer(tx, actor, key, m, out)
		}
		out, out.Replay, err = kernel.Once(tx, actor, key, m, func() (Receipt, error) {
			now, err := s.look(&tx.Snapshot, actor, m)
			if err != nil {
				return Receipt{}, err
			}
			return now.record(tx, actor)
		})
		return err
	}, access.Record)
	if err == nil && kept {
		s.DB.KeepAttendance(f.members, f.lines(actor, strconv.FormatInt(int64(out.Activity), 10)))
	}
	return out, kept, err
}

// RecordTx judges and inserts one activity with its attendance in the caller's
// transaction. It tells no effect; Record does.
func (s *Service) RecordTx(tx *store.Tx, actor *access.Actor, m ActivityInput) (Receipt, error) {
	j, err := s.judge(&tx.Snapshot, actor, &m)
	if err != nil {
		return Receipt{}, err
	}
	return j.insert(tx, actor, &m)
}

// judged is an activity that may be recorded: by which rules, and who was there, in
// the order of its lines.
type judged struct {
	book    *ruleset.RuleSet
	branch  domain.Org
	members []domain.Member
}

// judge refuses what cannot be recorded; where that is about lines, as a
// linesError.
func (s *Service) judge(v *store.Snapshot, actor *access.Actor, m *ActivityInput) (out judged, err error) {
	branch, err := v.Org(actor.Scope(access.Record), m.Org)
	if err != nil {
		return out, fault.Hide(err, "这个支部")
	}
	out.branch = branch
	if out.book, err = s.standings.BookThat(v, branch.Path, m.On, kindKnown(m.Kind)); err != nil {
		return out, err
	}
	if err := s.checkInput(v, out.book, branch, m); err != nil {
		return out, err
	}
	switch {
	case m.Paper != "" && !actor.Scope(access.Import).Covers(branch.Path):
		return out, recording.NoPaper()
	case m.Paper == "":
		late := recording.Lateness{Allowed: out.book.Workflow.Late, Rule: "办法", On: m.On, First: s.Today(v)}
		if err := recording.CheckLate(actor, branch.Path, "活动", late); err != nil {
			return out, err
		}
	}
	if m.Lines, err = meantLines(v, m.Lines); err != nil {
		return out, err
	}
	if out.members, err = s.attendees(v, actor, m); err != nil {
		return out, err
	}
	if err := s.openAtHome(v, actor, m, out.members); err != nil {
		return out, err
	}
	return out, out.checkAgain(v, actor, m)
}

// openAtHome refuses lines that count at once, as a linesError, where the member's own branch
// has locked the period.
func (s *Service) openAtHome(v *store.Snapshot, actor *access.Actor, m *ActivityInput, members []domain.Member) error {
	locked, err := recording.LockedHomes(s.standings, v, m.Org, members, m.On)
	wrong := linesError{}
	for i := range members {
		if refused := locked[members[i].ID]; refused != nil && len(attendanceRoute(actor, &members[i])) == 0 {
			wrong[i] = ofLine(members[i].ID, refused)
		}
	}
	if err != nil || len(wrong) == 0 {
		return err
	}
	return wrong
}

func (j *judged) insert(tx *store.Tx, actor *access.Actor, m *ActivityInput) (out Receipt, err error) {
	a := domain.Activity{Org: m.Org, Kind: m.Kind, On: m.On, Title: m.Title, Paper: m.Paper}
	if a.ID, err = tx.InsertActivity(a, actor.Account); err != nil {
		return out, err
	}
	out.Activity = a.ID
	for i, l := range m.Lines {
		line := domain.AttendanceInput{Status: l.Status, MadeUpOn: l.MadeUpOn, Route: attendanceRoute(actor, &j.members[i])}
		if _, err := tx.InsertAttendance(&a, &j.members[i], line, actor.Account); err != nil {
			return out, err
		}
		if len(line.Route) > 0 {
			out.Waiting++
		} else {
			out.Posted++
		}
	}
	return out, nil
}

// attendanceRoute returns who has to agree to a line of attendance: for the writer's
// own, and for whoever is outside the scope, the branch.
func attendanceRoute(actor *access.Actor, m *domain.Member) domain.Route {
	return actor.Chain(m.ID, m.Home.Path, nil, []domain.Organ{"支部书记"})
}

// checkAgain refuses an activity that the branch has already recorded: the same
// kind, day and name, and somebody who was in both. Groups of a branch may meet on
// one day. What was taken back does not count.
func (j *judged) checkAgain(v *store.Snapshot, actor *access.Actor, m *ActivityInput) error {
	there, err := v.ActivitiesOn(j.branch.ID, m.Kind, m.Title, m.On)
	if err != nil {
		return err
	}
	for i := range there {
		lines, err := v.Attendance(access.System("whoever was in both activities, wherever he belongs"), there[i].ID)
		if err != nil {
			return err
		}
		for _, l := range lines {
			both := slices.IndexFunc(j.members, func(x domain.Member) bool { return x.ID == l.Member })
			if both < 0 {
				continue
			}
			who, err := recording.Called(v, actor, &j.members[both], m.On)
			if err != nil {
				return err
			}
			return recordedAlready(&j.branch, m, who)
		}
	}
	return nil
}

// recordedAlready says that an activity was recorded before, and who was in it.
func recordedAlready(branch *domain.Org, m *ActivityInput, who string) error {
	return fault.New(fault.Conflict, "“%s”%s 的“%s”已经记过了，里面有%s", branch.Name, m.On, m.Kind, who).
		WithHint("要改出勤，在那次活动上更正；真是另一场，写上不同的名称")
}

// checkInput refuses what the rules do not allow of an activity, whoever was there.
func (s *Service) checkInput(v *store.Snapshot, book *ruleset.RuleSet, branch domain.Org, m *ActivityInput) error {
	var err error
	if m.Title, err = kernel.Note(m.Title, "名称"); err == nil {
		err = domain.Plain("活动的名称", m.Title)
	}
	if err != nil {
		return err
	}
	switch {
	case branch.Closed != 0 && branch.Closed <= m.On:
		return fault.New(fault.Invalid, "“%s”自 %s 起已经撤销", branch.Name, branch.Closed)
	case branch.Level != domain.Branch:
		return fault.New(fault.Invalid, "活动记在支部名下，“%s”不是支部", branch.Name).WithHint("写支部的全名")
	case !book.Kind(m.Kind):
		return fault.New(fault.Invalid, "办法里没有“%s”这种活动", m.Kind).WithHint("可写：%s", strings.Join(kinds(book), "、"))
	case len(m.Lines) == 0:
		return fault.New(fault.Invalid, "一个人也没有").WithHint("至少记一个人的出勤")
	case len(m.Lines) > kernel.MaxPeople:
		return fault.New(fault.TooMany, "一次活动最多 %d 人", kernel.MaxPeople)
	}
	return recording.CheckDay(s.standings, v, book, branch, m.On)
}

// kinds lists the kinds of activity that a rulebook knows, as it lists them.
func kinds(book *ruleset.RuleSet) (out []string) {
	for _, g := range book.Groups {
		for _, k := range g.Kinds {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

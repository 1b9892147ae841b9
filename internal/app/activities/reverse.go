package activities

import (
	"context"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Reverse takes back a whole activity's attendance. Who logged it today undoes it
// with a word, as long as nobody has decided on a line of it; later, and for
// whoever else records there, it takes a reason, and the lines have to be his to
// reverse: what counts for himself, and what others have agreed to, is taken
// back by those above (fault.Forbidden).
func (s *Service) Reverse(
	ctx context.Context, actor *access.Actor, id domain.ActivityID, reason, key string,
) (Receipt, error) {
	out := Receipt{Activity: id}
	reason, err := kernel.Note(reason, "理由")
	if err != nil {
		return out, err
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) (err error) {
		out, out.Replay, err = kernel.Once(tx, actor, key, []any{"take back", id, reason}, func() (Receipt, error) {
			return s.reverse(tx, actor, id, reason)
		})
		return err
	}, access.Record)
	return out, err
}

func (s *Service) reverse(tx *store.Tx, actor *access.Actor, id domain.ActivityID, reason string) (Receipt, error) {
	out := Receipt{Activity: id}
	a, err := tx.Activity(actor.Scope(access.Record), id)
	if err != nil {
		return out, fault.Hide(err, "这次活动")
	}
	all := access.System("an activity is taken back with all its lines")
	lines, err := tx.Attendance(all, id)
	if err != nil {
		return out, err
	}
	members := make([]domain.Member, len(lines))
	for i := range lines {
		if members[i], err = tx.Member(all, lines[i].Member); err != nil {
			return out, err
		}
	}
	if err := s.mayReverse(tx, actor, &a, lines, members, reason); err != nil {
		return out, err
	}
	for i := range members {
		line := domain.AttendanceInput{Status: domain.AttendanceReversed, Reason: reason}
		if _, err := tx.InsertAttendance(&a, &members[i], line, actor.Account); err != nil {
			return out, err
		}
		out.Posted++
	}
	detail := a.Kind + " " + a.On.String()
	return out, audit.Record(tx, actor, audit.ReversedActivity, audit.What{Org: a.Org, Detail: detail})
}

// mayReverse refuses to take back what is not an actor's to take.
func (s *Service) mayReverse(
	tx *store.Tx, actor *access.Actor, a *domain.Activity, lines []domain.PresentLine, members []domain.Member,
	reason string,
) error {
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
	locked, err := recording.LockedHomes(s.standings, &tx.Snapshot, branch.ID, members, a.On)
	if err != nil {
		return err
	}
	today := s.Today(&tx.Snapshot)
	for i := range lines {
		l, m := &lines[i], &members[i]
		if err := recording.CheckOwn(actor, branch.Path, l.By, a.At, today, s.Zone); err != nil {
			return err
		}
		if !l.Counts {
			continue // it only waits: nothing is taken away
		}
		if actor.Recording(m.ID, m.Home.Path) != access.Posts {
			return fault.New(fault.Forbidden, "%s的出勤已经由别人确认，不能整场撤销", whom(actor, l)).
				WithHint("请上级党组织撤销这次活动，或者一个人一个人更正")
		}
		if err := locked[m.ID]; err != nil {
			return err
		}
	}
	if reason == "" && !s.fresh(&tx.Snapshot, actor, a, lines) {
		return fault.New(fault.Invalid, "要写撤销的理由").WithHint("当天自己记的、别人还没有确认过的，才可以不写")
	}
	return nil
}

// fresh reports whether an activity is the actor's own work of today, on which
// nobody else has built yet: what he may undo with a word.
func (s *Service) fresh(v *store.Snapshot, actor *access.Actor, a *domain.Activity, lines []domain.PresentLine) bool {
	logged, err := store.ParseInstant(a.At)
	if err != nil || a.By != actor.Account || calendar.FromTime(logged.In(s.Zone)) != s.Today(v) {
		return false
	}
	return !slices.ContainsFunc(lines, func(l domain.PresentLine) bool { return l.Touched || l.By != actor.Account })
}

// whom names a member to whom an actor may know him by; a stranger by his number.
func whom(actor *access.Actor, l *domain.PresentLine) string {
	if actor.IsMember(l.Member) {
		return "您本人"
	}
	return "编号 " + string(l.Member) + " 的党员"
}

// openFor refuses what happened in a locked period of a branch.
func (s *Service) openFor(v *store.Snapshot, branch domain.Org, a *domain.Activity) error {
	book, err := s.standings.BookThat(v, branch.Path, a.On, kindKnown(a.Kind))
	if err != nil {
		return err
	}
	return recording.CheckDay(s.standings, v, book, branch, a.On)
}

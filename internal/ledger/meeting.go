package ledger

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/audit"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/rulebook"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Line is one member's attendance as it was ticked.
type Line struct {
	Member party.MemberID
	Status party.Status
}

// Meeting is one activity to be logged.
type Meeting struct {
	Org   party.OrgID // the branch that held it
	Kind  string
	On    calendar.Day
	Title string
	Lines []Line
}

// Receipt says what a meeting did.
type Receipt struct {
	Activity store.ActivityID
	Posted   int          // people whose line counts
	Waiting  int          // people whose line became a claim (待确认)
	Points   party.Points // what it did to their totals, all together
	Replay   bool         // this very form was sent before; nothing was written now
}

// LogMeeting records an activity with its attendance. The writer's own line
// and lines of people outside the writer's scope become claims and never stop
// the batch. An unknown member, status or kind, a day to come and a locked
// period refuse the whole, with fault.Invalid or fault.Forbidden naming it.
func (s *Service) LogMeeting(ctx context.Context, actor *access.Actor, m Meeting, key string) (Receipt, error) {
	var out Receipt
	err := s.write(ctx, actor, access.Record, func(tx *store.Tx) (err error) {
		out, out.Replay, err = once(tx, actor, key, m, func() (Receipt, error) { return s.logMeeting(tx, actor, m) })
		return err
	})
	return out, err
}

func (s *Service) logMeeting(tx *store.Tx, actor *access.Actor, m Meeting) (Receipt, error) {
	members, err := people(tx, m.Lines, m.On)
	if err != nil {
		return Receipt{}, err
	}
	before, err := tx.Records(members)
	if err != nil {
		return Receipt{}, err
	}
	out, err := s.MeetTx(tx, actor, m)
	if err != nil {
		return out, err
	}
	after := slices.Clone(before)
	for i, l := range m.Lines {
		if actor.Recording(l.Member, members[i].Home.Path) == access.Posts {
			after[i].Attendance = append(slices.Clip(after[i].Attendance), party.Attendance{
				Activity: strconv.FormatInt(int64(out.Activity), 10), Kind: m.Kind, On: m.On, Status: l.Status,
			})
		}
	}
	branch, err := tx.Org(actor.Scope(access.Record), m.Org)
	if err != nil {
		return out, err
	}
	book, err := s.standings.BookThat(&tx.View, branch.Path, m.On, func(b *rulebook.Rulebook) bool { return b.Kind(m.Kind) })
	if err != nil {
		return out, err
	}
	out.Points = effect(book, before, after, m.On, s.today(&tx.View))
	return out, audit.Record(tx, actor, audit.LoggedMeet, audit.What{Org: m.Org, Detail: m.Kind + " " + m.On.String() + " " + strconv.Itoa(len(m.Lines)) + " 人"})
}

// MeetTx judges and inserts one activity with its attendance in the caller's
// transaction. It tells no effect; LogMeeting does.
func (s *Service) MeetTx(tx *store.Tx, actor *access.Actor, m Meeting) (Receipt, error) {
	var out Receipt
	branch, err := tx.Org(actor.Scope(access.Record), m.Org)
	if err != nil {
		return out, hide(err, "这个支部")
	}
	book, err := s.standings.BookThat(&tx.View, branch.Path, m.On, func(b *rulebook.Rulebook) bool { return b.Kind(m.Kind) })
	if err != nil {
		return out, err
	}
	if err := s.checkMeeting(tx, book, branch, &m); err != nil {
		return out, err
	}
	members, err := people(tx, m.Lines, m.On)
	if err != nil {
		return out, err
	}
	if out.Activity, err = tx.InsertActivity(store.Activity{Org: m.Org, Kind: m.Kind, On: m.On, Title: m.Title}, actor.Account); err != nil {
		return out, err
	}
	for i, l := range m.Lines {
		claim := actor.Recording(l.Member, members[i].Home.Path) != access.Posts
		if _, err := tx.InsertAttendance(out.Activity, &members[i], l.Status, claim, "", actor.Account); err != nil {
			return out, err
		}
		if claim {
			out.Waiting++
		} else {
			out.Posted++
		}
	}
	return out, nil
}

// checkMeeting refuses what the rules do not allow.
func (s *Service) checkMeeting(tx *store.Tx, book *rulebook.Rulebook, branch store.Org, m *Meeting) error {
	var err error
	if m.Title, err = checkNote(m.Title, "名称"); err != nil {
		return err
	}
	switch {
	case branch.Level != party.Branch:
		return fault.New(fault.Invalid, "活动记在支部名下，“%s”不是支部", branch.Name)
	case !book.Kind(m.Kind):
		return fault.New(fault.Invalid, "办法里没有“%s”这种活动", m.Kind).WithHint("从列出的种类里选")
	case len(m.Lines) == 0:
		return fault.New(fault.Invalid, "一个人也没有").WithHint("至少记一个人的出勤")
	case len(m.Lines) > maxPeople:
		return fault.New(fault.TooMany, "一次活动最多 %d 人", maxPeople)
	}
	seen := make(map[party.MemberID]bool, len(m.Lines))
	for _, l := range m.Lines {
		if !slices.Contains(party.Statuses(), l.Status) {
			return fault.New(fault.Invalid, "没有“%s”这种出勤", l.Status).WithHint("写 到会、迟到、早退、请假、补课 或 缺席")
		}
		if seen[l.Member] {
			return fault.New(fault.Invalid, "编号 %s 的党员记了两次", l.Member)
		}
		seen[l.Member] = true
	}
	return s.checkDay(&tx.View, book, branch, m.On)
}

// people reads the members of the lines, in their order. Whoever attended is
// found wherever he belongs: that he does not belong to the writer's branch is
// what makes his line a claim.
func people(tx *store.Tx, lines []Line, on calendar.Day) ([]store.Member, error) {
	out := make([]store.Member, len(lines))
	for i, l := range lines {
		m, err := tx.Member(access.System("guests of a meeting are found wherever they belong"), l.Member)
		if err != nil {
			return nil, hide(err, "编号 "+string(l.Member)+" 的党员")
		}
		if err := checkHere(&m, on); err != nil {
			return nil, err
		}
		out[i] = m
	}
	return out, nil
}

// TakeBack withdraws a whole activity's attendance: the undo of LogMeeting. It
// is for who logged it or may record there.
func (s *Service) TakeBack(ctx context.Context, actor *access.Actor, id store.ActivityID) (Receipt, error) {
	out := Receipt{Activity: id}
	err := s.write(ctx, actor, access.Record, func(tx *store.Tx) error {
		out = Receipt{Activity: id}
		a, err := tx.Activity(actor.Scope(access.Record), id)
		if err != nil {
			return hide(err, "这次活动")
		}
		branch, err := tx.Org(actor.Scope(access.Record), a.Org)
		if err != nil {
			return err
		}
		book, err := s.standings.Book(&tx.View, branch.Path, a.On)
		if err != nil {
			return err
		}
		if err := s.checkDay(&tx.View, book, branch, a.On); err != nil {
			return err
		}
		lines, err := tx.Attendance(access.System("the undo of a meeting takes all its lines"), id)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return fault.New(fault.Conflict, "这次活动已经撤销")
		}
		for _, l := range lines {
			m, err := tx.Member(access.System("the undo of a meeting takes all its lines"), l.Member)
			if err != nil {
				return err
			}
			if _, err := tx.InsertAttendance(id, &m, store.Withdrawn, false, "", actor.Account); err != nil {
				return err
			}
			out.Posted++
		}
		return audit.Record(tx, actor, audit.TookBackMeet, audit.What{Org: a.Org, Detail: a.Kind + " " + a.On.String()})
	})
	return out, err
}

// Correction is how a member attended an activity after all, and why that is
// said only now.
type Correction struct {
	Activity store.ActivityID
	Member   party.MemberID
	Status   party.Status
	Reason   string
}

// CorrectAttendance records anew how a member attended: what followed from the
// earlier line no longer counts, what follows from this one does, and both stay
// readable. The writer's own line, and those outside the scope, wait.
func (s *Service) CorrectAttendance(ctx context.Context, actor *access.Actor, c Correction, key string) (Effect, error) {
	var out Effect
	reason, err := checkNote(c.Reason, "理由")
	if err != nil {
		return out, err
	}
	if reason == "" {
		return out, fault.New(fault.Invalid, "要写更正的理由").WithHint("例如：签到表上漏看了")
	}
	c.Reason = reason
	err = s.write(ctx, actor, access.Record, func(tx *store.Tx) error {
		out, out.Replay, err = once(tx, actor, key, c, func() (Effect, error) { return s.correct(tx, actor, &c) })
		return err
	})
	return out, err
}

func (s *Service) correct(tx *store.Tx, actor *access.Actor, c *Correction) (out Effect, err error) {
	a, err := tx.Activity(actor.Scope(access.Record), c.Activity)
	if err != nil {
		return out, hide(err, "这次活动")
	}
	branch, err := tx.Org(actor.Scope(access.Record), a.Org)
	if err != nil {
		return out, err
	}
	book, err := s.standings.BookThat(&tx.View, branch.Path, a.On, func(b *rulebook.Rulebook) bool { return b.Kind(a.Kind) })
	if err != nil {
		return out, err
	}
	if err := s.checkMeeting(tx, book, branch, &Meeting{Org: a.Org, Kind: a.Kind, On: a.On, Lines: []Line{{c.Member, c.Status}}}); err != nil {
		return out, err
	}
	members, err := people(tx, []Line{{c.Member, c.Status}}, a.On)
	if err != nil {
		return out, err
	}
	was := party.Status("没有记")
	lines, err := tx.Attendance(access.System("the line that is corrected, whoever's it is"), c.Activity)
	for _, l := range lines {
		if l.Member == c.Member {
			was = l.Status
		}
	}
	switch {
	case err != nil:
		return out, err
	case len(lines) == 0:
		return out, fault.New(fault.Conflict, "这次活动已经撤销")
	case was == c.Status:
		return out, fault.New(fault.Conflict, "%s 本来就记的是“%s”", members[0].Name, was)
	}
	before, err := tx.Records(members)
	if err != nil {
		return out, err
	}
	out.Waiting = actor.Recording(c.Member, members[0].Home.Path) != access.Posts
	if _, err := tx.InsertAttendance(c.Activity, &members[0], c.Status, out.Waiting, c.Reason, actor.Account); err != nil {
		return out, err
	}
	after, err := tx.Records(members)
	if err != nil {
		return out, err
	}
	if out.Told = actor.Scope(access.Record).Sees(c.Member, members[0].Home.Path); out.Told {
		period, today := book.Cycle.Unit.Of(a.On), s.today(&tx.View)
		out.Before = scoring.Member(book, &before[0], period, today).Standing.Total
		out.After = scoring.Member(book, &after[0], period, today).Standing.Total
	}
	return out, audit.Record(tx, actor, audit.CorrectedMeet, audit.What{Org: a.Org, Member: c.Member, Detail: a.Kind + " " + a.On.String() + " " + string(was) + " → " + string(c.Status)})
}

// errStop ends a transaction that was only for looking.
var errStop = errors.New("stop")

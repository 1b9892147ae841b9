package members

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Provenance (来龙去脉) is how one entry, or one activity as a member attended it,
// came about, what became of it and what it counts. Either Entry or Attendance is
// there.
type Provenance struct {
	Member     domain.Member
	Book       *ruleset.RuleSet // the main one of today
	Entry      *domain.EntryHistory
	Attendance *domain.AttendanceHistory

	Fields  []requests.Word  // what an entry records
	Waits   *requests.Queued // whom it waits for now; nil for nobody
	Counted []Counted        // none of what may not count

	Reversible   bool // the actor may reverse the entry
	SeesActivity bool // the actor sees the activity's own page
}

// Counted is an account of the member in which something may count.
type Counted struct {
	*standings.Explained
	Scheme string // its name where there are several; "" for the only one
}

// subject returns what something is about, and its day.
func (p *Provenance) subject() (what string, on calendar.Day) {
	if p.Entry != nil {
		return p.Entry.Entry.Entry.Item, p.Entry.Entry.Entry.On
	}
	return p.Attendance.Activity.Kind, p.Attendance.Activity.On
}

// counts reports whether something may count now.
func (p *Provenance) counts() bool {
	if p.Entry != nil {
		q := p.Entry.Request
		return p.Entry.Reversal == nil && (q == nil || q.State == domain.RequestAccepted)
	}
	lines := p.Attendance.Lines
	for i := range lines {
		if lines[i].Holds {
			return lines[i].Status != domain.AttendanceReversed
		}
	}
	return lines[len(lines)-1].State == domain.RequestAccepted
}

// OwnProvenance is Provenance of something of the actor's own.
func (s *Service) OwnProvenance(ctx context.Context, actor *access.Actor, id domain.SourceID) (*Provenance, error) {
	if actor == nil || actor.Member == "" {
		return nil, fault.Hidden(nil, "这条记录")
	}
	return s.Provenance(ctx, actor, actor.Member, id)
}

// Provenance returns how something of a member came about; fault.NotFound outside
// the scope, and for what is another's.
func (s *Service) Provenance(
	ctx context.Context, actor *access.Actor, id domain.MemberID, source domain.SourceID,
) (out *Provenance, err error) {
	r := reading(actor, id)
	err = s.look(ctx, &r, func(v *store.Snapshot) (domain.Member, string, error) {
		out = &Provenance{}
		if err := s.provenance(v, &r, id, source, out); err != nil {
			return domain.Member{}, "", err
		}
		what, on := out.subject()
		return out.Member, "来龙去脉：" + what + " " + on.String(), nil
	})
	return out, err
}

func (s *Service) provenance(
	v *store.Snapshot, r *reader, id domain.MemberID, source domain.SourceID, out *Provenance,
) (err error) {
	var waits *domain.RequestHistory
	if source.Entry != 0 {
		if out.Entry, err = v.EntryHistory(r.scope, id, source.Entry); err != nil {
			return fault.Hide(err, "这条记录")
		}
		waits, out.Member = out.Entry.Request, out.Entry.Member
		out.Fields = s.words(v, &out.Member, &out.Entry.Entry.Entry)
		e, home := &out.Entry.Entry, out.Member.Home.Path
		out.Reversible = !e.Reversed && r.actor.Recording(id, home) == access.Posts &&
			recording.CheckOwn(r.actor, home, e.By, e.At, s.Today(v), s.Zone) == nil
	} else {
		if out.Attendance, err = v.AttendanceHistory(r.scope, id, source.Activity); err != nil {
			return fault.Hide(err, "这条记录")
		}
		waits, out.Member = out.Attendance.Lines[len(out.Attendance.Lines)-1].Request, out.Attendance.Member
		out.SeesActivity = r.actor.Scope(access.SeeMembers).Covers(out.Attendance.Org.Path)
	}
	if out.Book, err = s.standings.Book(v, out.Member.Home.Path, s.Today(v)); err != nil {
		return err
	}
	if waits != nil && waits.State == domain.RequestWaits {
		queued, err := s.ledger.Requests.Staged(v, []domain.Request{waits.Request})
		if err != nil {
			return err
		}
		out.Waits = &queued[0]
	}
	if out.counts() {
		return s.counted(v, r.scope, out)
	}
	return nil
}

// counted finds the accounts in which something may count: in every scheme, in the
// period of its day and in the one that runs now.
func (s *Service) counted(v *store.Snapshot, scope access.Scope, out *Provenance) error {
	what, on := out.subject()
	type account struct{ scheme, period string }
	seen, today := map[account]bool{}, s.Today(v)
	for _, day := range [...]calendar.Day{on, today} {
		then := out.Member
		if err := v.HomeOn(&then, day); err != nil {
			return err
		}
		books, err := s.standings.Schemes(v, then.Home.Path, day)
		if err != nil && fault.CodeOf(err) != fault.NotFound { // before the first scheme nothing counts
			return err
		}
		for _, book := range books {
			p := book.Cycle.Unit.Of(day)
			if day == on {
				p = book.Cycle.Unit.Of(book.CountsOn(what, on))
			}
			at := account{book.Code, p.String()}
			if seen[at] {
				continue
			}
			seen[at] = true
			q := standings.Question{Scope: scope, Scheme: at.scheme, Period: at.period, AsOf: today}
			e, err := s.standings.ExplainOn(v, q, out.Member.ID)
			if fault.CodeOf(err) == fault.NotFound { // a scheme that is in force no more
				continue
			}
			if err != nil {
				return err
			}
			one := Counted{Explained: e}
			if len(books) > 1 {
				one.Scheme = book.Title
			}
			out.Counted = append(out.Counted, one)
		}
	}
	return nil
}

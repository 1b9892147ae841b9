package members

import (
	"context"
	"errors"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Change is one change of a member, one of its kinds.
type Change struct {
	Fact      *FactChange
	Move      *Move
	Secondary *SecondaryInput
	Reversal  *ChangeReversal
}

// member returns whom a change is about.
func (c *Change) member() domain.MemberID {
	switch {
	case c.Fact != nil:
		return c.Fact.Member
	case c.Move != nil:
		return c.Move.Member
	case c.Secondary != nil:
		return c.Secondary.Member
	case c.Reversal != nil:
		return c.Reversal.Member
	default:
		return ""
	}
}

// permissions returns of which an actor has to have one to record a change.
func (c *Change) permissions() []access.Permission {
	switch {
	case c.Fact != nil:
		return []access.Permission{access.ManageMembers, access.Claim}
	case c.Move != nil:
		return []access.Permission{access.MoveMembers, access.ManageMembers}
	default:
		return []access.Permission{access.ManageMembers}
	}
}

// Foreseen holds what a change would do.
type Foreseen struct {
	Registered
	Member domain.Member // as he is without it
	Branch string        // of a move or a secondary membership: where, by name; "" for leaving
	Item   HistoryItem   // of a reversal: what it takes back
	Shown  string        // what tells this from what it would do later
	Lacks  error         // it is refused as long as nobody gives a reason; nil where none is asked for
}

// Foresee returns what a change would do, and refuses what recording it would refuse, but for
// a reason that is still to be given: it is recorded and nothing of it is kept.
func (s *Recorder) Foresee(ctx context.Context, actor *access.Actor, c Change) (out Foreseen, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		out = Foreseen{}
		var absent error
		out.Member, absent = tx.Member(access.System("what became of whom the actor changed"), c.member())
		if out.Registered, err = s.change(tx, actor, &c, &out); err == nil { // which judges what he may see
			err = absent
		}
		if lacksReason(err) {
			out.Lacks, err = err, nil
		}
		out.Shown = out.shown()
		if err == nil {
			err = out.nameBranch(&tx.Snapshot, &c)
		}
		if err == nil {
			err = kernel.ErrStop
		}
		return err
	}, c.permissions()...)
	if errors.Is(err, kernel.ErrStop) {
		err = nil
	}
	return out, err
}

// nameBranch names where a change lets a member go.
func (f *Foreseen) nameBranch(v *store.Snapshot, c *Change) error {
	var to domain.OrgID
	if c.Move != nil {
		to = c.Move.To
	} else if c.Secondary != nil {
		to = c.Secondary.Org
	}
	if to == "" {
		return nil
	}
	o, err := v.Org(access.System("a member may go to any branch of the street"), to)
	f.Branch = o.Name
	return err
}

// change records a change in the caller's transaction.
func (s *Recorder) change(tx *store.Tx, actor *access.Actor, c *Change, out *Foreseen) (Registered, error) {
	switch {
	case c.Fact != nil:
		seen := *c.Fact
		seen.Seen, seen.Shown = true, ""
		return s.changeFact(tx, actor, &seen)
	case c.Move != nil:
		seen := *c.Move
		seen.Seen, seen.Shown = true, "" // by who is shown it now
		return s.move(tx, actor, &seen, true)
	case c.Secondary != nil:
		return Registered{}, s.RecordSecondaryTx(tx, actor, *c.Secondary)
	}
	_, items, at, err := s.reversibleChange(&tx.Snapshot, actor, c.Reversal.Member, c.Reversal.Change)
	if err != nil {
		return Registered{}, err
	}
	book, err := s.standings.Book(&tx.Snapshot, out.Member.Home.Path, s.Today(&tx.Snapshot))
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return Registered{}, err
	}
	out.Item = itemOf(book, items, at)
	back := *c.Reversal
	back.Shown = ""
	return s.reverseChange(tx, actor, &back)
}

// lacksReason reports whether a change is refused for want of a reason only.
func lacksReason(err error) bool {
	return fault.CodeOf(err) == fault.Invalid && fault.From(err).Fields["reason"] != ""
}

// askReason says at the input of the reason what an error says.
func askReason(err error) error {
	if fault.CodeOf(err) != fault.Invalid {
		return err
	}
	f := *fault.From(err)
	f.Fields = map[string]string{"reason": f.Message}
	return &f
}

// effect runs what records a change of a member from a day on and returns what it does to
// his ledger. What makes a locked result another one is fault.Forbidden.
func (s *Recorder) effect(
	tx *store.Tx, m *domain.Member, from calendar.Day, record func() error,
) ([]standings.Consequence, error) {
	today := s.Today(&tx.Snapshot)
	before, err := s.standings.Statements(&tx.Snapshot, m, from, today)
	if err != nil {
		return nil, err
	}
	locked, err := s.lockedResults(&tx.Snapshot, m, from)
	if err != nil {
		return nil, err
	}
	if err := record(); err != nil {
		return nil, err
	}
	is, err := tx.Member(access.System("what became of whom the actor changed"), m.ID)
	if err != nil {
		return nil, err
	}
	if err := s.keepLocked(&tx.Snapshot, &is, locked); err != nil {
		return nil, err
	}
	after, err := s.standings.Statements(&tx.Snapshot, &is, from, today)
	return standings.Consequences(before, after), err
}

// checkLate refuses what changes a standing and begins longer ago than a branch may record
// (补录 of 默认); a committee above it may go further back, and gives a reason.
func (s *Recorder) checkLate(
	v *store.Snapshot, actor *access.Actor, m *domain.Member, from calendar.Day, reason string,
	effect []standings.Consequence,
) error {
	if len(effect) == 0 {
		return nil
	}
	return s.checkLateFrom(v, actor, m.Home.Path, from, reason)
}

// checkLateFrom is checkLate for what changes a standing, by the rules of a branch.
func (s *Recorder) checkLateFrom(
	v *store.Snapshot, actor *access.Actor, branch string, from calendar.Day, reason string,
) error {
	today := s.Today(v)
	book, err := s.standings.Book(v, branch, today)
	if fault.CodeOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	late := recording.Lateness{Allowed: book.Workflow.Late, Rule: "办法", On: from, First: today}
	return askReason(recording.CheckLate(actor, branch, reason, late))
}

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

// Foresee returns what a change would do, and refuses what recording it would refuse: it is
// recorded and nothing of it is kept.
func (s *Recorder) Foresee(ctx context.Context, actor *access.Actor, c Change) (out Registered, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		switch {
		case c.Fact != nil:
			out, err = s.changeFact(tx, actor, c.Fact)
		case c.Move != nil:
			seen := *c.Move
			seen.Seen = true // by who is shown it now
			out, err = s.move(tx, actor, &seen)
		case c.Secondary != nil:
			err = s.RecordSecondaryTx(tx, actor, *c.Secondary)
		case c.Reversal != nil:
			out, err = s.reverseChange(tx, actor, c.Reversal)
		}
		if err == nil {
			err = kernel.ErrStop
		}
		return err
	}, access.ManageMembers, access.MoveMembers, access.Claim)
	if errors.Is(err, kernel.ErrStop) {
		err = nil
	}
	return out, err
}

// effect runs what records a change of a member from a day on and returns what it does to
// his ledger. What changes a standing may begin no longer ago than a branch may record
// (补录 of 默认); a committee above it may go further back, and gives a reason.
func (s *Recorder) effect(
	tx *store.Tx, actor *access.Actor, m *domain.Member, from calendar.Day, reason string, record func() error,
) ([]standings.Consequence, error) {
	today := s.Today(&tx.Snapshot)
	before, err := s.standings.Statements(&tx.Snapshot, m, from, today)
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
	after, err := s.standings.Statements(&tx.Snapshot, &is, from, today)
	if err != nil {
		return nil, err
	}
	out := standings.Consequences(before, after)
	if len(out) == 0 {
		return nil, nil
	}
	book, err := s.standings.Book(&tx.Snapshot, m.Home.Path, today)
	if fault.CodeOf(err) == fault.NotFound {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	late := recording.Lateness{Allowed: book.Workflow.Late, Rule: "办法", On: from, First: today}
	return out, recording.CheckLate(actor, m.Home.Path, reason, late)
}

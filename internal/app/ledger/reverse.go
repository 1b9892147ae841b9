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
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Reverse takes an entry back, with a reason. It stays readable.
func (s *Service) Reverse(ctx context.Context, actor *access.Actor, id domain.EntryID, reason, key string) (replay bool, err error) {
	if reason, err = kernel.Note(reason, "理由"); err != nil {
		return false, err
	}
	if reason == "" {
		return false, fault.New(fault.Invalid, "要写撤销的理由").WithHint("例如：重复录入")
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		_, replay, err = kernel.Once(tx, actor, key, []any{id, reason}, func() (bool, error) { return true, s.reverse(tx, actor, id, reason) })
		return err
	}, access.Record)
	return replay, err
}

func (s *Service) reverse(tx *store.Tx, actor *access.Actor, id domain.EntryID, reason string) error {
	e, err := tx.Entry(actor.Scope(access.Record), id)
	if err != nil {
		return kernel.Hide(err, "这条记录")
	}
	if err := s.reversible(&tx.Snapshot, actor, &e); err != nil {
		return err
	}
	if err := tx.InsertReversal(&e, reason, actor.Account); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Reversed, audit.What{Member: e.Member, Detail: e.Entry.Item + " " + e.Entry.On.String()})
}

// reversible refuses what an actor may not take back: what is taken back already
// or does not count yet, what is his own, what stands in a locked period, and
// what took the agreement of somebody above him.
func (s *Service) reversible(v *store.Snapshot, actor *access.Actor, e *domain.RecordedEntry) error {
	switch {
	case e.Reversed:
		return fault.New(fault.Conflict, "这条记录已经撤销")
	case e.Claim:
		return fault.New(fault.Conflict, "这一笔还在等人同意，没有计分").WithHint("由办这一步的人退回，或者由报的人在“待确认”“我的申报”里撤回")
	}
	m, err := v.Member(actor.Scope(access.Record), e.Member)
	if err != nil {
		return kernel.Hide(err, "这名党员")
	}
	// What counts for oneself may not be taken away by oneself either.
	if actor.Recording(e.Member, m.Home.Path) != access.Posts {
		return fault.New(fault.Forbidden, "本人的记录由上级党组织撤销")
	}
	x, err := s.reckonEntry(v, &m, e.Entry.Item, e.Entry.On)
	if err != nil {
		return err
	}
	if err := s.checkOpen(v, x, m.Home, e.Entry.On); err != nil {
		return err
	}
	book := x.Book
	records, err := v.Records([]domain.Member{m})
	if err != nil {
		return err
	}
	var enter []domain.Organ
	if i := book.Item(e.Entry.Item); i >= 0 {
		enter = book.Items[i].Workflow.Enter
	}
	asked := actor.Chain(m.ID, m.Home.Path, enter, scoring.Admit(book, asOf(&records[0], x), e.Entry).Approve)
	// What was decided outside is not taken back there, but by whom keeps its document.
	if above := domain.NamesOf(slices.DeleteFunc(asked, domain.Organ.Outside)); len(above) > 0 {
		return fault.New(fault.Forbidden, "“%s”要%s同意才计分，撤销也由上级来办", e.Entry.Item, strings.Join(above, "、")).WithHint("请%s撤销", above[len(above)-1])
	}
	return nil
}

// Without says what an entry counts now and what the member's total would be
// without it; it refuses what Reverse would refuse.
func (s *Service) Without(ctx context.Context, actor *access.Actor, id domain.EntryID) (Effect, error) {
	var out Effect
	err := s.DB.Read(ctx, func(v *store.Snapshot) error {
		e, err := v.Entry(actor.Scope(access.Record), id)
		if err != nil {
			return kernel.Hide(err, "这条记录")
		}
		if err := s.reversible(v, actor, &e); err != nil {
			return err
		}
		m, err := v.Member(actor.Scope(access.Record), e.Member)
		if err != nil {
			return kernel.Hide(err, "这名党员")
		}
		x, err := s.reckonEntry(v, &m, e.Entry.Item, e.Entry.On)
		if err != nil {
			return err
		}
		records, err := v.Records([]domain.Member{m})
		if err != nil {
			return err
		}
		without := records[0]
		without.Entries = slices.DeleteFunc(slices.Clone(without.Entries), func(x domain.Entry) bool { return x.ID == e.Entry.ID })
		res := x.Member(&records[0])
		bare := x.Member(&without)
		out = Effect{Entry: id, Waiting: e.Claim, Before: res.Standing.Total, After: bare.Standing.Total}
		total, idle := res.Lines()
		if l := find(&total, idle, e.Entry.ID); l != nil {
			out.Granted, out.Wanted, out.Note = l.Value, l.Wanted, l.Note
		}
		if out.Before-out.After != out.Granted {
			out.Note = joined(out.Note, res.Absorbed(bare))
		}
		return nil
	})
	return out, err
}

// Undo takes back what the actor recorded today from one entry to another, a sheet
// or a single one, all of it: none of it may have been reversed or decided on
// since, and the period must be open. It takes no reason: nobody has relied on it.
// It returns of which item it was, and how many.
func (s *Service) Undo(ctx context.Context, actor *access.Actor, first, last domain.EntryID) (item string, n int, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		n = 0
		none := fault.New(fault.NotFound, "没有这一批").WithHint("只能撤销自己记的")
		if first < 1 || last < first || last-first >= kernel.MaxPeople {
			return none
		}
		entries, err := tx.Batch(actor.Account, first, last)
		if err != nil {
			return err
		}
		// What was not recorded together is no batch.
		if len(entries) == 0 || slices.ContainsFunc(entries, func(e domain.RecordedEntry) bool { return e.At != entries[0].At }) {
			return none
		}
		item = entries[0].Entry.Item
		if when, err := store.ParseInstant(entries[0].At); err != nil || calendar.FromTime(when.In(s.Zone)) != s.Today(&tx.Snapshot) {
			return fault.New(fault.Forbidden, "当场撤销只在当天").WithHint("在党员的页面上一笔一笔撤销，写明理由")
		}
		for i := range entries {
			if e := &entries[i]; e.Reversed || e.Decided {
				return fault.New(fault.Conflict, "这一批里已经有撤销或办过的").WithHint("其余的一笔一笔撤销")
			}
		}
		for i := range entries {
			e := &entries[i]
			if !e.Claim {
				err = s.reverse(tx, actor, e.ID, "当场撤销")
			} else { // his own claim, whoever is to decide it
				err = s.Requests.WithdrawTx(tx, actor, e.Request, "当场撤销")
			}
			if err != nil {
				return err
			}
			n++
		}
		return nil
	}, access.Record)
	return item, n, err
}

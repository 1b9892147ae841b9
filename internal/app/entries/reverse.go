package entries

import (
	"context"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Reversed names the member of an entry that was reversed.
type Reversed struct {
	Member domain.MemberID
	Replay bool // it was reversed by this very request before; nothing was written now
}

// Reverse takes an entry back, with a reason. It stays readable.
func (s *Service) Reverse(
	ctx context.Context, actor *access.Actor, id domain.EntryID, reason, key string,
) (out Reversed, err error) {
	if reason, err = kernel.Note(reason, "理由"); err != nil {
		return out, err
	}
	if reason == "" {
		return out, fault.New(fault.Invalid, "要写撤销的理由").WithHint("例如：重复录入")
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		out, out.Replay, err = kernel.Once(tx, actor, key, []any{id, reason}, func() (Reversed, error) {
			return s.reverse(tx, actor, id, reason)
		})
		return err
	}, access.Record)
	return out, err
}

func (s *Service) reverse(tx *store.Tx, actor *access.Actor, id domain.EntryID, reason string) (Reversed, error) {
	e, err := tx.Entry(actor.Scope(access.Record), id)
	if err != nil {
		return Reversed{}, fault.Hide(err, "这条记录")
	}
	if _, err := s.reversible(&tx.Snapshot, actor, &e); err != nil {
		return Reversed{}, err
	}
	if err := tx.InsertReversal(&e, reason, actor.Account); err != nil {
		return Reversed{}, err
	}
	what := audit.What{Member: e.Member, Detail: e.Entry.Item + " " + e.Entry.On.String()}
	return Reversed{Member: e.Member}, audit.Record(tx, actor, audit.Reversed, what)
}

// standing is an entry that counts, with what it is judged by.
type standing struct {
	*standings.Reckoning
	member domain.Member
	record domain.MemberHistory
}

// reversible refuses what an actor may not take back: what is taken back already
// or does not count yet, what is his own, what stands in a locked period, and
// what took the agreement of somebody above him.
func (s *Service) reversible(
	v *store.Snapshot, actor *access.Actor, e *domain.RecordedEntry,
) (out standing, err error) {
	switch {
	case e.Reversed:
		return out, fault.New(fault.Conflict, "这条记录已经撤销")
	case e.Claim:
		return out, fault.New(fault.Conflict, "这一笔还在等人同意，没有计分").
			WithHint("由办这一步的人退回，或者由报的人在“待确认”“我的申报”里撤回")
	}
	if out.member, err = v.Member(actor.Scope(access.Record), e.Member); err != nil {
		return out, fault.Hide(err, "这名党员")
	}
	home := out.member.Home
	// What counts for oneself may not be taken away by oneself either.
	if actor.Recording(e.Member, home.Path) != access.Posts {
		return out, fault.New(fault.Forbidden, "本人的记录由上级党组织撤销")
	}
	if err := recording.CheckOwn(actor, home.Path, e.By, e.At, s.Today(v), s.Zone); err != nil {
		return out, err
	}
	out.Reckoning, err = recording.ReckonEntry(s.standings, v, &out.member, e.Entry.Item, e.Entry.On)
	if err != nil {
		return out, err
	}
	if err := recording.CheckOpen(s.standings, v, out.Reckoning, home, e.Entry.On); err != nil {
		return out, err
	}
	records, err := v.Records([]domain.Member{out.member})
	if err != nil {
		return out, err
	}
	out.record = records[0]
	var enter []domain.Organ
	if i := out.Book.Item(e.Entry.Item); i >= 0 {
		enter = out.Book.Items[i].Workflow.Enter
	}
	approve := scoring.Admit(out.Book, recording.AsOf(&out.record, out.Reckoning), e.Entry).Approve
	asked := actor.Chain(e.Member, home.Path, enter, approve)
	// What was decided outside is not taken back there, but by whom keeps its document.
	if above := domain.NamesOf(slices.DeleteFunc(asked, domain.Organ.Outside)); len(above) > 0 {
		return out, fault.New(fault.Forbidden, "“%s”要%s同意才计分，撤销也由上级来办", e.Entry.Item, strings.Join(above, "、")).
			WithHint("请%s撤销", above[len(above)-1])
	}
	return out, nil
}

// Undo takes back what the actor recorded today from one entry to another, a bulk
// entry or a single one, all of it: none of it may have been reversed or decided on
// since, and the period must be open. It takes no reason: nobody has relied on it.
// It returns of which item it was, and how many.
func (s *Service) Undo(
	ctx context.Context, actor *access.Actor, first, last domain.EntryID,
) (item string, n int, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		n = 0
		entries, err := s.undoable(tx, actor, first, last)
		if err != nil {
			return err
		}
		item = entries[0].Entry.Item
		for i := range entries {
			e := &entries[i]
			if !e.Claim {
				_, err = s.reverse(tx, actor, e.ID, "当场撤销")
			} else { // his own claim, whoever is to decide it
				err = s.requests.WithdrawTx(tx, actor, e.Request, "当场撤销")
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

// undoable returns what an actor recorded together, and refuses what he may not undo.
func (s *Service) undoable(
	tx *store.Tx, actor *access.Actor, first, last domain.EntryID,
) ([]domain.RecordedEntry, error) {
	none := fault.New(fault.NotFound, "没有这一批").WithHint("只能撤销自己记的")
	if first < 1 || last < first || last-first >= kernel.MaxPeople {
		return nil, none
	}
	entries, err := tx.Batch(actor.Account, first, last)
	if err != nil {
		return nil, err
	}
	apart := func(e domain.RecordedEntry) bool { return e.At != entries[0].At }
	if len(entries) == 0 || slices.ContainsFunc(entries, apart) { // not recorded together: no batch
		return nil, none
	}
	when, err := store.ParseInstant(entries[0].At)
	if err != nil || calendar.FromTime(when.In(s.Zone)) != s.Today(&tx.Snapshot) {
		return nil, fault.New(fault.Forbidden, "当场撤销只在当天").WithHint("在党员的页面上一笔一笔撤销，写明理由")
	}
	for i := range entries {
		if e := &entries[i]; e.Reversed || e.Decided {
			return nil, fault.New(fault.Conflict, "这一批里已经有撤销或办过的").WithHint("其余的一笔一笔撤销")
		}
	}
	return entries, nil
}

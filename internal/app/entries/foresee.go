package entries

import (
	"context"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// foreseen is an entry that was judged and scored before it is written, by what is
// held of its member.
type foreseen struct {
	posted
	asked  EntryInput // as it was handed in
	input  EntryInput // as it was judged
	effect Effect     // but for the ids
	after  *scoring.Result
	today  calendar.Day
	held   *store.Held
}

// foresee judges and scores an entry from what is held, so that the writer has only to
// write it. It returns nil where that cannot be, or where the entry is refused: the
// transaction then judges it by what it finds.
func (s *Service) foresee(ctx context.Context, actor *access.Actor, d EntryInput) *foreseen {
	if !actor.May(access.Record) && !actor.May(access.Claim) || d.Member == "" || d.Follows != 0 || d.Paper != "" {
		return nil
	}
	held, err := s.DB.Held(ctx, d.Member)
	if err != nil {
		return nil
	}
	v := s.DB.Recall(held)
	out := &foreseen{asked: d, input: d, today: s.Today(v), held: held}
	if out.posted, err = s.prepare(v, actor, &out.input); err != nil {
		return nil
	}
	out.entry.ID = unrecorded
	out.effect, out.after = out.effectAfter(s.scored.get(out.member.ID, held, out.Reckoning))
	return out
}

// keep writes a foreseen entry where the transaction finds what it was foreseen by,
// and reports whether it did. An answer given before under the same key is left to
// whoever gives it again.
func (s *Service) keep(tx *store.Tx, actor *access.Actor, f *foreseen, key string, out *Effect) (bool, error) {
	if f == nil || s.Today(&tx.Snapshot) != f.today {
		return false, nil
	}
	if same, err := tx.Unchanged(f.held, actor.ID(), key); err != nil || !same {
		return false, err
	}
	n := domain.NewEntry{Entry: f.entry, Note: f.input.Note, Route: f.route}
	id, err := tx.InsertEntry(&f.member, n, actor.Account)
	if err != nil {
		return true, err
	}
	*out = f.effect
	out.Entry = id
	if len(f.route) > 0 {
		if out.Request, err = tx.RequestOf(id); err != nil {
			return true, err
		}
	}
	if err := auditPosted(tx, actor, &f.input); err != nil {
		return true, err
	}
	return true, kernel.Answer(tx, actor, key, f.asked, *out)
}

// recorded returns the entry with its id.
func (f *foreseen) recorded(id domain.EntryID) domain.Entry {
	e := f.entry
	e.ID = strconv.FormatInt(int64(id), 10)
	return e
}

package entries

import (
	"context"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// EntryInput is one entry to be recorded, as a person wrote it.
type EntryInput struct {
	Member domain.MemberID
	Item   string
	On     calendar.Day
	Points string            // where the item leaves a range
	Fields map[string]string // what the item records
	Note   string

	Follows domain.RequestID // the returned request that it takes up again; 0 for none
	Paper   string           // the paper record it is taken from (see Import); "" = recorded as it happened

	before []domain.Entry // of the member: recorded before it, and not yet written
}

// Post records an entry. For oneself, for somebody outside the scope, and where
// the rules want somebody above to agree, it becomes a claim. What the rules do
// not allow is fault.Invalid with the reasons by field, what is too late for this
// person fault.Forbidden.
func (s *Service) Post(ctx context.Context, actor *access.Actor, d EntryInput, key string) (Effect, error) {
	out, _, err := s.write(ctx, actor, d, key, s.foresee(ctx, actor, d))
	return out, err
}

// write records an entry, as it was foreseen where that still holds; it reports
// whether it did.
func (s *Service) write(
	ctx context.Context, actor *access.Actor, d EntryInput, key string, f *foreseen,
) (out Effect, kept bool, err error) {
	err = s.Write(ctx, actor, func(tx *store.Tx) (err error) {
		if kept, err = s.keep(tx, actor, f, key, &out); kept || err != nil {
			return err
		}
		out, out.Replay, err = kernel.Once(tx, actor, key, d, func() (Effect, error) { return s.postAudited(tx, actor, d) })
		return err
	}, access.Record, access.Claim)
	switch {
	case f == nil:
	case err == nil && kept && !out.Waiting:
		next := s.DB.KeepEntry(f.held, f.recorded(out.Entry))
		s.scored.put(f.member.ID, scoredOf{next, f.Reckoning, f.after})
	case !kept || out.Waiting: // else every later entry of the member would be foreseen in vain
		s.DB.LetGo(f.held)
	}
	return out, kept, err
}

// PostDraft hands a claim in, as Post does, and its draft is gone with it. draft 0
// is a claim that had none.
func (s *Service) PostDraft(
	ctx context.Context, actor *access.Actor, d EntryInput, draft int64, key string,
) (Effect, error) {
	if draft == 0 {
		return s.Post(ctx, actor, d, key)
	}
	var out Effect
	err := s.Write(ctx, actor, func(tx *store.Tx) (err error) {
		out, out.Replay, err = kernel.Once(tx, actor, key, d, func() (Effect, error) {
			if err := tx.DropRequestDraft(actor.Account, draft); err != nil {
				return Effect{}, err
			}
			return s.postAudited(tx, actor, d)
		})
		return err
	}, access.Record, access.Claim)
	return out, err
}

// postAudited posts and tells the trail.
func (s *Service) postAudited(tx *store.Tx, actor *access.Actor, d EntryInput) (e Effect, err error) {
	if d.Member, err = recording.Meant(&tx.Snapshot, d.Member); err != nil {
		return e, err
	}
	if e, err = s.post(tx, actor, d); err != nil {
		return e, err
	}
	return e, auditPosted(tx, actor, &d)
}

// auditPosted writes the line in the trail.
func auditPosted(tx *store.Tx, actor *access.Actor, d *EntryInput) error {
	detail := d.Item + " " + d.On.String()
	return audit.Record(tx, actor, audit.PostedEntry, audit.What{Member: d.Member, Detail: detail})
}

// posted is an entry that was judged and inserted.
type posted struct {
	member domain.Member
	record domain.MemberHistory // of the member, without the entry
	*standings.Reckoning
	entry       domain.Entry
	id          domain.EntryID
	route       domain.Route     // the organs that have to agree first
	request     domain.RequestID // that it became; 0 for what counts at once
	showsTotals bool             // the member is the writer's to see
}

// insert judges and inserts one entry in the caller's transaction.
func (s *Service) insert(tx *store.Tx, actor *access.Actor, d EntryInput) (p posted, err error) {
	if p, err = s.prepare(&tx.Snapshot, actor, &d); err != nil {
		return p, err
	}
	return s.insertJudged(tx, actor, &d, p)
}

// insertJudged inserts an entry as it was judged.
func (s *Service) insertJudged(tx *store.Tx, actor *access.Actor, d *EntryInput, p posted) (_ posted, err error) {
	n := domain.NewEntry{Entry: p.entry, Note: d.Note, Route: p.route, Follows: d.Follows, Paper: d.Paper}
	p.id, err = tx.InsertEntry(&p.member, n, actor.Account)
	p.entry.ID = strconv.FormatInt(int64(p.id), 10)
	if err == nil && len(p.route) > 0 {
		p.request, err = tx.RequestOf(p.id)
	}
	return p, err
}

func (s *Service) post(tx *store.Tx, actor *access.Actor, d EntryInput) (Effect, error) {
	p, err := s.insert(tx, actor, d)
	if err != nil {
		return Effect{}, err
	}
	return p.effect(), nil
}

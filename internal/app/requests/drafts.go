package requests

import (
	"context"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// maxDraft bounds a draft (草稿), in bytes of JSON; maxDrafts how many a person
// keeps.
const (
	maxDraft  = 8 << 10
	maxDrafts = 20
)

// Draft is a request that its author is still writing (草稿): what stands in the
// form's inputs, by their names. Nothing of it is judged yet.
type Draft struct {
	ID    int64
	Typed map[string]string
	At    string
}

// SaveDraft keeps what an author is writing, anew for id 0, else in its place.
func (s *Service) SaveDraft(
	ctx context.Context, actor *access.Actor, id int64, typed map[string]string,
) (saved int64, err error) {
	for _, text := range typed {
		if utf8.RuneCountInString(text) > kernel.MaxNote {
			return 0, fault.New(fault.Invalid, "有一格写得太长").WithHint("最多 %d 字", kernel.MaxNote)
		}
	}
	body, err := json.Marshal(typed)
	if err != nil || len(body) > maxDraft {
		return 0, fault.New(fault.Invalid, "这份草稿太长，存不下")
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		have, err := tx.RequestDrafts(actor.Account)
		if err != nil {
			return err
		}
		if id == 0 && len(have) >= maxDrafts {
			return fault.New(fault.TooMany, "草稿最多存 %d 份", maxDrafts).WithHint("先提交或删掉几份")
		}
		saved, err = tx.SaveRequestDraft(actor.Account, id, string(body))
		return err
	}, access.Record, access.Claim)
	return saved, err
}

// DropDraft throws one's own draft away.
func (s *Service) DropDraft(ctx context.Context, actor *access.Actor, id int64) error {
	return s.Write(ctx, actor, func(tx *store.Tx) error {
		return tx.DropRequestDraft(actor.Account, id)
	}, access.Record, access.Claim)
}

// Drafts returns what the actor is writing.
func (s *Service) Drafts(v *store.Snapshot, actor *access.Actor) ([]Draft, error) {
	rows, err := v.RequestDrafts(actor.Account)
	out := make([]Draft, 0, len(rows))
	for _, r := range rows {
		d := Draft{ID: r.ID, At: r.At}
		if json.Unmarshal([]byte(r.Body), &d.Typed) == nil {
			out = append(out, d)
		}
	}
	return out, err
}

// Draft returns one of what the actor is writing.
func (s *Service) Draft(v *store.Snapshot, actor *access.Actor, id int64) (Draft, error) {
	list, err := s.Drafts(v, actor)
	if err != nil {
		return Draft{}, err
	}
	at := slices.IndexFunc(list, func(d Draft) bool { return d.ID == id })
	if at < 0 {
		return Draft{}, fault.New(fault.NotFound, "没有这份草稿").WithHint("可能已经提交或删掉")
	}
	return list[at], nil
}

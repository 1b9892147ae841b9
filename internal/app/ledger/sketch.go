package ledger

import (
	"context"
	"encoding/json"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/kernel"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// maxSketch bounds a draft (草稿), in bytes of JSON; maxSketches how many a person
// keeps.
const (
	maxSketch   = 8 << 10
	maxSketches = 20
)

// Sketch is a claim that its author is still writing (草稿): what stands in the
// form's inputs, by their names. Nothing of it is judged yet.
type Sketch struct {
	ID    int64
	Typed map[string]string
	At    string
}

// SaveSketch keeps what an author is writing, anew for id 0, else in its place.
func (s *Service) SaveSketch(ctx context.Context, actor *access.Actor, id int64, typed map[string]string) (int64, error) {
	for _, text := range typed {
		if utf8.RuneCountInString(text) > maxNote {
			return 0, fault.New(fault.Invalid, "有一格写得太长").WithHint("最多 %d 字", maxNote)
		}
	}
	body, err := json.Marshal(typed)
	if err != nil || len(body) > maxSketch {
		return 0, fault.New(fault.Invalid, "这份草稿太长，存不下")
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		have, err := tx.Sketches(actor.Account)
		if err != nil {
			return err
		}
		if id == 0 && len(have) >= maxSketches {
			return fault.New(fault.TooMany, "草稿最多存 %d 份", maxSketches).WithHint("先提交或删掉几份")
		}
		id, err = tx.SaveSketch(actor.Account, id, string(body))
		return err
	}, access.Record, access.Claim)
	return id, err
}

// DropSketch throws one's own draft away.
func (s *Service) DropSketch(ctx context.Context, actor *access.Actor, id int64) error {
	return s.Write(ctx, actor, func(tx *store.Tx) error { return tx.DropSketch(actor.Account, id) }, access.Record, access.Claim)
}

// Sketches returns what the actor is writing.
func (s *Service) Sketches(v *store.Snapshot, actor *access.Actor) ([]Sketch, error) {
	rows, err := v.Sketches(actor.Account)
	out := make([]Sketch, 0, len(rows))
	for _, r := range rows {
		k := Sketch{ID: r.ID, At: r.At}
		if json.Unmarshal([]byte(r.Body), &k.Typed) == nil {
			out = append(out, k)
		}
	}
	return out, err
}

// PostSketch hands a claim in, as Post does, and its draft is gone with it. sketch
// 0 is a claim that had none.
func (s *Service) PostSketch(ctx context.Context, actor *access.Actor, d EntryInput, sketch int64, key string) (Effect, error) {
	if sketch == 0 {
		return s.Post(ctx, actor, d, key)
	}
	var out Effect
	err := s.Write(ctx, actor, func(tx *store.Tx) (err error) {
		out, out.Replay, err = kernel.Once(tx, actor, key, d, func() (Effect, error) {
			if err := tx.DropSketch(actor.Account, sketch); err != nil {
				return Effect{}, err
			}
			return s.postTold(tx, actor, d)
		})
		return err
	}, access.Record, access.Claim)
	return out, err
}

package entries

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// BegunQuery names what an author goes on with: a draft or a returned claim. The zero
// BegunQuery is a fresh form.
type BegunQuery struct {
	Draft    int64 // 0 for none
	Returned domain.RequestID
}

// Begun holds what an author goes on with.
type Begun struct {
	Draft    map[string]string // the inputs by their names; nil for no draft
	Returned *Returned         // nil for none
}

// Returned holds a claim that came back, as its author typed it.
type Returned struct {
	Entry  domain.RecordedEntry
	Words  []requests.Word
	Reason string
}

// ClaimForm returns the form of an entry that the actor claims for himself, with what
// he goes on with, from which choose takes the choices of the form.
func (s *Service) ClaimForm(
	ctx context.Context, actor *access.Actor, b BegunQuery, choose func(*Begun) FormQuery,
) (out Form, begun Begun, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		if begun, err = s.begun(v, actor, b); err != nil {
			return err
		}
		q := choose(&begun)
		q.Own = true
		out, err = s.form(v, actor, q)
		return err
	}, access.Claim)
	return out, begun, err
}

// begun reads what an author goes on with.
func (s *Service) begun(v *store.Snapshot, actor *access.Actor, b BegunQuery) (out Begun, err error) {
	switch {
	case b.Draft != 0:
		d, err := s.requests.Draft(v, actor, b.Draft)
		return Begun{Draft: d.Typed}, err
	case b.Returned != 0:
		out.Returned, err = s.returned(v, actor, b.Returned)
	}
	return out, err
}

// returned reads a claim about the actor that he takes up again.
func (s *Service) returned(v *store.Snapshot, actor *access.Actor, id domain.RequestID) (*Returned, error) {
	q, err := v.Request(actor.Scope(access.SeeOwn), id)
	if err != nil {
		return nil, fault.Hide(err, "这条申报")
	}
	out := &Returned{}
	if out.Entry, err = v.EntryOf(id); err != nil {
		return nil, fault.Hide(err, "这条申报")
	}
	if n := len(q.Steps); n > 0 {
		out.Reason = q.Steps[n-1].Reason
	}
	out.Words, err = recording.Words(s.standings, v, &q.Member, &out.Entry.Entry)
	return out, err
}

package members

import (
	"context"
	"slices"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// reminderTime is for how long an author is reminded of what was returned.
const reminderTime = 60 * 24 * time.Hour

// QueueQuery asks what waits for a decision.
type QueueQuery struct {
	Limit  int  // of every list
	Handed bool // with what the actor handed in himself, which Others then leaves out
}

// Queue holds the requests that wait in the scope of an actor.
type Queue struct {
	Mine   []Decidable // for the actor to decide, oldest first
	More   int         // how many more wait behind these
	Others []Waiting   // for others
	Handed []HandedIn
	Roles  int // that wait for the actor to agree
}

// Decidable is a request that an actor may decide.
type Decidable struct {
	Waiting
	Worth *domain.Points // what agreeing would do to the total; nil for no matter of points
}

// HandedIn is a request as its author sees it, who need not see its member.
type HandedIn struct {
	Waiting
	Name         string // what the member is called
	Seen         bool   // the author may read the member
	Withdrawable bool
}

// Queue returns what waits for an actor's decision and for that of others.
func (s *Service) Queue(ctx context.Context, actor *access.Actor, q QueueQuery) (out Queue, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		mine, others, err := s.ledger.Requests.Queue(v, actor)
		if err != nil {
			return err
		}
		out.More = max(0, len(mine)-q.Limit)
		mine = mine[:min(len(mine), q.Limit)]
		worth, err := s.ledger.Worth(v, mine)
		if err != nil {
			return err
		}
		for i, w := range s.detailed(v, mine) {
			out.Mine = append(out.Mine, Decidable{w, worth[i]})
		}
		if q.Handed {
			others = slices.DeleteFunc(others, func(o requests.Queued) bool { return o.By == actor.Account })
			if out.Handed, err = s.handedIn(v, actor, q.Limit); err != nil {
				return err
			}
		}
		out.Others = s.detailed(v, others[:min(len(others), q.Limit)])
		if s.RolesWaiting != nil {
			out.Roles, err = s.RolesWaiting(v, actor)
		}
		return err
	}, access.Decide)
	return out, err
}

// handedIn returns what somebody has handed in himself: what waits, and what was
// returned lately.
func (s *Service) handedIn(v *store.Snapshot, actor *access.Actor, limit int) ([]HandedIn, error) {
	list, err := v.HandedIn(actor.Account, v.Now().Add(-reminderTime), limit)
	if err != nil {
		return nil, err
	}
	waiting, err := s.waiting(v, list)
	if err != nil {
		return nil, err
	}
	scope := actor.Scope(access.Record)
	out := make([]HandedIn, len(waiting))
	for i := range waiting {
		w := &waiting[i]
		if w.Unread != nil {
			return nil, w.Unread
		}
		m := &w.Member
		row := HandedIn{
			Waiting: *w, Name: m.Name, Seen: scope.Sees(m.ID, m.Home.Path),
			Withdrawable: s.ledger.Requests.Withdrawable(actor, &w.Request),
		}
		if !row.Seen && !actor.IsMember(m.ID) {
			if row.Name, err = recording.Stranger(v, scope, m.ID, m.Name, w.On); err != nil {
				return nil, err
			}
		}
		out[i] = row
	}
	return out, nil
}

// OwnClaims holds a member's own requests and what he may ask for.
type OwnClaims struct {
	Drafts     []requests.Draft
	Exemptions []Askable
	Claims     []OwnClaim // the latest first
}

// Askable is an exemption that a member may ask for.
type Askable struct {
	Code  string
	Above []string // who must agree, lowest first
	Does  string   // what it exempts from
}

// OwnClaim is a request about who asks.
type OwnClaim struct {
	Waiting
	Withdrawable bool
	Mendable     bool // it was returned, and may be taken up again
}

// OwnClaims returns what an actor has claimed for himself, what he is writing and
// what he may ask to be exempted from.
func (s *Service) OwnClaims(ctx context.Context, actor *access.Actor, limit int) (out OwnClaims, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) (err error) {
		if out.Drafts, err = s.ledger.Requests.Drafts(v, actor); err != nil {
			return err
		}
		list, err := v.RequestsOf(actor.Scope(access.SeeOwn), actor.Member, limit)
		if err != nil {
			return fault.Hide(err, "您的申报")
		}
		if out.Exemptions, err = s.askable(v, actor); err != nil {
			return err
		}
		waiting, err := s.waiting(v, list)
		for i := range waiting {
			w := &waiting[i]
			out.Claims = append(out.Claims, OwnClaim{
				*w, s.ledger.Requests.Withdrawable(actor, &w.Request), s.ledger.Requests.Mendable(actor, &w.Request),
			})
		}
		return err
	}, access.Claim)
	return out, err
}

// askable returns the exemptions that a member may ask for himself.
func (s *Service) askable(v *store.Snapshot, actor *access.Actor) ([]Askable, error) {
	m, err := v.Member(actor.Scope(access.SeeOwn), actor.Member)
	if err != nil {
		return nil, fault.Hide(err, "您的党员信息")
	}
	book, err := s.standings.Book(v, m.Home.Path, s.Today(v))
	if m.Left != 0 || fault.CodeOf(err) == fault.NotFound { // no rules yet: there is nothing to be exempt from
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := make([]Askable, len(book.Exemptions))
	for i := range book.Exemptions {
		e := &book.Exemptions[i]
		out[i] = Askable{
			Code: e.Code, Above: domain.NamesOf(actor.Chain(m.ID, m.Home.Path, nil, e.Approve)),
			Does: Exempts(book, e.Code),
		}
	}
	return out, nil
}

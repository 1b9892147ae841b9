// Package members tells what is recorded of one member and what it comes to: one
// file for each page. Every read is of one instant, within the scope of who asks;
// a look at another than oneself leaves its line in the trail. What changes of a
// member is recorded here too, by the Recorder.
package members

import (
	"context"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Service answers questions about one member.
type Service struct {
	kernel.Kernel
	standings *standings.Service
	ledger    *Recorder

	// RolesWaiting counts the roles that wait for an actor to agree; nil counts none.
	RolesWaiting func(v *store.Snapshot, actor *access.Actor) (int, error)
}

// New makes the service. zone is that of the organisation: its days are those of
// the records.
func New(db *store.DB, s *standings.Service, l *Recorder, zone *time.Location) *Service {
	return &Service{Kernel: kernel.Kernel{DB: db, Zone: zone}, standings: s, ledger: l}
}

// reader is by which right an actor reads a member.
type reader struct {
	actor      *access.Actor
	permission access.Permission
	scope      access.Scope
	own        bool
}

// reading returns by which right an actor reads a member: as himself, or as who
// looks after him.
func reading(actor *access.Actor, id domain.MemberID) reader {
	r := reader{actor: actor, permission: access.SeeMembers, own: actor.IsMember(id)}
	if r.own && actor.May(access.SeeOwn) {
		r.permission = access.SeeOwn
	}
	r.scope = actor.Scope(r.permission)
	return r
}

// line returns the line of the trail for a look at a member; none for one at
// oneself.
func (r *reader) line(m *domain.Member, detail string) (audit.Action, audit.What) {
	if r.own {
		return "", audit.What{}
	}
	return audit.ReadMember, audit.What{Org: m.Home.ID, Member: m.ID, Detail: detail}
}

// look runs a read of a member on one snapshot. f returns who was read and, for the
// trail, what of him.
func (s *Service) look(ctx context.Context, r *reader, f func(v *store.Snapshot) (domain.Member, string, error)) error {
	return s.Look(ctx, r.actor, func(v *store.Snapshot) (audit.Action, audit.What, error) {
		m, detail, err := f(v)
		if err != nil {
			return "", audit.What{}, err
		}
		action, what := r.line(&m, detail)
		return action, what, nil
	}, r.permission)
}

// member returns a member within a scope; what is hidden and what is absent are the
// same.
func member(v *store.Snapshot, scope access.Scope, id domain.MemberID) (domain.Member, error) {
	m, err := v.Member(scope, id)
	return m, fault.Hide(err, "这名党员")
}

// Person returns who a member is and where he belongs.
func (s *Service) Person(ctx context.Context, actor *access.Actor, id domain.MemberID) (m domain.Member, err error) {
	r := reading(actor, id)
	err = s.look(ctx, &r, func(v *store.Snapshot) (domain.Member, string, error) {
		m, err = member(v, r.scope, id)
		return m, "姓名和支部", err
	})
	return m, err
}

// Package machine is for who keeps the program running and who looks after its use:
// whether it can read and write, and the trail of who did and read what.
package machine

import (
	"context"
	"slices"
	"strconv"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// Service returns how the program stands.
type Service struct{ kernel.Kernel }

// New makes the service. zone is that of the organisation.
func New(db *store.DB, zone *time.Location) *Service {
	return &Service{kernel.Kernel{DB: db, Zone: zone}}
}

// Health holds the state of the program.
type Health struct {
	Writing error              // why nothing can be written; nil while it can
	Members int                // their number, never who they are
	Streets bool               // the actor may set up streets below a district
	Replica store.ReplicaStats // without a name where none is read from
	Due     []Month            // of the trail that may be dropped
}

// Health returns how the program stands, for who keeps the machine.
func (s *Service) Health(ctx context.Context, actor *access.Actor) (out Health, err error) {
	out = Health{Writing: s.DB.Health(), Replica: s.DB.Stats().Replica}
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		if out.Due, err = s.due(v, actor); err != nil {
			return err
		}
		list, err := v.Members(access.System("the machine's keeper sees how many, not who"), "")
		if out.Members = len(list); err != nil {
			return err
		}
		all, err := v.Orgs(actor.Scope(access.ManageStreets), "")
		out.Streets = slices.ContainsFunc(all, func(o domain.Org) bool { return o.Level == domain.District })
		return err
	}, access.ManageMachine)
	return out, err
}

// Ready returns why the program cannot read and write, for machines that ask, and what
// somebody must see to while it can; it costs one row.
func (s *Service) Ready(ctx context.Context) (notes []string, err error) { return s.DB.Ready(ctx) }

// Trail is a part of the trail.
type Trail struct {
	Lines []domain.AuditEvent
	Orgs  map[domain.OrgID]string // the names of the organisations in it
	Due   []Month                 // that may be dropped
}

// ExportTrail is Trail for a file that is handed round, which leaves a line in the trail.
func (s *Service) ExportTrail(
	ctx context.Context, actor *access.Actor, f domain.AuditFilter, n int,
) (out Trail, err error) {
	if out, err = s.Trail(ctx, actor, f, n); err != nil {
		return out, err
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.ExportedTrail, audit.What{Detail: strconv.Itoa(len(out.Lines)) + " 行"})
	}, access.SeeTrail)
	return out, err
}

// Trail returns at most n lines of the trail, newest first, for who may see it.
func (s *Service) Trail(ctx context.Context, actor *access.Actor, f domain.AuditFilter, n int) (out Trail, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		if out.Lines, err = audit.Lines(v, actor, f, n); err != nil {
			return err
		}
		if out.Due, err = s.due(v, actor); err != nil {
			return err
		}
		orgs, err := v.Orgs(access.System("names of organisations are no secret"), "")
		out.Orgs = make(map[domain.OrgID]string, len(orgs))
		for _, o := range orgs {
			out.Orgs[o.ID] = o.Name
		}
		return err
	}, access.SeeTrail)
	return out, err
}

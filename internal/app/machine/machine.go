// Package machine is for who keeps the program running and who looks after its use:
// whether it can read and write, and the trail of who did and read what.
package machine

import (
	"context"
	"slices"
	"time"

	"jifen/internal/access"
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
	Dropped []Month            // of the trail that were
}

// Health returns how the program stands, for who keeps the machine.
func (s *Service) Health(ctx context.Context, actor *access.Actor) (out Health, err error) {
	out = Health{Writing: s.DB.Health(), Replica: s.DB.Stats().Replica}
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		if out.Due, out.Dropped, err = s.due(v, actor); err != nil {
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

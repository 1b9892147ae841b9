// Package ledger records what changes of members: facts, exemptions, where they
// belong and attend; and it locks periods. Everything is judged under the rules in
// force on its day and written together with its line in the trail; nothing is
// half-written.
package ledger

import (
	"time"

	"jifen/internal/app/kernel"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/store"
)

// Service records.
type Service struct {
	kernel.Kernel
	standings *standings.Service

	// Requests decides on what counts only when somebody has agreed.
	Requests *requests.Service
}

// New makes the service. zone is that of the organisation: its days are those
// of the ledger. kinds are those of requests that other nouns have.
func New(db *store.DB, s *standings.Service, zone *time.Location, kinds ...requests.Kind) *Service {
	out := &Service{Kernel: kernel.Kernel{DB: db, Zone: zone}, standings: s}
	out.Requests = requests.New(db, zone, append(kinds, out.exemptionKind())...)
	return out
}

package members

import (
	"context"
	"time"

	"jifen/internal/app/kernel"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/store"
	"jifen/internal/vault"
)

// Recorder records what changes of members: facts, exemptions, where they belong and
// attend.
type Recorder struct {
	kernel.Kernel
	standings *standings.Service

	// List is told that persons were erased, and writes that down outside the database; nil
	// where nothing is kept there.
	List func(ctx context.Context) error

	// Vault seals the numbers of who is taken in by a register.
	Vault *vault.Vault

	// Requests decides on what counts only when somebody has agreed.
	Requests *requests.Service
}

// NewRecorder makes the recorder. zone is that of the organisation: its days are those
// of the ledger. kinds are those of requests that other nouns have.
func NewRecorder(db *store.DB, s *standings.Service, zone *time.Location, kinds ...requests.Kind) *Recorder {
	out := &Recorder{Kernel: kernel.Kernel{DB: db, Zone: zone}, standings: s}
	out.Requests = requests.New(db, zone, append(kinds, out.requestKinds()...)...)
	return out
}

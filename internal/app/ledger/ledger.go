// Package ledger records what happened: activities with their attendance,
// single entries, reversals and decisions on claims. Everything is judged under
// the rules in force on its day and written together with its line in the
// trail; nothing is half-written.
package ledger

import (
	"time"

	"jifen/internal/app/kernel"
	"jifen/internal/app/standings"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Limits of what one form may carry.
const (
	maxPeople = 2000 // in one activity
	maxNote   = 500  // runes
)

// Service records.
type Service struct {
	kernel.Kernel
	standings *standings.Service
}

// New makes the service. zone is that of the organisation: its days are those
// of the ledger.
func New(db *store.DB, s *standings.Service, zone *time.Location) *Service {
	return &Service{kernel.Kernel{DB: db, Zone: zone}, s}
}

// hide answers the same for what is absent and what is hidden.
func hide(err error, what string) error {
	if fault.CodeOf(err) == fault.NotFound {
		return fault.Wrap(err, fault.NotFound, "没有%s", what).WithHint("也可能不在您的范围里")
	}
	return err
}

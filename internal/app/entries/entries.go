// Package entries knows what members did one thing at a time (记录): what can be
// recorded of whom, what a rule file asks for it, and what it comes to.
package entries

import (
	"time"

	"jifen/internal/app/kernel"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/store"
)

// Service reads and records entries.
type Service struct {
	kernel.Kernel
	standings *standings.Service
	requests  *requests.Service
	scored    scored
}

// New makes the service. zone is that of the organisation: its days are those of
// the entries.
func New(db *store.DB, s *standings.Service, r *requests.Service, zone *time.Location) *Service {
	return &Service{Kernel: kernel.Kernel{DB: db, Zone: zone}, standings: s, requests: r}
}

// Package activities knows the activities (活动) of branches: who is expected at
// one, who attended, and what that did to their points.
package activities

import (
	"time"

	"jifen/internal/app/kernel"
	"jifen/internal/app/standings"
	"jifen/internal/store"
)

// Service reads and records activities.
type Service struct {
	kernel.Kernel
	standings *standings.Service
}

// New makes the service. zone is that of the organisation: its days are those of
// the activities.
func New(db *store.DB, s *standings.Service, zone *time.Location) *Service {
	return &Service{kernel.Kernel{DB: db, Zone: zone}, s}
}

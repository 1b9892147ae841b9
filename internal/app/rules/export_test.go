package rules

import (
	"context"

	"jifen/internal/access"
)

// ConfirmReviewed calls Confirm after a review that was made some time ago.
func ConfirmReviewed(ctx context.Context, s *Service, actor *access.Actor, r *Review, retroactive bool) error {
	return s.confirm(ctx, actor, r, actor.Name, retroactive)
}

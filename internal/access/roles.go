package access

import (
	"slices"

	"jifen/internal/domain"
)

// Compatible reports whether one account may hold these roles together.
func Compatible(roles []domain.Role) bool {
	for _, r := range roles {
		if !slices.Contains(domain.Roles(), r) || (r.Alone() && len(roles) > 1) {
			return false
		}
	}
	return true
}

package web

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// stranger is what somebody outside the scope is called: by name where he was known
// as a guest on a day, else by the number he was recorded by.
func stranger(v *store.Snapshot, scope access.Scope, id domain.MemberID, name string, on calendar.Day) (string, error) {
	known, err := v.Guest(scope, id, on)
	if !known {
		name = "编号 " + string(id)
	}
	return name, err
}

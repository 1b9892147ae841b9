package domain

import "jifen/internal/calendar"

// MemberName holds what a member is or was called.
type MemberName struct {
	Name   string
	From   calendar.Day // 0: from the first
	ByName string       // "" for the program itself
	At     string       // recorded_at
	Reason string       // "" for the first
}

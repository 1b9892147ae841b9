package domain

import "jifen/internal/calendar"

// ActivityID identifies an activity.
type ActivityID int64

// Activity (活动) is one meeting or Party day of a branch.
type Activity struct {
	ID    ActivityID
	Org   OrgID
	Kind  string
	On    calendar.Day
	Title string
	Paper string // the paper record it was taken from; "" = recorded as it happened

	By     AccountID // who recorded it
	ByName string
	At     string // recorded_at
}

package domain

import (
	"time"

	"jifen/internal/calendar"
)

// DailyJob is a piece of the day's work that programs on one database share: for which
// day it was last taken up, by which of them, and how that ended.
type DailyJob struct {
	Name   string
	Day    calendar.Day
	Holder string    // the program
	Until  time.Time // nobody else takes it up before
	Ended  time.Time // zero: it is at work
	Done   bool
	Words  string // what it did, or why it did not
	Hint   string // what to do, where it did not
}

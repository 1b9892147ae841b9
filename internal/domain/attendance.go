package domain

import "jifen/internal/calendar"

// AttendanceID identifies a row of attendance.
type AttendanceID int64

// AttendanceReversed is the status of attendance that was taken back.
const AttendanceReversed AttendanceStatus = "撤销"

// AttendanceInput is one member's attendance of an activity, to be recorded.
type AttendanceInput struct {
	Status   AttendanceStatus
	MadeUpOn calendar.Day // of 补课: the day on which it was made up; 0 = not said
	Route    Route        // the organs that have to agree; none = counts at once
	Reason   string       // why an earlier row is corrected; "" for the first

	Follows RequestID // the returned request that it takes up again; 0 for none
}

// PresentLine is one member's line in an activity, as it holds now.
type PresentLine struct {
	Row    AttendanceID
	Member MemberID
	Name   string
	Status AttendanceStatus
	Claim  bool      // waits for a decision
	By     AccountID // who recorded it

	Counts   bool         // this row counts, or an earlier one of the line does while this one waits
	Touched  bool         // somebody else recorded or decided on a row of the line
	MadeUpOn calendar.Day // of 补课; 0 = not said
}

// Correction is one line of an activity that took the place of an earlier one.
type Correction struct {
	Member MemberID
	Name   string
	Was    AttendanceStatus
	Is     AttendanceStatus
	Day    calendar.Day // of 补课; 0 = not said
	Reason string
	State  RequestState // "" for one that counts
	ByName string
	At     string
}

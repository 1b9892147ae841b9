package domain

import "jifen/internal/calendar"

// Member is one member as lists show him: identity and present home.
type Member struct {
	ID       MemberID
	Name     string
	Initials string // of the pinyin; several readings stand side by side, parted by blanks
	Version  int64
	Home     Org          // for one who has left, the last one
	Joined   calendar.Day // the first day here; 0 = belonged nowhere yet
	Left     calendar.Day // the first day no longer here; 0 = is here
	Moved    bool         // Home is that of an earlier day, and he belongs elsewhere now
}

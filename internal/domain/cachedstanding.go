package domain

import "jifen/internal/calendar"

// CachedStanding is one remembered standing: for what it was computed, and until
// when it is good.
type CachedStanding struct {
	Member  MemberID
	Version int64  // the member's, when it was computed
	Rules   string // the text's hash and the engine's name
	AsOf    calendar.Day
	Until   calendar.Day // stable until
	Body    []byte
}

// MemberStanding is one member with what is remembered of him, if anything is.
type MemberStanding struct {
	Member     Member
	Remembered CachedStanding
	Any        bool
	Damaged    bool // what is remembered is not what the program has kept, and none of Any
	Then       bool // the member is as he was on an earlier day: what is computed is not to be remembered
}

// StoredStanding is one row of standings with the member as he is now.
type StoredStanding struct {
	CachedStanding
	Scheme string
	Period string
	Holder Member // without the days of coming and leaving
	// Settled is from when his home is the one that members keep: nothing is
	// remembered of a day before it.
	Settled calendar.Day
	Broken  string // the column that cannot be read; "" for none
	Coded   bool   // false for a row of a program from before: nobody is shown it
	Damaged bool   // the row is not what the program has kept
}

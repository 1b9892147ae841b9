package domain

import "time"

// AccountID identifies an account.
type AccountID int64

// Account belongs to a person who may sign in.
type Account struct {
	ID         AccountID
	Login      string
	Name       string
	Member     MemberID
	Password   string // argon2id; "" = nobody may sign in with one
	Failures   int    // wrong passwords running
	LockedTill time.Time
	Closed     bool
}

package domain

import "time"

// AccountID identifies an account.
type AccountID int64

// Account belongs to a person who may sign in.
type Account struct {
	ID       AccountID
	Login    string
	Name     string
	Member   MemberID
	Password string // argon2id; "" = nobody may sign in with one
	Closed   bool
}

// SignInBrake counts failed sign-ins of a login from an address, of a login from
// anywhere (Address is "") or of an address with any login (Login is "").
type SignInBrake struct {
	Login    string // a digest of what was typed
	Address  string
	Failures int
	At       time.Time // of the last failure, or since when the failures are forgiven one by one
	SignedIn time.Time // of the last sign-in that was right; zero for none
}

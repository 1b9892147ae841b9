package domain

import "time"

// TokenID identifies a bearer token in lists; it opens nothing.
type TokenID int64

// Token is a bearer token of the API as lists show it.
type Token struct {
	ID        TokenID
	Account   AccountID
	Name      string // what it is for
	Tail      string // the token's last characters
	Session   bool   // made by signing in to the API, and ended by a change of password
	Made      time.Time
	Expires   time.Time
	Revoked   time.Time // zero = was not revoked
	RevokedBy string    // the name of the account that did; "" = from the command line
}

// Lives reports whether a token opens something at an instant.
func (t *Token) Lives(at time.Time) bool { return t.Revoked.IsZero() && at.Before(t.Expires) }

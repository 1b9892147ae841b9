package domain

import (
	"strings"
	"time"
)

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
	Scope     TokenScope
	Used      time.Time // to the hour; zero = never, or before that was noted
}

// TokenScope limits what a token allows of what its account may do; the zero one
// limits nothing.
type TokenScope struct {
	Role     Role // in which alone it acts; "" for all of the account's
	ReadOnly bool
}

// readOnly is the word of a scope that allows only reading.
const readOnly = "read"

// Code returns the scope as it is stored, "" for one that limits nothing.
func (s TokenScope) Code() string {
	switch {
	case !s.ReadOnly:
		return string(s.Role)
	case s.Role == "":
		return readOnly
	default:
		return string(s.Role) + "," + readOnly
	}
}

// ParseTokenScope returns the scope of a code. One that it does not know is a role that
// nobody has.
func ParseTokenScope(code string) TokenScope {
	if code == readOnly {
		return TokenScope{ReadOnly: true}
	}
	role, reads := strings.CutSuffix(code, ","+readOnly)
	return TokenScope{Role: Role(role), ReadOnly: reads}
}

// String returns the scope in Chinese.
func (s TokenScope) String() string {
	role := "全部角色"
	if s.Role != "" {
		role = s.Role.String()
	}
	if s.ReadOnly {
		return role + "，只看"
	}
	return role
}

// Lives reports whether a token opens something at an instant.
func (t *Token) Lives(at time.Time) bool { return t.Revoked.IsZero() && at.Before(t.Expires) }

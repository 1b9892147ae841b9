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
	Person   *MemberID // who holds an office account as a member; "" is no member's, nil not said
	Password string    // argon2id; "" = nobody may sign in with one
	Closed   bool

	PasswordAt time.Time // since when it has its password; zero where that is not known
	Identity   Identity  // who its holder is at the provider of identities; zero for nobody
}

// Identity names somebody at a provider of identities (统一认证).
type Identity struct {
	Issuer  string // the provider's address
	Subject string // what it calls him
}

// Holder returns who holds an account.
func (a *Account) Holder() Person {
	said := a.Person
	if a.Member != "" {
		said = &a.Member
	}
	return PersonOf(a.ID, said)
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

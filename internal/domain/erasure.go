package domain

import "time"

// ErasedName stands in the place of the name of a person who was erased.
const ErasedName = "（姓名已删除）"

// PersonErasure is the erasure of a person: who he was, by number alone, and why.
type PersonErasure struct {
	Member MemberID
	// Proof is the commitment to the name under which the member was first recorded: it
	// tells him from another who has the same number in another database.
	Proof  []byte
	Reason string
	At     time.Time
}

// PersonalData counts what is held of a person that an erasure takes away.
type PersonalData struct {
	Names    int  // that he was recorded under, with those of his account
	Numbers  int  // identity number, phone
	Texts    int  // written about him, or by name
	Drafts   int  // of requests
	Account  bool // is open: it is closed
	Namesake bool // somebody else's name has his: what is written elsewhere stays
}

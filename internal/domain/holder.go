package domain

// Person names who stands behind an account, as far as that has been said.
type Person struct {
	Account AccountID // 0 for the program itself
	Member  MemberID  // who he is as a member; "" where he is none, or nobody has said
	Settled bool      // it has been said who he is as a member, or that he is none
}

// PersonOf returns who holds an account that is a member's own, or was said to be a
// member's (stated; "" for no member's): nil is not said.
func PersonOf(account AccountID, stated *MemberID) Person {
	p := Person{Account: account, Settled: stated != nil}
	if stated != nil {
		p.Member = *stated
	}
	return p
}

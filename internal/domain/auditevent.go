package domain

import "time"

// AuditEvent is one line of the trail (审计): who did or read what.
type AuditEvent struct {
	ID        int64
	At        string
	Account   AccountID
	Name      string // of the account
	Role      string // in which it was done, codes with commas between them; "" for none
	Address   string // from where; "" = from this computer, or not known
	Route     string // the page, question or command; "" = not known
	Action    string
	Result    string // the code of the fault with which it was refused; "" = it was done
	Org       OrgID
	Member    MemberID   // the one member whom it concerns; "" for none or several
	Members   []MemberID // all whom it concerns; a line that is read has their number only
	Count     int        // how many they are
	Detail    string     // ids and codes; no names and no prose
	Explained string     // the same with what the ids stand for, for who may see the trail; it is not kept
	Whose     AccountID  // the account that it concerns, where that is not who did it; it is not kept
}

// AuditFilter narrows the trail; every part may be left out.
type AuditFilter struct {
	Before  int64  // an id; 0 = the newest
	Name    string // the login of who did it, or a part of the name
	Action  string // exactly
	Address string // exactly
	Result  string // exactly the code, or AuditDone or AuditRefused
	Account AccountID
	Member  MemberID
	From    time.Time
	Until   time.Time // not included
}

// What a filter by result asks for beside a code.
const (
	AuditDone    = "done"
	AuditRefused = "refused"
)

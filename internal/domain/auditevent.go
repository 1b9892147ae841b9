package domain

import "time"

// AuditEvent is one line of the trail (审计): who did or read what.
type AuditEvent struct {
	ID      int64
	At      string
	Account AccountID
	Name    string // of the account
	Action  string
	Org     OrgID
	Member  MemberID
	Detail  string
	Whose   AccountID // the account that it concerns, where that is not who did it; it is not kept
}

// AuditFilter narrows the trail; every part may be left out.
type AuditFilter struct {
	Before int64  // an id; 0 = the newest
	Name   string // a part of who did it
	Action string // exactly
	Member MemberID
	From   time.Time
	Until  time.Time // not included
}

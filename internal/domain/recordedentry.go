package domain

// EntryID identifies an entry.
type EntryID int64

// RecordedEntry (记录) is one entry as it stands in the ledger.
type RecordedEntry struct {
	ID       EntryID
	Member   MemberID
	Entry    Entry // its ID is the EntryID in decimal
	Note     string
	Claim    bool // waits for a decision
	By       AccountID
	ByName   string
	At       string    // recorded_at
	Reversed bool      // taken back, or a claim that was returned
	Reason   string    // of the reversal
	Decided  bool      // somebody took a step of its request
	Paper    string    // the paper record it was taken from
	Request  RequestID // 0: counted at once
}

// NewEntry is an entry to be recorded.
type NewEntry struct {
	Entry   Entry
	Note    string
	Route   Route     // the organs that have to agree; none = counts at once
	Follows RequestID // the returned request that it takes up again; 0 for none
	Paper   string    // the paper record it was taken from; "" = recorded as it happened
}

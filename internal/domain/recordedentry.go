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
	At       string // recorded_at
	Reversed bool   // taken back, or a claim that was returned
	Reason   string // of the reversal
	Decided  bool   // it was a claim, and somebody took a step
	Follows  EntryID
	Paper    string // the paper record it was taken from
}

// NewEntry is an entry to be recorded.
type NewEntry struct {
	Entry   Entry
	Note    string
	Waits   []Organ // the organs that have to agree; none = counts at once
	Follows EntryID // the returned claim that it takes up again; 0 for none
	Paper   string  // the paper record it was taken from; "" = recorded as it happened
}

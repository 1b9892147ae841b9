package domain

// TrailMonth is a month of the trail of a street as its chain ends.
type TrailMonth struct {
	Street  OrgID  // "" = of no street
	Month   string // YYYY-MM
	Lines   int64
	Hash    []byte // of its last line
	Dropped bool
}

// Chain returns the name of the chain, as roots have it.
func (m *TrailMonth) Chain() OrgID {
	street := m.Street
	if street == "" {
		street = "0"
	}
	return "trail/" + street + "/" + OrgID(m.Month)
}

// TrailDrop says that a month of the trail was dropped, and what is kept of it.
type TrailDrop struct {
	TrailMonth
	Before []byte // hash of the last line of the month before; nil where there was none
	Note   string // how it ended, signed
	Asked  AccountID
	Agreed AccountID
	At     string
}

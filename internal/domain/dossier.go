package domain

// DossierPart names a part of what is held of a member.
type DossierPart string

// The parts of what is held of a member.
const (
	DossierNames      DossierPart = "names"
	DossierNumbers    DossierPart = "numbers"
	DossierHomes      DossierPart = "affiliations"
	DossierFacts      DossierPart = "facts"
	DossierEntries    DossierPart = "entries"
	DossierAttendance DossierPart = "attendance"
	DossierRequests   DossierPart = "requests"
	DossierTexts      DossierPart = "texts"
	DossierAccount    DossierPart = "account"
	DossierRoles      DossierPart = "roles"
	DossierTokens     DossierPart = "tokens"
	DossierSlips      DossierPart = "slips"
	DossierDrafts     DossierPart = "drafts"
	DossierStandings  DossierPart = "standings"
	DossierErasures   DossierPart = "erasures"
)

// DossierParts lists the parts in the order in which they are shown.
func DossierParts() []DossierPart {
	return []DossierPart{DossierNames, DossierNumbers, DossierHomes, DossierFacts, DossierEntries, DossierAttendance,
		DossierRequests, DossierTexts, DossierStandings, DossierErasures, DossierAccount, DossierRoles, DossierTokens,
		DossierSlips, DossierDrafts}
}

// DossierItem is one thing that is held of a member, in words; every part but What may
// be empty.
type DossierItem struct {
	What, Value string
	On          string // the day on which it was, or from which it holds
	State       string
	ByName      string // who recorded it; "" = the program itself, or it is not kept
	At          string // recorded_at
}

// CorrectionAsked (更正申请) is what a member says is wrong of what is held of him.
type CorrectionAsked struct {
	About  DossierPart
	Wrong  string // what is wrong
	Wanted string // what it ought to be
}

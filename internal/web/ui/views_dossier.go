package ui

import "jifen/internal/domain"

// The addresses of what is held of who looks.
const (
	DossierPath       = "/me/data"
	DossierExportPath = "/me/data/export"
	CorrectionPath    = "/me/data/corrections"
)

// Dossier (我的资料) shows a member all that is held of him, with who recorded it.
type Dossier struct {
	Frame
	Member domain.MemberID
	Name   string
	Branch string
	Parts  []DossierPart

	Key           string
	About         []Option // what may be asked to be corrected
	Wrong, Wanted string   // as typed
	Refusal       Refusal
}

// Template names the template file.
func (Dossier) Template() string { return "me/data" }

// Title returns the page's heading.
func (Dossier) Title() string { return "我的资料" }

// DossierPart is one part of what is held.
type DossierPart struct {
	Title string
	Words string
	Rows  []DossierRow
	More  int // rows that stand only in the file
}

// DossierRow is one thing that is held; every text but What may be empty.
type DossierRow struct {
	What, Value, On, State, By, At string
}

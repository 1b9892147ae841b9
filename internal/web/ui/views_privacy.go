package ui

// PrivacyPath shows what is kept of people; every page links to it.
const PrivacyPath = "/privacy"

// Privacy (告知) says what is kept of people, why, for how long and who sees it.
type Privacy struct {
	Frame
	Parts []PrivacyPart
}

// Template names the template file.
func (Privacy) Template() string { return "privacy" }

// Title returns the page's heading.
func (Privacy) Title() string { return "个人信息告知" }

// PrivacyPart is one heading with what stands below it.
type PrivacyPart struct {
	Heading string   // "" for what stands before the first
	Words   []string // paragraphs
	Items   []string
}

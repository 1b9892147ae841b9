package domain

import "time"

// ProposalLife limits for how long a role that was proposed may be agreed to.
const ProposalLife = 30 * 24 * time.Hour

// ProposalID identifies a role that was proposed.
type ProposalID int64

// Proposal (提出的职务) is a role that somebody proposed for an account, which takes effect
// once another person agrees.
type Proposal struct {
	ID      ProposalID
	Account AccountID // that is to get it
	Holder  Person    // of the account
	Login   string
	Name    string
	Term
	Path   string // of the organisation; that of the highest for a role over none
	By     AccountID
	ByName string
	Author Person // By, as a person
	At     time.Time

	Answer     ProposalAnswer // "" for none yet
	AnsweredBy string         // the name of the account
	Answered   time.Time
	Reason     string // of a refusal or a withdrawal
}

// ProposalAnswer names how a proposal ended.
type ProposalAnswer string

// The answers, in the words that are shown.
const (
	ProposalAgreed    ProposalAnswer = "已同意"
	ProposalRefused   ProposalAnswer = "没有同意"
	ProposalWithdrawn ProposalAnswer = "撤回了"
	ProposalExpired   ProposalAnswer = "过期了"
)

// Until returns the instant from which nobody may agree any more.
func (p *Proposal) Until() time.Time { return p.At.Add(ProposalLife) }

// State returns what has become of a proposal by an instant, "" for one that waits.
func (p *Proposal) State(now time.Time) ProposalAnswer {
	if p.Answer == "" && !now.Before(p.Until()) {
		return ProposalExpired
	}
	return p.Answer
}

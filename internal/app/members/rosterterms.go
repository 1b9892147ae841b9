package members

import (
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/importer"
	"jifen/internal/vault"
)

// RosterTerms say on what terms a register is taken in.
type RosterTerms struct {
	Vault     *vault.Vault
	Org       domain.Org        // branches are looked for here: a street, a community, or the one branch
	Community string            // where branches that are not there yet belong, made if need be; "" takes none
	Kind      domain.BranchKind // of such branches
	Since     calendar.Day      // first day of members who are new
	Changes   calendar.Day      // first day of what changed of the others
	Reason    string            // why what changed is recorded so late; "" where nothing is
	Today     calendar.Day
	RosterDecisions

	// Understand says what an attribute's value means under the rules in force at a place of
	// the tree, and whether it is free text. What no rule asks is not kept: asked is false
	// then. An error is one value that the rules do not know.
	Understand func(path, attribute, text string) (f domain.Fact, asked bool, err error)
	// Steps returns the organs that an exemption takes, and of them those that who imports
	// does not answer for; nil lets no exemption begin.
	Steps func(m domain.MemberID, path, exemption string) (all, above []string)
}

// RosterPlan holds the steps that taking in a register would take. Nothing is done yet.
type RosterPlan struct {
	Community string       // to be made; "" for none
	Branches  []string     // to be made, in the order of the file
	Strange   []string     // branches that are not there and may not be made
	Steps     []RosterStep // by row
	// those that the file alone did not show; a row with more than a warning is not among the Steps
	Problems   []importer.Problem
	WantReason int // rows that are refused as long as nobody gives a reason

	Renamed []RosterRename
	Absent  []domain.Member // here, in the branches that the register is about, and not in it: nothing happens to them
	Digest  string          // tells it from another plan, before anything was decided on it
	Out     []RosterStep    // left out by decision
	Leaving []RosterLeaving // of the absent, by decision
	Effect  RosterEffect
}

// RosterStep holds the effect one row would have.
type RosterStep struct {
	Person  *importer.Person
	Member  domain.MemberID // for somebody new, the id that he will have
	New     bool
	Renamed bool   // has another name in the register, which is taken
	Moves   bool   // comes to the branch from another one, or back
	Branch  string // by name
	Facts   []domain.Fact
	Words   []string     // what changes of somebody known: 流动 是
	Numbers []vault.Kind // to be sealed
	Effect  []standings.Consequence
	Losses  []string // of a move: what does not go with him

	begins []standings.PeriodStatement // how somebody new would stand who begins before today
	path   string                      // by whose rules he is judged: of his branch, or of what it is to belong to
	from   calendar.Day                // first day of somebody new
	known  domain.Member               // as he was when this was planned
	byName bool                        // found without his identity number
}

// Idle reports whether there is nothing to do.
func (s *RosterStep) Idle() bool {
	return !s.New && !s.Renamed && !s.Moves && len(s.Facts) == 0 && len(s.Numbers) == 0
}

package access

import (
	"slices"
	"strings"

	"jifen/internal/domain"
)

// usualOrgan decides on claims of which the rules do not say who does.
const usualOrgan domain.Organ = "支部委员会"

// Chain returns the organs that have to agree before what an actor records of a
// member counts, in order; none for what counts at once. enter and approve are
// the rule's 录入 and 审批, either may be empty.
//
// What somebody who decides records within his scope has been agreed to at his own
// level and below; who stands below those whom 录入 names asks the lowest of them
// first. A claim asks everybody. An organ outside is always asked: its document is kept by
// the level that was asked before it.
func (a *Actor) Chain(member domain.MemberID, home string, enter, approve []domain.Organ) []domain.Organ {
	verdict := a.Recording(member, home)
	own, keeper, decides := a.level(Record, home), domain.Branch, a.Scope(Decide).Covers(home)
	if verdict == Posts {
		keeper = own
	}
	var out []domain.Organ
	if first, ok := lowest(enter); ok && verdict == Posts && own < first.Level() && !slices.Contains(approve, first) {
		out, keeper = append(out, first), first.Level()
	}
	for _, organ := range approve {
		switch level := organ.Level(); {
		case !organ.Asked():
		case organ.Outside():
			out = append(out, organ.KeptAt(keeper))
		default:
			keeper = max(keeper, level)
			if verdict != Posts || level > own || !decides {
				out = append(out, organ)
			}
		}
	}
	if verdict != Posts && len(out) == 0 {
		out = []domain.Organ{usualOrgan}
	}
	return out
}

// lowest returns the organ of a list that stands lowest.
func lowest(organs []domain.Organ) (out domain.Organ, ok bool) {
	for _, organ := range organs {
		if organ.Asked() && (!ok || organ.Level() < out.Level()) {
			out, ok = organ, true
		}
	}
	return out, ok
}

// Above reports whether an actor holds a permission over a member from above his
// branch: as a committee does, not as the branch itself.
func (a *Actor) Above(p Permission, home string) bool {
	return a.Scope(p).Covers(home) && a.level(p, home) > domain.Branch
}

// level returns the highest level at which an actor has a permission over a member.
func (a *Actor) level(p Permission, home string) domain.Level {
	out := domain.Branch
	if a.Reason() != "" {
		return domain.Street
	}
	for _, g := range a.Grants {
		if g.allows(p) && strings.HasPrefix(home, g.Path) && g.Path != "" {
			out = max(out, g.Level)
		}
	}
	return out
}

// Holder is one account that decides for an organisation.
type Holder struct {
	Account domain.AccountID
	Member  domain.MemberID // who it is as a member; "" for none
	Name    string
	Role    domain.Role
	Path    string       // the organisation's
	Level   domain.Level // the organisation's
	Group   string       // of a group leader: which group of the branch; "" of every other role
}

// Person returns who a holder is.
func (h *Holder) Person() domain.Person { return domain.Person{Account: h.Account, Member: h.Member} }

// Decides reports whether a holder's role lets him decide at all.
func (h *Holder) Decides() bool {
	return Grant{Role: h.Role, Path: h.Path, Level: h.Level}.allows(Decide)
}

// Pending holds the facts of a claim from which its next decider follows.
type Pending struct {
	Member domain.MemberID // of whom it is
	Home   string          // the path of his branch
	To     string          // of a transfer: the path of the branch that is to be his; "" for every other kind
	By     domain.Person   // who handed it in
	Waits  []domain.Organ  // the organs still to be asked, in order
	Took   []domain.Person // who took an earlier step
}

// Stage is the step at which a claim is.
type Stage struct {
	Organs []string     // who decides now, in the words of the rule
	Out    bool         // it is outside: what it decided is recorded, with its document
	Path   string       // the organisation that does
	Level  domain.Level // its level
	Raised bool         // moved up, because nobody else is there below
	Vacant bool         // nobody is there even at the top
	Who    []Holder     // who may decide
}

// Stage returns the step at which a claim is, told by who holds which office
// now: whoever follows in office finds what waits. Nobody takes a step in what is
// his own, in what he handed in, or twice in one claim; where an organisation has
// nobody else, the step moves one level up and is taken together with the one
// that stands there. The document of an organ outside is recorded by itself, and
// by anybody of the level that keeps it whose own matter it is not: he decides
// nothing.
func (p *Pending) Stage(holders []Holder) Stage {
	if len(p.Waits) == 0 {
		return Stage{}
	}
	first := p.Waits[0]
	over := p.Over()
	out := Stage{Level: first.Level(), Out: first.Outside()}
	for {
		out.Path = domain.Ancestor(over, out.Level)
		for i := range holders {
			h := &holders[i]
			there := h.Path == out.Path && h.Level == out.Level || p.common(h)
			if there && h.Decides() && !p.Bars(h.Person(), out.Out) {
				out.Who = append(out.Who, *h)
			}
		}
		if len(out.Who) > 0 || out.Level == domain.Street {
			break
		}
		out.Level++
	}
	out.Raised, out.Vacant = out.Level > first.Level(), len(out.Who) == 0
	for _, organ := range p.Waits {
		if len(out.Organs) > 0 && (out.Out || organ.Outside()) || organ.Level() > out.Level {
			break
		}
		out.Organs = append(out.Organs, organ.Name())
	}
	return out
}

// Over returns the path of the branch whose organs are asked: of who moves the one that has not
// asked for it.
func (p *Pending) Over() string {
	if len(p.Waits) > 0 && p.Waits[0] == domain.Receiving {
		return p.To
	}
	return p.Home
}

// common reports whether somebody stands above both sides of a transfer between communities,
// and so may agree for either.
func (p *Pending) common(h *Holder) bool {
	between := len(p.Waits) > 0 && (p.Waits[0] == domain.Receiving || p.Waits[0] == domain.Releasing)
	return between && h.Level == domain.Street && h.Path == domain.Ancestor(p.Home, domain.Street) &&
		h.Path == domain.Ancestor(p.To, domain.Street)
}

// Bars reports whether somebody is kept from deciding a claim, or from recording
// what was decided outside.
func (p *Pending) Bars(who domain.Person, outside bool) bool {
	same := func(other domain.Person) bool { return SamePerson(who, other) }
	return same(domain.Person{Member: p.Member}) || !outside && (same(p.By) || slices.ContainsFunc(p.Took, same))
}

// Decides reports whether an actor is one of those who may decide now, in the office in
// which he works.
func (s *Stage) Decides(a *Actor) bool {
	return slices.ContainsFunc(s.Who, func(h Holder) bool {
		same := func(g Grant) bool { return g.Role == h.Role && g.Path == h.Path }
		return h.Account == a.Account && slices.ContainsFunc(a.Grants, same)
	})
}

package access

import (
	"slices"
	"strings"

	"jifen/internal/party"
)

// organLevel returns at which level an organ (组织) of a rule's 审批 or 录入 acts.
// What a meeting or a committee of a branch resolved is recorded by the branch's
// secretary. ok is false for 本人申请, which handing a claim in is.
func organLevel(organ string) (level party.Level, ok bool) {
	switch organ {
	case "本人申请":
		return 0, false
	case "党总支", "社区党委":
		return party.Community, true
	case "街道党工委":
		return party.Street, true
	default: // 支部书记, 支部委员会, 支部党员大会, 党小组
		return party.Branch, true
	}
}

// usualOrgan decides on claims of which the rules do not say who does.
const usualOrgan = "支部委员会"

// Chain returns the organs that have to agree before what an actor records of a
// member counts, in order; none for what counts at once. enter and approve are
// the rule's 录入 and 审批, either may be empty.
//
// What somebody records within his scope has been agreed to at his own level and
// below; who stands below those whom 录入 names asks the lowest of them first. A
// claim asks everybody.
func (a *Actor) Chain(member party.MemberID, home string, enter, approve []string) []string {
	verdict := a.Recording(member, home)
	own := a.level(Record, home)
	var out []string
	if first, ok := lowest(enter); ok && verdict == Posts && own < first.level && !slices.Contains(approve, first.organ) {
		out = append(out, first.organ)
	}
	for _, organ := range approve {
		if level, ok := organLevel(organ); ok && (verdict != Posts || level > own) {
			out = append(out, organ)
		}
	}
	if verdict != Posts && len(out) == 0 {
		out = []string{usualOrgan}
	}
	return out
}

type organAt struct {
	organ string
	level party.Level
}

// lowest returns the organ of a list that stands lowest.
func lowest(organs []string) (out organAt, ok bool) {
	for _, organ := range organs {
		if level, is := organLevel(organ); is && (!ok || level < out.level) {
			out, ok = organAt{organ, level}, true
		}
	}
	return out, ok
}

// Above reports whether an actor holds a permission over a member from above his
// branch: as a committee does, not as the branch itself.
func (a *Actor) Above(p Permission, home string) bool {
	return a.Scope(p).Covers(home) && a.level(p, home) > party.Branch
}

// level is the highest level at which an actor has a permission over a member.
func (a *Actor) level(p Permission, home string) party.Level {
	out := party.Branch
	for _, g := range a.Grants {
		if g.allows(p) && strings.HasPrefix(home, g.Path) && g.Path != "" {
			out = max(out, pathLevel(g.Path))
		}
	}
	return out
}

// pathLevel is the level of an organisation by its path: "1." is the street.
func pathLevel(path string) party.Level {
	return party.Street - party.Level(min(strings.Count(path, "."), int(party.Levels))-1) //nolint:gosec // 0 to 2
}

// upTo is the path of the organisation of a level on a home's line upwards.
func upTo(home string, level party.Level) string {
	parts := strings.SplitAfter(home, ".")
	return strings.Join(parts[:min(int(party.Levels-level), len(parts))], "")
}

// Holder is one account that decides for an organisation.
type Holder struct {
	Account AccountID
	Member  party.MemberID // who it is as a member; "" for none
	Name    string
	Role    Role
	Path    string // the organisation's
}

// Decides reports whether a holder's role lets him decide at all.
func (h *Holder) Decides() bool { return Grant{h.Role, h.Path}.allows(Decide) }

// Pending is what is known of a claim by which it is told who decides next.
type Pending struct {
	Member party.MemberID // of whom it is
	Home   string         // the path of his branch
	By     AccountID      // who handed it in
	Waits  []string       // the organs still to be asked, in order
	Took   []AccountID    // who took an earlier step
}

// Stage is the step at which a claim is.
type Stage struct {
	Organs []string    // who decides now, in the words of the rule
	Path   string      // the organisation that does
	Level  party.Level // its level
	Raised bool        // moved up, because nobody else is there below
	Vacant bool        // nobody is there even at the top
	Who    []Holder    // who may decide
}

// Stage returns the step at which a claim is, told by who holds which office
// now: whoever follows in office finds what waits. Nobody takes a step in what is
// his own, in what he handed in, or twice in one claim; where an organisation has
// nobody else, the step moves one level up and is taken together with the one
// that stands there.
func (p *Pending) Stage(holders []Holder) Stage {
	if len(p.Waits) == 0 {
		return Stage{}
	}
	asked, _ := organLevel(p.Waits[0])
	out := Stage{Level: asked}
	for {
		out.Path = upTo(p.Home, out.Level)
		for i := range holders {
			if h := &holders[i]; h.Path == out.Path && h.Decides() && !p.bars(h.Account, h.Member) {
				out.Who = append(out.Who, *h)
			}
		}
		if len(out.Who) > 0 || out.Level == party.Street {
			break
		}
		out.Level++
	}
	out.Raised, out.Vacant = out.Level > asked, len(out.Who) == 0
	for _, organ := range p.Waits {
		if level, _ := organLevel(organ); level > out.Level {
			break
		}
		out.Organs = append(out.Organs, organ)
	}
	return out
}

// bars reports whether somebody is kept from deciding a claim.
func (p *Pending) bars(account AccountID, member party.MemberID) bool {
	return account == p.By || slices.Contains(p.Took, account) || (member != "" && member == p.Member)
}

// Decides reports whether an actor is one of those who may decide now.
func (s *Stage) Decides(a *Actor) bool {
	return slices.ContainsFunc(s.Who, func(h Holder) bool { return h.Account == a.Account })
}

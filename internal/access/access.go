// Package access is the policy: who may do what, and to whose rows. It is pure
// and closed: a role, a permission or a state it does not know is refused.
//
// There are two axes. A Permission is asked at the route. A Scope is a required
// parameter of every read of the store; its zero value sees nothing, so that
// forgetting it is safe.
package access

import (
	"slices"
	"strings"
	"sync/atomic"

	"jifen/internal/domain"
)

// Grant is one role an actor has, for a subtree of organisations. Path is the
// subtree's ("1.3."), "" for a role that has none.
type Grant struct {
	Role  domain.Role
	Path  string
	Level domain.Level // of the organisation at the path
	Org   string       // its name, for people; "" for a role that has none, or where it was not asked

	// Group is the group (党小组) of the branch that a group leader reads, and Members who is in it
	// when it is asked. Without them he sees nobody.
	Group   string
	Members []domain.MemberID
}

// Actor acts now and answers for it: the holder of an account, or the program
// itself. A nil Actor is nobody and may do nothing.
type Actor struct {
	Account domain.AccountID
	Name    string
	Member  domain.MemberID // who the account's holder is as a member; "" for none
	Settled bool            // that, or that he is none, has been said
	Grants  []Grant

	held     []Grant // all that the account holds, where he works in one office of several
	readOnly bool    // whatever his roles

	reason string // why the program acts by itself; "" for people
	origin *Origin
}

// Origin holds where a request of an actor came from, for the trail.
type Origin struct {
	Address string // "" = from this computer, or not known
	Route   string // the page, question or command
	written atomic.Bool
	seen    atomic.Pointer[[]domain.MemberID]
	refused atomic.Pointer[error]
}

// From returns the actor as he asks from somewhere.
func (a *Actor) From(o *Origin) *Actor {
	if a == nil {
		return nil
	}
	out := *a
	out.origin = o
	return &out
}

// Origin returns from where the actor asks; of who does not say, one that says nothing.
func (a *Actor) Origin() *Origin {
	if a == nil || a.origin == nil {
		return &Origin{}
	}
	return a.origin
}

// Trace notes that the trail has a line of the request.
func (o *Origin) Trace() { o.written.Store(true) }

// Traced reports whether the trail has a line of the request, unless what wrote it was given up.
func (o *Origin) Traced() bool { return o.written.Load() }

// Refuse notes why the request was refused, where the answer to it says that otherwise.
func (o *Origin) Refuse(err error) { o.refused.Store(&err) }

// Refused returns why the request was refused, nil where it was not, or the answer says it.
func (o *Origin) Refused() error {
	if err := o.refused.Load(); err != nil {
		return *err
	}
	return nil
}

// See notes whom a list shows, for its line of the trail: n members, each by its place. It
// returns them, for what leaves a line of its own.
func (a *Actor) See(n int, member func(int) domain.MemberID) []domain.MemberID {
	list := make([]domain.MemberID, n)
	for i := range list {
		list[i] = member(i)
	}
	if a != nil && a.origin != nil {
		a.origin.seen.Store(&list)
	}
	return list
}

// Seen returns whom a list showed.
func (o *Origin) Seen() []domain.MemberID {
	if list := o.seen.Load(); list != nil {
		return *list
	}
	return nil
}

// Roles returns the codes of the roles in which an actor acts, each once, with commas
// between them.
func (a *Actor) Roles() string {
	if a == nil {
		return ""
	}
	var out []string
	for _, g := range a.Grants {
		if !slices.Contains(out, string(g.Role)) {
			out = append(out, string(g.Role))
		}
	}
	return strings.Join(out, ",")
}

// Program returns the program itself as an actor: it may do everything, and the
// trail shows the reason, a Chinese word or two, in the place of an account.
// archtest lists the reasons that there are; "" returns nobody.
func Program(reason string) *Actor {
	if reason == "" {
		return nil
	}
	return &Actor{Name: "程序", reason: reason}
}

// Reason returns why the program acts, "" for people.
func (a *Actor) Reason() string {
	if a == nil {
		return ""
	}
	return a.reason
}

// ID returns the actor's account, 0 for the program and for nobody.
func (a *Actor) ID() domain.AccountID {
	if a == nil {
		return 0
	}
	return a.Account
}

// May reports whether an actor has a permission at all; over which rows, Scope
// tells.
func (a *Actor) May(p Permission) bool {
	switch {
	case a == nil:
		return false
	case a.reason != "":
		return true
	case a.withholds(p):
		return false
	case p == SignedIn:
		return a.Account != 0
	}
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.allows(p) })
}

// allows reports whether a grant gives a permission. A role over organisations
// without an organisation gives nothing.
func (g Grant) allows(p Permission) bool {
	if g.Path == "" && g.Role.OverOrg() {
		return false
	}
	return grants(g.Role, p)
}

// Has reports whether an actor has a role.
func (a *Actor) Has(role domain.Role) bool {
	return a != nil && slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == role })
}

// Scope returns the rows that an actor may reach by a permission.
func (a *Actor) Scope(p Permission) Scope {
	if a == nil || a.reason != "" {
		return Scope{all: a.Reason() != ""}
	}
	var s Scope
	if a.withholds(p) {
		return s
	}
	for _, g := range a.Grants {
		if !g.allows(p) {
			continue
		}
		switch {
		case g.Role == domain.RoleMember:
			s.add(a.Member)
		case g.Role == domain.RoleLeader:
			s.add(g.Members...)
		case g.Path == "" && g.Role.Whole():
			s.all = true
		default:
			s.paths = append(s.paths, g.Path)
		}
	}
	return s
}

// Paths returns where the roles of an actor are, by the paths of the organisations;
// none where one of them is over the whole database.
func (a *Actor) Paths() []string {
	if a == nil || a.reason != "" {
		return nil
	}
	out := make([]string, 0, len(a.Grants))
	for _, g := range a.Grants {
		if g.Path == "" {
			return nil
		}
		out = append(out, g.Path)
	}
	return out
}

// StreetScope returns what everybody of a street may know, whatever his permissions:
// the streets in which the actor has a role and those of some branches, by their
// paths; everything for a role that is over the whole database.
func (a *Actor) StreetScope(branches ...string) Scope {
	if a == nil || a.reason != "" {
		return Scope{all: a.Reason() != ""}
	}
	var s Scope
	for _, g := range a.Grants {
		switch {
		case g.Path != "" && g.Level <= domain.Street:
			s.paths = append(s.paths, domain.Ancestor(g.Path, domain.Street-g.Level))
		case g.Path != "":
			s.paths = append(s.paths, g.Path)
		case g.Role.Alone():
			s.all = true
		}
	}
	for _, path := range branches {
		if street := domain.Ancestor(path, domain.Street); street != "" {
			s.paths = append(s.paths, street)
		}
	}
	return s
}

// Scope is a set of rows: the members of some subtrees, some members, such as oneself, or
// all. The zero Scope is empty.
type Scope struct {
	all     bool
	paths   []string
	members []domain.MemberID
}

// add lets a scope hold some members more.
func (s *Scope) add(members ...domain.MemberID) {
	for _, id := range members {
		if id != "" {
			s.members = append(s.members, id)
		}
	}
}

// System returns the scope of reads that look at everybody. The reason is for the
// reader of the code; archtest lists the reasons that there are.
func System(reason string) Scope { return Scope{all: reason != ""} }

// All reports whether the scope holds every row.
func (s Scope) All() bool { return s.all }

// Members returns those who are seen one by one, wherever they belong: oneself, or a group.
func (s Scope) Members() []domain.MemberID { return s.members }

// Names reports whether a scope holds a member one by one.
func (s Scope) Names(member domain.MemberID) bool {
	return member != "" && slices.Contains(s.members, member)
}

// Subtrees returns the paths of the organisations whose members are seen.
func (s Scope) Subtrees() []string { return s.paths }

// Covers reports whether the scope holds an organisation.
func (s Scope) Covers(path string) bool {
	return path != "" && (s.all || slices.ContainsFunc(s.paths, func(p string) bool { return strings.HasPrefix(path, p) }))
}

// Below reports whether the scope holds something below an organisation.
func (s Scope) Below(path string) bool {
	return path != "" && (s.all || slices.ContainsFunc(s.paths, func(p string) bool { return strings.HasPrefix(p, path) }))
}

// Sees reports whether the scope holds a member whose home has a path.
func (s Scope) Sees(member domain.MemberID, home string) bool {
	return s.Covers(home) || s.all || s.Names(member)
}

// Verdict decides on something that an actor records about a member.
type Verdict uint8

// The verdicts.
const (
	Refused Verdict = iota // the actor may not, or must not even know
	Waits                  // becomes a claim (待确认) for somebody else to decide
	Posts                  // counts at once
)

// Recording judges one row: nobody records points for himself, and whoever is
// outside the scope waits for those who are inside.
func (a *Actor) Recording(member domain.MemberID, home string) Verdict {
	switch {
	case a == nil || member == "":
		return Refused
	case a.reason != "":
		return Posts
	case a.IsMember(member) && (a.May(Record) || a.May(Claim)):
		return Waits
	case !a.May(Record):
		return Refused
	case !a.Scope(Record).Covers(home):
		return Waits
	default:
		return Posts
	}
}

package formula

import (
	"github.com/expr-lang/expr/ast"
)

// logic is the and/or/not of a condition, down to what is no more made of
// conditions: its atoms.
type logic struct {
	op   logicOp
	kids []*logic
	// of an atom:
	node    ast.Node
	eval    func(Env) Tri
	measure func(Env) (Number, bool) // what a comparison with a number measures; nil for other atoms
}

type logicOp uint8

const (
	opAtom logicOp = iota
	opAnd
	opOr
	opNot
)

// Atom is one of the plain conditions that a Condition is made of.
type Atom struct {
	Source string // as an expression: 总分 >= 95
	Want   bool   // whether it has to become true, or to become false
	Now    Number // what is measured now, where it compares a number
	Known  bool   // whether Now is known
}

// Limits of the search for the smallest set: every set is tried up to so many
// evaluations; a condition with more to try is answered by the tree alone,
// where the same atom written twice counts twice.
const (
	maxAtoms = 20
	maxTries = 200_000
)

// Lacking returns the smallest set of atoms which, made as they are wanted,
// make the condition hold; none if it holds. Of equal sets it is the one whose
// atoms come first in the text. ok is false for a condition that no set can
// make hold.
func (c *Condition) Lacking(env Env) (atoms []Atom, ok bool) {
	if c.Eval(env) == True {
		return nil, true
	}
	if c.tree == nil { // a by-case key: it is its own atom
		return []Atom{{Source: c.Source, Want: true}}, true
	}
	s := &search{env: env}
	s.collect(c.tree)
	wanted, ok := s.smallest(c.tree)
	if !ok {
		return nil, false
	}
	for i, want := range wanted {
		if want == Unknown {
			continue
		}
		a := Atom{Source: s.names[i], Want: want == True}
		if m := s.atoms[i].measure; m != nil {
			a.Now, a.Known = m(env)
		}
		atoms = append(atoms, a)
	}
	return atoms, true
}

// search is one call of Lacking. An atom is what its text says, however often
// it stands there.
type search struct {
	env   Env
	atoms []*logic
	names []string
	now   []Tri
	tries int
}

func (s *search) index(l *logic) int {
	name := toNative(l.node)
	for i, n := range s.names {
		if n == name {
			return i
		}
	}
	return -1
}

func (s *search) collect(l *logic) {
	if l.op == opAtom {
		if s.index(l) < 0 {
			s.atoms, s.names, s.now = append(s.atoms, l), append(s.names, toNative(l.node)), append(s.now, l.eval(s.env))
		}
		return
	}
	for _, k := range l.kids {
		s.collect(k)
	}
}

// smallest returns for each atom what it has to become, Unknown for what may
// stay.
func (s *search) smallest(tree *logic) ([]Tri, bool) {
	n := len(s.atoms)
	value := append([]Tri(nil), s.now...)
	chosen := make([]Tri, n)
	for i := range chosen {
		chosen[i] = Unknown
	}
	var try func(from, left int) bool
	try = func(from, left int) bool {
		if left == 0 {
			s.tries++
			return s.tries <= maxTries && s.truth(tree, value) == True
		}
		for i := from; i <= n-left; i++ {
			for _, to := range [...]Tri{True, False} {
				if s.now[i] == to {
					continue
				}
				value[i], chosen[i] = to, to
				if try(i+1, left-1) {
					return true
				}
				value[i], chosen[i] = s.now[i], Unknown
			}
		}
		return false
	}
	if n <= maxAtoms {
		for size := 1; size <= n && s.tries <= maxTries; size++ {
			if try(0, size) {
				return chosen, true
			}
		}
		if s.tries <= maxTries {
			return nil, false
		}
	}
	_, ok := s.cheapest(tree, true, chosen)
	return chosen, ok
}

// truth evaluates the tree where the atoms have these values.
func (s *search) truth(l *logic, value []Tri) Tri {
	switch l.op {
	case opAnd:
		return min(s.truth(l.kids[0], value), s.truth(l.kids[1], value))
	case opOr:
		return max(s.truth(l.kids[0], value), s.truth(l.kids[1], value))
	case opNot:
		return True - s.truth(l.kids[0], value)
	default:
		return value[s.index(l)]
	}
}

// cheapest sets in chosen what makes a node true or false with the fewest atoms
// of the tree, and returns how many; it is for conditions too large to try.
func (s *search) cheapest(l *logic, want bool, chosen []Tri) (cost int, ok bool) {
	if l.op == opNot {
		return s.cheapest(l.kids[0], !want, chosen)
	}
	if l.op == opAtom {
		i := s.index(l)
		if s.now[i] == TriOf(want) || chosen[i] == TriOf(want) {
			return 0, true
		}
		if chosen[i] != Unknown {
			return 0, false // wanted otherwise elsewhere
		}
		chosen[i] = TriOf(want)
		return 1, true
	}
	if (l.op == opAnd) == want { // both sides
		a, ok := s.cheapest(l.kids[0], want, chosen)
		if !ok {
			return 0, false
		}
		b, ok := s.cheapest(l.kids[1], want, chosen)
		return a + b, ok
	}
	best, found := 0, false
	before, answer := append([]Tri(nil), chosen...), []Tri(nil)
	for _, k := range l.kids {
		copy(chosen, before)
		if cost, ok := s.cheapest(k, want, chosen); ok && (!found || cost < best) {
			best, found, answer = cost, true, append([]Tri(nil), chosen...)
		}
	}
	copy(chosen, before)
	if found {
		copy(chosen, answer)
	}
	return best, found
}

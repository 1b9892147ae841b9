// Package formula turns one expression of a rule file into an exact, total
// function.
//
// The text is parsed by expr's parser, its tree is held against an allow-list
// of nodes and operators, typed by us and compiled to closures. Numbers are
// exact rationals; conditions have three values, because a fact that nobody
// recorded is unknown, not false. Nothing else of expr is used: its own
// machine computes in floats and takes far more than a regulation may say.
//
// The package knows no rule file: names get their meaning from a Scope, and
// their values from an Env.
package formula

import (
	"errors"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// Tri is a three-valued truth: unknown and false = false, unknown or true =
// true, and a condition that stays unknown does not hold.
type Tri uint8

// The truth values, ordered so that "and" is the lesser and "or" the greater.
const (
	False Tri = iota
	Unknown
	True
)

// TriOf returns True or False.
func TriOf(b bool) Tri {
	if b {
		return True
	}
	return False
}

// Type is the type of a name.
type Type uint8

// The types of names.
const (
	Numeric Type = iota + 1 // a number
	Flag                    // a yes/no
	Choice                  // one of a closed list of words
)

// String returns the type in the words of an error message.
func (t Type) String() string { return [...]string{"", "数", "是否", "选项"}[t] }

// Symbol is a Scope's knowledge of a name.
type Symbol struct {
	Type    Type
	Slot    int      // what Env is asked for
	Options []string // of a Choice
	Max     int64    // greatest absolute value of a Numeric, in whole units; 0 = a thousand million
	Bounds  *Bounds  // of a Numeric of which more is known than Max
}

// Scope gives names their meaning. A name it does not know, or one that may
// not stand here, is an error whose text is shown to the person who wrote it.
type Scope interface {
	// Name resolves an identifier such as 年龄.
	Name(name string) (Symbol, error)
	// Member resolves object.name such as 上期.总分.
	Member(object, name string) (Symbol, error)
	// Call resolves a counter such as 本月次数("交纳党费").
	Call(function, argument string) (Symbol, error)
}

// Env gives names their values.
type Env interface {
	// Number returns the value of a Numeric slot; ok is false where it is unknown.
	Number(slot int) (n Number, ok bool)
	// Choice returns which of the Symbol's Options a Choice slot has.
	Choice(slot int) (option int, ok bool)
	// Flag returns the truth of a Flag slot.
	Flag(slot int) Tri
}

// Problem is one mistake in an expression.
type Problem struct {
	At      int    // offset in runes from the start of the expression
	Message string // Chinese: what is wrong
	Advice  string // Chinese: what to write instead; may be empty
	Follows bool   // of a name whose own mistake has been told: nothing to tell anew
}

// ErrReported is returned by a Scope for a name that something else keeps it from
// knowing, of which the person has been told.
var ErrReported = errors.New("told already")

// Condition is a compiled yes/no expression.
type Condition struct {
	Source  string
	Reads   []int // slots it reads, each once, in order of first use
	Cuts    []Cut // where its truth may change along a Numeric slot
	Tangled bool  // it also compares sums, products or two names, so Cuts do not tell all
	eval    func(Env) Tri
	tree    *logic
}

// Cut is a comparison of a Numeric slot with a constant. Between neighbouring
// cuts of all its slots, and on each of them, an untangled condition keeps one
// truth.
type Cut struct {
	Slot int
	At   Number
}

// Eval returns the condition's truth in env.
func (c *Condition) Eval(env Env) Tri { return c.eval(env) }

// Formula is a compiled number expression.
type Formula struct {
	Source string
	Reads  []int
	Bounds Bounds // between what its values lie
	eval   func(Env) (Number, bool)
}

// Eval returns the formula's value in env; ok is false where it is unknown.
func (f *Formula) Eval(env Env) (n Number, ok bool) { return f.eval(env) }

// Limits on one expression. They keep hostile files cheap and honest ones
// readable.
const (
	MaxLength = 500 // runes
	MaxNodes  = 200
)

// ParseCondition compiles src as a condition. Problems come in the order of
// their places; with any, the Condition is nil.
func ParseCondition(src string, s Scope) (*Condition, []Problem) {
	c, x := compileSource(src, s)
	if len(c.problems) == 0 && x.typ != Flag {
		c.fail(0, "这里要写条件，“"+src+"”是"+x.typ.String(), "写成比较，例如 总分 >= 60 或 职务 != \"无\"")
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return c.condition(src, x), nil
}

func (c *compiler) condition(src string, x expression) *Condition {
	return &Condition{Source: src, Reads: c.reads, Cuts: c.cuts, Tangled: c.tangled, eval: x.flag, tree: x.tree}
}

// ParseFormula compiles src as a number. A division whose divisor may be zero
// says what zero gives: 完成 / 任务 否则 0.
func ParseFormula(src string, s Scope) (*Formula, []Problem) {
	c, x := compileSource(src, s)
	if len(c.problems) == 0 && x.typ != Numeric {
		c.fail(0, "这里要写数或算式，“"+src+"”是"+x.typ.String(), "")
	}
	if len(c.problems) == 0 && len(x.loose) > 0 {
		c.mayBeZero(x.loose[0].at, "写成："+src+" 否则 0")
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return &Formula{Source: src, Reads: c.reads, Bounds: x.bounds, eval: x.num}, nil
}

// Is returns the condition that a Choice slot has one certain option: what a
// by-case key such as 国家 means.
func Is(slot, option int, source string) *Condition {
	return &Condition{Source: source, Reads: []int{slot}, eval: func(e Env) Tri {
		v, ok := e.Choice(slot)
		if !ok {
			return Unknown
		}
		return TriOf(v == option)
	}}
}

// ParseTerms compiles src as ParseCondition does, and returns the terms of its
// top-level "and", each a condition of its own; one where there is no "and".
func ParseTerms(src string, s Scope) ([]*Condition, []Problem) {
	whole, problems := ParseCondition(src, s)
	if len(problems) > 0 {
		return nil, problems
	}
	var out []*Condition
	for _, n := range conjuncts(src) {
		c := &compiler{src: []rune(src), scope: s}
		x := c.node(n)
		out = append(out, c.condition(whole.Source, x))
	}
	return out, nil
}

// conjuncts returns the nodes that a top-level "and" joins.
func conjuncts(src string) []ast.Node {
	tree, err := parse(src)
	if err != nil {
		return nil // ParseCondition took it
	}
	var out []ast.Node
	var walk func(n ast.Node)
	walk = func(n ast.Node) {
		if b, ok := n.(*ast.BinaryNode); ok && (b.Operator == "and" || b.Operator == "&&") {
			walk(b.Left)
			walk(b.Right)
			return
		}
		out = append(out, n)
	}
	walk(tree.Node)
	return out
}

// All is the condition that holds where every one of a list does; of an empty
// list, always.
func All(list []*Condition) *Condition {
	if len(list) == 1 {
		return list[0]
	}
	out := &Condition{}
	for _, c := range list {
		out.Source = c.Source
		if out.tree == nil {
			out.tree = c.tree
		} else {
			out.tree = &logic{op: opAnd, kids: []*logic{out.tree, c.tree}}
		}
		out.Cuts, out.Tangled = append(out.Cuts, c.Cuts...), out.Tangled || c.Tangled
		for _, slot := range c.Reads {
			if !slices.Contains(out.Reads, slot) {
				out.Reads = append(out.Reads, slot)
			}
		}
	}
	out.eval = func(e Env) Tri {
		all := True
		for _, c := range list {
			if all = min(all, c.eval(e)); all == False {
				return False
			}
		}
		return all
	}
	return out
}

package formula

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// Measure is a computed number that some conditions all compare with
// constants, and nothing else: 完成 / 任务 否则 0 in (完成 / 任务 否则 0) >= 0.9.
type Measure struct {
	Text  string
	Whole bool                // it is cut to whole numbers, by 取整
	Exact bool                // it is made of names by + and − alone
	Holds []func(Number) bool // of each condition, whether a value fulfils it
	Cuts  []Number            // what it is compared with, each once, ascending
}

// MeasureOf finds the number that conditions compare; ok is false where they
// compare anything else, a plain name included.
func MeasureOf(sources []string) (m Measure, ok bool) {
	m.Exact = true
	for _, src := range sources {
		tree, err := parse(src)
		if err != nil {
			return m, false
		}
		c := &compiler{src: []rune(src)}
		holds, ok := m.condition(c, tree.Node)
		if !ok {
			return m, false
		}
		m.Holds = append(m.Holds, holds)
	}
	slices.SortFunc(m.Cuts, Number.Cmp)
	m.Cuts = slices.CompactFunc(m.Cuts, func(a, b Number) bool { return a.Cmp(b) == 0 })
	return m, m.Text != ""
}

func (m *Measure) condition(c *compiler, n ast.Node) (holds func(Number) bool, ok bool) {
	if u, is := n.(*ast.UnaryNode); is {
		inner, ok := m.condition(c, u.Node)
		return func(v Number) bool { return !inner(v) }, ok && u.Operator == "not"
	}
	b, is := n.(*ast.BinaryNode)
	if !is {
		return nil, false
	}
	switch b.Operator {
	case "and", "&&", "or":
		left, ok1 := m.condition(c, b.Left)
		right, ok2 := m.condition(c, b.Right)
		if b.Operator == "or" {
			return func(v Number) bool { return left(v) || right(v) }, ok1 && ok2
		}
		return func(v Number) bool { return left(v) && right(v) }, ok1 && ok2
	case "==", "!=", "<", "<=", ">", ">=":
		return m.comparison(c, b)
	}
	return nil, false
}

// comparison reads a comparison of the measure with a constant.
func (m *Measure) comparison(c *compiler, b *ast.BinaryNode) (holds func(Number) bool, ok bool) {
	left, right, accepted := b.Left, b.Right, accepts(b.Operator)
	cut, ok := constantOf(c, right)
	turned := !ok
	if turned {
		if cut, ok = constantOf(c, left); !ok {
			return nil, false
		}
		left = right
	}
	if !m.is(left) {
		return nil, false
	}
	m.Cuts = append(m.Cuts, cut)
	return func(v Number) bool {
		order := v.Cmp(cut)
		if turned {
			order = -order
		}
		return accepted>>(order+1)&1 == 1
	}, true
}

// is reports whether a node is the measure, the first computed number that was
// found.
func (m *Measure) is(n ast.Node) bool {
	text := toNative(n)
	switch n := n.(type) {
	case *ast.BinaryNode:
		if !slices.Contains([]string{"+", "-", "*", "/", "||"}, n.Operator) {
			return false
		}
		m.Exact = m.Exact && sums(n)
	case *ast.CallNode:
		if callee, is := n.Callee.(*ast.IdentifierNode); !is || callee.Value != "取整" {
			return false
		}
		m.Whole = true
	default:
		return false
	}
	if m.Text == "" {
		m.Text = text
	}
	return m.Text == text
}

// sums reports whether a number is made by + and − alone.
func sums(n ast.Node) bool {
	b, is := n.(*ast.BinaryNode)
	return !is || (b.Operator == "+" || b.Operator == "-") && sums(b.Left) && sums(b.Right)
}

// constantOf returns the number that a node writes.
func constantOf(c *compiler, n ast.Node) (v Number, ok bool) {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		if x := c.literal(n); x.constant != nil {
			return *x.constant, true
		}
	case *ast.UnaryNode:
		if v, ok = constantOf(c, n.Node); ok && n.Operator == "-" {
			return v.Neg(), true
		}
	}
	return v, false
}

package formula

import (
	"slices"
	"strings"
	"unicode"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
)

// otherwise introduces the value of an expression where one of its divisors is zero:
// 完成 / 任务 * 10 否则 0. It binds less than anything else.
const elseOperator = "否则"

// divisor is a part of an expression that it divides by and that may be zero.
type divisor struct {
	at  int // where it is divided
	num func(Env) (Number, bool)
}

// parse parses an expression by expr's grammar. 否则 goes in as the operator
// that binds least there and is as wide, so every place stays what it was.
func parse(src string) (*parser.Tree, error) {
	// conf.CreateNew would fill tables that only the checker reads
	return parser.ParseWithConfig(toForeign(src), &conf.Config{MaxNodes: MaxNodes})
}

func toForeign(src string) string {
	if !strings.Contains(src, elseOperator) {
		return src
	}
	runes, word := []rune(src), []rune(elseOperator)
	inside := rune(0)
	letter := func(i int) bool { return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || runes[i] == '_') }
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case inside != 0 && r == '\\':
			i++
		case inside != 0:
			if r == inside {
				inside = 0
			}
		case r == '"' || r == '\'' || r == '`':
			inside = r
		case slices.Equal(runes[i:min(i+2, len(runes))], word) && !letter(i-1) && !letter(i+2):
			runes[i], runes[i+1] = '|', '|'
		}
	}
	return string(runes)
}

// toNative writes an expression as rule files do.
func toNative(n ast.Node) string { return strings.ReplaceAll(n.String(), " || ", " "+elseOperator+" ") }

// elseQuotient compiles X 否则 Y.
func (c *compiler) elseQuotient(n *ast.BinaryNode) expression {
	at := n.Location().From
	left, right := c.node(n.Left), c.node(n.Right)
	switch {
	case left.isBroken() || right.isBroken():
		return brokenExpression()
	case left.typ != Numeric || right.typ != Numeric:
		advice := "例如 完成 / 任务 否则 0；后面还要比较的，把除法和“否则”括起来"
		if b, ok := n.Right.(*ast.BinaryNode); ok && left.typ == Numeric && right.typ == Flag {
			advice = "写成：(" + toNative(n.Left) + " 否则 " + toNative(b.Left) + ") " + b.Operator + " " + toNative(b.Right)
		}
		return c.fail(at, "“否则”两边都要是数", advice)
	case len(right.loose) > 0:
		return c.fail(right.loose[0].at, "“否则”后面不能又除以可能是 0 的数", "写一个数，例如 否则 0")
	case len(left.loose) == 0:
		return c.fail(at, "“否则”前面没有可能是 0 的除数，用不着", "写成："+toNative(n.Left))
	}
	value, instead, divisors := left.num, right.num, left.loose
	return expression{typ: Numeric, slot: -1, bounds: left.bounds.either(right.bounds), num: func(e Env) (Number, bool) {
		for _, d := range divisors {
			if v, known := d.num(e); known && v.Sign() == 0 {
				return instead(e)
			}
		}
		return value(e)
	}}
}

// quotient compiles a division whose numerator and divisor are compiled.
func (c *compiler) quotient(at int, x, left, right expression) expression {
	inverse, ok := right.bounds.inverse()
	switch {
	case right.constant != nil && right.constant.Sign() == 0:
		return c.fail(at, "不能除以 0", "")
	case !ok:
		return c.fail(at, "除数里又有除法，算不出商最大是多少", "把除数里的除法化开，例如 甲 / (乙 / 丙) 写成 甲 * 丙 / 乙")
	case right.constant == nil && right.bounds.mayBeZero():
		x.loose = append(x.loose, divisor{at, right.num})
	}
	x.bounds = left.bounds.mul(inverse)
	l, r := left.num, right.num
	x.num = func(e Env) (Number, bool) {
		a, ok := l(e)
		if !ok {
			return Number{}, false
		}
		b, ok := r(e)
		if !ok {
			return Number{}, false
		}
		return a.Quo(b)
	}
	return x
}

func (c *compiler) mayBeZero(at int, advice string) expression {
	return c.fail(at, "除数可能是 0，要写明那时算几", advice)
}

// zeroCompared refuses a comparison of a quotient that does not say what zero
// gives. In 60 <= 甲 / 乙 < 80 it stands twice and is told once.
func (c *compiler) zeroCompared(n *ast.BinaryNode, left, right expression) (x expression, told bool) {
	loose := slices.Concat(left.loose, right.loose)
	if len(loose) == 0 {
		return x, false
	}
	if slices.ContainsFunc(c.problems, func(p Problem) bool { return p.At == loose[0].at }) {
		return brokenExpression(), true
	}
	side := func(n ast.Node, x expression) string {
		if len(x.loose) == 0 {
			return toNative(n)
		}
		return "(" + toNative(n) + " " + elseOperator + " 0)"
	}
	return c.mayBeZero(loose[0].at, "写成："+side(n.Left, left)+" "+n.Operator+" "+side(n.Right, right)), true
}

package formula

import (
	"errors"
	"math/big"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

// expression is a typed, compiled node: exactly one of num, flag and option is
// set, after typ; a literal text has typ 0 and lit set.
type expression struct {
	typ      Type
	num      func(Env) (Number, bool)
	flag     func(Env) Tri
	option   func(Env) (int, bool)
	options  []string
	name     string // a bare name, for messages
	lit      string // a literal text, without quotes
	isLit    bool
	slot     int     // a bare Numeric or Choice name; −1 otherwise
	constant *Number // a literal number
	bounds   Bounds  // Numeric: between what it lies
	loose    []divisor
	tree     *logic // Flag: what it is made of
	measure  func(Env) (Number, bool)
}

// brokenExpression returns the expression that a mistake compiles to; the Problem is recorded beside it.
func brokenExpression() expression { return expression{slot: -1} }

func (x *expression) isBroken() bool { return x.typ == 0 && !x.isLit }

type compiler struct {
	src      []rune
	scope    Scope
	problems []Problem
	reads    []int
	cuts     []Cut
	tangled  bool
}

func (c *compiler) fail(at int, message, advice string) expression {
	c.problems = append(c.problems, Problem{At: at, Message: message, Advice: advice})
	return brokenExpression()
}

func compileSource(src string, s Scope) (*compiler, expression) {
	c := &compiler{src: []rune(src), scope: s}
	if len(c.src) > MaxLength {
		return c, c.fail(0, "这个式子太长", "一个式子最多 500 字")
	}
	if p, found := findMisspelling(src); found {
		return c, c.fail(p.At, p.Message, p.Advice)
	}
	tree, err := parse(src)
	if err != nil {
		return c, c.syntax(err)
	}
	x := c.node(tree.Node)
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return a.At - b.At })
	c.problems = slices.Compact(c.problems) // what stands between two comparisons is compiled for each
	return c, x
}

// syntax says in Chinese what expr's parser said in English.
func (c *compiler) syntax(err error) expression {
	at, detail := 0, err.Error()
	if e, ok := err.(*file.Error); ok { //nolint:errorlint // the parser returns this very type
		at, detail = min(e.From, len(c.src)), e.Message
	}
	switch {
	case strings.Contains(detail, "maximum allowed"):
		return c.fail(0, "这个式子太复杂", "拆成几项来写")
	case strings.Contains(detail, "literal not terminated"):
		return c.fail(at, "引号没有成对", "文字两头都用半角双引号，例如 \"在职\"")
	case strings.Contains(detail, "unexpected token EOF"):
		if open, shut := strings.Count(string(c.src), "("), strings.Count(string(c.src), ")"); open > shut {
			return c.fail(at, "式子没有写完", "括号没有成对，写成："+string(c.src)+strings.Repeat(")", open-shut))
		}
		return c.fail(at, "式子没有写完", "末尾还少一个数、一个名称或一段带引号的文字")
	case at < len(c.src) && c.src[at] == ')' && strings.Count(string(c.src), "(") < strings.Count(string(c.src), ")"):
		return c.fail(at, "多了一个 )", "写成："+string(c.src[:at])+string(c.src[at+1:]))
	case at < len(c.src):
		return c.fail(at, "从“"+string(c.src[at:min(at+8, len(c.src))])+"”起读不懂",
			"条件写成 年龄 >= 75 or 照顾 这样；可用 and or not in == != < <= > >= + - * /")
	}
	return c.fail(at, "式子读不懂", "条件写成 年龄 >= 75 or 照顾 这样")
}

func (c *compiler) text(n ast.Node) string {
	l := n.Location()
	if l.From < 0 || l.To > len(c.src) || l.From > l.To {
		return ""
	}
	return string(c.src[l.From:l.To])
}

// node compiles a node. A condition that is not made of others is an atom.
func (c *compiler) node(n ast.Node) expression {
	x := c.plain(n)
	if x.typ == Flag && x.tree == nil {
		x.tree = &logic{node: n, eval: x.flag, measure: x.measure}
	}
	return x
}

// plain is the allow-list: what is not named here does not exist.
func (c *compiler) plain(n ast.Node) expression {
	at := n.Location().From
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return c.literal(n)
	case *ast.StringNode:
		return expression{lit: n.Value, isLit: true, slot: -1}
	case *ast.IdentifierNode:
		sym, err := c.scope.Name(n.Value)
		return c.symbol(at, n.Value, sym, err)
	case *ast.MemberNode:
		object, ok := n.Node.(*ast.IdentifierNode)
		name, isName := n.Property.(*ast.StringNode)
		if !ok || !isName || n.Optional || n.Method || c.text(n.Property) != name.Value {
			return c.fail(at, "这里不能用点号或方括号取值", "只能写 上期.总分 这样")
		}
		sym, err := c.scope.Member(object.Value, name.Value)
		return c.symbol(object.Location().From, object.Value+"."+name.Value, sym, err)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.CallNode:
		return c.call(n)
	case *ast.BuiltinNode:
		if p, odd := misspelledCall(n.Name); odd {
			return c.fail(at, p.Message, p.Advice)
		}
	case *ast.BoolNode:
		return c.fail(at, "不写 true、false", "直接写名称表示“是”，写 not 名称 表示“否”")
	case *ast.NilNode:
		return c.fail(at, "不写 nil", "没有记录的情况程序自己会处理")
	}
	return c.fail(at, "规则里不能用这种写法", "可用的只有：数、\"文字\"、名称、and or not in、== != < <= > >=、+ - * /、取整( )、上期. 和计次")
}

func (c *compiler) symbol(at int, name string, sym Symbol, err error) expression {
	if errors.Is(err, ErrReported) {
		c.problems = append(c.problems, Problem{At: at, Message: err.Error(), Follows: true})
		return brokenExpression()
	}
	if err != nil {
		message, advice, _ := strings.Cut(err.Error(), "\n")
		return c.fail(at, message, advice)
	}
	if !slices.Contains(c.reads, sym.Slot) {
		c.reads = append(c.reads, sym.Slot)
	}
	slot := sym.Slot
	x := expression{typ: sym.Type, name: name, slot: slot, options: sym.Options}
	switch sym.Type {
	case Numeric:
		x.num = func(e Env) (Number, bool) { return e.Number(slot) }
		x.bounds = boundsOfSize(sym.Max)
		if sym.Bounds != nil {
			x.bounds = *sym.Bounds
		}
	case Flag:
		x.flag = func(e Env) Tri { return e.Flag(slot) }
	case Choice:
		x.option = func(e Env) (int, bool) { return e.Choice(slot) }
	}
	return x
}

// literal reads the number from the text: expr's own value went through a
// float already.
func (c *compiler) literal(n ast.Node) expression {
	at, text := n.Location().From, c.text(n)
	whole, frac, dot := strings.Cut(text, ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	if !digits(whole) || len(whole) > 9 || (len(whole) > 1 && whole[0] == '0') ||
		(dot && (!digits(frac) || len(frac) > 6)) {
		return c.fail(at, "数“"+text+"”写法不对", "只写十进制数，小数点前最多 9 位、后最多 6 位，例如 0.25")
	}
	r, _ := new(big.Rat).SetString(text)
	v := fromRat(r)
	return constant(v)
}

func constant(v Number) expression {
	return expression{typ: Numeric, constant: &v, bounds: boundsOfValue(v), slot: -1,
		num: func(Env) (Number, bool) { return v, true }}
}

func (c *compiler) call(n *ast.CallNode) expression {
	at := n.Location().From
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return c.fail(at, "规则里不能用这种写法", "")
	}
	if p, odd := misspelledCall(callee.Value); odd {
		return c.fail(at, p.Message, p.Advice)
	}
	if len(n.Arguments) != 1 {
		return c.fail(at, callee.Value+"( ) 里要写且只写一样东西", "例如 本月次数(\"交纳党费\")")
	}
	if callee.Value == "取整" {
		x := c.node(n.Arguments[0])
		if x.isBroken() {
			return x
		}
		if x.typ != Numeric {
			return c.fail(at, "取整( ) 里要写数", "例如 取整(金额 / 100)")
		}
		inner := x.num
		return expression{typ: Numeric, bounds: x.bounds.trunc(), slot: -1, loose: x.loose, num: func(e Env) (Number, bool) {
			v, ok := inner(e)
			return v.Trunc(), ok
		}}
	}
	arg, ok := n.Arguments[0].(*ast.StringNode)
	if !ok {
		return c.fail(n.Arguments[0].Location().From, callee.Value+"( ) 里要写带引号的项目名", "例如 本月次数(\"交纳党费\")")
	}
	sym, err := c.scope.Call(callee.Value, arg.Value)
	return c.symbol(at, callee.Value+"(\""+arg.Value+"\")", sym, err)
}

func (c *compiler) unary(n *ast.UnaryNode) expression {
	at := n.Location().From
	if op := c.text(n); op == "!" {
		return c.fail(at, "“!”不用", "改写成 not")
	}
	x := c.node(n.Node)
	if x.isBroken() {
		return x
	}
	switch {
	case n.Operator == "not" && x.typ == Flag:
		inner := x.flag
		return expression{typ: Flag, slot: -1, tree: &logic{op: opNot, kids: []*logic{x.tree}},
			flag: func(e Env) Tri { return True - inner(e) }}
	case n.Operator == "-" && x.typ == Numeric:
		if x.constant != nil {
			return constant(x.constant.Neg())
		}
		inner := x.num
		return expression{typ: Numeric, bounds: x.bounds.neg(), slot: -1, loose: x.loose, num: func(e Env) (Number, bool) {
			v, ok := inner(e)
			return v.Neg(), ok
		}}
	case n.Operator == "not":
		return c.fail(at, "not 后面要跟条件", "例如 not 流动，或 not (年龄 >= 75)")
	}
	return c.fail(at, "“"+n.Operator+"”在这里不能用", "")
}

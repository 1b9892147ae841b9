package formula

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

func (c *compiler) binary(n *ast.BinaryNode) expression {
	at := n.Location().From
	// A chained comparison arrives as "&&" standing at a comparison sign.
	switch c.text(n) {
	case "&&":
		return c.fail(at, "“&&”不用", "改写成 and")
	case "||":
		return c.fail(at, "“||”不用", "改写成 or")
	case elseOperator:
		return c.elseQuotient(n)
	}
	left := c.node(n.Left)
	if n.Operator == "in" {
		return c.in(n, left)
	}
	if x, told := c.bareComparison(n, left); told {
		return x
	}
	right := c.node(n.Right)
	if left.isBroken() || right.isBroken() {
		return brokenExpression()
	}
	switch n.Operator {
	case "and", "&&", "or", "||":
		return c.logic(n, left, right)
	case "==", "!=", "<", "<=", ">", ">=":
		return c.compare(n, left, right)
	case "+", "-", "*", "/":
		return c.arithmetic(n, left, right)
	}
	return c.fail(at, "“"+n.Operator+"”在规则里不能用", "可用 and or not in == != < <= > >= + - * /")
}

// bareComparison tells of an option without its quotes, and of 是 and 否, where they would
// be taken for names.
func (c *compiler) bareComparison(n *ast.BinaryNode, left expression) (x expression, told bool) {
	word, ok := n.Right.(*ast.IdentifierNode)
	equal := n.Operator == "=="
	if !ok || (!equal && n.Operator != "!=") {
		return x, false
	}
	switch {
	case left.typ == Choice && slices.Contains(left.options, word.Value):
		return c.fail(word.Location().From, "选项要加引号", "写成："+left.name+" "+n.Operator+" \""+word.Value+"\""), true
	case left.typ == Flag && left.name != "" && (word.Value == "是" || word.Value == "否"):
		return c.flagCompared(n, left.name, equal == (word.Value == "是")), true
	}
	return x, false
}

func (c *compiler) flagCompared(n *ast.BinaryNode, name string, yes bool) expression {
	if !yes {
		name = "not " + name
	}
	return c.fail(n.Location().From, "是否类的名称不用比较", "写成："+name)
}

func (c *compiler) logic(n *ast.BinaryNode, left, right expression) expression {
	if left.typ != Flag || right.typ != Flag {
		return c.fail(n.Location().From, "“"+n.Operator+"”两边都要是条件", "例如 年龄 >= 75 or 照顾")
	}
	l, r := left.flag, right.flag
	x := expression{typ: Flag, slot: -1, tree: &logic{op: opOr, kids: []*logic{left.tree, right.tree}}}
	if n.Operator == "and" || n.Operator == "&&" {
		x.tree.op = opAnd
		x.flag = func(e Env) Tri {
			a := l(e)
			if a == False {
				return False
			}
			return min(a, r(e))
		}
		return x
	}
	x.flag = func(e Env) Tri {
		a := l(e)
		if a == True {
			return True
		}
		return max(a, r(e))
	}
	return x
}

func (c *compiler) compare(n *ast.BinaryNode, left, right expression) expression {
	at := n.Location().From
	switch {
	case left.typ == Numeric && right.typ == Numeric:
		if x, told := c.zeroCompared(n, left, right); told {
			return x
		}
		return c.compareNumbers(n.Operator, left, right)
	case left.typ == Choice && right.isLit:
		return c.compareChoice(n.Operator, at, left, right.lit)
	case right.typ == Choice && left.isLit:
		return c.compareChoice(n.Operator, at, right, left.lit)
	case left.typ == Flag && left.name != "" && (right.lit == "是" || right.lit == "否"):
		return c.flagCompared(n, left.name, (n.Operator == "==") == (right.lit == "是"))
	case left.typ == Flag || right.typ == Flag:
		return c.fail(at, "是否类的名称不用比较", "直接写名称表示“是”，写 not 名称 表示“否”")
	case left.typ == Numeric && right.isLit, right.typ == Numeric && left.isLit:
		return c.fail(at, "数和文字不能比较", "数不加引号")
	}
	return c.fail(at, "这两样东西不能比较", "左边写名称，右边写数或带引号的选项")
}

// accepts holds for each sign what Cmp may return: bit 0 less, 1 equal, 2 greater.
func accepts(operator string) uint8 {
	switch operator {
	case "==":
		return 0b010
	case "!=":
		return 0b101
	case "<":
		return 0b001
	case "<=":
		return 0b011
	case ">":
		return 0b100
	default: // >=
		return 0b110
	}
}

func (c *compiler) compareNumbers(operator string, left, right expression) expression {
	switch {
	case left.slot >= 0 && right.constant != nil:
		c.cuts = append(c.cuts, Cut{left.slot, *right.constant})
	case left.constant != nil && right.slot >= 0:
		c.cuts = append(c.cuts, Cut{right.slot, *left.constant})
	case left.constant == nil || right.constant == nil:
		c.tangled = true
	}
	ok := accepts(operator)
	x := expression{typ: Flag, slot: -1, measure: left.num}
	if left.constant != nil {
		x.measure = right.num
	}
	if left.slot >= 0 && right.constant != nil { // the common form, without inner calls
		slot, k := left.slot, *right.constant
		x.flag = func(e Env) Tri {
			v, known := e.Number(slot)
			if !known {
				return Unknown
			}
			return TriOf(ok>>(v.Cmp(k)+1)&1 == 1)
		}
		return x
	}
	l, r := left.num, right.num
	x.flag = func(e Env) Tri {
		a, known := l(e)
		if !known {
			return Unknown
		}
		b, known := r(e)
		if !known {
			return Unknown
		}
		return TriOf(ok>>(a.Cmp(b)+1)&1 == 1)
	}
	return x
}

func (c *compiler) compareChoice(operator string, at int, choice expression, word string) expression {
	if operator != "==" && operator != "!=" {
		return c.fail(at, "选项不分大小，不能用“"+operator+"”",
			"用 ==、!= 或 in，例如 "+choice.name+" in [\""+strings.Join(choice.options[:min(2, len(choice.options))], "\", \"")+"\"]")
	}
	k := slices.Index(choice.options, word)
	if k < 0 {
		return c.noOption(at, choice, word)
	}
	get, want := choice.option, operator == "=="
	return expression{typ: Flag, slot: -1, flag: func(e Env) Tri {
		v, ok := get(e)
		if !ok {
			return Unknown
		}
		return TriOf((v == k) == want)
	}}
}

func (c *compiler) noOption(at int, choice expression, word string) expression {
	advice := "可写的有：" + strings.Join(choice.options, "、")
	if near := Nearest(word, choice.options); near != "" {
		advice = "是不是“" + near + "”？" + advice
	}
	return c.fail(at, choice.name+"没有“"+word+"”这个选项", advice)
}

func (c *compiler) in(n *ast.BinaryNode, left expression) expression {
	at := n.Location().From
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		advice := "例如 就业 in [\"在职\", \"两新\"]"
		if word, one := n.Right.(*ast.StringNode); one && left.typ == Choice {
			advice = "写成：" + left.name + " in [\"" + word.Value + "\"]"
		}
		return c.fail(n.Right.Location().From, "in 后面要跟方括号里的一列选项", advice)
	}
	if left.isBroken() {
		return left
	}
	if left.typ != Choice {
		return c.fail(at, "in 前面要是选项类的名称", "例如 就业 in [\"在职\", \"两新\"]")
	}
	var set uint64
	if i := slices.IndexFunc(list.Nodes, isName); i >= 0 {
		return c.fail(list.Nodes[i].Location().From, "方括号里只写带引号的选项", "写成："+left.name+" in "+quotedList(list))
	}
	for _, item := range list.Nodes {
		word, ok := item.(*ast.StringNode)
		if !ok {
			c.fail(item.Location().From, "方括号里只写带引号的选项", "例如 [\"在职\", \"两新\"]")
			continue
		}
		k := slices.Index(left.options, word.Value)
		if k < 0 {
			c.noOption(item.Location().From, left, word.Value)
			continue
		}
		set |= 1 << uint(k)
	}
	if len(list.Nodes) == 0 {
		return c.fail(at, "方括号里是空的", "至少写一个选项")
	}
	get := left.option
	return expression{typ: Flag, slot: -1, flag: func(e Env) Tri {
		v, ok := get(e)
		if !ok {
			return Unknown
		}
		return TriOf(set>>uint(v)&1 == 1)
	}}
}

func isName(n ast.Node) bool { _, ok := n.(*ast.IdentifierNode); return ok }

// quotedList writes a list with every word in quotes.
func quotedList(list *ast.ArrayNode) string {
	words := make([]string, 0, len(list.Nodes))
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *ast.IdentifierNode:
			words = append(words, "\""+n.Value+"\"")
		case *ast.StringNode:
			words = append(words, "\""+n.Value+"\"")
		}
	}
	return "[" + strings.Join(words, ", ") + "]"
}

func (c *compiler) arithmetic(n *ast.BinaryNode, left, right expression) expression {
	at := n.Location().From
	if left.typ != Numeric || right.typ != Numeric {
		return c.fail(at, "“"+n.Operator+"”两边都要是数", "")
	}
	x := expression{typ: Numeric, slot: -1, loose: slices.Concat(left.loose, right.loose)}
	l, r := left.num, right.num
	both := func(f func(a, b Number) Number) func(Env) (Number, bool) {
		return func(e Env) (Number, bool) {
			a, ok := l(e)
			if !ok {
				return Number{}, false
			}
			b, ok := r(e)
			if !ok {
				return Number{}, false
			}
			return f(a, b), true
		}
	}
	switch n.Operator {
	case "+":
		x.num, x.bounds = both(Number.Add), left.bounds.add(right.bounds)
	case "-":
		x.num, x.bounds = both(Number.Sub), left.bounds.add(right.bounds.neg())
	case "*":
		x.num, x.bounds = both(Number.Mul), left.bounds.mul(right.bounds)
	default:
		return c.quotient(at, x, left, right)
	}
	return x
}

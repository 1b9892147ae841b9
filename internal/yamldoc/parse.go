package yamldoc

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits on one file. A street's rule file has a few hundred lines.
const (
	MaxBytes = 1 << 20
	MaxLines = 20_000
	maxLine  = 2_000 // characters in one line
	maxDepth = 20    // of brackets, and of nodes
)

// Parse reads one file. Root is nil where it cannot be read at all, for the reason
// in the problems; the File can always Format them.
//
// margin are the keys that may stand at the left margin: they show to which
// block a line belongs that is a blank off.
func Parse(name string, src []byte, margin ...string) (*File, []Problem) {
	f := &File{Name: name}
	if len(src) > MaxBytes {
		return f, []Problem{{Message: "文件超过 1 MB，不像规则文件", Advice: "检查是不是选错了文件"}}
	}
	if !utf8.Valid(src) {
		return f, []Problem{{Message: "文件不是 UTF-8 编码", Advice: "用记事本另存，编码选 UTF-8"}}
	}
	f.text = strings.ReplaceAll(strings.TrimPrefix(string(src), "\ufeff"), "\r\n", "\n")
	f.lines = strings.Split(f.text, "\n")
	problems, bad, hopeless := f.scan()
	if hopeless {
		return f, problems
	}
	t := newTolerant(f, bad)
	t.margin = margin
	root := t.document()
	t.advise()
	if problems = append(problems, t.problems...); len(problems) > 0 {
		f.Root, f.Partial = root, true
		return f, formProblems(problems)
	}
	tree, err := syntaxTree(f.text)
	if err != nil {
		p := translate(err)
		f.Root = root
		f.markDamaged(root, p.Line)
		return f, formProblems([]Problem{p})
	}
	c := converter{file: f, lines: f.lines}
	switch {
	case len(tree.Docs) == 0 || tree.Docs[0].Body == nil || isComment(tree.Docs[0].Body):
		c.fail(1, 1, "文件是空的", "")
	case len(tree.Docs) > 1:
		t := tree.Docs[1].Start
		line := 1
		if t != nil {
			line = t.Position.Line
		}
		c.fail(line, 1, "一个文件里只能有一份内容", "删去“---”，或分成两个文件")
	default:
		f.Root = c.node(tree.Docs[0].Body, 0)
	}
	if f.Partial {
		f.Root = root
		for _, p := range c.problems {
			f.markDamaged(root, p.Line)
		}
	}
	return f, formProblems(c.problems)
}

// formProblems marks problems as those of the form.
func formProblems(problems []Problem) []Problem {
	for i := range problems {
		problems[i].Form = true
	}
	return problems
}

// markDamaged marks what stands on a line as damaged.
func (f *File) markDamaged(n *Node, line int) {
	if n == nil {
		return
	}
	f.MarkLost(f.Line(line))
	var walk func(n *Node)
	walk = func(n *Node) {
		n.Damaged = n.Damaged || n.Line == line
		for i := range n.Pairs {
			walk(n.Pairs[i].Key)
			walk(n.Pairs[i].Value)
			n.Pairs[i].Key.Damaged = n.Pairs[i].Key.Damaged || n.Pairs[i].Value.Damaged
		}
		for _, i := range n.Items {
			walk(i)
		}
	}
	walk(n)
}

func isComment(n ast.Node) bool { return n.Type() == ast.CommentType }

// syntaxTree shields against a parser that panics on hostile input.
func syntaxTree(text string) (f *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, fmt.Errorf("parser: %v", r)
		}
	}()
	return parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
}

// scan refuses what would be costly or confusing before any parser sees it. bad
// are lines that cannot be read at all; hopeless is a file of which no line can.
func (f *File) scan() (problems []Problem, bad map[int]bool, hopeless bool) {
	bad = map[int]bool{}
	lineNo, depth := 0, 0
	var block siblings
	for line := range strings.SplitSeq(f.text, "\n") {
		lineNo++
		if lineNo > MaxLines {
			return append(problems, Problem{Line: lineNo, Col: 1, Message: "文件超过两万行", Advice: ""}), bad, true
		}
		if block.add(line) {
			return append(problems, Problem{Line: lineNo, Col: 1, Message: "这一层超过三千行", Advice: "看看是不是重复贴了几遍"}), bad, true
		}
		col, indent := 0, true
		comment, quote, prev := false, rune(0), ' '
		for _, r := range line {
			col++
			if col > maxLine {
				problems = append(problems, Problem{Line: lineNo, Col: 1, Message: "这一行太长", Advice: "一行最多 2000 字，拆成几行写"})
				bad[lineNo] = true
				break
			}
			if message, advice := forbiddenRune(r, comment, quote != 0); message != "" {
				problems = append(problems, Problem{Line: lineNo, Col: col, Message: message, Advice: advice})
				break
			}
			switch {
			case comment:
			case quote != 0:
				if r == quote {
					quote = 0
				}
			case (r == '"' || r == '\'') && strings.ContainsRune(" [{,:(=", prev):
				quote = r
			case r == '#' && (prev == ' ' || indent):
				comment = true
			case r == '[' || r == '{':
				depth++
			case r == ']' || r == '}':
				depth = max(depth-1, 0)
			}
			if indent && r != ' ' {
				indent = false
				if col > 100 {
					problems = append(problems, Problem{Line: lineNo, Col: col, Message: "缩进太深", Advice: ""})
					break
				}
			}
			if depth > maxDepth {
				return append(problems, Problem{Line: lineNo, Col: col, Message: "括号套得太深", Advice: "检查前面是不是少了一个 } 或 ]"}), bad, true
			}
			prev = r
		}
		if len(problems) >= maxSyntax {
			return problems, bad, true
		}
	}
	return problems, bad, false
}

// forbiddenRune describes what is wrong with a character that may not stand in a file,
// "" for one that may.
func forbiddenRune(r rune, comment, quoted bool) (message, advice string) {
	switch {
	case r == '\t' && !comment && !quoted:
		return "这里是制表符（Tab）", "一律用空格，不用 Tab 键"
	case r != '\t' && unicode.IsControl(r):
		return "这里有看不见的控制字符", "删掉重打这一处"
	}
	return invisible(r, comment)
}

// translate says in Chinese what the YAML parser said in English.
func translate(err error) Problem {
	var e *yaml.SyntaxError
	if !errors.As(err, &e) || e.Token == nil || e.Token.Position == nil {
		return Problem{Line: 1, Col: 1, Message: "文件的格式读不懂", Advice: "对照 rules/README.md 的例子检查冒号、括号和缩进"}
	}
	p := Problem{Line: e.Token.Position.Line, Col: e.Token.Position.Column}
	for _, t := range [...][3]string{
		{"could not find end character", "引号没有成对", "在这一行补上另一半引号"},
		{"',' or ']' must be specified", "方括号没有成对，或少了逗号", "在前面补上 ] 或 ,"},
		{"',' or '}' must be specified", "花括号没有成对，或少了逗号", "在前面补上 } 或 ,；花括号里的值如果含有逗号，要加单引号"},
		{"flow map", "花括号里的写法不对", "写成 {名称: 值, 名称: 值}，含逗号的值加单引号"},
		{"sequence end token ']' not found", "方括号没有成对", "补上 ]"},
		{"flow mapping end token '}' not found", "花括号没有成对", "补上 }"},
		{"non-map value is specified", "这里要写“名称: 值”", "检查冒号后面有没有空一格，缩进对不对"},
		{"value is not allowed in this context", "这里的缩进不对，或多了内容", "同一层的名称要左边对齐"},
		{"unexpected key name", "这里少了冒号或缩进不对", "写成“名称: 值”，冒号用半角，后面空一格"},
		{"cannot start any token", "这个符号不能放在开头", "含特殊符号的文字要加引号"},
		{"block sequence entries are not allowed", "“- ”不能写在冒号后面", "另起一行写，或用方括号"},
		{"tab character", "这里是制表符（Tab）", "一律用空格，不用 Tab 键"},
	} {
		if strings.Contains(e.Message, t[0]) {
			p.Message, p.Advice = t[1], t[2]
			return p
		}
	}
	p.Message, p.Advice = "从这里起格式读不懂", "检查冒号后面有没有空一格、括号引号是否成对、左边是否对齐"
	return p
}

type converter struct {
	file     *File
	lines    []string
	runes    []rune // of the line runesOf
	runesOf  int
	problems []Problem
}

func (c *converter) fail(line, col int, message, advice string) {
	c.problems = append(c.problems, Problem{Line: line, Col: col, Message: message, Advice: advice})
}

func (c *converter) failAt(t *token.Token, message, advice string) {
	c.file.Partial = true
	c.fail(t.Position.Line, t.Position.Column, message, advice)
}

// node converts a syntax node; nil after a problem.
func (c *converter) node(n ast.Node, depth int) *Node {
	if depth > maxDepth {
		c.failAt(n.GetToken(), "套得太深", "")
		return nil
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return c.mapping(n, n.Values, depth)
	case *ast.MappingValueNode:
		return c.mapping(n, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		out := &Node{Kind: List, Line: n.Start.Position.Line, Col: n.Start.Position.Column}
		for _, item := range n.Values {
			if v := c.node(item, depth+1); v != nil {
				out.Items = append(out.Items, v)
			}
		}
		return out
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return c.scalar(n.GetToken())
	case *ast.NullNode:
		t := n.GetToken()
		if t.Type == token.NullType { // the words null and ~ are words like any other
			return c.scalar(t)
		}
		if line := []rune(c.lines[t.Position.Line-1]); t.Position.Column <= len(line) && line[t.Position.Column-1] == '!' {
			c.failAt(t, "不用 ! 开头的写法", "否定写 not；文字以 ! 开头时加引号")
			return nil
		}
		c.failAt(n.GetToken(), "这里缺一个值", "冒号后面要写内容；没有内容就删去这一行")
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		c.failAt(n.GetToken(), "不用 & 和 *", "把内容照写一遍；文字以 & 或 * 开头时加引号")
	case *ast.TagNode:
		c.failAt(n.GetToken(), "不用 ! 开头的写法", "否定写 not；文字以 ! 开头时加引号")
	case *ast.LiteralNode:
		c.failAt(n.GetToken(), "不用 | 和 > 分行", "写在一行里")
	default:
		c.failAt(n.GetToken(), "不用这种写法", "只写“名称: 值”、[一列值]")
	}
	return nil
}

func (c *converter) scalar(t *token.Token) *Node {
	n := &Node{Kind: Scalar, Line: t.Position.Line, Col: t.Position.Column, Text: t.Value}
	switch t.Type {
	case token.SingleQuoteType, token.DoubleQuoteType:
		n.Quoted = true
	default:
		n.Text = strings.TrimSpace(t.Origin)
	}
	if strings.ContainsAny(n.Text, "\n") || strings.Contains(strings.TrimSpace(t.Origin), "\n") {
		c.failAt(t, "一个值写成了几行", "写在一行里；如果本来是两项，检查缩进和冒号后面的空格")
		return nil
	}
	return n
}

func (c *converter) mapping(m ast.Node, values []*ast.MappingValueNode, depth int) *Node {
	out := &Node{Kind: Map}
	if t := m.GetToken(); t.Type == token.MappingStartType {
		out.Line, out.Col = t.Position.Line, t.Position.Column
	}
	seen := map[string]int{}
	for _, v := range values {
		if k, ok := v.Key.(*ast.MappingKeyNode); ok {
			c.failAt(k.Start, "不用 ? 开头的写法", "写成“名称: 值”")
			continue
		}
		if _, ok := v.Key.(*ast.MergeKeyNode); ok {
			c.failAt(v.Key.GetToken(), "不用 <<", "把内容照写一遍")
			continue
		}
		key := c.scalar(v.Key.GetToken())
		if key == nil {
			continue
		}
		if out.Line == 0 {
			out.Line, out.Col = key.Line, key.Col
		}
		c.spaceAfterColon(v)
		if line, twice := seen[key.Text]; twice {
			c.problems = append(c.problems, key.At(0, "“"+key.Text+"”写了两次", "第 "+itoa(line)+" 行已经有了，删去一处"))
			continue
		}
		seen[key.Text] = key.Line
		if value := c.node(v.Value, depth+1); value != nil {
			out.Pairs = append(out.Pairs, Pair{Key: key, Value: value})
		}
	}
	return out
}

// spaceAfterColon refuses {键:值}: the parser takes it as a pair, but one
// character on the same words without braces are a single text.
func (c *converter) spaceAfterColon(v *ast.MappingValueNode) {
	t := v.Start
	if t == nil || t.Type != token.MappingValueType || t.Position.Line > len(c.lines) {
		return
	}
	if c.runesOf != t.Position.Line { // a line of braces has many colons
		c.runesOf, c.runes = t.Position.Line, []rune(c.lines[t.Position.Line-1])
	}
	line := c.runes
	if i := t.Position.Column; i < len(line) && line[i-1] == ':' && line[i] != ' ' {
		c.fail(t.Position.Line, t.Position.Column, "冒号后面要空一格", "写成“名称: 值”")
	}
}

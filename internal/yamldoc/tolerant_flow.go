package yamldoc

import (
	"slices"
	"strings"
	"unicode"
)

// current returns the character being read within flow, 0 at the end of a line.
func (t *tolerant) current() rune {
	if ln := &t.lines[t.at]; t.col < len(ln.text) {
		return ln.text[t.col]
	}
	return 0
}

// skip passes over blanks, remarks and ends of lines; false where the brackets
// are not closed before the next key.
func (t *tolerant) skip(indent int) bool {
	for !t.cut {
		ln := &t.lines[t.at]
		t.col = t.skipBlanks(ln, t.col)
		if t.col < len(ln.text) && (ln.text[t.col] != '#' || (t.col > ln.start && ln.text[t.col-1] != ' ')) {
			return true
		}
		if t.at+1 == len(t.lines) {
			t.at, t.col, t.cut = t.at+1, 0, true
			return false
		}
		next := &t.lines[t.at+1]
		if next.indent <= indent && !strings.ContainsRune("}]｝］", next.text[next.start]) {
			t.at, t.col, t.cut = t.at+1, 0, true
			return false
		}
		t.at, t.col = t.at+1, next.start
	}
	return false
}

// unclosed tells once of brackets that nothing closes.
func (t *tolerant) unclosed(line, col int, open rune) {
	if t.torn {
		return
	}
	t.torn = true
	if open == '{' || open == '｛' {
		t.fail(line, col, "花括号没有成对，或少了逗号", "在这一行补上 } 或 ,；花括号里的值如果含有逗号，要加单引号")
		return
	}
	t.fail(line, col, "方括号没有成对，或少了逗号", "在这一行补上 ] 或 ,")
}

// flow reads a map or a list in brackets.
func (t *tolerant) flow(indent, depth int) *Node {
	ln, open := &t.lines[t.at], t.current()
	out := &Node{Kind: List, Line: ln.no, Col: t.col + 1}
	if depth > maxDepth {
		t.fail(ln.no, t.col+1, "套得太深", "")
		t.torn, t.col = true, len(ln.text)
		return out
	}
	closing, wide := ']', '］'
	if open == '{' || open == '｛' {
		out.Kind, closing, wide = Map, '}', '｝'
	}
	if open == '｛' || open == '［' {
		half := map[rune]string{'｛': "{", '［': "["}[open]
		t.fix(ln, t.col, half, "“"+string(open)+"”是全角括号，要用半角")
	}
	t.col++
	seen := map[string]int{}
	need := false // a comma
	for {
		if !t.skip(indent) {
			t.unclosed(out.Line, out.Col, open)
			return out
		}
		at := &t.lines[t.at]
		switch c := t.current(); {
		case c == closing:
			t.col++
			return out
		case c == wide || (c == '】' && closing == ']'):
			t.fix(at, t.col, string(closing), "“"+string(c)+"”是全角括号，要用半角")
			t.col++
			return out
		case c == ',':
			t.col++
			need = false
		case strings.ContainsRune("，；;", c):
			t.fix(at, t.col, ", ", "“"+string(c)+"”要写成半角逗号")
			t.col++
			need = false
		case strings.ContainsRune("}]｝］", c): // belongs to what is outside
			t.unclosed(out.Line, out.Col, open)
			return out
		case need:
			t.unclosed(out.Line, out.Col, open)
			t.resync()
			need = false
		case out.Kind == Map:
			t.flowPair(out, seen, indent, depth)
			need = true
		default:
			out.Items = append(out.Items, t.flowItem(indent, depth))
			need = true
		}
	}
}

// resync passes over what cannot be read, up to the next comma or bracket.
func (t *tolerant) resync() {
	t.col++
	for t.current() != 0 && !strings.ContainsRune(",，}]｝］", t.current()) {
		t.col++
	}
}

// flowPair reads 名称: 值 within braces.
func (t *tolerant) flowPair(out *Node, seen map[string]int, indent, depth int) {
	ln := &t.lines[t.at]
	key := &Node{Kind: Scalar, Line: ln.no, Col: t.col + 1}
	from := t.col
	switch c := t.current(); {
	case c == '"' || c == '\'':
		text, after, ok := quoted(ln.text, t.col)
		t.col = after
		key.Text, key.Quoted = text, true
		if !ok {
			t.fail(ln.no, from+1, "引号没有成对", "在这一行补上另一半引号")
			t.torn = true
			return
		}
		for t.current() == ' ' {
			t.col++
		}
	case strings.ContainsRune("&*", c):
		t.fail(ln.no, from+1, "不用 & 和 *", "把内容照写一遍；文字以 & 或 * 开头时加引号")
		key.Damaged = true
		t.flowText(true)
	default:
		key.Text = t.flowText(true)
	}
	if key.Text == "<<" && !key.Quoted {
		t.fail(ln.no, from+1, "不用 <<", "把内容照写一遍")
		key.Damaged = true
	}
	c := t.current()
	if !strings.ContainsRune(":：", c) || c == 0 {
		if isOpener(c) && key.Text != "" && isName(key.Text) {
			t.fail(ln.no, from+1, "“"+key.Text+"”后面少了冒号", "写成："+key.Text+": "+string(c)+"…")
			v := t.flow(indent, depth+1)
			markAllDamaged(v)
			t.addPair(out, seen, key, v)
			return
		}
		t.noValue(out, key)
		return
	}
	t.colon(ln, t.col)
	t.col++
	value := t.flowValue(indent, depth+1)
	t.addPair(out, seen, key, value)
}

func isName(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
}

// noValue tells of something within braces that is no pair.
func (t *tolerant) noValue(out, key *Node) {
	p := key.At(0, "“"+window([]rune(key.Text), 0)+"”这里缺一个值", "花括号里每一项都写成“名称: 值”")
	if name, value, ok := strings.Cut(key.Text, " "); ok && isName(name) && !key.Quoted {
		p.Advice = "写成：" + name + ": " + strings.TrimSpace(value)
	} else if n := len(out.Pairs); n > 0 && out.Pairs[n-1].Value.Kind == Scalar && out.Pairs[n-1].Value.Line == key.Line {
		last := out.Pairs[n-1]
		p.Advice = "写成 " + key.Text + ": …；它要是前一个值的一部分，那个值整个加单引号：" + last.Key.Text + ": '" +
			strings.Trim(last.Value.Text, "'") + ", " + key.Text + "'"
		markAllDamaged(last.Value)
		last.Key.Damaged = true
	}
	t.fail(key.Line, key.Col, p.Message, p.Advice)
	t.file.MarkLost(key.Text)
	t.file.MarkLost(t.file.Line(key.Line))
	out.Damaged = true
	if c := t.current(); c != 0 && !strings.ContainsRune(",，；;}]｝］", c) {
		t.torn = true
		t.resync()
	}
}

// flowValue reads what stands behind a colon within braces.
func (t *tolerant) flowValue(indent, depth int) *Node {
	ln := &t.lines[t.at]
	from := t.col
	if !t.skip(indent) {
		t.fail(ln.no, from+1, "这里缺一个值", "冒号后面要写内容")
		t.torn = true
		return &Node{Line: ln.no, Col: from + 1, Damaged: true}
	}
	if c := t.current(); strings.ContainsRune(",，}｝]］", c) {
		t.fail(ln.no, from+1, "这里缺一个值", "冒号后面要写内容；没有内容就删去这一项")
		t.file.MarkLost(string(ln.text))
		return &Node{Line: ln.no, Col: from + 1, Damaged: true}
	}
	return t.flowItem(indent, depth)
}

// flowItem reads a value within brackets.
func (t *tolerant) flowItem(indent, depth int) *Node {
	ln, from := &t.lines[t.at], t.col
	v := &Node{Kind: Scalar, Line: ln.no, Col: from + 1}
	bad := func(message, advice string) *Node {
		t.fail(ln.no, from+1, message, advice)
		t.file.MarkLost(string(ln.text))
		v.Damaged = true
		return v
	}
	switch c := t.current(); {
	case isOpener(c):
		return t.flow(indent, depth)
	case c == '"' || c == '\'':
		text, after, ok := quoted(ln.text, from)
		v.Text, v.Quoted, t.col = text, true, after
		if !ok {
			t.torn = true
			return bad("引号没有成对", "在这一行补上另一半引号")
		}
		if t.followed() {
			t.col = from + 1
			v.Text = t.flowText(false)
			return bad("引号后面多了内容", "整个值用一对单引号括起来")
		}
		return v
	case c == '&' || c == '*':
		t.flowText(false)
		v.Kind = 0
		return bad("不用 & 和 *", "把内容照写一遍；文字以 & 或 * 开头时加引号")
	case c == '!':
		t.flowText(false)
		v.Kind = 0
		return bad("不用 ! 开头的写法", "否定写 not；文字以 ! 开头时加引号")
	case strings.ContainsRune("%@`|>", c):
		t.flowText(false)
		v.Kind = 0
		return bad("“"+string(c)+"”不能放在开头", "含特殊符号的文字要加引号")
	}
	before := len(t.problems)
	v.Text = t.flowText(false)
	v.Damaged = len(t.problems) > before
	if c := t.current(); c == ':' || c == '：' {
		switch {
		case c == ':' && t.col+1 < len(ln.text) && ln.text[t.col+1] == ' ' && t.inList(): // [名称: 值]
			pair := &Node{Kind: Map, Line: v.Line, Col: v.Col}
			t.col++
			pair.Pairs = []Pair{{Key: v, Value: t.flowValue(indent, depth+1)}}
			return pair
		default:
			rest := t.col
			t.resync()
			first, name := splitLast(v.Text)
			v.Text += string(ln.text[rest:t.col])
			if first != "" && isName(name) {
				return bad("“"+name+"”前面少了逗号", "写成："+first+", "+name+": "+strings.TrimLeft(string(ln.text[rest+1:t.col]), " "))
			}
			return bad("一个值里有两个冒号", "文字里的冒号用全角的“：”，或整个值加单引号")
		}
	}
	return v
}

// splitLast parts the last word from a text.
func splitLast(s string) (before, last string) {
	i := strings.LastIndex(s, " ")
	if i < 0 {
		return "", s
	}
	return strings.TrimSpace(s[:i]), s[i+1:]
}

// inList reports whether the innermost bracket before here is a square one.
func (t *tolerant) inList() bool {
	depth := 0
	for _, r := range slices.Backward(t.lines[t.at].text[:t.col]) {
		switch {
		case strings.ContainsRune("}]｝］", r):
			depth++
		case isOpener(r):
			if depth == 0 {
				return r == '[' || r == '［'
			}
			depth--
		}
	}
	return false
}

// followed reports whether something other than the end of the value comes.
func (t *tolerant) followed() bool {
	ln := &t.lines[t.at]
	i := t.col
	for i < len(ln.text) && ln.text[i] == ' ' {
		i++
	}
	return i < len(ln.text) && !strings.ContainsRune(",，；;}]｝］#", ln.text[i]) && ln.text[i] != ':' && ln.text[i] != '：'
}

// flowText reads a plain text within brackets, up to the comma, colon or bracket
// that ends it. A condition that lacks its quotes is told about and read whole.
func (t *tolerant) flowText(key bool) string {
	ln, from := &t.lines[t.at], t.col
	round, square, quote, told := 0, 0, rune(0), false
	need := func() {
		if !told {
			told = true
			t.fail(ln.no, from+1, "这里有逗号或括号，整个要加单引号", "写成 '…'")
			t.file.MarkLost(string(ln.text))
		}
	}
	for ; t.col < len(ln.text); t.col++ {
		r := ln.text[t.col]
		next := rune(' ')
		if t.col+1 < len(ln.text) {
			next = ln.text[t.col+1]
		}
		switch {
		case quote != 0:
			if r == ',' && !told && !strings.ContainsRune(string(ln.text[t.col:]), quote) {
				return strings.TrimSpace(string(ln.text[from:t.col]))
			}
			if strings.ContainsRune(",[]{}", r) {
				need()
			}
			if r == quote {
				quote = 0
			}
		case r == '"' && slices.Contains(ln.text[t.col+1:], r):
			quote = r
		case r == '#' && t.col > 0 && ln.text[t.col-1] == ' ':
			return strings.TrimSpace(string(ln.text[from:t.col]))
		case r == '(':
			round++
		case r == ')':
			round = max(round-1, 0)
		case (r == '[' || r == '{') && t.col > from:
			if key && r == '{' {
				return strings.TrimSpace(string(ln.text[from:t.col]))
			}
			need()
			square++
		case (r == ']' || r == '}') && square > 0:
			square--
		case r == ',' && (round > 0 || square > 0) && t.closes():
			need()
		case strings.ContainsRune(",}]｝］", r), r == '】' && !slices.Contains(ln.text[from:t.col], '【') && t.inList():
			return strings.TrimSpace(string(ln.text[from:t.col]))
		case r == ':' && square == 0 && (key || next == ' ') && !between(ln.text, t.col):
			return strings.TrimSpace(string(ln.text[from:t.col]))
		case r == '：' && key && round == 0:
			return strings.Trim(string(ln.text[from:t.col]), " 　")
		case strings.ContainsRune("，；;", r) && (t.pairFollows() || (!key && square == 0 && round == 0 && t.inList())):
			return strings.TrimSpace(string(ln.text[from:t.col]))
		}
	}
	return strings.TrimSpace(string(ln.text[from:]))
}

// closes reports whether a bracket that is open here is closed on this line.
func (t *tolerant) closes() bool {
	return strings.ContainsAny(string(t.lines[t.at].text[t.col:]), ")]")
}

// pairFollows reports whether 名称: comes behind the sign here, so that it must
// be meant as a comma.
func (t *tolerant) pairFollows() bool {
	rest := t.lines[t.at].text[t.col+1:]
	for i, r := range rest {
		switch {
		case r == ':' || r == '：':
			name := strings.Trim(string(rest[:i]), " 　\"'")
			return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsPunct(r) && r != '_' })
		case strings.ContainsRune(",，{}[]｛｝；;", r) || i > 20:
			return false
		}
	}
	return false
}

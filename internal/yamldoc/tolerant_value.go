package yamldoc

import (
	"strings"
)

// quoted reads a text in quotes from an index on; after is behind the closing
// one.
func quoted(text []rune, from int) (s string, after int, ok bool) {
	quote := text[from]
	var out []rune
	for i := from + 1; i < len(text); i++ {
		r := text[i]
		switch {
		case r == quote && quote == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
		case r == quote:
			return string(out), i + 1, true
		case r == '\\' && quote == '"' && i+1 < len(text):
			i++
			r = text[i]
		}
		out = append(out, r)
	}
	return string(out), len(text), false
}

// value reads what stands behind a key, or behind a dash. Afterwards the line
// being read is the first that does not belong to it.
func (t *tolerant) value(ln *line, from, indent, depth int) (v *Node, ok bool) {
	i := t.skipBlanks(ln, from)
	if strings.ContainsRune("}]｝］", at(ln.text, i)) && t.ends(ln, i+1) {
		t.fail(ln.no, i+1, "多了一个 "+string(ln.text[i]), "删去它，或检查前面少了哪个括号")
		i++
	}
	if t.ends(ln, i) {
		return t.valueBelow(ln, from, indent, depth)
	}
	t.at++
	damaged := func(message, advice string) (*Node, bool) {
		t.fail(ln.no, i+1, message, advice)
		t.file.MarkLost(string(ln.text))
		return &Node{Line: ln.no, Col: i + 1, Damaged: true}, false
	}
	switch c := ln.text[i]; {
	case isOpener(c):
		return t.open(ln, i, indent, depth)
	case c == '"' || c == '\'':
		text, after, ok := quoted(ln.text, i)
		if !ok {
			v, ok = damaged("引号没有成对", "在这一行补上另一半引号")
			t.skipBelow(indent)
			return v, ok
		}
		v = &Node{Kind: Scalar, Line: ln.no, Col: i + 1, Text: text, Quoted: true}
		if t.ends(ln, after) {
			return v, true
		}
		v.Damaged = true
		t.fail(ln.no, i+1, "引号后面多了内容", "整个值用一对单引号括起来")
		t.file.MarkLost(string(ln.text))
		return v, false
	case c == '&' || c == '*':
		return damaged("不用 & 和 *", "把内容照写一遍；文字以 & 或 * 开头时加引号")
	case c == '!':
		return damaged("不用 ! 开头的写法", "否定写 not；文字以 ! 开头时加引号")
	case strings.ContainsRune("%@`", c):
		return damaged("“"+string(c)+"”不能放在开头", "含特殊符号的文字要加引号")
	case c == '-' && (i+1 == len(ln.text) || ln.text[i+1] == ' '):
		return damaged("“- ”不能写在冒号后面", "另起一行写，或用方括号")
	case c == '|' || c == '>':
		if rest := strings.TrimLeft(string(ln.text[i:]), ">="); c == '>' && strings.TrimSpace(rest) != "" {
			return damaged("条件前面缺了拿什么来比", "写全，例如 总分 "+strings.TrimSpace(string(ln.text[i:])))
		}
		v, ok = damaged("不用 | 和 > 分行", "写在一行里")
		t.skipBelow(indent)
		return v, ok
	}
	v = t.plain(ln, i)
	t.surplus(ln, i, v)
	if at := strings.Index(v.Text, ": "); at > 0 && !strings.ContainsAny(v.Text[:at], "\"'") {
		v.Damaged = true
		t.fail(ln.no, i+1, "一行里有两个冒号", "下一层的写进花括号，写成 {"+strings.TrimRight(v.Text, "}")+"}；文字里的冒号用全角的“：”，或整个值加单引号")
		t.file.MarkLost(string(ln.text))
	}
	return v, !v.Damaged
}

// surplus tells of a closing bracket too many at the end of a plain text, and
// takes it off.
func (t *tolerant) surplus(ln *line, from int, v *Node) {
	for _, pair := range [...][2]string{{"{", "}"}, {"[", "]"}} {
		if cut, is := strings.CutSuffix(v.Text, pair[1]); is &&
			strings.Count(v.Text, pair[0]) < strings.Count(v.Text, pair[1]) {
			t.fail(ln.no, from+len([]rune(v.Text)), "多了一个 "+pair[1], "删去它，或检查前面少了哪个括号")
			v.Text = strings.TrimSpace(cut)
		}
	}
}

// at returns a character, a blank beyond the end.
func at(text []rune, i int) rune {
	if i < len(text) {
		return text[i]
	}
	return ' '
}

// skipBlanks passes over blanks and tells of wide ones.
func (t *tolerant) skipBlanks(ln *line, i int) int {
	for i < len(ln.text) && (ln.text[i] == ' ' || ln.text[i] == wideBlank) {
		if ln.text[i] == wideBlank && strings.TrimSpace(string(ln.text[i:])) != "" {
			t.fix(ln, i, " ", "这里是全角空格")
		}
		i++
	}
	return i
}

// ends reports whether nothing but blanks and a remark is left of a line.
func (t *tolerant) ends(ln *line, i int) bool {
	rest := strings.TrimLeft(string(ln.text[min(i, len(ln.text)):]), " 　")
	return rest == "" || rest[0] == '#'
}

// valueBelow reads the lines under a key that has nothing on its own line.
func (t *tolerant) valueBelow(ln *line, from, indent, depth int) (v *Node, ok bool) {
	t.at++
	if t.at < len(t.lines) {
		switch next := &t.lines[t.at]; {
		case next.indent > indent:
			if end, _ := t.keyEnd(next); end < 0 && !t.dash(next) && isOpener(next.text[next.start]) {
				return t.value(next, next.start, indent, depth)
			}
			v = t.block(next.indent, indent, depth)
			return v, !v.Damaged
		case next.indent == indent && t.dash(next):
			return t.list(indent, indent-1, depth), true
		}
	}
	if !t.bad[ln.no+1] {
		t.fail(ln.no, from+1, "这里缺一个值", "冒号后面要写内容；没有内容就删去这一行")
	}
	t.file.MarkLost(string(ln.text))
	return &Node{Line: ln.no, Col: from + 1, Damaged: true}, false
}

// plain reads the rest of a line.
func (t *tolerant) plain(ln *line, from int) *Node {
	to := len(ln.text)
	for i := from + 1; i < to; i++ {
		if ln.text[i] == '#' && ln.text[i-1] == ' ' {
			to = i
		}
	}
	return &Node{Kind: Scalar, Line: ln.no, Col: from + 1, Text: strings.TrimSpace(string(ln.text[from:to]))}
}

// open reads a value in brackets, which may go on over several lines.
func (t *tolerant) open(ln *line, from, indent, depth int) (v *Node, ok bool) {
	before := len(t.problems)
	first := t.at - 1
	t.at, t.col, t.torn, t.cut = first, from, false, false
	v = t.flow(indent, depth)
	if t.torn {
		markAllDamaged(v)
		for i := first; i <= min(t.at, len(t.lines)-1); i++ {
			if i < t.at || t.col > t.lines[i].start {
				t.file.MarkLost(string(t.lines[i].text))
			}
		}
	}
	if t.at < len(t.lines) && t.lines[t.at].no >= ln.no && t.col > t.lines[t.at].start {
		last := &t.lines[t.at]
		if !t.ends(last, t.col) && !t.torn {
			i := t.skipBlanks(last, t.col)
			c := last.text[i]
			message, advice := "括号后面多了内容", "删去，或写进括号里"
			if strings.ContainsRune("}]｝］", c) {
				message, advice = "多了一个 "+string(c), "删去它，或检查前面少了哪个括号"
			}
			t.fail(last.no, i+1, message, advice)
			t.file.MarkLost(string(last.text))
			markAllDamaged(v)
		}
		t.at++
	}
	if v.Damaged {
		t.skipBelow(indent)
	}
	return v, len(t.problems) == before
}

// markAllDamaged marks a node and all in it.
func markAllDamaged(n *Node) {
	if n == nil {
		return
	}
	n.Damaged = true
	for i := range n.Pairs {
		markAllDamaged(n.Pairs[i].Key)
		markAllDamaged(n.Pairs[i].Value)
	}
	for _, i := range n.Items {
		markAllDamaged(i)
	}
}

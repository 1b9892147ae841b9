package yamldoc

import (
	"slices"
	"strings"
	"unicode"
)

// keyEnd finds the colon behind a key: its index, −1 for none, and whether it is
// one that has to be written otherwise.
func (t *tolerant) keyEnd(ln *line) (end int, odd bool) {
	quote, depth := rune(0), 0
	bare := -1
	for i := ln.start; i < len(ln.text); i++ {
		r := ln.text[i]
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case (r == '"' || (r == '\'' && i == ln.start)) && slices.Contains(ln.text[i+1:], r):
			quote = r
		case r == '#' && ln.text[i-1] == ' ':
			return bare, true
		case r == ':' && (i+1 == len(ln.text) || ln.text[i+1] == ' ' || ln.text[i+1] == wideBlank):
			if bare >= 0 {
				return bare, true
			}
			return i, false
		case bare < 0 && depth == 0 && strings.ContainsRune("{｛", r) && i > ln.start:
			return -1, false
		case strings.ContainsRune("([（", r):
			depth++
		case strings.ContainsRune(")]）", r):
			depth--
		case depth == 0 && bare < 0 && (r == '：' || r == ':') && i > ln.start && !between(ln.text, i):
			bare = i
		}
	}
	return bare, true
}

// between tells 8:30 from 基础:80.
func between(text []rune, i int) bool {
	return i > 0 && i+1 < len(text) && unicode.IsDigit(text[i-1]) && unicode.IsDigit(text[i+1])
}

// key reads the key of a line; nil if there is none. from is where the value
// begins.
func (t *tolerant) key(ln *line) (key *Node, from int) {
	key = &Node{Kind: Scalar, Line: ln.no, Col: ln.start + 1}
	switch first := ln.text[ln.start]; {
	case first == '?' && ln.start+1 < len(ln.text) && ln.text[ln.start+1] == ' ':
		t.fail(ln.no, ln.start+1, "不用 ? 开头的写法", "写成“名称: 值”")
		if t.at+1 < len(t.lines) && t.lines[t.at+1].text[t.lines[t.at+1].start] == ':' {
			t.at++ // belongs to it
			t.file.MarkLost(string(t.lines[t.at].text))
		}
		return nil, 0
	case strings.HasPrefix(string(ln.text[ln.start:]), "<<:"):
		t.fail(ln.no, ln.start+1, "不用 <<", "把内容照写一遍")
		return nil, 0
	case strings.ContainsRune("&*!|>%@`", first) && t.isSigned(ln):
		ln.start++
		key, from = t.key(ln)
		ln.start--
		if key != nil {
			key.Damaged = true
		}
		return key, from
	case strings.ContainsRune("&*!|>%@`{[}],:", first):
		t.fail(ln.no, ln.start+1, "“"+string(first)+"”不能放在一行的开头", "这里要写“名称: 值”；文字里有特殊符号的，整个加单引号")
		return nil, 0
	case first == '"' || first == '\'':
		text, after, ok := quoted(ln.text, ln.start)
		for ok && after < len(ln.text) && ln.text[after] == ' ' {
			after++
		}
		if !ok || after == len(ln.text) || !strings.ContainsRune(":：", ln.text[after]) {
			t.fail(ln.no, ln.start+1, "引号没有成对，或引号后面没有冒号", "写成“'名称': 值”")
			return nil, 0
		}
		key.Text, key.Quoted = text, true
		t.colon(ln, after)
		return key, after + 1
	}
	end, _ := t.keyEnd(ln)
	if end < 0 {
		return t.noColon(ln)
	}
	key.Text = strings.Trim(string(ln.text[ln.start:end]), " 　")
	if wide := inQuotes(key.Text); wide != "" {
		t.fail(ln.no, ln.start+1, "“ ”是全角引号，名称不用加引号", "写成："+wide+":")
		key.Text = wide
	}
	t.colon(ln, end)
	return key, end + 1
}

// isSigned tells of a sign in front of a key that is right without it.
func (t *tolerant) isSigned(ln *line) bool {
	rest := line{no: ln.no, start: ln.start + 1, text: ln.text}
	if rest.start == len(rest.text) || (!unicode.IsLetter(rest.text[rest.start]) && rest.text[rest.start] != '"') {
		return false
	}
	if end, _ := t.keyEnd(&rest); end < 0 {
		return false
	}
	t.fail(ln.no, ln.start+1, "“"+string(ln.text[ln.start])+"”不能放在一行的开头", "删去它；是名称的一部分，就把名称加单引号")
	t.file.MarkLost(string(ln.text))
	return true
}

// colon tells of a colon that is wide or lacks its blank.
func (t *tolerant) colon(ln *line, at int) {
	switch {
	case ln.text[at] == '：':
		to := ": "
		if at+1 == len(ln.text) {
			to = ":"
		}
		t.fix(ln, at, to, "“：”是全角冒号，要用半角，后面空一格")
	case at+1 < len(ln.text) && !strings.ContainsRune(" 　}]", ln.text[at+1]):
		t.fix(ln, at, ": ", "冒号后面要空一格")
	}
}

// noColon reads a line without a colon, where it is clear what was meant.
func (t *tolerant) noColon(ln *line) (key *Node, from int) {
	words := ln.text[ln.start:]
	cut := slices.IndexFunc(words, func(r rune) bool { return strings.ContainsRune(" 　{[｛［=＝；;，", r) })
	text := strings.TrimRight(string(words), " 　")
	const message = "这里要写“名称: 值”"
	switch {
	case cut < 0 && t.at+1 < len(t.lines) && t.lines[t.at+1].indent > ln.indent: // a heading
		t.fail(ln.no, ln.start+1, message+"，后面少了冒号", "写成："+text+":")
		return &Node{Kind: Scalar, Line: ln.no, Col: ln.start + 1, Text: text}, len(ln.text)
	case cut > 0:
		name, rest := string(words[:cut]), strings.TrimLeft(string(words[cut:]), " 　=＝；;，")
		if rest == "" || strings.ContainsRune(rest, '；') {
			break
		}
		t.file.MarkLost(string(ln.text))
		t.fail(ln.no, ln.start+1, message+"，中间少了冒号", "写成："+name+": "+window([]rune(rest), 0))
		key = &Node{Kind: Scalar, Line: ln.no, Col: ln.start + 1, Text: name, Damaged: true}
		return key, len(ln.text) - len([]rune(rest))
	}
	t.fail(ln.no, ln.start+1, message, "检查冒号后面有没有空一格，缩进对不对")
	return nil, 0
}

// inQuotes returns what a text holds that stands in “ ” or ‘ ’ as a whole, ""
// for any other.
func inQuotes(s string) string {
	for _, q := range [...][2]string{{"“", "”"}, {"‘", "’"}, {"”", "”"}, {"“", "“"}} {
		if in, ok := strings.CutPrefix(s, q[0]); ok {
			if in, ok = strings.CutSuffix(in, q[1]); ok && !strings.ContainsAny(in, "“”‘’") {
				return in
			}
		}
	}
	return ""
}

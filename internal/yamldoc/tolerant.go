package yamldoc

import (
	"slices"
	"strings"
)

// maxSyntax bounds how many mistakes of form are told of one file: who has more
// than that has taken the wrong file.
const maxSyntax = 100

// tolerant reads a file line by line and goes on after a mistake, so that a
// damaged line costs that line and not the file. It knows our profile only. A
// file in which it finds nothing wrong is read by the YAML library, which has
// the last word on what is accepted.
type tolerant struct {
	file     *File
	bad      map[int]bool // lines that are left out
	margin   []string     // keys that stand at the left margin
	lines    []line
	at       int  // index of the line being read
	col      int  // index of the character in it, within flow
	cut      bool // brackets are not closed before the next key
	torn     bool // some bracket or quote within flow has nothing that closes it
	problems []Problem
	edits    []edit
}

// line is one line that is neither blank nor a remark.
type line struct {
	no     int
	indent int // how deep it stands
	start  int // index of its first character; more or less than indent after odd blanks
	text   []rune
}

// edit is one sign of a line that is to be written otherwise.
type edit struct {
	line, col int // col is an index
	length    int
	to        string
	problem   int
}

// newTolerant cuts a file into lines. bad are lines that cannot be read at all.
func newTolerant(f *File, bad map[int]bool) *tolerant {
	t := &tolerant{file: f, bad: bad}
	no := 0
	for text := range strings.SplitSeq(f.text, "\n") {
		no++
		if bad[no] {
			f.MarkLost(text)
			continue
		}
		ln := line{no: no, text: []rune(strings.ReplaceAll(text, "\t", " "))}
		for ln.start < len(ln.text) {
			switch ln.text[ln.start] {
			case ' ':
				ln.indent++
			case wideBlank:
				ln.indent += 2
			default:
				goto found
			}
			ln.start++
		}
	found:
		if ln.start == len(ln.text) || ln.text[ln.start] == '#' {
			continue
		}
		if strings.HasPrefix(string(ln.text), "---") {
			if len(t.lines) > 0 {
				t.fail(no, 1, "一个文件里只能有一份内容", "删去“---”，或分成两个文件")
				return t
			}
			continue
		}
		for i, r := range ln.text[:ln.start] {
			if r == wideBlank {
				t.fix(&ln, i, "  ", "这里是全角空格")
			}
		}
		t.lines = append(t.lines, ln)
	}
	return t
}

const wideBlank = '　'

func (t *tolerant) fail(line, col int, message, advice string) {
	switch {
	case len(t.problems) < maxSyntax:
		t.problems = append(t.problems, Problem{Line: line, Col: col, Message: message, Advice: advice})
	case len(t.problems) == maxSyntax:
		t.problems = append(t.problems, Problem{Line: line, Col: col, Message: "格式上的错误太多，后面的没有列出", Advice: "先改好前面的，再查一遍"})
	}
}

// fix notes a sign that is to be written otherwise. What was meant is clear, so
// reading goes on as if it were right.
func (t *tolerant) fix(ln *line, col int, to, message string) {
	if len(t.problems) < maxSyntax {
		t.edits = append(t.edits, edit{ln.no, col, 1, to, len(t.problems)})
	}
	t.fail(ln.no, col+1, message, "")
}

// advise writes the lines with slips as they should be.
func (t *tolerant) advise() {
	for _, e := range t.edits {
		out, at := t.rewritten(e)
		t.problems[e.problem].Advice = "写成：" + window(out, at)
	}
}

// rewritten returns the line of a slip with all its slips put right, and where
// the one meant now stands.
func (t *tolerant) rewritten(e edit) (out []rune, at int) {
	text := []rune(t.file.Line(e.line))
	for i := 0; i < len(text); i++ {
		k := slices.IndexFunc(t.edits, func(o edit) bool { return o.line == e.line && o.col == i })
		if k < 0 {
			out = append(out, text[i])
			continue
		}
		if i == e.col {
			at = len(out)
		}
		o := t.edits[k]
		next := min(i+o.length, len(text))
		to := o.to
		if next < len(text) && text[next] == ' ' {
			to = strings.TrimRight(to, " ")
		}
		out = append(out, []rune(to)...)
		i = next - 1
	}
	return out, at
}

// window cuts a rewritten line around a place.
func window(text []rune, at int) string {
	const most, around = 80, 30
	from, to := 0, len(text)
	before, after := "", ""
	if len(text) > most {
		if at > around {
			from, before = at-around, "…"
		}
		if at+around < len(text) {
			to, after = at+around, "…"
		}
	}
	return before + strings.TrimSpace(string(text[from:to])) + after
}

// document reads the whole file; nil if there is nothing.
func (t *tolerant) document() *Node {
	if len(t.lines) == 0 {
		return nil
	}
	ln := &t.lines[0]
	if c := ln.text[ln.start]; isOpener(c) {
		root, _ := t.value(ln, ln.start, -1, 0)
		for ; t.at < len(t.lines); t.at++ {
			t.dropLine(&t.lines[t.at], "括号外面还有内容", "删去，或写进括号里")
		}
		return root
	}
	if len(t.lines) == 1 && !t.dash(ln) {
		if k, _ := t.keyEnd(ln); k < 0 {
			t.at++
			return t.plain(ln, ln.start)
		}
	}
	return t.block(ln.indent, -1, 0)
}

func isOpener(r rune) bool { return strings.ContainsRune("{[｛［", r) }

// dash reports whether a line begins a list element.
func (t *tolerant) dash(ln *line) bool {
	return ln.text[ln.start] == '-' && (ln.start+1 == len(ln.text) || ln.text[ln.start+1] == ' ')
}

// dropLine tells of a line that cannot be read and passes over it.
func (t *tolerant) dropLine(ln *line, message, advice string) {
	t.fail(ln.no, ln.start+1, message, advice)
	t.file.MarkLost(string(ln.text))
}

// block reads the lines from here that stand at one depth or deeper.
func (t *tolerant) block(indent, outer, depth int) *Node {
	if depth > maxDepth {
		t.dropLine(&t.lines[t.at], "套得太深", "")
		t.skipBelow(outer)
		return &Node{Damaged: true}
	}
	indent = t.usualIndent(indent, outer)
	if t.dash(&t.lines[t.at]) {
		return t.list(indent, outer, depth)
	}
	return t.mapping(indent, outer, depth)
}

// usualIndent returns how deep the lines of a block stand: as the first one does, but
// where more of them stand less deep.
func (t *tolerant) usualIndent(first, outer int) int {
	least, counts := first, map[int]int{}
	for i := t.at; i < len(t.lines) && t.lines[i].indent > outer; i++ {
		if i > t.at && outer < 0 && t.lines[i].indent > first {
			continue
		}
		least = min(least, t.lines[i].indent)
		counts[t.lines[i].indent]++
	}
	if counts[least] >= counts[first] {
		return least
	}
	return first
}

// outside reports whether a line that stands between two depths belongs to the
// outer one.
func (t *tolerant) outside(ln *line, indent, outer int) bool {
	switch left, right := ln.indent-outer, indent-ln.indent; {
	case left != right || outer < 0:
		return left < right && outer >= 0
	}
	end, _ := t.keyEnd(ln)
	if end < 0 {
		return false
	}
	name := strings.TrimSpace(string(ln.text[ln.start:end]))
	if outer == 0 && len(t.margin) > 0 {
		return slices.Contains(t.margin, name)
	}
	return t.ends(ln, end+1)
}

// skipBelow passes over lines deeper than a depth.
func (t *tolerant) skipBelow(indent int) {
	for t.at < len(t.lines) && t.lines[t.at].indent > indent {
		t.file.MarkLost(string(t.lines[t.at].text))
		t.at++
	}
}

func (t *tolerant) list(indent, outer, depth int) *Node {
	first := &t.lines[t.at]
	out := &Node{Kind: List, Line: first.no, Col: first.start + 1}
	for t.at < len(t.lines) {
		ln := &t.lines[t.at]
		if ln.indent <= outer || (!t.dash(ln) && ln.indent <= indent) {
			break
		}
		if t.dash(ln) && ln.indent != indent {
			if ln.indent < indent && t.outside(ln, indent, outer) {
				break
			}
			t.fail(ln.no, ln.start+1, "这里的缩进不对", "同一列的减号要左边对齐，前面空 "+itoa(indent)+" 格")
		}
		if !t.dash(ln) {
			t.dropLine(ln, "这里的缩进不对，或多了内容", "同一层的名称要左边对齐；一列里的每一条前面写“- ”")
			out.Damaged = true
			t.at++
			continue
		}
		ln.text[ln.start] = ' '
		for ln.start < len(ln.text) && ln.text[ln.start] == ' ' {
			ln.start++
			ln.indent++
		}
		if ln.start == len(ln.text) || ln.text[ln.start] == '#' {
			t.at++
			if t.at < len(t.lines) && t.lines[t.at].indent > indent {
				out.Items = append(out.Items, t.block(t.lines[t.at].indent, indent, depth+1))
				continue
			}
			t.fail(ln.no, ln.start, "这里缺一个值", "减号后面要写内容；没有内容就删去这一行")
			out.Damaged = true
			continue
		}
		out.Items = append(out.Items, t.element(ln, indent, depth+1))
	}
	return out
}

// element reads what stands behind a dash.
func (t *tolerant) element(ln *line, indent, depth int) *Node {
	if !isOpener(ln.text[ln.start]) {
		end, _ := t.keyEnd(ln)
		if end >= 0 || t.dash(ln) || (t.at+1 < len(t.lines) && t.lines[t.at+1].indent > indent && ln.text[ln.start] != '"' &&
			ln.text[ln.start] != '\'') {
			return t.block(ln.indent, indent, depth)
		}
	}
	v, _ := t.value(ln, ln.start, indent, depth)
	return v
}

// mapping reads pairs. What stands a little too far left or right is told and
// taken as meant.
func (t *tolerant) mapping(indent, outer, depth int) *Node {
	out := &Node{Kind: Map}
	seen := map[string]int{}
	odd := -1 // a depth that has been told about
	for t.at < len(t.lines) {
		ln := &t.lines[t.at]
		if ln.indent <= outer || (ln.indent < indent && (t.dash(ln) || t.outside(ln, indent, outer))) {
			break
		}
		if ln.indent != indent {
			if ln.indent > indent && t.continues(out, ln) {
				continue
			}
			if odd != ln.indent {
				t.fail(ln.no, ln.start+1, "这里的缩进不对，或多了内容", "同一层的名称要左边对齐，前面空 "+itoa(indent)+" 格")
				odd = ln.indent
			}
		} else {
			odd = -1
		}
		if t.dash(ln) {
			t.dropLine(ln, "这里要写“名称: 值”，不是“- ”开头的一条", "删去前面的“- ”，或检查上一行")
			out.Damaged = true
			t.at++
			continue
		}
		t.pair(out, seen, ln, indent, depth)
	}
	if len(out.Pairs) > 0 {
		out.Line, out.Col = out.Pairs[0].Key.Line, out.Pairs[0].Key.Col
	}
	return out
}

// continues tells of a line that goes on with the value of the line before.
func (t *tolerant) continues(out *Node, ln *line) bool {
	end, _ := t.keyEnd(ln)
	if end >= 0 || len(out.Pairs) == 0 {
		return false
	}
	last := &out.Pairs[len(out.Pairs)-1]
	if v := last.Value; v.Kind == Scalar && v.Line < ln.no {
		if !v.Damaged {
			t.fail(v.Line, v.Col, "一个值写成了几行", "写在一行里；如果本来是两项，检查缩进和冒号后面的空格")
		}
		v.Damaged, last.Key.Damaged = true, true
		t.file.MarkLost(t.file.Line(v.Line))
		t.file.MarkLost(string(ln.text))
		t.at++
		return true
	}
	return false
}

// pair reads one line “名称: 值” with what belongs to it.
func (t *tolerant) pair(out *Node, seen map[string]int, ln *line, indent, depth int) {
	at := t.at
	key, from := t.key(ln)
	if key == nil {
		out.Damaged = true
		t.file.MarkLost(string(ln.text))
		t.at++
		t.skipBelow(indent)
		return
	}
	value, _ := t.value(ln, from, indent, depth+1)
	t.at = max(t.at, at+1)
	t.addPair(out, seen, key, value)
}

// addPair adds a pair, once for every key.
func (t *tolerant) addPair(out *Node, seen map[string]int, key, value *Node) {
	if first, twice := seen[key.Text]; twice {
		p := key.At(0, "“"+key.Text+"”写了两次", "第 "+itoa(first)+" 行已经有了，删去一处")
		t.fail(p.Line, p.Col, p.Message, p.Advice)
		return
	}
	seen[key.Text] = key.Line
	key.Damaged = key.Damaged || value.Damaged
	out.Pairs = append(out.Pairs, Pair{Key: key, Value: value})
}

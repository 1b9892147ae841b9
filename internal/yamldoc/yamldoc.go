// Package yamldoc reads the one profile of YAML that this project accepts:
// a single document of maps, lists and scalars, every scalar kept as the text
// that was written, every node with its place.
//
// It loads through the parser's syntax tree and never decodes into maps: nested
// maps would lose their order, 010 would become 8, a second document would
// vanish, and {键:值} without its space would pass. What is outside the profile
// (tags, anchors, aliases, merge keys, nulls, block scalars, several lines in
// one value) is refused with a sentence.
package yamldoc

import (
	"slices"
	"strings"
)

// Kind is the kind of a Node.
type Kind uint8

// The kinds.
const (
	Scalar Kind = iota + 1
	Map
	List
)

// String returns the kind in the words of an error message.
func (k Kind) String() string {
	return [...]string{"", "一个值", "一组“名称: 值”", "一列值"}[k]
}

// Node is one value of a document.
type Node struct {
	Kind   Kind
	Line   int // 1-based
	Col    int // 1-based, in characters
	Text   string
	Quoted bool
	Pairs  []Pair
	Items  []*Node

	// Damaged says that it could not be read as it stands, or not all of it; the
	// reason has been told. What else is wrong with it is no news.
	Damaged bool
}

// Pair is one key of a Map with its value; Key is a Scalar.
type Pair struct {
	Key   *Node
	Value *Node
}

// Get returns the value of a key, nil if n is no Map or has no such key.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Pairs {
		if n.Pairs[i].Key.Text == key {
			return n.Pairs[i].Value
		}
	}
	return nil
}

// Last returns the last line on which something of the node stands.
func (n *Node) Last() int {
	last := n.Line
	for i := range n.Pairs {
		last = max(last, n.Pairs[i].Key.Line, n.Pairs[i].Value.Last())
	}
	for _, i := range n.Items {
		last = max(last, i.Last())
	}
	return last
}

// Problem is one finding in a file, with the place it is about.
type Problem struct {
	Line, Col int
	Warning   bool   // does not keep the file from loading
	Follows   bool   // comes of damage that has been told: counted while loading, never shown
	Form      bool   // the text cannot be read, whatever it means
	Message   string // Chinese: what is wrong
	Advice    string // Chinese: what to write instead; may be empty
	Place     string // of a warning that the file itself may answer: the keys that lead there, 项目.志愿服务
	Reply     string // the reason that the file gives for what it is warned of; "" for none
}

// At makes a Problem at a node, offset characters into its text.
func (n *Node) At(offset int, message, advice string) Problem {
	col := n.Col + offset
	if n.Quoted {
		col++
	}
	return Problem{Line: n.Line, Col: col, Message: message, Advice: advice, Follows: n.Damaged}
}

// File is one document with the text it was read from.
type File struct {
	Name    string
	Root    *Node
	Partial bool // something could not be read; in Root it is missing or Damaged
	text    string
	lines   []string
	gone    []string // lines that could not be read
}

// MarkLost notes text of which it cannot be said what it declares.
func (f *File) MarkLost(text string) {
	f.Partial = true
	if len(f.gone) < 2*maxSyntax && !slices.Contains(f.gone, text) {
		f.gone = append(f.gone, text)
	}
}

// Lost reports whether a word stands in a line that could not be read: of such a
// word it cannot be said that nothing declares it.
func (f *File) Lost(word string) bool {
	if word == "" || len(f.gone) == 2*maxSyntax {
		return f.Partial
	}
	return slices.ContainsFunc(f.gone, func(text string) bool { return strings.Contains(text, word) })
}

// Line returns a line's text without its end, "" beyond the file.
func (f *File) Line(n int) string {
	if f.lines == nil && f.text != "" {
		f.lines = strings.Split(f.text, "\n")
	}
	if n < 1 || n > len(f.lines) {
		return ""
	}
	return f.lines[n-1]
}

// Format prints a problem with its place, its line and a caret that stands
// right under the character meant, also where the line before it is Chinese:
//
//	rules/x.yaml:12:9: 错误：…
//	  五星: 总份 >= 105
//	        ^
//	  改法：…
func (f *File) Format(p Problem) string {
	var b strings.Builder
	b.WriteString(f.Name)
	if p.Line > 0 {
		b.WriteString(":" + itoa(p.Line) + ":" + itoa(p.Col))
	}
	kind := "错误"
	switch {
	case p.Warning && p.Reply != "":
		kind = "提醒（已说明）"
	case p.Warning:
		kind = "提醒"
	}
	b.WriteString(": " + kind + "：" + p.Message + "\n")
	if line := f.Line(p.Line); p.Line > 0 && strings.TrimSpace(line) != "" {
		shown, pad := excerpt(line, p.Col)
		b.WriteString("  " + shown + "\n  " + strings.Repeat(" ", pad) + "^\n")
	}
	if p.Reply != "" {
		b.WriteString("  已说明：" + p.Reply + "\n")
		return b.String()
	}
	if p.Advice != "" {
		b.WriteString("  改法：" + p.Advice + "\n")
	}
	if p.Warning && p.Place != "" {
		b.WriteString("  确需这样：说明: {" + p.Place + ": 理由}\n")
	}
	return b.String()
}

// excerpt cuts a long line around a column and returns how many terminal cells
// stand before the caret.
func excerpt(line string, col int) (shown string, pad int) {
	runes := []rune(line)
	from, to := 0, len(runes)
	const around = 50
	prefix, suffix := "", ""
	if col-1-around > 0 && len(runes) > 2*around {
		from, prefix = min(col-1-around, len(runes)), "…"
	}
	if col-1+around < len(runes) && len(runes) > 2*around {
		to, suffix = max(col-1+around, from), "…"
	}
	pad = Width(prefix)
	for i := from; i < col-1 && i < to; i++ {
		pad += cells(runes[i])
	}
	return prefix + string(runes[from:to]) + suffix, pad
}

// Width returns how many terminal cells a text takes: Chinese characters and
// full-width signs take two.
func Width(s string) int {
	w := 0
	for _, r := range s {
		w += cells(r)
	}
	return w
}

func cells(r rune) int {
	switch {
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff,
		r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1 // quotation marks, … and · too: terminals draw them narrow unless told otherwise
}

func itoa(n int) string {
	if n < 0 {
		return "-" + itoa(-n)
	}
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

package mutation

import (
	"slices"
	"strings"
	"unicode/utf8"

	"jifen/internal/yamldoc"
)

// source is the text of one rule file with the places of its nodes.
type source struct {
	text  string
	lines []int // where each line begins
	root  *yamldoc.Node
}

func open(name, text string) *source {
	file, _ := yamldoc.Parse(name, []byte(text))
	s := &source{text: text, lines: []int{0}, root: file.Root}
	for i := range text {
		if text[i] == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// offset returns where a line and column, both from 1, stand in the text.
func (s *source) offset(line, col int) int {
	at := s.lines[line-1]
	for ; col > 1; col-- {
		_, size := utf8.DecodeRuneInString(s.text[at:])
		at += size
	}
	return at
}

// lineOf returns on which line, from 1, a place of the text stands.
func (s *source) lineOf(at int) int {
	i, found := slices.BinarySearch(s.lines, at)
	if found {
		return i + 1
	}
	return i
}

// lineEnd returns the end of a line, with its newline.
func (s *source) lineEnd(line int) int {
	if line < len(s.lines) {
		return s.lines[line]
	}
	return len(s.text)
}

// span is a part of the text.
type span struct{ from, to int }

func (s *source) in(p span) string { return s.text[p.from:p.to] }

// of returns the part of the text that is a node: of a scalar with its quotes,
// of a list or map in brackets with them.
func (s *source) of(n *yamldoc.Node) span {
	from := s.offset(n.Line, n.Col)
	switch {
	case n.Kind == yamldoc.Scalar && n.Quoted:
		return span{from, from + 2 + strings.IndexByte(s.text[from+1:], s.text[from])}
	case n.Kind == yamldoc.Scalar:
		return span{from, from + len(n.Text)}
	case s.flow(n):
		return span{from, s.closing(from)}
	}
	return span{from, s.lineEnd(n.Last())}
}

// flow reports whether a list or map is written in brackets.
func (s *source) flow(n *yamldoc.Node) bool {
	c := s.text[s.offset(n.Line, n.Col)]
	return c == '{' || c == '['
}

// closing returns the place behind the bracket that closes the one at from.
func (s *source) closing(from int) int {
	depth, quote := 0, byte(0)
	for i := from; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s.text)
}

// parts returns what of the text each row of a list or map is: in brackets the
// row itself, otherwise its whole lines.
func (s *source) parts(n *yamldoc.Node) []span {
	var out []span
	add := func(first, last *yamldoc.Node) {
		if s.flow(n) {
			out = append(out, span{s.of(first).from, s.of(last).to})
			return
		}
		out = append(out, span{s.lines[first.Line-1], s.lineEnd(last.Last())})
	}
	for _, p := range n.Pairs {
		add(p.Key, p.Value)
	}
	for _, i := range n.Items {
		add(i, i)
	}
	return out
}

// put returns the text with one part written anew.
func (s *source) put(p span, as string) string { return s.text[:p.from] + as + s.text[p.to:] }

// exchange returns the text with two parts in each other's place; a stands
// before b.
func (s *source) exchange(a, b span) string {
	return s.text[:a.from] + s.in(b) + s.text[a.to:b.from] + s.in(a) + s.text[b.to:]
}

// without returns the text without one of the rows of a list or map.
func (s *source) without(n *yamldoc.Node, parts []span, i int) string {
	switch {
	case !s.flow(n), len(parts) == 1:
		return s.put(parts[i], "")
	case i+1 < len(parts):
		return s.put(span{parts[i].from, parts[i+1].from}, "")
	}
	return s.put(span{parts[i-1].to, parts[i].to}, "")
}

// code returns the end of a line without its newline and comment.
func (s *source) code(line int) int {
	from, to := s.lines[line-1], s.lineEnd(line)
	quote := byte(0)
	for i := from; i < to; i++ {
		switch c := s.text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '\n', c == '#' && (i == from || s.text[i-1] == ' '):
			return i
		}
	}
	return to
}

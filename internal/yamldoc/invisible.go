package yamldoc

import "unicode"

// invisible describes what is wrong with a character that nobody sees, or takes for a
// blank; "" for any other. Two names that look alike must be alike.
func invisible(r rune, comment bool) (message, advice string) {
	switch {
	case r < 0x80:
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return "这里有看不见的字符，会把字的次序倒过来", "删掉重打这一处"
	case comment:
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
		return "这里有看不见的字符", "删掉重打这一处，多半是从网页或文档里带来的"
	case r != '　' && (unicode.Is(unicode.Z, r)):
		return "这里的空格不是普通的空格", "删掉，用空格键重打，多半是从网页或文档里带来的"
	}
	return "", ""
}

// maxSiblings bounds the lines that stand beside each other at one indentation:
// the parser's time grows with the square of them.
const maxSiblings = 3_000

// siblings counts the lines of the block that a line belongs to. Lines of a list
// are not counted.
type siblings struct {
	indents []int
	lines   []int
}

// add counts a line; it reports whether its block is too long.
func (b *siblings) add(line string) bool {
	indent := 0
	for indent < len(line) && line[indent] == ' ' {
		indent++
	}
	if indent == len(line) || line[indent] == '#' {
		return false
	}
	last := len(b.indents) - 1
	for last >= 0 && b.indents[last] > indent {
		last--
	}
	b.indents, b.lines = b.indents[:last+1], b.lines[:last+1]
	if line[indent] == '-' {
		return false
	}
	if last < 0 || b.indents[last] < indent {
		b.indents, b.lines = append(b.indents, indent), append(b.lines, 0)
		last++
	}
	b.lines[last]++
	return b.lines[last] > maxSiblings
}

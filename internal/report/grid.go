package report

import (
	"strings"
	"unicode"
)

// align is the alignment of a column's cells.
type align uint8

const (
	left    align = iota
	right         // numbers without decimals
	atPoint       // numbers, one under the other by their decimal point
)

// column is one column of a grid. One with nothing in it is left out unless it
// must stay.
type column struct {
	title string
	align align
	must  bool
}

// grid is a table for a terminal.
type grid struct {
	columns []column
	rows    [][]string
}

const gap = "  "

// write prints heading, rule and rows, each line after an indent.
func (g *grid) write(b *strings.Builder, indent string) {
	cells, widths := g.layout()
	rule := make([]string, len(g.columns))
	titles := make([]string, len(g.columns))
	for i, c := range g.columns {
		titles[i], rule[i] = c.title, strings.Repeat("-", widths[i])
	}
	for _, row := range append([][]string{titles, rule}, cells...) {
		var line strings.Builder
		for i, cell := range row {
			if widths[i] == 0 {
				continue
			}
			if line.Len() > 0 {
				line.WriteString(gap)
			}
			space := strings.Repeat(" ", max(0, widths[i]-width(cell)))
			if g.columns[i].align == left {
				line.WriteString(cell + space)
			} else {
				line.WriteString(space + cell)
			}
		}
		b.WriteString(indent + strings.TrimRight(line.String(), " ") + "\n")
	}
}

// layout returns the cells as they will be printed and the columns' widths, 0
// for a column that is left out.
func (g *grid) layout() (cells [][]string, widths []int) {
	cells = make([][]string, len(g.rows))
	for i, row := range g.rows {
		cells[i] = make([]string, len(row))
		for k, cell := range row {
			cells[i][k] = printable(cell)
		}
	}
	widths = make([]int, len(g.columns))
	for k, c := range g.columns {
		column := make([]string, len(cells))
		for i := range cells {
			column[i] = cells[i][k]
		}
		if c.align == atPoint {
			alignPoints(column)
		}
		for i, cell := range column {
			cells[i][k] = cell
			widths[k] = max(widths[k], width(cell))
		}
		if widths[k] > 0 || c.must {
			widths[k] = max(widths[k], width(c.title))
		}
	}
	return cells, widths
}

// alignPoints fills numbers up behind, so that their decimal points stand one
// under the other when they are set flush right: 95.4 over "75  ". Nothing is
// added that would look like a digit.
func alignPoints(numbers []string) {
	behind := func(s string) int {
		if dot := strings.IndexByte(s, '.'); dot >= 0 {
			return len(s) - dot
		}
		return 0
	}
	most := 0
	for _, s := range numbers {
		most = max(most, behind(s))
	}
	for i, s := range numbers {
		if s != "" {
			numbers[i] = s + strings.Repeat(" ", most-behind(s))
		}
	}
}

// printable replaces control characters, which in a terminal could erase or
// recolour what stands around them.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '\ufffd'
		}
		return r
	}, s)
}

// width returns how many terminal cells a text takes: two for what Unicode
// calls east-asian wide or full-width, none for a mark on the letter before,
// one for the rest. Signs of ambiguous width, such as “ and ·, take one cell in
// the terminals people have.
func width(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0x303e, r >= 0x3041 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3,
			r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff01 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6,
			r >= 0x1f300 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
			n += 2
		default:
			n++
		}
	}
	return n
}

// pad fills a text up with spaces to a width.
func pad(s string, to int) string {
	return s + strings.Repeat(" ", max(0, to-width(s)))
}

package spreadsheet

import (
	"encoding/xml"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"jifen/internal/fault"
)

// Limits on what a workbook holds beyond those of any table.
const (
	maxSheets = 200
	maxMerges = 100_000
	maxFilled = 1_200_000 // cells with content, of all sheets together
)

// grid is one sheet as it stands in the file: rows by line, cells by column,
// only those with content.
type grid struct {
	rows   []gridRow
	merges []area
	sums   []int // lines that have formulas
	veiled []int // columns that nobody sees
	last   int   // line of the last row, with content or without
	wide   int   // the last column of any row, with content or without
	spread int   // how many cells there would be if every row had all up to its last
}

type gridRow struct {
	line   int
	hidden bool // nobody sees it: hidden, or filtered out
	cells  []gridCell
}

type gridCell struct {
	col    int // 1 = A
	text   string
	ill    illness
	struck bool // struck out
	yearly bool // a day whose year the sheet does not show
}

// area is a range of merged cells.
type area struct{ top, left, bottom, right int }

// illness names a reason not to trust what a cell shows.
type illness uint8

// The illnesses.
const (
	healthy  illness = iota
	cutShort         // a long number whose last digits are gone
	failed           // a formula that ended in an error
	unknown          // a formula that nobody has calculated yet
	zoned            // an instant that is another day elsewhere
	scaled           // a number that shows a unit which is not in it
)

// gridPart reads one sheet.
type gridPart struct {
	book   *workbook
	grid   grid
	col    int
	hidden bool // the current row
	cell   struct {
		style, kind     string
		formula, valued bool
	}
	in    string // the element whose text is read: v, or t within is
	texts inText
	value strings.Builder
	whole strings.Builder // of a text within the cell
}

var (
	errOrder  = errors.New("rows or cells out of order")
	errString = errors.New("no such shared string")
	errMerges = errors.New("too many merged cells")
)

func (w *workbook) grid(s *sheetPart) (*grid, error) {
	p := &gridPart{book: w}
	if err := w.count(s.path); err != nil {
		return nil, err
	}
	if err := w.walk(s.path, p); err != nil {
		return nil, err
	}
	return &p.grid, nil
}

func (p *gridPart) open(name string, attrs []xml.Attr) error {
	switch name {
	case "row":
		hidden := attr(attrs, "hidden")
		p.hidden = hidden == "1" || hidden == "true"
		return p.row(attr(attrs, "r"))
	case "col":
		p.column(attrs)
	case "c":
		return p.begin(attrs)
	case "f":
		p.cell.formula = true
		if n := len(p.grid.sums); n == 0 || p.grid.sums[n-1] != p.grid.last {
			p.grid.sums = append(p.grid.sums, p.grid.last)
		}
	case "v":
		p.in, p.cell.valued = "v", true
	case "is":
		p.in, p.texts = "is", inText{}
	case "mergeCell":
		if len(p.grid.merges) == maxMerges {
			return errMerges
		}
		if a, ok := areaOf(attr(attrs, "ref")); ok {
			p.grid.merges = append(p.grid.merges, a)
		}
	}
	if p.in == "is" {
		p.texts.open(name)
	}
	return nil
}

// column notes columns that nobody sees.
func (p *gridPart) column(attrs []xml.Attr) {
	first, err1 := strconv.Atoi(attr(attrs, "min"))
	last, err2 := strconv.Atoi(attr(attrs, "max"))
	if hidden := attr(attrs, "hidden"); hidden != "1" && hidden != "true" || err1 != nil || err2 != nil {
		return
	}
	for col := max(first, 1); col <= min(last, maxColumns); col++ {
		p.grid.veiled = append(p.grid.veiled, col)
	}
}

// row begins a row; one that does not say its line follows the one before.
func (p *gridPart) row(line string) error {
	n := p.grid.last + 1
	if line != "" {
		said, err := strconv.Atoi(line)
		if err != nil || said < n || said > maxSheetLine {
			return errOrder
		}
		n = said
	}
	p.grid.last, p.col = n, 0
	return nil
}

func (p *gridPart) begin(attrs []xml.Attr) error {
	col := p.col + 1
	if ref := attr(attrs, "r"); ref != "" {
		said, line, ok := cellRef(ref)
		if !ok || said < col || line != p.grid.last {
			return errOrder
		}
		col = said
	}
	if col > maxSheetColumn {
		return errOrder
	}
	p.grid.spread += col - p.col
	p.grid.wide = max(p.grid.wide, col)
	p.col = col
	p.cell.style, p.cell.kind, p.cell.formula, p.cell.valued = attr(attrs, "s"), attr(attrs, "t"), false, false
	p.value.Reset()
	p.whole.Reset()
	return nil
}

func (p *gridPart) text(s []byte) {
	switch {
	case p.in == "v":
		p.value.Write(s)
	case p.in == "is" && p.texts.reads():
		p.whole.Write(s)
	}
}

func (p *gridPart) shut(name string) error {
	if p.in == "is" {
		p.texts.shut(name)
	}
	switch name {
	case "v", "is":
		p.in = ""
	case "c":
		return p.end()
	}
	return nil
}

// end keeps a cell if it says anything.
func (p *gridPart) end() error {
	text, ill, err := p.content()
	if err != nil {
		return err
	}
	text = unixLines(trim(text))
	if text == "" && ill == healthy {
		return nil
	}
	if p.book.spent++; p.book.spent > maxFilled {
		return p.book.overfull()
	}
	if len(text) > maxRunes && utf8.RuneCountInString(text) > maxRunes {
		return fault.New(fault.Invalid, "%s 第 %d 行 %s 列超过 %d 字", p.book.name, p.grid.last, columnName(p.col),
			maxRunes).WithHint("写短些")
	}
	if n := len(p.grid.rows); n == 0 || p.grid.rows[n-1].line != p.grid.last {
		p.grid.rows = append(p.grid.rows, gridRow{line: p.grid.last, hidden: p.hidden})
	}
	r := &p.grid.rows[len(p.grid.rows)-1]
	st := p.style()
	r.cells = append(r.cells, gridCell{col: p.col, text: text, ill: ill, struck: st.struck,
		yearly: st.format == asMonthDay && p.cell.kind != "s" && p.cell.kind != "inlineStr" &&
			len(text) == len("2026-03-05")})
	return nil
}

// content returns what the cell shows.
func (p *gridPart) content() (string, illness, error) {
	v := p.value.String()
	if p.cell.formula && (!p.cell.valued || v == "" && p.cell.kind != "str") {
		return "", unknown, nil
	}
	switch p.cell.kind {
	case "s":
		if v == "" {
			return "", healthy, nil
		}
		i, err := strconv.Atoi(v)
		if err != nil || i < 0 || i >= len(p.book.strings) {
			return "", healthy, errString
		}
		return p.book.strings[i], healthy, nil
	case "inlineStr":
		return unescape(p.whole.String()), healthy, nil
	case "str":
		return unescape(v), healthy, nil
	case "b":
		switch v {
		case "1", "true":
			return "是", healthy, nil
		case "0", "false":
			return "否", healthy, nil
		}
		return v, healthy, nil
	case "e":
		return v, failed, nil
	case "d":
		return instantText(v, p.style().format)
	}
	if v == "" {
		return "", healthy, nil
	}
	text, lost, ok := numberText(strings.TrimSpace(v), p.style().format, p.book.epoch)
	switch {
	case !ok:
		return v, healthy, nil
	case lost:
		return text, cutShort, nil
	case p.style().format == asTenThousands && text != "0":
		return text, scaled, nil
	default:
		return text, healthy, nil
	}
}

func (p *gridPart) style() style {
	n, _ := strconv.Atoi(p.cell.style) // no style is the first one
	if n < 0 || n >= len(p.book.styles) {
		return style{}
	}
	return p.book.styles[n]
}

// instantText writes an instant of ISO 8601 as the sheet shows it. One in a zone, and not at
// the beginning of a day there, is another day elsewhere.
func instantText(v string, f format) (string, illness, error) {
	day, clock, timed := strings.Cut(v, "T")
	if !timed {
		return v, healthy, nil
	}
	plain := strings.TrimSuffix(clock, "Z")
	if i := strings.LastIndexAny(plain, "+-"); i >= 0 {
		plain = plain[:i]
	}
	switch {
	case strings.Trim(plain, "0:.") == "":
		return day, healthy, nil
	case plain != clock:
		return v, zoned, nil
	case f == asDay || f == asMonthDay:
		return day, healthy, nil
	}
	return day + " " + plain, healthy, nil
}

// The edges of any sheet.
const (
	maxSheetLine   = 1 << 20
	maxSheetColumn = 1 << 14
)

// cellRef reads AB12 as column 28, line 12.
func cellRef(ref string) (col, line int, ok bool) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && col <= maxSheetColumn; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	line, err := strconv.Atoi(ref[i:])
	return col, line, err == nil && col >= 1 && col <= maxSheetColumn && line >= 1 && line <= maxSheetLine
}

// areaOf reads A1:C3.
func areaOf(ref string) (area, bool) {
	first, last, two := strings.Cut(ref, ":")
	left, top, ok1 := cellRef(first)
	right, bottom, ok2 := cellRef(last)
	return area{top, left, bottom, right}, two && ok1 && ok2 && left <= right && top <= bottom
}

// columnName writes column 28 as AB.
func columnName(col int) string {
	if col <= 26 {
		return string(rune('A' + col - 1))
	}
	return columnName((col-1)/26) + columnName((col-1)%26+1)
}

package spreadsheet

import (
	"encoding/xml"
	"strconv"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

// openDocument reads an OpenDocument spreadsheet (.ods): all its sheets stand in one part.
func (w *workbook) openDocument() error {
	if w.files["meta-inf/manifest.xml"] != nil {
		locked := &lockedPart{}
		if err := w.walk("meta-inf/manifest.xml", locked); err != nil {
			return err
		}
		if locked.is {
			return fault.New(fault.Invalid, "%s 加了密码，打不开", w.name).WithHint("用表格软件打开，去掉打开密码再保存")
		}
	}
	p := &odsPart{book: w, struck: map[string]bool{}, hidden: map[string]bool{}}
	if err := w.count("content.xml"); err != nil {
		return err
	}
	if err := w.walk("content.xml", p); err != nil {
		return err
	}
	if len(w.sheets) == 0 {
		return fault.New(fault.Invalid, "%s 里没有工作表", w.name).WithHint(saveXLSX)
	}
	return nil
}

// lockedPart finds out whether a document is encrypted.
type lockedPart struct {
	plain
	is bool
}

func (p *lockedPart) open(name string, _ []xml.Attr) error {
	p.is = p.is || name == "encryption-data"
	return nil
}

// odsPart reads the content of an OpenDocument spreadsheet.
type odsPart struct {
	book           *workbook
	struck, hidden map[string]bool // styles of cells that strike out, and of sheets that nobody sees
	defining       string          // the style that is defined
	grid           *grid
	row            gridRow
	rows           int // how many times the row stands there
	col            int
	cell           odsCell
	in             bool // a paragraph of a cell
	aside          int  // depth within a comment or a drawing
	body           strings.Builder
}

// odsCell is a cell while it is read.
type odsCell struct {
	attrs   map[string]string
	repeats int
	paras   int
}

func (p *odsPart) open(name string, attrs []xml.Attr) error {
	if p.aside > 0 || name == "annotation" || name == "shapes" {
		p.aside++
		return nil
	}
	switch name {
	case "style":
		p.defining = attr(attrs, "name")
	case "text-properties":
		if line := attr(attrs, "text-line-through-style"); line != "" && line != "none" {
			p.struck[p.defining] = true
		}
	case "table-properties":
		p.hidden[p.defining] = p.hidden[p.defining] || attr(attrs, "display") == "false"
	case "table":
		if len(p.book.sheets) < maxSheets {
			p.grid = &grid{}
			p.book.sheets = append(p.book.sheets, sheetPart{name: attr(attrs, "name"), grid: p.grid,
				hidden: p.hidden[attr(attrs, "style-name")]})
		}
	case "table-row":
		p.rows, p.col = repeats(attrs, "number-rows-repeated"), 0
		see := attr(attrs, "visibility")
		p.row = gridRow{hidden: see == "collapse" || see == "filter"}
	case "table-cell", "covered-table-cell":
		p.begin(attrs)
	case "p":
		if p.cell.attrs != nil {
			if p.cell.paras++; p.cell.paras > 1 {
				p.body.WriteByte('\n')
			}
			p.in = true
		}
	case "s":
		p.body.WriteString(strings.Repeat(" ", min(repeats(attrs, "c"), maxRunes)))
	case "tab", "line-break":
		p.body.WriteByte(' ')
	}
	return nil
}

// repeats reads how many times an element stands for itself.
func repeats(attrs []xml.Attr, name string) int {
	n, err := strconv.Atoi(attr(attrs, name))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, maxSheetLine)
}

func (p *odsPart) begin(attrs []xml.Attr) {
	p.cell = odsCell{attrs: make(map[string]string, len(attrs)), repeats: repeats(attrs, "number-columns-repeated")}
	for _, a := range attrs {
		p.cell.attrs[a.Name.Local] = a.Value
	}
	p.body.Reset()
}

func (p *odsPart) text(s []byte) {
	if p.in && p.aside == 0 {
		p.body.Write(s)
	}
}

func (p *odsPart) shut(name string) error {
	if p.aside > 0 {
		p.aside--
		return nil
	}
	switch name {
	case "p":
		p.in = false
	case "table-cell", "covered-table-cell":
		return p.end()
	case "table-row":
		return p.endRow()
	}
	return nil
}

// end keeps a cell, as often as it stands there.
func (p *odsPart) end() error {
	text, ill := p.content()
	text = unixLines(trim(text))
	n := p.cell.repeats
	first := p.col + 1
	p.col = min(p.col+n, maxSheetColumn)
	if p.grid == nil || text == "" && ill == healthy {
		p.cell.attrs = nil
		return nil
	}
	p.merge(first)
	struck := p.struck[p.cell.attrs["style-name"]]
	p.cell.attrs = nil
	if len([]rune(text)) > maxRunes {
		return fault.New(fault.Invalid, "%s 第 %d 行 %s 列超过 %d 字", p.book.name, p.grid.last+1, columnName(first), maxRunes).
			WithHint("写短些")
	}
	for col := first; col <= p.col; col++ {
		if err := p.spend(1); err != nil {
			return err
		}
		p.row.cells = append(p.row.cells, gridCell{col: col, text: text, ill: ill, struck: struck})
	}
	return nil
}

// spend counts cells with content.
func (p *odsPart) spend(cells int) error {
	if p.book.spent += cells; p.book.spent > maxFilled {
		return p.book.overfull()
	}
	return nil
}

// merge notes that a cell stands for others beside and below it.
func (p *odsPart) merge(col int) {
	across, _ := strconv.Atoi(p.cell.attrs["number-columns-spanned"])
	down, _ := strconv.Atoi(p.cell.attrs["number-rows-spanned"])
	if across > 1 || down > 1 {
		line := p.grid.last + 1
		if len(p.grid.merges) < maxMerges {
			p.grid.merges = append(p.grid.merges, area{line, col, line + max(down, 1) - 1, col + max(across, 1) - 1})
		}
	}
}

// endRow keeps a row, as often as it stands there.
func (p *odsPart) endRow() error {
	if p.grid == nil {
		return nil
	}
	if len(p.row.cells) == 0 {
		p.grid.last = min(p.grid.last+p.rows, maxSheetLine)
		return nil
	}
	for i := range p.rows {
		p.grid.last++
		r := p.row
		r.line = p.grid.last
		if i > 0 {
			if err := p.spend(len(r.cells)); err != nil {
				return err
			}
			r.cells = append([]gridCell(nil), p.row.cells...)
		}
		p.grid.rows = append(p.grid.rows, r)
	}
	return nil
}

// content returns what a cell shows.
func (p *odsPart) content() (string, illness) {
	a, shown := p.cell.attrs, p.body.String()
	if a["formula"] != "" {
		switch {
		case strings.HasPrefix(shown, "#") || strings.HasPrefix(shown, "Err:"):
			return shown, failed
		case a["value-type"] == "" && shown == "":
			return "", unknown
		}
	}
	format := asNumber
	switch a["value-type"] {
	case "percentage":
		format = asPercent
		fallthrough
	case "float", "currency":
		text, lost, ok := numberText(a["value"], format, calendar.Of(1899, 12, 30))
		switch {
		case !ok:
			return shown, healthy
		case lost:
			return text, cutShort
		}
		return text, healthy
	case "date":
		text, ill, _ := instantText(a["date-value"], asInstant)
		return text, ill
	case "time":
		return clockText(a["time-value"], shown), healthy
	case "boolean":
		return map[string]string{"true": "是", "false": "否"}[a["boolean-value"]], healthy
	}
	if shown == "" {
		return a["string-value"], healthy
	}
	return shown, healthy
}

// clockText writes PT36H00M00S as 36:00; what is no such time comes as it is shown.
func clockText(value, shown string) string {
	rest, ok := strings.CutPrefix(value, "PT")
	hours, rest, ok1 := strings.Cut(rest, "H")
	minutes, seconds, ok2 := strings.Cut(rest, "M")
	n, err := strconv.Atoi(minutes)
	if !ok || !ok1 || !ok2 || !digits(hours) || err != nil {
		return shown
	}
	text := hours + ":" + pad2(n)
	if s := strings.TrimSuffix(seconds, "S"); strings.Trim(s, "0.,") != "" {
		text += ":" + s
	}
	return text
}

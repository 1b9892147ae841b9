package spreadsheet

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"jifen/internal/fault"
)

// Column is one column of a workbook that is written.
type Column struct {
	Name    string // heading
	Numeric bool   // plain numbers in it become numbers, everything else is text
}

// Limits of the format.
const (
	maxUnits      = 32_767 // of one cell, in UTF-16
	maxSheetName  = 31
	narrowest     = 6  // columns, in half-width characters
	widest        = 50 // longer texts are wrapped
	surplusWidth  = 2  // what the format needs beyond the text
	lineHeight    = 15 // in points
	titleHeight   = 28
	significant   = 15 // digits that a number keeps
	landscapeSize = 9  // A4
)

// WriteXLSX writes one sheet as a committee hands it round: the title over all
// columns, the header frozen and repeated on every printed page (A4, landscape,
// as wide as the page), the rows, and the lines of the footer. Title and footer
// may be empty. Text is text, whatever it looks like: nothing in it runs as a
// formula or turns into a date. Equal content gives equal bytes.
//
// fault.Invalid says which cell is too long; fault.TooMany that there are more
// rows or columns than a sheet holds; other errors are dst's own.
func WriteXLSX(dst io.Writer, title string, columns []Column, rows [][]string, footer []string) error {
	if err := fits(title, columns, rows, footer); err != nil {
		return err
	}
	w := &xlsxWriter{
		file: excelize.NewFile(), name: sheetName(title), columns: columns, widths: widths(columns, rows),
		values: make([]any, 0, len(columns)),
	}
	defer w.file.Close() //nolint:errcheck // only removes temporary files
	if err := w.write(title, rows, footer); err != nil {
		return fault.Wrap(err, fault.Internal, "生成 Excel 文件出错")
	}
	_, err := w.file.WriteTo(dst)
	return err
}

// fits checks what the format would cut off or refuse.
func fits(title string, columns []Column, rows [][]string, footer []string) error {
	if len(columns) > maxSheetColumn || len(rows)+len(footer)+2 > maxSheetLine {
		return fault.New(fault.TooMany, "一张表最多 %d 行 %d 列，放不下", maxSheetLine, maxSheetColumn).WithHint("缩小范围，分几次导出")
	}
	if len(columns) == 0 {
		return fault.New(fault.Internal, "要写的表没有列")
	}
	long := func(where, text string) error {
		if len(text) > maxUnits && len(utf16.Encode([]rune(text))) > maxUnits {
			return fault.New(fault.Invalid, "%s太长，一格最多 %d 字", where, maxUnits).WithHint("写短些")
		}
		return nil
	}
	for _, text := range append([]string{title}, footer...) {
		if err := long("表格外的文字", text); err != nil {
			return err
		}
	}
	for i, row := range rows {
		if len(row) > len(columns) {
			return fault.New(fault.Internal, "第 %d 行有 %d 格，表只有 %d 列", i+1, len(row), len(columns))
		}
		for k, text := range row {
			if err := long("第 "+strconv.Itoa(i+1)+" 行的“"+fault.Quote(columns[k].Name)+"”", text); err != nil {
				return err
			}
		}
	}
	return nil
}

// xlsxWriter is one call of WriteXLSX.
type xlsxWriter struct {
	file    *excelize.File
	stream  *excelize.StreamWriter
	name    string // of the sheet
	columns []Column
	widths  []int // in half-width characters
	styles  styles
	line    int
	values  []any
}

// styles are numbers that the file gives to looks.
type styles struct{ title, header, text, number, footer int }

func (w *xlsxWriter) write(title string, rows [][]string, footer []string) error {
	head := 1
	if title != "" {
		head = 2
	}
	if err := w.layout(head, head+len(rows)+len(footer)); err != nil {
		return err
	}
	if err := w.begin(head); err != nil {
		return err
	}
	if title != "" {
		if err := w.across(title, w.styles.title, titleHeight); err != nil {
			return err
		}
	}
	header := make([]string, len(w.columns))
	for i := range w.columns {
		header[i] = w.columns[i].Name
	}
	if err := w.row(header, w.styles.header, func(int, string) any { return nil }); err != nil {
		return err
	}
	for _, row := range rows {
		if err := w.row(row, w.styles.text, w.number); err != nil {
			return err
		}
	}
	for _, text := range footer {
		if err := w.across(text, w.styles.footer, lineHeight); err != nil {
			return err
		}
	}
	return w.stream.Flush()
}

// layout sets up page and print; the stream writes it out later.
func (w *xlsxWriter) layout(head, last int) error {
	if err := w.file.SetSheetName("Sheet1", w.name); err != nil {
		return err
	}
	if err := w.file.SetSheetDimension(w.name, "A1:"+columnName(len(w.columns))+strconv.Itoa(last)); err != nil {
		return err
	}
	size, orientation, wide, high, fit := landscapeSize, "landscape", 1, 0, true
	if err := w.file.SetPageLayout(w.name, &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation,
		FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return err
	}
	if err := w.file.SetSheetProps(w.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := w.file.SetHeaderFooter(w.name, &excelize.HeaderFooterOptions{OddFooter: "&C第 &P 页，共 &N 页"}); err != nil {
		return err
	}
	line := strconv.Itoa(head)
	return w.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles",
		RefersTo: "'" + w.name + "'!$" + line + ":$" + line, Scope: w.name})
}

// begin opens the stream and sets what must stand before the first row.
func (w *xlsxWriter) begin(head int) (err error) {
	if err := w.looks(); err != nil {
		return err
	}
	if w.stream, err = w.file.NewStreamWriter(w.name); err != nil {
		return err
	}
	for i := len(w.widths); i > 0; i-- { // excelize puts each before the last; the format wants them in order
		if err := w.stream.SetColWidth(i, i, float64(w.widths[i-1])); err != nil {
			return err
		}
	}
	return w.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: "A" + strconv.Itoa(head+1),
		ActivePane: "bottomLeft"})
}

func (w *xlsxWriter) looks() error {
	var border []excelize.Border
	for _, side := range [...]string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "808080", Style: 1})
	}
	middle := func(horizontal string) *excelize.Alignment {
		return &excelize.Alignment{Horizontal: horizontal, Vertical: "center", WrapText: true}
	}
	const asText = 49 // the format @: what is typed over it stays text too
	for _, l := range [...]struct {
		style *int
		look  excelize.Style
	}{
		{&w.styles.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: middle("center"),
			NumFmt: asText}},
		{&w.styles.header, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: middle("center"), Border: border,
			NumFmt: asText}},
		{&w.styles.text, excelize.Style{Alignment: middle(""), Border: border, NumFmt: asText}},
		{&w.styles.number, excelize.Style{Alignment: middle(""), Border: border}},
		{&w.styles.footer, excelize.Style{Alignment: middle("left"), NumFmt: asText}},
	} {
		style, err := w.file.NewStyle(&l.look)
		if err != nil {
			return err
		}
		*l.style = style
	}
	return nil
}

// row writes one row in the look of texts, where numbers are given another.
func (w *xlsxWriter) row(cells []string, look int, number func(column int, text string) any) error {
	w.line++
	w.values = w.values[:0]
	for i := range w.columns {
		text := ""
		if i < len(cells) {
			text = unixLines(cells[i])
		}
		c := excelize.Cell{StyleID: look}
		if text != "" {
			c.Value = streamed(text)
		}
		if n := number(i, text); n != nil {
			c.StyleID, c.Value = w.styles.number, n
		}
		w.values = append(w.values, c)
	}
	return w.stream.SetRow("A"+strconv.Itoa(w.line), w.values)
}

// across writes one text over all columns, as high as it needs: spreadsheets
// fit the height of a row to its text, but not where cells are merged.
func (w *xlsxWriter) across(text string, style, height int) error {
	w.line++
	line, room := strconv.Itoa(w.line), 0
	for _, width := range w.widths {
		room += width
	}
	lines := 0
	text = unixLines(text)
	for part := range strings.SplitSeq(text, "\n") {
		lines += max(1, (textWidth(part)*height/lineHeight+room-1)/room) // a higher line has larger signs
	}
	high := excelize.RowOpts{Height: float64(min(lines*height, excelize.MaxRowHeight))}
	if err := w.stream.SetRow("A"+line, []any{excelize.Cell{StyleID: style, Value: streamed(text)}}, high); err != nil {
		return err
	}
	if len(w.columns) == 1 {
		return nil
	}
	return w.stream.MergeCell("A"+line, columnName(len(w.columns))+line)
}

// number returns a cell's number, nil for text.
func (w *xlsxWriter) number(column int, text string) any {
	if !w.columns[column].Numeric || !shortNumber(text) {
		return nil
	}
	n, err := strconv.ParseFloat(text, 64) // the format knows no other numbers
	if err != nil {
		return nil
	}
	return n
}

// streamed returns a text as excelize's stream must be given it: it drops what
// looks like the escape of half a character, _xD800_, unless that is in pieces.
func streamed(text string) any {
	var runs []excelize.RichTextRun
	from := 0
	for i := range len(text) {
		if r, ok := escaped(text[i:]); ok && utf16.IsSurrogate(r) {
			runs, from = append(runs, excelize.RichTextRun{Text: text[from : i+1]}), i+1
		}
	}
	if runs == nil {
		return text
	}
	return append(runs, excelize.RichTextRun{Text: text[from:]})
}

// shortNumber reports whether a cell may be written as a number. One with more
// digits than the format keeps, or with zeros in front, is better text.
func shortNumber(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	return plainNumber(text) && len(strings.Replace(digits, ".", "", 1)) <= significant &&
		(digits[0] != '0' || len(digits) == 1 || digits[1] == '.')
}

// sheetName makes the name of the sheet's tab from the title.
func sheetName(title string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'’‘`, r) || r < ' ' {
			return -1
		}
		return r
	}, title))
	for len(utf16.Encode(runes)) > maxSheetName {
		runes = runes[:len(runes)-1]
	}
	if name := trim(string(runes)); name != "" {
		return name
	}
	return "表"
}

// widths returns how wide each column must be, in half-width characters.
func widths(columns []Column, rows [][]string) []int {
	out := make([]int, len(columns))
	for i := range columns {
		out[i] = textWidth(columns[i].Name)
	}
	for _, row := range rows {
		for i, text := range row {
			out[i] = max(out[i], textWidth(text))
		}
	}
	for i := range out {
		out[i] = min(widest, max(narrowest, out[i]+surplusWidth))
	}
	return out
}

// textWidth returns the width of a text's longest line; Chinese counts two.
func textWidth(text string) int {
	longest, width := 0, 0
	for _, r := range text {
		switch {
		case r == '\n':
			width = 0
		case r >= 0x1100:
			width += 2
		default:
			width++
		}
		longest = max(longest, width)
	}
	return longest
}

package spreadsheet

import "io"

// Doubt is a cell whose content the file itself has spoilt, or a row that may not be meant. The
// cell then holds the value the file shows; neither should be used.
type Doubt struct {
	Line    int    // as Row.Line
	Column  string // heading; "" for the whole row
	Message string // Chinese: what is wrong
	Advice  string // Chinese: what to do
}

// ReadXLSX reads a table from a workbook: the one visible sheet that says anything, or the one
// hidden sheet. Above the header there may
// be a title and lines for who filled it in; the header is the first row that
// fills more than half as many columns as the fullest row does, and where its
// cells are merged downwards, the rows below belong to it. A cell merged over
// several rows holds for each of them; a row that is one cell merged over most
// of the columns is a remark and left out, and so are rows without content.
//
// Dates come as 2026-03-05 (2026-03 where the sheet shows no day), numbers
// without format, shares and elapsed time as shown, formulas by the result that was saved with
// them. Lines are rows of the sheet. Cells that the file has spoilt, and rows that are hidden or
// struck out, are listed in Doubts.
//
// A file that is no such workbook, or beyond the limits, is fault.Invalid with
// what to do; fault.Unavailable says that src itself failed.
func ReadXLSX(name string, src io.Reader) (*Table, error) {
	raw, err := readAll(name, src)
	if err != nil {
		return nil, err
	}
	b, err := readWorkbook(name, raw)
	if err != nil {
		return nil, err
	}
	return b.Table("", nil)
}

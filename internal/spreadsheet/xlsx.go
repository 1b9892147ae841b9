package spreadsheet

import (
	"io"

	"jifen/internal/fault"
)

// Doubt is a cell whose content the file itself has spoilt. What the cell then
// holds the value the file shows; it should not be used.
type Doubt struct {
	Line    int    // as Row.Line
	Column  string // heading
	Message string // Chinese: what is wrong
	Advice  string // Chinese: what to do
}

// ReadXLSX reads a table from an .xlsx workbook: the first visible sheet that
// says anything, hidden rows and columns included. Above the header there may
// be a title and lines for who filled it in; the header is the first row that
// fills more than half as many columns as the fullest row does, and where its
// cells are merged downwards, the rows below belong to it. A cell merged over
// several rows holds for each of them; a row that is one cell merged over most
// of the columns is a remark and left out, and so are rows without content.
//
// Dates come as 2026-03-05 (2026-03 where the sheet shows no day), numbers
// without format, formulas by the result that was saved with them. Lines are
// rows of the sheet. Cells that the file has spoilt are listed in Doubts.
//
// A file that is no such workbook, or beyond the limits, is fault.Invalid with
// what to do; fault.Unavailable says that src itself failed.
func ReadXLSX(name string, src io.Reader) (*Table, error) {
	raw, err := io.ReadAll(io.LimitReader(src, maxBytes+1))
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "%s 读到一半出错", name).WithHint("重新拷贝一份再试")
	}
	w, err := openWorkbook(name, raw)
	if err != nil {
		return nil, err
	}
	for _, hidden := range [...]bool{false, true} {
		for i := range w.sheets {
			if w.sheets[i].hidden != hidden {
				continue
			}
			g, err := w.grid(&w.sheets[i])
			if err != nil {
				return nil, err
			}
			if len(g.rows) > 0 {
				return g.table(name)
			}
		}
	}
	return nil, fault.New(fault.Invalid, "%s 的工作表都是空的", name).WithHint("一行写列名，下面一行一条")
}

package spreadsheet

import (
	"encoding/csv"
	"io"
)

// bom tells spreadsheets that a file is UTF-8; without it they guess GBK.
const bom = "\uFEFF"

// WriteCSV writes a header and rows as UTF-8 with BOM and CRLF, the form that
// spreadsheets open by double click. A cell that a spreadsheet might run as a
// formula (it starts with = + - @, tab or a line break, and is no plain number)
// gets a leading '; ReadCSV takes it off again. The error is dst's own.
func WriteCSV(dst io.Writer, header []string, rows [][]string) error {
	if _, err := io.WriteString(dst, bom); err != nil {
		return err
	}
	w := csv.NewWriter(dst)
	w.UseCRLF = true
	var cells []string
	write := func(row []string) error {
		cells = cells[:0]
		for _, c := range row {
			cells = append(cells, guarded(c))
		}
		return w.Write(cells)
	}
	if err := write(header); err != nil {
		return err
	}
	for _, row := range rows {
		if err := write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

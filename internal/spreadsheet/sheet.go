// Package spreadsheet reads tables (表格) from CSV files and workbooks (.xlsx, .xlsm, .ods) and
// writes them as CSV files and as workbooks (.xlsx). A table is neutral: headings over rows of text; what a column
// means is for others to say.
//
// Files come from spreadsheets and from people's hands, so reading is forgiving
// where nothing can be misunderstood (BOM, line ends, blanks, tabs for commas)
// and refuses everything else with the line and what to do.
package spreadsheet

import "strings"

// Table is one sheet with its header.
type Table struct {
	Name   string   // file name, as messages show it
	Line   int      // 1-based line of the header in the file; 0 where there is no file
	Header []string // headings (列名): none empty, none twice
	Rows   []Row
	Doubts []Doubt  // cells that the file itself has spoilt, and rows that may not be meant
	Notes  []string // Chinese: what was left out, or read though nobody sees it
	Sheet  string   // name of the sheet; "" where the file has no sheets
	Above  []string // texts above the header: a title, and who filled it in
}

// Row is one row under the header.
type Row struct {
	Line  int      // 1-based line in the file on which the row starts
	Cells []string // as many as the header has, without blanks around them
}

// guard makes a spreadsheet take a cell as text.
const guard = '\''

// trim takes the blanks around a cell off.
func trim(cell string) string { return strings.TrimFunc(cell, blank) }

// blank reports whether a sign may stand around a cell unseen: ASCII blanks,
// the full-width blank, and the no-break blank that web pages leave behind.
func blank(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', '\u3000', '\u00a0':
		return true
	}
	return false
}

// risky reports whether a spreadsheet might run a cell as a formula, or whether
// it would once guards are taken off: only so is a guard that somebody typed
// told from one that WriteCSV put there.
func risky(cell string) bool {
	cell = strings.TrimRightFunc(cell, blank)
	rest := strings.TrimLeftFunc(cell, func(r rune) bool { return blank(r) || r == guard })
	if strings.ContainsAny(cell[:len(cell)-len(rest)], "\t\r\n") {
		return true
	}
	for _, sign := range [...]string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(rest, sign) {
			return !plainNumber(rest)
		}
	}
	return false
}

// plainNumber reports whether a cell is an optional -, digits, and decimals.
func plainNumber(cell string) bool {
	whole, decimals, dot := strings.Cut(strings.TrimPrefix(cell, "-"), ".")
	return digits(whole) && (!dot || digits(decimals))
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// guarded returns a cell as it may stand in a file.
func guarded(cell string) string {
	if risky(cell) {
		cell = string(guard) + cell
	}
	return unixLines(cell)
}

// clean undoes guarded and takes blanks off.
func clean(cell string) string {
	cell = trim(cell)
	if rest, ok := strings.CutPrefix(cell, string(guard)); ok && risky(rest) {
		cell = trim(rest)
	}
	return unixLines(cell)
}

// unixLines gives the line breaks within a cell their one form.
func unixLines(cell string) string {
	if !strings.Contains(cell, "\r") {
		return cell
	}
	return strings.ReplaceAll(strings.ReplaceAll(cell, "\r\n", "\n"), "\r", "\n")
}

package spreadsheet

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"jifen/internal/fault"
)

// Book is a file of tables: one for each sheet that says anything.
type Book struct {
	Name   string
	Sheets []Sheet
	notes  []string
}

// Sheet is one sheet of a file. A sheet that is no table has no Header.
type Sheet struct {
	Name   string // "" where the file has no sheets
	Hidden bool
	Header []string
	Rows   int // under the header
	table  *Table
	err    error // why it is no table
}

// Read reads a file of tables, whatever its name says it is: a workbook (.xlsx, .xlsm, .ods) or
// a text of cells (.csv). A file that is none, or beyond the limits, is fault.Invalid with
// what to do; fault.Unavailable says that src itself failed.
func Read(name string, src io.Reader) (*Book, error) {
	raw, err := readAll(name, src)
	if err != nil {
		return nil, err
	}
	kind := strings.ToLower(filepath.Ext(name))
	head := strings.ToLower(string(bytes.TrimLeft(raw[:min(len(raw), 1000)], "\xef\xbb\xbf \t\r\n")))
	switch {
	case begins(raw, "PK\x03\x04"), begins(raw, "\xD0\xCF\x11\xE0"), picture(raw), begins(raw, "%PDF"),
		strings.HasPrefix(head, "<"), kind == ".xlsx", kind == ".xlsm", kind == ".ods":
		return readWorkbook(name, raw)
	}
	table, err := readCSV(name, raw)
	if err != nil {
		return nil, err
	}
	return &Book{Name: name, Sheets: []Sheet{{Header: table.Header, Rows: len(table.Rows), table: table}}}, nil
}

// readWorkbook reads all sheets of a workbook that say anything.
func readWorkbook(name string, raw []byte) (*Book, error) {
	w, err := openWorkbook(name, raw)
	if err != nil {
		return nil, err
	}
	b := &Book{Name: name}
	for i := range w.sheets {
		s := &w.sheets[i]
		g := s.grid
		if g == nil {
			if g, err = w.grid(s); err != nil {
				return nil, err
			}
		}
		if len(g.rows) == 0 {
			continue
		}
		sheet := Sheet{Name: s.name, Hidden: s.hidden, Rows: len(g.rows)}
		if sheet.table, sheet.err = g.table(name); sheet.err == nil {
			sheet.table.Sheet, sheet.Header, sheet.Rows = s.name, sheet.table.Header, len(sheet.table.Rows)
		}
		b.Sheets = append(b.Sheets, sheet)
	}
	if len(b.Sheets) == 0 {
		return nil, fault.New(fault.Invalid, "%s 的工作表都是空的", name).WithHint("一行写列名，下面一行一条")
	}
	if w.macros {
		b.notes = append(b.notes, "文件里有宏，没有运行，只读了格子里的内容")
	}
	if len(w.passed) > 0 {
		b.notes = append(b.notes, "不是表格的工作表没有读："+strings.Join(w.passed, "、"))
	}
	return b, nil
}

// Table returns one table of a file: the sheet of a name, or the only one that is wanted, which
// the notes of the table say, with what was not read. wanted tells by the headings whether a
// sheet may be meant; nil takes any. Where more than one may be meant, none is chosen:
// fault.Invalid names them.
func (b *Book) Table(sheet string, wanted func(header []string) bool) (*Table, error) {
	if sheet != "" {
		for i := range b.Sheets {
			if b.Sheets[i].Name == sheet {
				return b.take(i)
			}
		}
		return nil, fault.New(fault.Invalid, "%s 里没有叫“%s”的工作表", b.Name, fault.Quote(sheet)).
			WithHint("有的是：%s", b.names(func(*Sheet) bool { return true }))
	}
	visible := func(s *Sheet) bool { return !s.Hidden }
	if b.count(visible) == 0 {
		visible = func(*Sheet) bool { return true }
	}
	meant := func(s *Sheet) bool {
		return visible(s) && s.err == nil && (wanted == nil || wanted(s.Header))
	}
	if full := func(s *Sheet) bool { return s.Rows > 0 }; b.count(func(s *Sheet) bool { return meant(s) && full(s) }) > 0 {
		other := meant
		meant = func(s *Sheet) bool { return other(s) && full(s) } // a form that nobody filled in loses nothing
	}
	switch n := b.count(meant); {
	case n == 1:
		return b.take(b.first(meant))
	case n > 1:
		return nil, fault.New(fault.Invalid, "%s 有 %d 张工作表都像是：%s", b.Name, n, b.names(meant)).
			WithHint("一次读一张：写明是哪一张工作表")
	case b.count(visible) == 1:
		return b.take(b.first(visible))
	}
	return nil, fault.New(fault.Invalid, "%s 的工作表都不像：%s", b.Name, b.names(visible)).
		WithHint("看看列名；要读其中一张，写明是哪一张工作表")
}

// take returns the table of a sheet, with notes of what else the file has.
func (b *Book) take(i int) (*Table, error) {
	s := &b.Sheets[i]
	if s.err != nil {
		return nil, s.err
	}
	table := *s.table
	table.Notes = append(table.Notes[:len(table.Notes):len(table.Notes)], b.notes...)
	if len(b.Sheets) > 1 {
		table.Notes = append(table.Notes, fmt.Sprintf("读的是工作表“%s”；没有读：%s", s.Name,
			b.names(func(o *Sheet) bool { return o != s })))
	}
	return &table, nil
}

func (b *Book) count(is func(*Sheet) bool) int {
	n := 0
	for i := range b.Sheets {
		if is(&b.Sheets[i]) {
			n++
		}
	}
	return n
}

func (b *Book) first(is func(*Sheet) bool) int {
	for i := range b.Sheets {
		if is(&b.Sheets[i]) {
			return i
		}
	}
	return 0
}

// names lists sheets with how many rows each has.
func (b *Book) names(is func(*Sheet) bool) string {
	var out []string
	for i := range b.Sheets {
		s := &b.Sheets[i]
		if !is(s) {
			continue
		}
		words := fmt.Sprintf("%s（%d 行）", s.Name, s.Rows)
		if s.Hidden {
			words = fmt.Sprintf("%s（隐藏，%d 行）", s.Name, s.Rows)
		}
		out = append(out, words)
	}
	return strings.Join(out, "、")
}

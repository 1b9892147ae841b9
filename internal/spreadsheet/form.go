package spreadsheet

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"jifen/internal/fault"
)

// Limits of a form: what a committee draws up by hand is far below them.
const (
	maxFormLine  = 2000 // rows of a sheet before it is filled
	maxFormCells = 100_000
	maxFormNames = 500 // places in which a name stands
)

// FormValues holds what a form is filled with: what is said once, and what is said of each row
// of a list, by name.
type FormValues struct {
	Once map[string]string
	Rows []map[string]string
	// Names lists the names that a row may have; every row need not have all of them.
	Names []string
}

// Form is a workbook that somebody else has drawn up, with names in braces where something is
// to be put in: {单位} once, {姓名} in the row that is to be repeated for each of a list.
type Form struct {
	name string
	file *excelize.File
	// repeated holds the row of each sheet in which names of a list stand.
	repeated map[string]int
	places   []formPlace
}

// formPlace is a cell in which names stand.
type formPlace struct {
	sheet, cell string
	line        int
	names       []string
}

// braces matches a name in braces, of either width.
func braces() *regexp.Regexp { return regexp.MustCompile(`[{｛]\s*([^{}｛｝]{1,40}?)\s*[}｝]`) }

// ReadForm reads a form and finds its names; values are needed only for which there are.
// fault.Invalid says which cell has a name that nobody knows, that there is none at all, or
// what is wrong with the file.
func ReadForm(name string, src io.Reader, values *FormValues) (*Form, error) {
	raw, err := readAll(name, src)
	if err != nil {
		return nil, err
	}
	w, err := openWorkbook(name, raw)
	switch {
	case err != nil:
		return nil, err
	case w.macros:
		return nil, fault.New(fault.Invalid, "%s 里有宏，不能当表样", name).WithHint(saveXLSX)
	case w.files["content.xml"] != nil:
		return nil, fault.New(fault.Invalid, "%s 不是 Excel 工作簿（.xlsx）", name).WithHint(saveXLSX)
	}
	for i := range w.sheets {
		if err := w.small(&w.sheets[i]); err != nil {
			return nil, err
		}
	}
	file, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxBytes})
	if err != nil {
		return nil, broken(name, err)
	}
	f := &Form{name: name, file: file, repeated: map[string]int{}}
	for _, sheet := range file.GetSheetList() {
		if err := f.scan(sheet, values); err != nil {
			return nil, err
		}
	}
	if len(f.places) == 0 {
		return nil, fault.New(fault.Invalid, "%s 里没有要填的地方", name).
			WithHint("在格子里写名称加花括号，例如 {姓名}、{总分}；可写：%s", known(values))
	}
	return f, nil
}

// known lists the names that a form may have.
func known(values *FormValues) string {
	once := slices.Sorted(maps.Keys(values.Once))
	return "每人一行的 " + strings.Join(values.Names, "、") + "；整张表一次的 " + strings.Join(once, "、")
}

// small refuses a sheet that claims more rows or columns than a form has.
func (w *workbook) small(s *sheetPart) error {
	g, err := w.grid(s)
	if err != nil {
		return err
	}
	if g.last <= maxFormLine && g.spread <= maxFormCells {
		return nil
	}
	return fault.New(fault.Invalid, "%s 的“%s”太大，表样最多 %d 行、%d 格（空的、只有格式的也算）", w.name, s.name, maxFormLine,
		maxFormCells).WithHint("只留表头和要填的一行，多余的行和列整行、整列删去")
}

// scan finds the names of a sheet.
func (f *Form) scan(sheet string, values *FormValues) error {
	rows, err := f.file.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		return broken(f.name, err)
	}
	for i, row := range rows {
		for k, text := range row {
			cell, _ := excelize.CoordinatesToCellName(k+1, i+1)
			p := formPlace{sheet: sheet, cell: cell, line: i + 1}
			for _, m := range braces().FindAllStringSubmatch(text, -1) {
				p.names = append(p.names, m[1])
			}
			if len(p.names) == 0 {
				continue
			}
			if err := f.add(p, values); err != nil {
				return err
			}
		}
	}
	return nil
}

// add takes a place in, if its names are known and its row may be repeated.
func (f *Form) add(p formPlace, values *FormValues) error {
	where := fmt.Sprintf("“%s”的 %s", p.sheet, p.cell)
	for _, name := range p.names {
		_, once := values.Once[name]
		each := slices.Contains(values.Names, name)
		switch {
		case !once && !each:
			return fault.New(fault.Invalid, "%s：不认得 {%s}", where, fault.Quote(name)).WithHint("可写：%s", known(values))
		case each && f.repeated[p.sheet] != 0 && f.repeated[p.sheet] != p.line:
			return fault.New(fault.Invalid, "%s：{%s} 每人一行，第 %d 行已经有这样的名称", where, name, f.repeated[p.sheet]).
				WithHint("每人一行的名称都写在一行里；一张工作表一行")
		case each:
			f.repeated[p.sheet] = p.line
		}
	}
	if f.places = append(f.places, p); len(f.places) > maxFormNames {
		return fault.New(fault.Invalid, "%s 里要填的地方超过 %d 处", f.name, maxFormNames).WithHint("每人一行的只写一行，程序照着加行")
	}
	return nil
}

// Fill writes the form with values. Cells, merged areas, styles, heights, formulas and print
// areas stay; the row with names of a list is there once for each of it, and a range that ended
// with that row ends with the last one. What is filled in is text, or a plain number where the
// name is all there is in its cell: nothing in it runs as a formula. A form is filled once.
func (f *Form) Fill(dst io.Writer, values *FormValues) error {
	var list []*formPlace
	for i := range f.places { // before rows move down
		p := &f.places[i]
		if f.repeated[p.sheet] == p.line {
			list = append(list, p)
		} else if err := f.putOnce(p, values); err != nil {
			return fault.Wrap(err, fault.Internal, "填表样出错")
		}
	}
	for sheet, line := range f.repeated {
		if err := f.repeat(sheet, line, len(values.Rows)); err != nil {
			return fault.Wrap(err, fault.Internal, "填表样出错")
		}
	}
	for _, p := range list {
		if err := f.putRows(p, values); err != nil {
			return fault.Wrap(err, fault.Internal, "填表样出错")
		}
	}
	full := true
	if err := f.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &full}); err != nil {
		return fault.Wrap(err, fault.Internal, "填表样出错")
	}
	if err := f.file.UpdateLinkedValue(); err != nil {
		return fault.Wrap(err, fault.Internal, "填表样出错")
	}
	_, err := f.file.WriteTo(dst)
	return err
}

// putOnce fills a place of which there is one.
func (f *Form) putOnce(p *formPlace, values *FormValues) error {
	text, err := f.file.GetCellValue(p.sheet, p.cell, excelize.Options{RawCellValue: true})
	if err != nil {
		return err
	}
	return f.set(p.sheet, p.cell, text, values.Once)
}

// putRows fills a place of the repeated row in each of its rows; of none, it is emptied.
func (f *Form) putRows(p *formPlace, values *FormValues) error {
	text, err := f.file.GetCellValue(p.sheet, p.cell, excelize.Options{RawCellValue: true})
	if err != nil {
		return err
	}
	column, _, err := excelize.SplitCellName(p.cell)
	if err != nil {
		return err
	}
	for i := range max(1, len(values.Rows)) {
		row := values.Once
		if i < len(values.Rows) {
			row = maps.Clone(values.Once)
			maps.Copy(row, values.Rows[i])
		}
		if err := f.set(p.sheet, column+strconv.Itoa(p.line+i), text, row); err != nil {
			return err
		}
	}
	return nil
}

// set fills one cell.
func (f *Form) set(sheet, cell, text string, by map[string]string) error {
	names := braces()
	whole := names.FindString(text) == strings.TrimSpace(text)
	filled := names.ReplaceAllStringFunc(text, func(s string) string { return by[names.FindStringSubmatch(s)[1]] })
	if whole && plainNumber(filled) && len(strings.Trim(filled, "-.")) <= significant {
		return f.file.SetCellDefault(sheet, cell, filled)
	}
	return f.file.SetCellStr(sheet, cell, clean(filled))
}

// repeat makes room for so many rows in the place of one, and makes each look like it.
func (f *Form) repeat(sheet string, line, n int) error {
	if n < 2 {
		return nil
	}
	merged, err := f.file.GetMergeCells(sheet, true)
	if err != nil {
		return err
	}
	height, err := f.file.GetRowHeight(sheet, line)
	if err != nil {
		return err
	}
	width, err := f.width(sheet)
	if err != nil {
		return err
	}
	if err := f.file.InsertRows(sheet, line+1, n-1); err != nil {
		return err
	}
	if err := f.extend(sheet, line, n, width); err != nil {
		return err
	}
	for i := 1; i < n; i++ {
		if err := f.file.SetRowHeight(sheet, line+i, height); err != nil {
			return err
		}
		for _, m := range merged {
			from, to, ok := inLine(m, line)
			if ok {
				if err := f.file.MergeCell(sheet, from+strconv.Itoa(line+i), to+strconv.Itoa(line+i)); err != nil {
					return err
				}
			}
		}
	}
	for k := 1; k <= width; k++ {
		if err := f.copyDown(sheet, k, line, n); err != nil {
			return err
		}
	}
	return nil
}

// width returns the last column of a sheet that has a cell.
func (f *Form) width(sheet string) (int, error) {
	rows, err := f.file.Rows(sheet)
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // only reads
	width := 1
	for rows.Next() {
		row, err := rows.Columns()
		if err != nil {
			return 0, err
		}
		width = max(width, len(row))
	}
	return width, rows.Error()
}

// inLine returns the columns of a merged area that lies in one row.
func inLine(m excelize.MergeCell, line int) (from, to string, ok bool) {
	from, first, err := excelize.SplitCellName(m.GetStartAxis())
	if err != nil {
		return "", "", false
	}
	to, last, err := excelize.SplitCellName(m.GetEndAxis())
	return from, to, err == nil && first == line && last == line
}

// copyDown gives the cells below one its style, and its formula for their own rows or its text.
func (f *Form) copyDown(sheet string, column, line, n int) error {
	name, err := excelize.ColumnNumberToName(column)
	if err != nil {
		return err
	}
	from := name + strconv.Itoa(line)
	style, err := f.file.GetCellStyle(sheet, from)
	if err != nil {
		return err
	}
	if err := f.file.SetCellStyle(sheet, name+strconv.Itoa(line+1), name+strconv.Itoa(line+n-1), style); err != nil {
		return err
	}
	source, err := f.file.GetCellFormula(sheet, from)
	if err != nil {
		return err
	}
	text, err := f.file.GetCellValue(sheet, from, excelize.Options{RawCellValue: true})
	if err != nil || source == "" && (text == "" || braces().MatchString(text)) {
		return err
	}
	for i := 1; i < n; i++ {
		to := name + strconv.Itoa(line+i)
		if source != "" {
			err = f.file.SetCellFormula(sheet, to, ownRow(source, line, line+i))
		} else if plainNumber(text) {
			err = f.file.SetCellDefault(sheet, to, text)
		} else {
			err = f.file.SetCellStr(sheet, to, text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ownRow makes a formula of one row one of another: cells of its row are those of the other.
func ownRow(formula string, line, to int) string {
	cell := regexp.MustCompile(`(\$?\b[A-Z]{1,3})` + strconv.Itoa(line) + `\b`)
	return cell.ReplaceAllString(formula, "${1}"+strconv.Itoa(to))
}

// extend lets ranges that ended with the repeated row end with the last one.
func (f *Form) extend(sheet string, line, n, width int) error {
	ends := regexp.MustCompile(`(:\$?[A-Z]{1,3}\$?)` + strconv.Itoa(line) + `\b`)
	longer := func(s string) string { return ends.ReplaceAllString(s, "${1}"+strconv.Itoa(line+n-1)) }
	rows, err := f.file.GetRows(sheet)
	if err != nil {
		return err
	}
	for i := range max(len(rows), line+n) {
		if i+1 >= line && i+1 < line+n {
			continue
		}
		for k := 1; k <= width; k++ {
			cell, err := excelize.CoordinatesToCellName(k, i+1)
			if err != nil {
				return err
			}
			source, err := f.file.GetCellFormula(sheet, cell)
			if err != nil {
				return err
			}
			if changed := longer(source); changed != source {
				if err := f.file.SetCellFormula(sheet, cell, changed); err != nil {
					return err
				}
			}
		}
	}
	for _, d := range f.file.GetDefinedName() {
		if changed := longer(d.RefersTo); changed != d.RefersTo && strings.Contains(d.RefersTo, sheet) {
			if err := f.file.DeleteDefinedName(&d); err != nil {
				return err
			}
			d.RefersTo = changed
			if err := f.file.SetDefinedName(&d); err != nil {
				return err
			}
		}
	}
	return nil
}

// Uses reports whether a name of the form begins so.
func (f *Form) Uses(prefix string) bool {
	return slices.ContainsFunc(f.places, func(p formPlace) bool {
		return slices.ContainsFunc(p.names, func(name string) bool { return strings.HasPrefix(name, prefix) })
	})
}

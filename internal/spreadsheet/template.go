package spreadsheet

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"jifen/internal/fault"
)

// Limits on a template; excelize holds it in memory several times over.
const (
	maxTemplateBytes = 16 << 20 // unpacked
	maxTemplateLine  = 5_000
	maxTemplateCells = 100_000
	maxTemplateMerge = 2_000
	maxFilledRows    = 20_000
)

// FillTemplate fills a committee's own workbook. In it, a mark such as {{期间}}
// stands for a text of marks wherever it is written, page headers and footers
// included; the row whose marks name columns, {{名次}} {{姓名}}, is repeated for
// every row, with its look, its height and its merged cells. What stands below
// moves down. Without rows, that row stays and is empty.
//
// A template that cannot be used is fault.Invalid with every mistake in it;
// fault.TooMany says that there are too many rows; other errors are dst's own.
func FillTemplate(dst io.Writer, template []byte, marks map[string]string, columns []Column, rows [][]string) error {
	if len(rows) > maxFilledRows {
		return fault.New(fault.TooMany, "套用模板最多 %d 行，这里有 %d 行", maxFilledRows, len(rows)).WithHint("缩小范围，或不用模板导出")
	}
	if err := fits("", columns, rows, slices.Collect(maps.Values(marks))); err != nil {
		return err
	}
	t := &filling{marks: marks, columns: columns, rows: rows, at: make(map[string]int, len(columns))}
	for i := range columns {
		t.at[columns[i].Name] = i
	}
	if err := t.study(template); err != nil {
		return err
	}
	file, err := excelize.OpenReader(bytes.NewReader(template),
		excelize.Options{UnzipSizeLimit: maxTemplateBytes, UnzipXMLSizeLimit: maxTemplateBytes})
	if err != nil {
		return broken(templateName, err)
	}
	defer file.Close() //nolint:errcheck // only removes temporary files
	t.file = file
	var told *fault.Error
	if err := t.fill(); errors.As(err, &told) {
		return told
	} else if err != nil {
		return fault.Wrap(err, fault.Invalid, "模板填不进去").WithHint("用表格软件打开模板，另存为“Excel 工作簿（.xlsx）”再试")
	}
	_, err = file.WriteTo(dst)
	return err
}

// templateName is the name of the file in messages.
const templateName = "模板"

// filling is one call of FillTemplate.
type filling struct {
	marks   map[string]string
	columns []Column
	rows    [][]string
	at      map[string]int // columns by name
	spots   []spot
	row     repeated
	file    *excelize.File
}

// spot is a cell with marks in it.
type spot struct {
	sheet     string
	line, col int
	text      string
}

func (s *spot) ref() string { return columnName(s.col) + strconv.Itoa(s.line) }

// repeated is the row that is repeated; no sheet means that there is none.
type repeated struct {
	sheet  string
	line   int
	cells  []gridCell // with content
	merges []area     // of one row each
	wide   int
}

// study reads the template without excelize and refuses what cannot be filled,
// or would take too much memory.
func (t *filling) study(template []byte) error {
	w, err := openWorkbook(templateName, template)
	if err != nil {
		return err
	}
	var size uint64
	for _, f := range w.files {
		if strings.EqualFold(path.Base(f.Name), "vbaProject.bin") {
			return fault.New(fault.Invalid, "模板里有宏").WithHint(saveXLSX)
		}
		size += f.UncompressedSize64
	}
	if size > maxTemplateBytes {
		return fault.New(fault.Invalid, "模板解开后超过 %d MB", maxTemplateBytes>>20).WithHint("删去模板里的图片和用不着的工作表")
	}
	grids := make([]*grid, len(w.sheets))
	for i := range w.sheets {
		if grids[i], err = w.grid(&w.sheets[i]); err != nil {
			return err
		}
		if err := t.look(w.sheets[i].name, grids[i]); err != nil {
			return err
		}
	}
	if err := t.choose(); err != nil {
		return err
	}
	for i, g := range grids {
		if w.sheets[i].name == t.row.sheet {
			if err := t.take(g); err != nil {
				return err
			}
		}
	}
	return t.known()
}

// look collects the cells of a sheet that have marks.
func (t *filling) look(sheet string, g *grid) error {
	if g.last > maxTemplateLine || g.spread > maxTemplateCells || len(g.merges) > maxTemplateMerge {
		return fault.New(fault.Invalid, "模板的“%s”太大：到第 %d 行、%s 列都有格子", fault.Quote(sheet), g.last, columnName(max(1, g.wide))).
			WithHint("把用不着的行和列整行整列删去，只留一行写 {{姓名}} 这样的记号")
	}
	for _, r := range g.rows {
		for _, c := range r.cells {
			if len(markNames(c.text)) > 0 {
				t.spots = append(t.spots, spot{sheet, r.line, c.col, c.text})
			}
		}
	}
	return nil
}

// choose finds the row to repeat: the one that names the most columns.
func (t *filling) choose() error {
	type place struct {
		sheet string
		line  int
	}
	named := map[place]map[string]bool{}
	most, where := 0, []place(nil)
	for i := range t.spots {
		s := &t.spots[i]
		p := place{s.sheet, s.line}
		for _, name := range markNames(s.text) {
			if _, is := t.at[name]; is {
				if named[p] == nil {
					named[p] = map[string]bool{}
				}
				named[p][name] = true
			}
		}
		switch n := len(named[p]); {
		case n == 0 || n < most:
		case n > most:
			most, where = n, []place{p}
		case !slices.Contains(where, p):
			where = append(where, p)
		}
	}
	switch {
	case len(where) == 0:
		return fault.New(fault.Invalid, "模板里没有写 {{姓名}} 这样记号的一行").WithHint("在表头下面一行写上记号，可以用的有：%s", t.words(false))
	case len(where) > 1:
		return fault.New(fault.Invalid, "模板的第 %d 行和第 %d 行都写了各列的记号，不知道该重复哪一行", where[0].line, where[1].line).WithHint("只留一行")
	}
	t.row.sheet, t.row.line = where[0].sheet, where[0].line
	return nil
}

// take keeps what must be repeated of the row.
func (t *filling) take(g *grid) error {
	t.row.wide = g.wide
	if slices.Contains(g.sums, t.row.line) {
		return fault.New(fault.Invalid, "模板第 %d 行要重复，里面却有公式", t.row.line).WithHint("公式写在这一行以外，这一行只写记号和文字")
	}
	for _, r := range g.rows {
		if r.line == t.row.line {
			t.row.cells = r.cells
		}
	}
	for _, m := range g.merges {
		switch {
		case m.top > t.row.line || m.bottom < t.row.line:
		case m.top < m.bottom:
			return fault.New(fault.Invalid, "模板第 %d 行要重复，里面却有上下合并的格子", t.row.line).WithHint("把这一行的合并取消，左右合并可以留着")
		default:
			t.row.merges = append(t.row.merges, m)
		}
	}
	return nil
}

// known refuses marks that stand for nothing.
func (t *filling) known() error {
	var wrong []string
	for i := range t.spots {
		s := &t.spots[i]
		for _, name := range markNames(s.text) {
			_, column := t.at[name]
			_, text := t.marks[name]
			switch {
			case text || column && t.repeats(s):
			case column:
				wrong = append(wrong, s.ref()+" 的 {{"+fault.Quote(name)+"}} 只能写在第 "+strconv.Itoa(t.row.line)+" 行")
			default:
				wrong = append(wrong, s.ref()+" 的 {{"+fault.Quote(name)+"}} 没有内容可填")
			}
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return t.wrong(wrong)
}

func (t *filling) wrong(list []string) error {
	const shown = 10
	more := ""
	if len(list) > shown {
		more = "；等 " + strconv.Itoa(len(list)) + " 处"
	}
	return fault.New(fault.Invalid, "模板的记号不对：%s%s", strings.Join(list[:min(shown, len(list))], "；"),
		more).WithHint("可以用的有：%s", t.words(true))
}

func (t *filling) repeats(s *spot) bool { return s.sheet == t.row.sheet && s.line == t.row.line }

// words lists the marks that may be used.
func (t *filling) words(all bool) string {
	var words []string
	for i := range t.columns {
		words = append(words, "{{"+t.columns[i].Name+"}}")
	}
	if all {
		for _, name := range slices.Sorted(maps.Keys(t.marks)) {
			words = append(words, "{{"+name+"}}")
		}
	}
	return strings.Join(words, "、")
}

package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jifen/internal/fault"
)

// Limits on one file; every one is far above a real sheet.
const (
	maxBytes    = 64 << 20
	maxRows     = 1_000_000
	maxColumns  = 200
	maxRunes    = 2000       // of one cell
	maxCells    = 20_000_000 // rows times columns: short rows are padded, so a small file may ask for much memory
	maxRawCells = 20_000     // of one row, trailing empty ones included
)

// ReadCSV reads a table from a CSV file that a spreadsheet or a person wrote:
// UTF-8 with or without BOM, UTF-16 or GB 18030, any line ends, commas (or tabs, semicolons or
// bars, if the header has no comma; what a first line sep=; says goes before). Rows without any content are left out,
// short rows padded, empty columns at the right dropped. name stands in messages.
//
// A file that is no such table, or beyond the limits, is fault.Invalid with the
// line and what to do; fault.Unavailable says that src itself failed.
func ReadCSV(name string, src io.Reader) (*Table, error) {
	raw, err := readAll(name, src)
	if err != nil {
		return nil, err
	}
	return readCSV(name, raw)
}

// readAll reads a file to its end, or to one byte beyond what one may have.
func readAll(name string, src io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(src, maxBytes+1))
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "%s 读到一半出错", name).WithHint("重新拷贝一份再试")
	}
	return raw, nil
}

func readCSV(name string, raw []byte) (*Table, error) {
	text, note, err := decode(name, raw)
	if err != nil {
		return nil, err
	}
	text, sep := separator(text)
	if line := crowded(text, sep); line > 0 {
		return nil, tooWide(name, line)
	}
	r := reader{Table: &Table{Name: name}, csv: csv.NewReader(bytes.NewReader(text))}
	r.csv.Comma, r.csv.FieldsPerRecord, r.csv.ReuseRecord = sep, -1, true
	if err := r.header(); err != nil {
		return nil, err
	}
	if err := r.rows(); err != nil {
		return nil, err
	}
	if note != "" {
		r.Notes = append(r.Notes, note)
	}
	return r.Table, nil
}

// reader is one call of ReadCSV.
type reader struct {
	*Table
	csv     *csv.Reader
	cells   []string // of the current row, cleaned
	surplus []int    // lines of rows with content beyond the header
}

// next reads on to the next row that says anything; io.EOF after the last one.
func (r *reader) next() (line int, err error) {
	for {
		cells, err := r.csv.Read()
		if err != nil {
			return 0, r.explain(err)
		}
		line, _ = r.csv.FieldPos(0)
		r.cells = r.cells[:0]
		said := false
		for i, c := range cells {
			c = clean(c)
			if len(c) > maxRunes && utf8.RuneCountInString(c) > maxRunes {
				return 0, fault.New(fault.Invalid, "%s 第 %d 行第 %d 格超过 %d 字", r.Name, line, i+1, maxRunes).
					WithHint("写短些；如果是引号没有配对，补上引号")
			}
			said = said || c != ""
			r.cells = append(r.cells, c)
		}
		if said {
			return line, nil
		}
	}
}

// explain turns what the CSV reader complains of into a sentence.
func (r *reader) explain(err error) error {
	var bad *csv.ParseError
	if !errors.As(err, &bad) {
		return err // io.EOF: the text is in memory, nothing else can fail
	}
	return fault.Wrap(err, fault.Invalid, "%s 第 %d 行的引号没有配对", r.Name, bad.StartLine).
		WithHint("整格加半角引号时两头都要有，格里的引号写成两个；用不着的引号删去")
}

func (r *reader) header() error {
	line, err := r.next()
	if errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "%s 没有列名", r.Name).WithHint("第一行写列名，下面一行一条")
	}
	if err != nil {
		return err
	}
	for len(r.cells) > 0 && r.cells[len(r.cells)-1] == "" {
		r.cells = r.cells[:len(r.cells)-1]
	}
	r.Line, r.Header = line, slices.Clone(r.cells)
	if len(r.Header) > maxColumns {
		return tooWide(r.Name, line)
	}
	if wrong := faulty(r.Header); len(wrong) > 0 {
		return fault.New(fault.Invalid, "%s 第 %d 行的列名不对：%s", r.Name, line, strings.Join(wrong, "；")).
			WithHint("每一列都要有列名，各不相同；空着的列整列删去")
	}
	if len(r.Header) == 1 && strings.Contains(r.Header[0], "，") {
		return fault.New(fault.Invalid, "%s 第 %d 行用全角逗号分列", r.Name, line).WithHint("改成半角逗号，或" + saveAs)
	}
	return nil
}

// faulty says everything that is wrong with a header.
func faulty(header []string) []string {
	var wrong []string
	seen := make(map[string]int, len(header))
	for i, h := range header {
		n := strconv.Itoa(i + 1)
		switch first, twice := seen[h]; {
		case h == "":
			wrong = append(wrong, "第 "+n+" 列是空的")
		case strings.ContainsFunc(h, unicode.IsControl):
			wrong = append(wrong, "第 "+n+" 列的列名里有换行或看不见的符号")
		case twice:
			wrong = append(wrong, "第 "+n+" 列与第 "+strconv.Itoa(first)+" 列都叫“"+fault.Quote(h)+"”")
		default:
			seen[h] = i + 1
		}
	}
	return wrong
}

func (r *reader) rows() error {
	width := len(r.Header)
	for {
		line, err := r.next()
		if errors.Is(err, io.EOF) {
			return r.tooLong()
		}
		if err != nil {
			return err
		}
		if slices.ContainsFunc(r.cells[min(width, len(r.cells)):], func(c string) bool { return c != "" }) {
			r.surplus = append(r.surplus, line)
		}
		if len(r.Rows) == maxRows {
			return fault.New(fault.Invalid, "%s 超过 %d 行", r.Name, maxRows).WithHint("分成几个文件，一次用一个")
		}
		if (len(r.Rows)+1)*width > maxCells {
			return fault.New(fault.Invalid, "%s 太大：到第 %d 行已经超过 %d 格", r.Name, line, maxCells).WithHint("删去用不着的列，或分成几个文件")
		}
		cells := make([]string, width)
		copy(cells, r.cells)
		r.Rows = append(r.Rows, Row{Line: line, Cells: cells})
	}
}

// tooLong names the rows that have more content than the header has columns.
func (r *reader) tooLong() error {
	if len(r.surplus) == 0 {
		return nil
	}
	const shown = 10
	lines := make([]string, 0, shown)
	for _, n := range r.surplus[:min(shown, len(r.surplus))] {
		lines = append(lines, strconv.Itoa(n))
	}
	which := "第 " + strings.Join(lines, "、") + " 行"
	if len(r.surplus) > shown {
		which += "等 " + strconv.Itoa(len(r.surplus)) + " 行"
	}
	return fault.New(fault.Invalid, "%s %s的内容比列名多", r.Name, which).
		WithHint("文字里有逗号时，整格加半角引号；或给多出来的列写上列名")
}

func tooWide(name string, line int) error {
	return fault.New(fault.Invalid, "%s 第 %d 行的列太多", name, line).WithHint("最多 %d 列，删去用不着的列", maxColumns)
}

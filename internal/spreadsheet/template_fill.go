package spreadsheet

import (
	"slices"
	"strconv"
	"strings"

	"jifen/internal/fault"

	"github.com/xuri/excelize/v2"
)

// fill writes into the opened template.
func (t *filling) fill() error {
	for i := range t.spots {
		s := &t.spots[i]
		if t.repeats(s) {
			continue
		}
		if err := t.file.SetCellStr(s.sheet, s.ref(), escape(unixLines(replaceMarks(s.text, t.mark)))); err != nil {
			return err
		}
	}
	if err := t.repeat(); err != nil {
		return err
	}
	for _, sheet := range t.file.GetSheetList() {
		if err := t.margins(sheet); err != nil {
			return err
		}
	}
	again := true
	return t.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &again}) // sums below have changed
}

func (t *filling) mark(name string) (string, bool) {
	text, ok := t.marks[name]
	return text, ok
}

// repeat makes room for the rows, gives them the look of the first and fills
// them. Merging comes last: each merged cell slows all writing down.
func (t *filling) repeat() error {
	r, n := &t.row, len(t.rows)
	if n > 1 {
		if err := t.file.InsertRows(r.sheet, r.line+1, n-1); err != nil {
			return err
		}
		if err := t.clothe(r.line+1, r.line+n-1); err != nil {
			return err
		}
	}
	if err := t.write(r.line, make([]string, len(t.columns))); err != nil {
		return err
	}
	for i, row := range t.rows {
		if err := t.write(r.line+i, row); err != nil {
			return err
		}
	}
	for i := 1; i < n; i++ {
		for _, m := range r.merges {
			line := strconv.Itoa(r.line + i)
			if err := t.file.MergeCell(r.sheet, columnName(m.left)+line, columnName(m.right)+line); err != nil {
				return err
			}
		}
	}
	return nil
}

// clothe gives new rows style and height of the repeated one.
func (t *filling) clothe(first, last int) error {
	r := &t.row
	line, from, to := strconv.Itoa(r.line), strconv.Itoa(first), strconv.Itoa(last)
	for col := 1; col <= r.wide; col++ {
		style, err := t.file.GetCellStyle(r.sheet, columnName(col)+line)
		if err != nil {
			return err
		}
		if err := t.file.SetCellStyle(r.sheet, columnName(col)+from, columnName(col)+to, style); err != nil {
			return err
		}
	}
	height, err := t.file.GetRowHeight(r.sheet, r.line)
	if err != nil {
		return err
	}
	usual, err := t.file.GetRowHeight(r.sheet, last+maxTemplateLine) // a row that nobody touched
	if err != nil || height == usual {
		return err
	}
	for l := first; l <= last; l++ {
		if err := t.file.SetRowHeight(r.sheet, l, height); err != nil {
			return err
		}
	}
	return nil
}

// write fills one repetition of the row.
func (t *filling) write(line int, row []string) error {
	value := func(name string) (string, bool) {
		if i, is := t.at[name]; is {
			if i < len(row) {
				return row[i], true
			}
			return "", true
		}
		return t.mark(name)
	}
	for _, c := range t.row.cells {
		ref := columnName(c.col) + strconv.Itoa(line)
		text := unixLines(replaceMarks(c.text, value))
		var err error
		if text == "" || t.numeric(c.text) && shortNumber(text) {
			err = t.file.SetCellDefault(t.row.sheet, ref, text)
		} else {
			err = t.file.SetCellStr(t.row.sheet, ref, escape(text)) // which excelize does not do here, though it does in streams
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// numeric reports whether a cell is the mark of a numeric column and no more.
func (t *filling) numeric(text string) bool {
	names := markNames(text)
	if len(names) != 1 {
		return false
	}
	i, is := t.at[names[0]]
	return is && t.columns[i].Numeric && replaceMarks(trim(text), func(string) (string, bool) { return "", true }) == ""
}

// margins fills page headers and footers, where & has a meaning of its own.
func (t *filling) margins(sheet string) error {
	opts, err := t.file.GetHeaderFooter(sheet)
	if err != nil || opts == nil {
		return err
	}
	before, wrong := *opts, []string(nil)
	for _, part := range [...]*string{&opts.OddHeader, &opts.OddFooter, &opts.EvenHeader, &opts.EvenFooter,
		&opts.FirstHeader, &opts.FirstFooter} {
		*part = replaceMarks(*part, func(name string) (string, bool) {
			text, ok := t.mark(name)
			if !ok {
				wrong = append(wrong, "“"+fault.Quote(sheet)+"”页眉或页脚的 {{"+fault.Quote(name)+"}} 没有内容可填")
			}
			return strings.ReplaceAll(text, "&", "&&"), ok
		})
	}
	if len(wrong) > 0 {
		return t.wrong(wrong)
	}
	if *opts == before {
		return nil
	}
	return t.file.SetHeaderFooter(sheet, opts)
}

// markNames lists the marks of a text: what stands in {{ }}, or in ｛｛ ｝｝ as
// Chinese keyboards give them.
func markNames(text string) []string {
	var names []string
	replaceMarks(text, func(name string) (string, bool) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		return "", true
	})
	return names
}

// replaceMarks puts values in place of marks; one without a value stays as it
// is. What is put in is not looked at again.
func replaceMarks(text string, value func(name string) (string, bool)) string {
	if !strings.Contains(text, "{{") && !strings.Contains(text, "｛｛") {
		return text
	}
	var b strings.Builder
	for {
		start, open := earliest(text, "{{", "｛｛")
		if start < 0 {
			break
		}
		inner := text[start+len(open):]
		end, shut := earliest(inner, "}}", "｝｝")
		if end < 0 {
			break
		}
		put := text[start : start+len(open)+end+len(shut)]
		if name := trim(inner[:end]); name != "" {
			if v, ok := value(name); ok {
				put = v
			}
		}
		b.WriteString(text[:start] + put)
		text = inner[end+len(shut):]
	}
	return b.String() + text
}

// earliest returns where the first of two signs stands, −1 if neither does.
func earliest(text, a, b string) (at int, sign string) {
	i, j := strings.Index(text, a), strings.Index(text, b)
	if i < 0 || j >= 0 && j < i {
		return j, b
	}
	return i, a
}

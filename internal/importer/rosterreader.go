package importer

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/spreadsheet"
)

// rosterReader is one call of Read.
type rosterReader struct {
	table   *spreadsheet.Table
	preview *RosterPreview
	columns []rosterColumn
	// of the rules in force
	attributes []ruleset.Attribute
	at         map[Field]int // columns of the table
	spoilt     map[place]*spreadsheet.Doubt
	withheld   map[Field]bool // fields whose column is in doubt
	persons    []Person       // of every row, good or bad
	bad        map[int]bool   // by index into persons
	more       int            // problems beyond the bound

	cells []string // of the current row
	line  int
	fails bool // the current row has a problem
}

// place is a cell by line and heading.
type place struct {
	line    int
	heading string
}

// complete reports whether the rows can be read at all.
func (r *rosterReader) complete() bool {
	if _, has := r.at[FieldName]; !has {
		r.add(Problem{Message: "没有“姓名”这一列", Advice: "看看列名；叫法不同的，给它选对应"})
		return false
	}
	_, has := r.at[FieldIdentity]
	if _, numbered := r.at[FieldNumber]; !has && !numbered {
		r.add(Problem{Message: "没有“公民身份号码”这一列", Advice: "最好补上；没有它，重名的人分不清", Warning: true})
	}
	return true
}

// row reads one person.
func (r *rosterReader) row(row *spreadsheet.Row) {
	r.cells, r.line, r.fails = row.Cells, row.Line, false
	p := Person{Row: row.Line}
	for i := range r.columns {
		if read := r.columns[i].read; read != nil {
			read(r, &p)
		}
	}
	for i := range r.attributes {
		r.attribute(&r.attributes[i], &p)
	}
	if r.fails {
		if r.bad == nil {
			r.bad = map[int]bool{}
		}
		r.bad[len(r.persons)] = true
	}
	r.persons = append(r.persons, p)
}

// cell returns what a field's cell says, "" where it says nothing, where its
// column is in doubt and where the file has spoilt it; the latter is a problem.
func (r *rosterReader) cell(f Field) string {
	if text := r.text(f); !blank(text) {
		return text
	}
	return ""
}

// text is cell for what may be meant by a word that elsewhere says nothing.
func (r *rosterReader) text(f Field) string {
	i, has := r.at[f]
	if !has || r.withheld[f] || i >= len(r.cells) {
		return ""
	}
	if d := r.spoilt[place{r.line, r.table.Header[i]}]; d != nil {
		r.fail(f, d.Message, d.Advice)
		return ""
	}
	return r.cells[i]
}

// spoils reports whether a field's cell is one that the file has spoilt.
func (r *rosterReader) spoils(f Field) bool {
	i, has := r.at[f]
	return has && r.spoilt[place{r.line, r.table.Header[i]}] != nil
}

// blank reports whether a cell says that there is nothing to say.
func blank(text string) bool {
	return strings.Trim(text, " \u3000\u00a0-－—–/／") == "" || text == "无" || text == "空"
}

// choice reads a cell by a function that knows its values; the zero value for
// an empty cell and after a problem.
func choice[T any](r *rosterReader, f Field, parse func(string) (T, error)) T {
	var zero T
	text := r.cell(f)
	if text == "" {
		return zero
	}
	v, err := parse(text)
	if err != nil {
		r.refuse(f, err)
		return zero
	}
	return v
}

// heading returns how the file calls a field.
func (r *rosterReader) heading(f Field) string {
	if i, has := r.at[f]; has {
		return r.table.Header[i]
	}
	return ""
}

// fail files a problem of the current row.
func (r *rosterReader) fail(f Field, message, advice string) {
	r.fails = true
	r.add(Problem{Row: r.line, Column: r.heading(f), Message: message, Advice: advice})
}

// refuse files what a parser said.
func (r *rosterReader) refuse(f Field, err error) {
	message, advice := err.Error(), ""
	var told *fault.Error
	if errors.As(err, &told) {
		message, advice = told.Message, told.Hint
	}
	r.fail(f, message, advice)
}

// warn files a problem of a whole column.
func (r *rosterReader) warn(heading, message, advice string) {
	r.add(Problem{Column: heading, Message: message, Advice: advice, Warning: true})
}

func (r *rosterReader) add(p Problem) {
	if len(r.preview.Problems) == maxRosterProblems {
		r.more++
		return
	}
	r.preview.Problems = append(r.preview.Problems, p)
}

// keep takes the persons without problems into the preview, and the others beside them.
func (r *rosterReader) keep() {
	for i := range r.persons {
		if !r.bad[i] {
			r.preview.Rows = append(r.preview.Rows, r.persons[i])
		} else {
			r.preview.Refused = append(r.preview.Refused, r.persons[i])
		}
	}
}

// settle puts the problems in the order of the file.
func (r *rosterReader) settle() {
	slices.SortStableFunc(r.preview.Problems, func(a, b Problem) int { return cmp.Compare(a.Row, b.Row) })
	if r.more > 0 {
		r.preview.Problems = append(r.preview.Problems,
			Problem{Message: "另有 " + strconv.Itoa(r.more) + " 处问题没有列出", Advice: "先改好上面这些，再看一遍"})
	}
}

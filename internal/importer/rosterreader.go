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
	filed      map[place]bool    // doubts that were filed
	withheld   map[Field]bool    // fields whose column is in doubt
	persons    []Person          // of every row, good or bad
	bad        map[int]bool      // by index into persons
	more       int               // problems beyond the bound
	unsaid     []int             // lines that do not say which kind of member somebody is
	passed     []int             // lines of sums and signatures
	branches   map[string]string // as first written, by plain name
	spellings  []string          // other ways in which branches are written

	cells []string // of the current row
	line  int
	fails bool // the current row has a problem
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
	if footer(row.Cells) {
		r.passed = append(r.passed, row.Line)
		return
	}
	p := Person{Row: row.Line}
	if d := r.spoilt[place{r.line, ""}]; d != nil {
		r.fail("", d.Message, d.Advice)
	}
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
		if key := (place{r.line, r.table.Header[i]}); !r.filed[key] {
			r.filed[key] = true
			r.spoiltCell(f, d)
		}
		return ""
	}
	return r.cells[i]
}

// spoiltCell files what a file has spoilt: where nothing is decided by it, it costs no row.
func (r *rosterReader) spoiltCell(f Field, d *spreadsheet.Doubt) {
	if f.decides() {
		r.fail(f, d.Message, d.Advice)
		return
	}
	r.remind(f, d.Message+"，没有取", d.Advice)
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

// aside reads a cell as choice does where nothing is decided by it: an unknown value is passed
// over with a reminder.
func aside[T any](r *rosterReader, p *Person, f Field, parse func(string) (T, error)) T {
	var zero T
	text := r.cell(f)
	if text == "" {
		if r.spoils(f) {
			p.Unread = append(p.Unread, f)
		}
		return zero
	}
	v, err := parse(text)
	if err != nil {
		told := fault.From(err)
		r.skip(p, f, told.Message+"，没有取", told.Hint)
		return zero
	}
	return v
}

// skip reminds of a cell from which nothing is taken.
func (r *rosterReader) skip(p *Person, f Field, message, advice string) {
	p.Unread = append(p.Unread, f)
	r.remind(f, message, advice)
}

// remind files what is worth a look and costs nothing.
func (r *rosterReader) remind(f Field, message, advice string) {
	r.add(Problem{Row: r.line, Column: r.heading(f), Message: message, Advice: advice, Warning: true})
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

// settle reports what was found of the table as a whole, and puts the problems in the order of
// the file.
func (r *rosterReader) settle() {
	_, kinds := r.at[FieldMembership]
	switch _, parties := r.at[FieldPolitical]; {
	case len(r.unsaid) == 0:
	case !kinds && !parties:
		r.warn("", "表里没有人员类别，新来的都当作正式党员", "有预备党员的，补上“人员类别”这一列")
	default:
		r.warn(r.heading(FieldMembership), linesOf(r.unsaid)+"没有写是正式党员还是预备党员，新来的当作正式党员", "有预备党员的，补上“人员类别”")
	}
	if len(r.passed) > 0 {
		r.warn("", linesOf(r.passed)+"是合计、签名或说明，没有读", "是党员的，把姓名写在“姓名”一列")
	}
	slices.SortStableFunc(r.preview.Problems, func(a, b Problem) int { return cmp.Compare(a.Row, b.Row) })
	if r.more > 0 {
		r.preview.Problems = append(r.preview.Problems,
			Problem{Message: "另有 " + strconv.Itoa(r.more) + " 处问题没有列出", Advice: "先改好上面这些，再看一遍"})
	}
}

// linesOf names lines: 第 3、9 行.
func linesOf(lines []int) string {
	const shown = 5
	words := make([]string, 0, shown)
	for _, n := range lines[:min(shown, len(lines))] {
		words = append(words, strconv.Itoa(n))
	}
	text := "第 " + strings.Join(words, "、") + " 行"
	if len(lines) > shown {
		text += "等 " + strconv.Itoa(len(lines)) + " 行"
	}
	return text
}

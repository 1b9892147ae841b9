package importer

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/spreadsheet"
)

// source is one table while it is read: it finds the current row's cells by
// heading and files problems at their place.
type source struct {
	table *spreadsheet.Table
	out   *findings
	at    map[string]int // columns by heading
	line  int            // of what is being looked at
	cells []string
}

func newSource(table *spreadsheet.Table, out *findings) *source {
	s := &source{table: table, out: out, at: make(map[string]int, len(table.Header)), line: table.Line}
	for i, h := range table.Header {
		s.at[h] = i
	}
	return s
}

// eachRow calls f for every row.
func (s *source) eachRow(f func()) {
	for i := range s.table.Rows {
		s.line, s.cells = s.table.Rows[i].Line, s.table.Rows[i].Cells
		f()
	}
}

func (s *source) fail(column, message, advice string) {
	s.out.add(Problem{File: s.table.Name, Row: s.line, Column: column, Message: message, Advice: advice})
}

// refuse files what a parser said of a cell.
func (s *source) refuse(column string, err error) {
	message, advice := err.Error(), ""
	var f *fault.Error
	if errors.As(err, &f) {
		message, advice = f.Message, f.Hint
	}
	s.fail(column, message, advice)
}

// headings checks the header against the words it may hold; derived are those
// it may not, by what to give instead. It reports whether the rows can be read.
func (s *source) headings(required, others []string, derived map[string]string) bool {
	vocabulary := slices.Concat(required, others)
	for _, h := range s.table.Header {
		if slices.Contains(vocabulary, h) {
			continue
		}
		if instead, ok := derived[h]; ok {
			s.fail(h, "“"+h+"”由日期推算，不用填", "删去这一列，填“"+instead+"”")
			continue
		}
		s.fail(h, "不认得“"+fault.Quote(h)+"”这一列", oneOf(h, vocabulary)+"；用不着的列整列删去")
	}
	ok := true
	for _, h := range required {
		if _, has := s.at[h]; !has {
			s.fail(h, "缺少“"+h+"”这一列", "列名里至少要有："+strings.Join(required, "、"))
			ok = false
		}
	}
	return ok
}

// oneOf advises which words may stand in place of one, the nearest first. An attribute
// with options knows how.
func oneOf(word string, vocabulary []string) string {
	var f *fault.Error
	a := ruleset.Attribute{Type: ruleset.Options, Options: vocabulary}
	if _, err := a.Parse(word); errors.As(err, &f) {
		return f.Hint
	}
	return ""
}

// cell returns a cell of the current row, "" where the table has no such column.
func (s *source) cell(column string) string {
	if i, ok := s.at[column]; ok && i < len(s.cells) {
		return s.cells[i]
	}
	return ""
}

// word reads an id or a name; "" after a problem.
func (s *source) word(column string) string {
	text := s.cell(column)
	switch {
	case utf8.RuneCountInString(text) > maxWord:
		s.fail(column, "“"+fault.Quote(text)+"”太长", "最多 100 字")
		return ""
	case strings.ContainsFunc(text, invisible):
		s.fail(column, "“"+fault.Quote(text)+"”里有换行或看不见的符号", "把这一格清空，重新打一遍")
		return ""
	}
	if err := domain.Plain(column, text); err != nil {
		s.fail(column, fault.From(err).Message, fault.From(err).Hint)
		return ""
	}
	return text
}

// invisible finds what makes two ids that look alike differ.
func invisible(r rune) bool { return domain.Invisible(r) }

// must is word for a cell that may not be empty.
func (s *source) must(column string) string {
	if s.cell(column) == "" {
		s.fail(column, "“"+column+"”没有填", "这一格不能空")
		return ""
	}
	return s.word(column)
}

// choice reads one word of a closed list; "" after a problem.
func (s *source) choice(column string, a *ruleset.Attribute) string {
	if s.cell(column) == "" {
		s.fail(column, "“"+column+"”没有填", oneOf("", a.Options))
		return ""
	}
	v, err := a.Parse(s.cell(column))
	if err != nil {
		s.refuse(column, err)
		return ""
	}
	return v.Text
}

// day reads a day, 0 for an empty cell; ok is false after a problem.
func (s *source) day(column string) (d calendar.Day, ok bool) {
	text := s.cell(column)
	if text == "" {
		return 0, true
	}
	d, err := parseDay(text)
	if err != nil {
		s.refuse(column, err)
		return 0, false
	}
	return d, true
}

// mustDay is day for a cell that may not be empty.
func (s *source) mustDay(column string) (d calendar.Day, ok bool) {
	if s.cell(column) == "" {
		s.fail(column, "“"+column+"”没有填", "写成 2026-03-05 这样的年-月-日")
		return 0, false
	}
	return s.day(column)
}

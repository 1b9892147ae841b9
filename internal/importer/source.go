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
	table  *spreadsheet.Table
	out    *findings
	at     map[string]int      // columns by heading
	also   map[string][]string // other ways to write a heading
	doubts map[place]*spreadsheet.Doubt
	filed  map[place]bool // doubts that were filed
	line   int            // of what is being looked at
	bad    bool           // a problem of it was filed
	cells  []string
}

// place is a cell by line and heading; "" stands for the whole row.
type place struct {
	line    int
	heading string
}

func newSource(table *spreadsheet.Table, out *findings) *source {
	s := &source{table: table, out: out, at: make(map[string]int, len(table.Header)), line: table.Line,
		doubts: doubtsOf(table), filed: map[place]bool{}}
	for i, h := range table.Header {
		s.at[normal(h)] = i
	}
	return s
}

// doubtsOf returns the cells and rows that a file has spoilt, by place.
func doubtsOf(table *spreadsheet.Table) map[place]*spreadsheet.Doubt {
	out := make(map[place]*spreadsheet.Doubt, len(table.Doubts))
	for i := range table.Doubts {
		d := &table.Doubts[i]
		out[place{d.Line, d.Column}] = d
	}
	return out
}

// eachRow calls f for every row that says something: sums and signatures below a table do not.
func (s *source) eachRow(f func()) {
	for i := range s.table.Rows {
		s.line, s.cells, s.bad = s.table.Rows[i].Line, s.table.Rows[i].Cells, false
		if footer(s.cells) || s.spoilt("") {
			continue
		}
		f()
	}
}

// spoilt reports whether the file has spoilt a cell of the current row, or with "" the row, and
// files that once.
func (s *source) spoilt(column string) bool {
	heading := ""
	if column != "" {
		i, has := s.at[column]
		if !has {
			return false
		}
		heading = s.table.Header[i]
	}
	d := s.doubts[place{s.line, heading}]
	if d != nil && !s.filed[place{s.line, heading}] {
		s.filed[place{s.line, heading}] = true
		s.fail(column, d.Message, d.Advice)
	}
	return d != nil
}

// footer reports whether a row is a sum, a signature or a remark below a table.
func footer(cells []string) bool {
	first, others := "", 0
	for _, c := range cells {
		switch {
		case c == "":
		case first == "":
			first = domain.PlainTitle(c)
		case !allDigits(strings.NewReplacer(".", "", "-", "", "%", "", "人", "", "名", "", "分", "", "次", "", "笔", "", "元", "",
			"小时", "").Replace(domain.PlainTitle(c))):
			others++
		}
	}
	for _, word := range [...]string{"合计", "总计", "小计", "共计", "以下空白", "应到", "实到", "应到人数", "实到人数", "到会人数", "到会率"} {
		if first == word || strings.HasPrefix(first, word+":") || strings.HasPrefix(first, word+"(") {
			return others == 0
		}
	}
	for _, word := range [...]string{"制表人", "填表人", "填报人", "审核人", "记录人", "负责人", "注", "备注", "说明"} {
		if strings.HasPrefix(first, word+":") {
			return true
		}
	}
	return false
}

func (s *source) fail(column, message, advice string) {
	s.bad = true
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
	s.understand(vocabulary)
	for i, h := range s.table.Header {
		plain := normal(h)
		if slices.Contains(vocabulary, plain) || s.meant(i) || unread(plain) {
			continue
		}
		if instead, ok := derived[plain]; ok {
			s.fail(h, "“"+h+"”由日期推算，不用填", "删去这一列，填“"+instead+"”")
			continue
		}
		s.fail(h, "不认得“"+fault.Quote(h)+"”这一列", oneOf(plain, vocabulary)+"；用不着的列整列删去")
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

// understand finds the columns of a vocabulary under the other ways to write their headings.
func (s *source) understand(vocabulary []string) {
	for _, word := range vocabulary {
		if _, has := s.at[word]; has {
			continue
		}
		for _, other := range s.also[word] {
			if i, has := s.at[other]; has {
				s.at[word] = i
				break
			}
		}
	}
}

// meant reports whether a column was found under another way to write its heading.
func (s *source) meant(column int) bool {
	for word, i := range s.at {
		if i == column && word != normal(s.table.Header[i]) {
			return true
		}
	}
	return false
}

// unread reports whether a column lays a table out, or is for a pen: nothing is lost with it.
func unread(heading string) bool {
	return slices.Contains([]string{"序号", "编号序号", "行号", "备注", "签名", "签字", "本人签字", "党员签字"}, heading)
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

// cell returns a cell of the current row, "" where the table has no such column and where the
// file has spoilt the cell, which is a problem.
func (s *source) cell(column string) string {
	if i, ok := s.at[column]; ok && i < len(s.cells) && !s.spoilt(column) {
		return s.cells[i]
	}
	return ""
}

// lacks files that a cell is empty which may not be; it reports whether it is.
func (s *source) lacks(column, advice string) bool {
	if s.cell(column) != "" {
		return false
	}
	if !s.spoilt(column) {
		s.fail(column, "“"+column+"”没有填", advice)
	}
	return true
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
	if s.lacks(column, "这一格不能空") {
		return ""
	}
	return s.word(column)
}

// choice reads one word of a closed list; "" after a problem.
func (s *source) choice(column string, a *ruleset.Attribute) string {
	if s.lacks(column, oneOf("", a.Options)) {
		return ""
	}
	v, err := cellValue(a, s.cell(column))
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
		return 0, !s.spoilt(column)
	}
	d, err := ParseDay(text)
	if err != nil {
		s.refuse(column, err)
		return 0, false
	}
	return d, true
}

// mustDay is day for a cell that may not be empty.
func (s *source) mustDay(column string) (d calendar.Day, ok bool) {
	if s.lacks(column, "写成 2026-03-05 这样的年-月-日") {
		return 0, false
	}
	return s.day(column)
}

package importer

import (
	"cmp"
	"strconv"
	"strings"
	"unicode"
)

// Problem is one mistake in a table, with its place.
type Problem struct {
	File    string // as the table is named; "" for what concerns no single file
	Row     int    // line in the file; 0 = the whole file
	Column  string // heading; "" = the whole row
	Message string // Chinese: what is wrong
	Advice  string // Chinese: what to write instead; may be empty
	Warning bool   // to be looked at; the row is taken all the same
}

// String says it in one line: members.csv 第 3 行“出生日期”列：……。改法：……
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Row > 0 {
		b.WriteString(" 第 " + strconv.Itoa(p.Row) + " 行")
	}
	if p.Column != "" {
		b.WriteString("“" + p.Column + "”列")
	}
	if b.Len() > 0 {
		b.WriteString("：")
	}
	b.WriteString(sentence(p.Message))
	if p.Advice != "" {
		b.WriteString("改法：" + sentence(p.Advice))
	}
	return b.String()
}

// sentence gives a text its full stop.
func sentence(s string) string {
	for _, end := range [...]string{"。", "？", "！", "……"} {
		if strings.HasSuffix(s, end) {
			return s
		}
	}
	return s + "。"
}

// findings collects problems up to a bound and counts the rest.
type findings struct {
	list []Problem
	more int
	most int // 0 = maxProblems
}

func (f *findings) add(p Problem) {
	if len(f.list) == cmp.Or(f.most, maxProblems) {
		f.more++
		return
	}
	p.Message, p.Advice = oneLine(p.Message), oneLine(p.Advice)
	f.list = append(f.list, p)
}

// oneLine keeps what is quoted from a cell from breaking the sentence.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// all returns the problems; a last one says how many there were besides.
func (f *findings) all() []Problem {
	if f.more == 0 {
		return f.list
	}
	return append(f.list, Problem{
		Message: "另有 " + strconv.Itoa(f.more) + " 处问题没有列出",
		Advice:  "先改好上面这些，再查一遍",
	})
}

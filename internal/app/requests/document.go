package requests

import (
	"strings"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// maxDocument bounds the number of a document (文号), in runes.
const maxDocument = 60

// documented returns what a step keeps of the document by which an organ outside
// decided. Agreeing for one needs its number and day; where the program's own
// organs decide, and in a return, there is none.
func (s *Service) documented(v *store.Snapshot, stage *access.Stage, a *Answer) (domain.Document, error) {
	d := domain.Document{Number: strings.TrimSpace(a.Document.Number), On: a.Document.On}
	if !stage.Out || !a.Accept {
		return domain.Document{}, nil
	}
	organ := strings.Join(stage.Organs, "、")
	switch {
	case d.Number == "" || d.On == 0:
		return d, fault.New(fault.Invalid, "%s在系统以外，要写它的文号和日期", organ).WithHint("照文件上的写，例如 奎组发〔2026〕3号，2026-05-20")
	case utf8.RuneCountInString(d.Number) > maxDocument:
		return d, fault.New(fault.Invalid, "文号太长").WithHint("最多 %d 字", maxDocument)
	case strings.ContainsFunc(d.Number, func(r rune) bool { return r < ' ' }):
		return d, fault.New(fault.Invalid, "文号里有换行一类的字符").WithHint("写在一行里")
	case d.On > s.Today(v):
		return d, fault.New(fault.Invalid, "文件的日期 %s 还没有到", d.On).WithHint("照文件上的日期写")
	case d.On < calendar.Of(1949, 10, 1):
		return d, fault.New(fault.Invalid, "文件的日期 %s 不对", d.On).WithHint("照文件上的日期写")
	}
	return d, nil
}

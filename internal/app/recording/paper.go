package recording

import (
	"strings"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// MaxPaperRows limits what is taken from paper at once.
const MaxPaperRows = 10_000

const maxPaperName = 50 // runes

// PaperName returns the name of a paper record without blanks at its ends. It
// refuses a record that cannot be taken, or not from the actor.
func PaperName(actor *access.Actor, name string, rows int) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case !actor.May(access.Import):
		return "", NoPaper()
	case name == "" || utf8.RuneCountInString(name) > maxPaperName:
		return "", fault.New(fault.Invalid, "要写是哪一份纸质记录，最多 %d 字", maxPaperName).WithHint("例如：2025年纸质台账")
	case rows == 0:
		return "", fault.New(fault.Invalid, "一行也没有").WithHint("表头下面写要导入的，一行一条")
	case rows > MaxPaperRows:
		return "", fault.New(fault.TooMany, "一次最多 %d 行", MaxPaperRows).WithHint("分成几份导入")
	}
	return name, domain.Plain("纸质记录的名称", name)
}

// CheckPaper refuses what is taken from paper of a member by who may not.
func CheckPaper(actor *access.Actor, member domain.MemberID, home string) error {
	switch {
	case !actor.Scope(access.Import).Covers(home):
		return NoPaper()
	case actor.Recording(member, home) != access.Posts:
		return fault.New(fault.Forbidden, "自己的不能自己导入").WithHint("整份请街道党工委的另一个人来导入")
	}
	return nil
}

// NoPaper returns the fault of who may not take from paper.
func NoPaper() error {
	return fault.New(fault.Forbidden, "纸质记录由街道党工委导入").WithHint("把这一份交给街道党工委")
}

package domain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"jifen/internal/fault"
)

// Name returns a name as it is kept, without blanks around it: of a person, an
// organisation, an activity, a token, whatever two may have that must not look alike. what
// says in words whose name it is. fault.Invalid where it is empty, longer than most
// characters, or has what nobody sees or takes for something else.
func Name(what, text string, most int) (string, error) {
	name := strings.TrimSpace(text)
	if n := utf8.RuneCountInString(name); n == 0 || n > most {
		return "", fault.New(fault.Invalid, "%s要写 1 到 %d 个字", what, most)
	}
	return name, Plain(what, name)
}

// Plain refuses a text in which something is not what it looks like: characters that nobody
// sees, that turn the order of others round, and letters of one script among those of
// another that look the same.
func Plain(what, text string) error {
	const again = "删掉这一处，用键盘重新打"
	if !utf8.ValidString(text) {
		return fault.New(fault.Invalid, "%s里有读不出来的符号", what).WithHint(again)
	}
	latin, alike := rune(0), rune(0)
	for _, r := range text {
		switch {
		case Invisible(r):
			return fault.New(fault.Invalid, "%s里有看不见的符号（%s）", what, code(r)).WithHint(again)
		case lookalike(r):
			return fault.New(fault.Invalid, "%s里的“%c”（%s）和常用的字长得一样，是另一个字", what, r, code(r)).WithHint(again)
		case unicode.Is(unicode.Latin, r):
			latin = r
		case unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee, unicode.Coptic):
			alike = r
		}
	}
	if latin != 0 && alike != 0 {
		return fault.New(fault.Invalid, "%s里混着两种字母：“%c”是英文字母，“%c”（%s）不是，看上去分不清", what, latin, alike,
			code(alike)).WithHint("只用一种字母重新打")
	}
	return nil
}

// Invisible reports whether nobody sees a character, or takes it for a usual blank: control
// characters, those that join, part or turn round others, and blanks of other widths.
func Invisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Variation_Selector, unicode.Zl, unicode.Zp) ||
		unicode.Is(unicode.Zs, r) && r != ' ' && r != '\u3000' ||
		r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' || r == '\u2800' // fillers
}

// lookalike reports whether a character looks like a usual one that stands elsewhere:
// radicals and compatibility ideographs, letters of mathematics, marks on top of a letter
// that are apart from it.
func lookalike(r rune) bool {
	switch {
	case r >= 0x2E80 && r <= 0x2FDF, r >= 0x2F800 && r <= 0x2FA1F, r >= 0x1D400 && r <= 0x1D7FF,
		r >= 0x0300 && r <= 0x036F:
		return true
	case r >= 0xF900 && r <= 0xFAFF:
		return !strings.ContainsRune("﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩", r) // which stand nowhere else
	}
	return false
}

// code returns the number of a character as people look it up.
func code(r rune) string { return fmt.Sprintf("U+%04X", r) }

// PlainTitle returns the form in which words and titles are compared: without blanks and
// quotes, in one width. Two titles of one form are one title.
func PlainTitle(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r), strings.ContainsRune("“”‘’\"'「」『』《》", r):
			return -1
		case r >= '！' && r <= '～': // full width
			r -= '！' - '!'
		}
		return unicode.ToLower(r)
	}, text)
}
